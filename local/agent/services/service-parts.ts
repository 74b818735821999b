/** What the controller of services has from its agent. */
import type { ControlPlaneChannel } from '../aws/control-plane-channel.ts';
import type { TaskPlan } from '../core/task-plan.ts';
import type { PlannerSettings } from '../core/topology/task-planner.ts';
import type { AliasSnapshots } from '../endpoints/alias-snapshots.ts';
import type { TargetStanding } from '../load-balancers/target-health.ts';
import type { AddressPool } from '../network/address-pool.ts';
import type { RunningTask } from '../runtime/running-task.ts';

/** `T` is what its agent has of a task. */
export interface ServiceParts<T extends RunningTask = RunningTask> {
  readonly channel: Pick<ControlPlaneChannel, 'putServiceState' | 'putServiceEvents' | 'startDeployment' | 'underWay'>;
  readonly addresses: AddressPool;
  readonly aliases: AliasSnapshots;
  readonly planner: PlannerSettings;
  /** Zones in which nothing can be started. */
  readonly lostZones: () => readonly string[];
  /** Every task that is not STOPPED yet, by id. */
  readonly tasks: ReadonlyMap<string, T>;
  readonly startTask: (plan: TaskPlan) => void;
  readonly targetHealth: (task: T) => TargetStanding;
  /** The target group that a listener rule forwards to. */
  readonly forwardedTo: (ruleArn: string) => string | undefined;
  readonly minuteMs: () => number;
  readonly onChange: () => void;
  readonly log: (message: string) => void;
}
