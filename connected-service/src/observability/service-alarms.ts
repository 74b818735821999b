import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IAlarm,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IBaseService } from 'aws-cdk-lib/aws-ecs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { serviceConnectMetrics } from './service-connect-metrics.ts';
import { taskMetrics } from './task-metrics.ts';

interface ServiceAlarmsProps {
  readonly discoveryName: string;
  readonly service: IBaseService;
  readonly errorPercent: number;
  readonly latencyMs: number;
  readonly topic: ITopic | undefined;
}

/** Below this many requests a minute a single failure would be a twentieth of them, which says nothing. */
const ENOUGH_REQUESTS = 20;

/** What wakes a person: errors, slowness, missing tasks. */
export class ServiceAlarms extends Construct {
  /** All alarms, for a dashboard, which reads the list at synth. */
  readonly all: IAlarm[] = [];
  private readonly topic: ITopic | undefined;

  constructor(scope: Construct, id: string, props: ServiceAlarmsProps) {
    super(scope, id);
    const { discoveryName, service, errorPercent, latencyMs } = props;
    this.topic = props.topic;
    const { requests, responses, responseTime } = serviceConnectMetrics(discoveryName);
    const { desired, running } = taskMetrics(service);
    const period = Duration.minutes(1);
    this.add('Errors', {
      description: `More than ${errorPercent} % of the answers of ${discoveryName} are 5xx: read its application log`,
      // FILL: a minute without 5xx has no data point, not a zero.
      metric: new MathExpression({
        label: '5xx in percent of requests',
        expression: `IF(requests >= ${ENOUGH_REQUESTS}, 100 * FILL(errors, 0) / requests, 0)`,
        usingMetrics: { requests, errors: responses('5XX') },
        period,
      }),
      above: errorPercent,
    });
    this.add('Latency', {
      description: `One in a hundred requests to ${discoveryName} takes longer than ${latencyMs} ms: look at CPU and callees`,
      metric: responseTime('p99'),
      above: latencyMs,
    });
    this.add('MissingTasks', {
      description: `${discoveryName} has fewer tasks than it asks for: look at its events and its stopped tasks`,
      metric: new MathExpression({
        label: 'Tasks that are missing',
        expression: 'desired - running',
        usingMetrics: { desired, running },
        period,
      }),
      above: 0,
    });
  }

  /** Three bad minutes of five: longer than a task takes to be replaced, short enough to act. */
  add(id: string, props: { readonly description: string; readonly metric: IMetric; readonly above: number }): void {
    const alarm = new Alarm(this, id, {
      alarmDescription: props.description,
      metric: props.metric,
      threshold: props.above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      // No requests, no data: that is rest, not trouble.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    if (this.topic) {
      alarm.addAlarmAction(new SnsAction(this.topic));
      alarm.addOkAction(new SnsAction(this.topic));
    }
    this.all.push(alarm);
  }
}
