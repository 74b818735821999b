import { Duration } from 'aws-cdk-lib';
import type { EnableScalingProps } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { ScalableTaskCount } from 'aws-cdk-lib/aws-ecs';
import type { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';

export interface ScalingOptions {
  /** How many tasks run at most; `desiredCount` is how many run at least. */
  readonly maxTasks: number;
  /**
   * CPU use that is held, in percent of what the tasks have, averaged over them; the proxy's share counts as well.
   * @default - CPU does not count
   */
  readonly cpuPercent?: number;
}

interface IScalableService {
  autoScaleTaskCount(props: EnableScalingProps): ScalableTaskCount;
}

interface TaskScalingProps extends ScalingOptions {
  readonly service: IScalableService;
  readonly minTasks: number;
}

const COOLDOWNS = {
  // A new task takes traffic about a minute after it is asked for: image, application, two health checks of 10 s. Before
  // that the metric does not show it, and asking again would overshoot. The default is 300 s of overload.
  // https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
  scaleOutCooldown: Duration.seconds(60),
  // Too few tasks hurt users, too many cost cents: wait five minutes between steps down, so that a lull is not an end.
  scaleInCooldown: Duration.seconds(300),
};

/** Keeps the number of tasks between a minimum and a maximum by target tracking. */
export class TaskScaling extends Construct {
  private readonly count: ScalableTaskCount;
  private tracked = false;

  constructor(scope: Construct, id: string, props: TaskScalingProps) {
    super(scope, id);
    const { service, minTasks, maxTasks, cpuPercent } = props;
    if (!Number.isInteger(maxTasks) || maxTasks <= minTasks) {
      throw new Error(
        `scaling.maxTasks is ${maxTasks}: give a whole number above desiredCount, which is ${minTasks} and the minimum`,
      );
    }
    this.count = service.autoScaleTaskCount({ minCapacity: minTasks, maxCapacity: maxTasks });
    if (cpuPercent !== undefined) {
      if (cpuPercent < 1 || cpuPercent > 100) {
        throw new Error(`scaling.cpuPercent is ${cpuPercent}: give a percentage from 1 to 100`);
      }
      this.count.scaleOnCpuUtilization('Cpu', { ...COOLDOWNS, targetUtilizationPercent: cpuPercent });
      this.tracked = true;
    }
    this.node.addValidation({
      validate: () => (this.tracked ? [] : ['scaling follows no metric: give cpuPercent, or requestsPerTarget']),
    });
  }

  /**
   * Follows the load balancer as well; of several targets, the one that asks for most tasks wins.
   * @param requestsPerTarget requests a minute that each task gets
   */
  onRequests(requestsPerTarget: number, targetGroup: ApplicationTargetGroup): void {
    this.count.scaleOnRequestCount('Requests', { ...COOLDOWNS, requestsPerTarget, targetGroup });
    this.tracked = true;
  }
}
