import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';

/** What the proxies of a service report to CloudWatch, all of its callers together. Service Connect sends once a minute. */
export interface ServiceConnectMetrics {
  /** Requests that came in. */
  readonly requests: Metric;
  /** Connections that were opened. */
  readonly newConnections: Metric;
  /** Connections that are open: each proxy reports its own. */
  readonly activeConnections: Metric;
  /** Milliseconds from the proxy of a task to its application and back. */
  readonly responseTime: (statistic: 'p50' | 'p99') => Metric;
  /** Answers of the applications; what a proxy answers by itself, as a timeout, is not among them. */
  readonly responses: (statusClass: '2XX' | '3XX' | '4XX' | '5XX') => Metric;
}

/**
 * Metrics of a service by its discovery name alone: who ServiceName and ClusterName stand for in the longer sets is not
 * documented. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/available-metrics.html
 */
export function serviceConnectMetrics(discoveryName: string): ServiceConnectMetrics {
  const metric = (metricName: string, dimension: 'DiscoveryName' | 'TargetDiscoveryName', statistic: string): Metric =>
    new Metric({
      namespace: 'AWS/ECS',
      metricName,
      dimensionsMap: { [dimension]: discoveryName },
      statistic,
      period: Duration.minutes(1),
    });
  return {
    requests: metric('RequestCount', 'DiscoveryName', 'Sum'),
    newConnections: metric('NewConnectionCount', 'DiscoveryName', 'Sum'),
    activeConnections: metric('ActiveConnectionCount', 'DiscoveryName', 'Sum'),
    responseTime: (statistic) => metric('TargetResponseTime', 'TargetDiscoveryName', statistic),
    responses: (statusClass) => metric(`HTTPCode_Target_${statusClass}_Count`, 'TargetDiscoveryName', 'Sum'),
  };
}
