import { Validations } from 'aws-cdk-lib';
import { AlarmStatusWidget, Dashboard, GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IBaseService } from 'aws-cdk-lib/aws-ecs';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { requireArn } from '../require-arn.ts';
import { edgeWidgets } from './edge-widgets.ts';
import { SavedQueries } from './saved-queries.ts';
import { ServiceAlarms } from './service-alarms.ts';
import { taskMetrics } from './task-metrics.ts';

/** Off by default: a dashboard and its alarms cost about 4 USD a month for each service, requests or not. */
export interface ObservabilityOptions {
  /**
   * ARN of the SNS topic that hears of alarms and failed deployments. Its policy lets `cloudwatch.amazonaws.com` and
   * `events.amazonaws.com` publish.
   * @default - nobody is told; alarms are seen on the dashboard, failed deployments in the events of the service
   */
  readonly alarmTopicArn?: string;
  /**
   * Share of 5xx answers, in percent, that is too much.
   * @default 5 - above what retries of the callers' proxies hide
   */
  readonly errorPercent?: number;
  /**
   * 99th percentile of the response time, in milliseconds, that is too much.
   * @default 1000 - a tenth of the time after which the callers' proxies give up
   */
  readonly latencyMs?: number;
}

interface ServiceObservabilityProps extends ObservabilityOptions {
  readonly discoveryName: string;
  readonly service: IBaseService;
  readonly accessLogs: ILogGroup;
}

/** Dashboard, alarms and saved queries of one service. */
export class ServiceObservability extends Construct {
  private readonly dashboard: Dashboard;
  private readonly alarms: ServiceAlarms;

  constructor(scope: Construct, id: string, props: ServiceObservabilityProps) {
    super(scope, id);
    const { discoveryName, service, accessLogs, alarmTopicArn, errorPercent = 5, latencyMs = 1000 } = props;
    if (alarmTopicArn !== undefined) {
      requireArn('observability.alarmTopicArn', alarmTopicArn, 'arn:aws:sns:<region>:<account>:<topic>');
    }
    const topic = alarmTopicArn === undefined ? undefined : Topic.fromTopicArn(this, 'Topic', alarmTopicArn);
    this.alarms = new ServiceAlarms(this, 'Alarms', { discoveryName, service, errorPercent, latencyMs, topic });
    if (topic) {
      // Also when the circuit breaker has gone back to the version before. There is no metric of it.
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
      const rule = new Rule(this, 'FailedDeployments', {
        description: `A deployment of ${discoveryName} failed and was rolled back`,
        eventPattern: {
          source: ['aws.ecs'],
          detailType: ['ECS Deployment State Change'],
          resources: [service.serviceArn],
          detail: { eventName: ['SERVICE_DEPLOYMENT_FAILED'] },
        },
        targets: [new SnsTopic(topic)],
      });
      Validations.of(rule).acknowledge({
        id: 'Annotation::@aws-cdk/aws-events:ruleUnresolvedEnvironment',
        reason: 'Stacks are made without account and region; the topic is in the region of the alarms, which is ours',
      });
    }
    new SavedQueries(this, 'Queries', { accessLogs });

    const { desired, running, cpu, memory } = taskMetrics(service);
    const fromZero = { min: 0 };
    this.dashboard = new Dashboard(this, 'Dashboard');
    this.dashboard.addWidgets(
      new AlarmStatusWidget({ title: 'Alarms', width: 8, alarms: this.alarms.all }),
      new GraphWidget({ title: 'Tasks', width: 8, left: [running, desired], leftYAxis: fromZero }),
      new GraphWidget({ title: 'CPU and memory', width: 8, left: [cpu, memory], leftYAxis: { min: 0, max: 100 } }),
    );
    this.dashboard.addWidgets(...edgeWidgets(`calls of ${discoveryName}`, discoveryName));
  }

  /** Shows the edge to a service that this one calls. */
  watchCall(discoveryName: string): void {
    this.dashboard.addWidgets(...edgeWidgets(`calls to ${discoveryName}`, discoveryName));
  }

  /** Shows the targets behind a load balancer that fail its health checks, and wakes a person for them. */
  watchUnhealthyTargets(unhealthyTargets: IMetric): void {
    this.alarms.add('UnhealthyTargets', {
      description: 'The load balancer takes a target for unhealthy: look at its health checks and security groups',
      metric: unhealthyTargets,
      above: 0,
    });
    this.dashboard.addWidgets(
      new GraphWidget({ title: 'Unhealthy targets', left: [unhealthyTargets], leftYAxis: { min: 0 } }),
    );
  }
}
