/**
 * One step of the ECS service scheduler: given a service and its tasks, what to start, what to stop, how far it is.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 */
import type { Deployment, RolloutState, Service } from '../region-state.ts';
import { circuitBreakerThreshold, NO_FAILURES, type DeploymentFailures } from './circuit-breaker.ts';
import type { TaskView } from './scheduled-task.ts';
import { byStopPreference, emptiestZones } from './placement.ts';

export interface DeploymentReport {
  readonly id: string;
  readonly status: 'PRIMARY' | 'ACTIVE' | 'INACTIVE';
  readonly rolloutState: RolloutState;
  readonly rolloutStateReason: string;
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly pendingCount: number;
  readonly failedTasks: number;
}

export interface RolloutStep {
  readonly start: readonly { readonly deployment: Deployment; readonly zone: string }[];
  /** `failed` ones count against their deployment. */
  readonly stop: readonly { readonly taskId: string; readonly reason: string; readonly failed: boolean }[];
  readonly deployments: readonly DeploymentReport[];
  /** The completed deployment to go back to, when the circuit breaker tripped in this step. */
  readonly rollBackTo: { readonly deploymentId: string; readonly reason: string } | undefined;
}

export interface RolloutInput {
  readonly service: Service;
  readonly tasks: readonly TaskView[];
  readonly failures: ReadonlyMap<string, DeploymentFailures>;
  /** Zones of the deployment's subnets, in their order. */
  readonly zones: readonly string[];
  /** Epoch milliseconds. */
  readonly now: number;
}

export function rolloutStep(input: RolloutInput): RolloutStep {
  const { service, tasks, failures, now } = input;
  const primary = service.deployments.find((deployment) => deployment.status === 'PRIMARY');
  const live = tasks.filter((task) => task.wanted);
  if (service.status === 'DRAINING' || primary === undefined) {
    return {
      start: [],
      stop: live.map((task) => ({ taskId: task.id, reason: `(service ${service.name}) deleted`, failed: false })),
      deployments: [],
      rollBackTo: undefined,
    };
  }
  const primaryFailures = failures.get(primary.id) ?? NO_FAILURES;
  const tripped =
    primary.rolloutState === 'IN_PROGRESS' &&
    service.circuitBreaker.enable &&
    primaryFailures.count >= circuitBreakerThreshold(service);
  const failed = tripped || primary.rolloutState === 'FAILED';

  const stop = new Map<string, string>();
  for (const task of live) if (task.unhealthy !== undefined) stop.set(task.id, task.unhealthy);
  const kept = () => live.filter((task) => !stop.has(task.id));
  stopExcess(primary, service.desiredCount, kept(), stop);
  stopOld(primary, service, kept(), stop, failed);

  const ofPrimary = kept().filter((task) => task.deploymentId === primary.id);
  // At least one more than nothing: with desired count 1 and 100 % a rollout could never begin.
  const upper = Math.max(1, Math.floor((service.desiredCount * service.maximumPercent) / 100));
  // Without a zone there is nowhere to start anything: it comes when a zone comes back.
  const wanted =
    failed || primaryFailures.retryAt > now || input.zones.length === 0 ? 0 : service.desiredCount - ofPrimary.length;
  const count = Math.max(0, Math.min(wanted, upper - kept().length));
  const start = emptiestZones(input.zones, ofPrimary, count).map((zone) => ({ deployment: primary, zone }));

  const others = kept().filter((task) => task.deploymentId !== primary.id);
  const done = others.length === 0 && ofPrimary.filter((task) => task.steady).length >= service.desiredCount;
  const rolloutState =
    primary.rolloutState !== 'IN_PROGRESS'
      ? primary.rolloutState
      : tripped
        ? 'FAILED'
        : done
          ? 'COMPLETED'
          : 'IN_PROGRESS';
  const why = reasonOf(rolloutState, primary.id, primaryFailures);
  return {
    start,
    stop: [...stop].map(([taskId, reason]) => ({
      taskId,
      reason,
      failed: tasks.some(({ id, unhealthy }) => id === taskId && unhealthy !== undefined),
    })),
    deployments: deploymentReports(service, tasks, failures, primary, { rolloutState, reason: why }),
    rollBackTo: tripped && service.circuitBreaker.rollback ? lastCompleted(service, primary, why) : undefined,
  };
}

/** Scale in: more tasks of the PRIMARY deployment than are desired. */
function stopExcess(primary: Deployment, desired: number, kept: readonly TaskView[], stop: Map<string, string>): void {
  const ofPrimary = kept.filter((task) => task.deploymentId === primary.id);
  for (const task of byStopPreference(ofPrimary).slice(0, Math.max(0, ofPrimary.length - desired))) {
    stop.set(task.id, `Scaling activity initiated by (deployment ${primary.id})`);
  }
}

/** Old deployments give way as far as the minimum healthy percent allows; what serves nobody goes at once. */
function stopOld(
  primary: Deployment,
  service: Service,
  kept: readonly TaskView[],
  stop: Map<string, string>,
  failed: boolean,
): void {
  // A failed PRIMARY with nothing to go back to replaces nobody.
  if (failed) return;
  const old = kept.filter((task) => task.deploymentId !== primary.id);
  const lower = Math.ceil((service.desiredCount * service.minimumHealthyPercent) / 100);
  // What the old ones did is known; a new one counts for nothing before it has proven itself.
  const healthy = kept.filter((task) => (task.deploymentId === primary.id ? task.steady : task.ready));
  const budget = Math.max(0, healthy.length - lower);
  const leaving = [
    ...old.filter((task) => !task.ready),
    ...byStopPreference(old.filter((task) => task.ready)).slice(0, budget),
  ];
  for (const task of leaving) stop.set(task.id, `Scaling activity initiated by (deployment ${primary.id})`);
}

function lastCompleted(service: Service, primary: Deployment, reason: string): RolloutStep['rollBackTo'] {
  const target = service.deployments.find(
    (deployment) => deployment !== primary && deployment.rolloutState === 'COMPLETED',
  );
  return target === undefined ? undefined : { deploymentId: target.id, reason };
}

function reasonOf(state: RolloutState, id: string, failures: DeploymentFailures): string {
  if (state === 'COMPLETED') return `ECS deployment ${id} completed.`;
  if (state === 'IN_PROGRESS') return `ECS deployment ${id} in progress.`;
  return `ECS deployment circuit breaker: tasks failed to start. ${failures.lastReason}`.trim();
}

interface Outcome {
  readonly rolloutState: RolloutState;
  readonly reason: string;
}

/** How far every deployment of a service is, given what became of the PRIMARY one. */
export function deploymentReports(
  service: Service,
  tasks: readonly TaskView[],
  failures: ReadonlyMap<string, DeploymentFailures>,
  primary: Deployment,
  outcome: Outcome,
): DeploymentReport[] {
  const superseded = outcome.rolloutState === 'COMPLETED';
  return service.deployments.map((deployment) =>
    report(deployment, service, tasks, failures, deployment === primary ? outcome : undefined, superseded),
  );
}

function report(
  deployment: Deployment,
  service: Service,
  tasks: readonly TaskView[],
  failures: ReadonlyMap<string, DeploymentFailures>,
  outcome: Outcome | undefined,
  superseded: boolean,
): DeploymentReport {
  const own = tasks.filter((task) => task.deploymentId === deployment.id && task.wanted);
  // An older deployment stays listed until its successor is complete: until then it is what a rollback needs.
  const gone = outcome === undefined && superseded && own.length === 0;
  return {
    id: deployment.id,
    status: gone ? 'INACTIVE' : deployment.status,
    rolloutState: outcome?.rolloutState ?? deployment.rolloutState,
    rolloutStateReason: outcome?.reason ?? `ECS deployment ${deployment.id} was replaced.`,
    desiredCount: outcome === undefined ? 0 : service.desiredCount,
    runningCount: own.filter((task) => task.running).length,
    pendingCount: own.filter((task) => !task.running).length,
    failedTasks: (failures.get(deployment.id) ?? NO_FAILURES).count,
  };
}
