import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IBaseService } from 'aws-cdk-lib/aws-ecs';

/** Metrics of the tasks of a service, once a minute. */
export interface TaskMetrics {
  /** Tasks that the service asks for. */
  readonly desired: Metric;
  /** Tasks that run. */
  readonly running: Metric;
  /** Percent of the CPU that the tasks have, on average. */
  readonly cpu: Metric;
  /** Percent of the memory that the tasks have, on average. */
  readonly memory: Metric;
}

/**
 * Counts come from Container Insights, which base-infra's cluster has on: ECS itself reports none.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Container-Insights-metrics-ECS.html
 */
export function taskMetrics({ cluster, serviceName }: IBaseService): TaskMetrics {
  const metric = (namespace: 'AWS/ECS' | 'ECS/ContainerInsights', metricName: string): Metric =>
    new Metric({
      namespace,
      metricName,
      dimensionsMap: { ClusterName: cluster.clusterName, ServiceName: serviceName },
      statistic: 'Average',
      period: Duration.minutes(1),
    });
  return {
    desired: metric('ECS/ContainerInsights', 'DesiredTaskCount'),
    running: metric('ECS/ContainerInsights', 'RunningTaskCount'),
    cpu: metric('AWS/ECS', 'CPUUtilization'),
    memory: metric('AWS/ECS', 'MemoryUtilization'),
  };
}
