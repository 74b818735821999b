/**
 * One step of a blue/green deployment: the new revision starts beside the old one, is tested, takes over, bakes, and
 * only then does the old one end. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
 */
import { LIFECYCLE, type LifecycleStage } from '../../../aws-shapes/lifecycle-stages.ts';
import type { Deployment, Service } from '../region-state.ts';
import { circuitBreakerThreshold, NO_FAILURES } from './circuit-breaker.ts';
import { byStopPreference, emptiestZones } from './placement.ts';
import type { TaskView } from './scheduled-task.ts';
import { deploymentReports, rolloutStep, type RolloutInput, type RolloutStep } from './rollout.ts';

/** Proxies take up new endpoints in 13 ms and new rules in a tenth of a second; a shift gets a multiple of that. */
const SHIFT_MS = 500;

/** How far a service's blue/green deployment is; kept from step to step. */
export interface Lifecycle {
  /** The deployment that serves, or served before the one under way. */
  readonly blue: string;
  /** The deployment under way; absent when none is. */
  readonly green: string | undefined;
  readonly stage: LifecycleStage;
  /** Epoch milliseconds since which the stage lasts. */
  readonly since: number;
}

/** The ids of the deployments that get requests, and those with the test header. */
export interface Traffic {
  readonly production: string;
  readonly test: string;
}

/** What the control plane remembers of a deployment under way. */
export interface UnderWay {
  readonly deploymentId: string;
  /** How far it was when somebody last said so: after a restart of the agent it goes on there. */
  readonly stage: LifecycleStage | undefined;
  /** Pauses that a person ended. */
  readonly continued: readonly string[];
  /** Why a person wants to go back. */
  readonly rollBack: string | undefined;
}

export interface BlueGreenInput extends RolloutInput {
  readonly lifecycle: Lifecycle | undefined;
  readonly underWay: UnderWay | undefined;
  /** How long a minute of bake time lasts. */
  readonly minuteMs: number;
}

export interface BlueGreenStep extends RolloutStep {
  readonly lifecycle: Lifecycle | undefined;
}

const reached = (stage: LifecycleStage, wanted: LifecycleStage): boolean =>
  LIFECYCLE.indexOf(stage) >= LIFECYCLE.indexOf(wanted);

export function trafficOf({ blue, green, stage }: Lifecycle): Traffic {
  return {
    production: green !== undefined && reached(stage, 'PRODUCTION_TRAFFIC_SHIFT') ? green : blue,
    test: green !== undefined && reached(stage, 'TEST_TRAFFIC_SHIFT') ? green : blue,
  };
}

/** The id by which `ContinueServiceDeployment` names the pause of a stage. */
export const hookId = (deploymentId: string, stage: LifecycleStage): string =>
  `${deploymentId.replace('ecs-svc/', '')}-${stage}`;

export function blueGreenStep(input: BlueGreenInput): BlueGreenStep {
  const { service, tasks, now } = input;
  const primary = service.deployments.find((deployment) => deployment.status === 'PRIMARY');
  if (service.status === 'DRAINING' || primary === undefined) return { ...rolloutStep(input), lifecycle: undefined };
  const underWay = input.underWay?.deploymentId === primary.id ? input.underWay : undefined;
  const before = input.lifecycle ?? firstLook(service, primary, underWay?.stage, now);
  const blue = service.deployments.find(({ id }) => id === before.blue);
  // Nothing to stand beside: the first deployment, a rollback to the one that serves, or the clean-up.
  if (blue === undefined || blue === primary) return settled(input, primary, now);

  const lifecycle =
    before.green === primary.id ? before : { ...before, green: primary.id, stage: firstStage(before), since: now };
  const failures = input.failures.get(primary.id) ?? NO_FAILURES;
  const tripped = service.circuitBreaker.enable && failures.count >= circuitBreakerThreshold(service);
  const why =
    underWay?.rollBack ??
    (tripped ? `ECS deployment circuit breaker: tasks failed to start. ${failures.lastReason}`.trim() : undefined);
  if (why !== undefined || primary.rolloutState === 'FAILED') return failed(input, primary, blue, why ?? '');

  const next = advance(lifecycle, input, primary, underWay?.continued ?? []);
  if (next.stage === 'CLEAN_UP') return settled({ ...input, lifecycle: next }, primary, now);
  const scaled = scale(input, reached(next.stage, 'SCALE_UP') ? [blue, primary] : [blue]);
  const outcome = {
    rolloutState: 'IN_PROGRESS',
    reason: `ECS deployment ${primary.id} in progress: ${next.stage}.`,
  } as const;
  return {
    ...scaled,
    deployments: deploymentReports(service, tasks, input.failures, primary, outcome).map((report) =>
      // Both revisions are wanted whole until the clean-up.
      report.id === blue.id ? { ...report, desiredCount: service.desiredCount } : report,
    ),
    rollBackTo: undefined,
    lifecycle: next,
  };
}

/** A third revision beside the one that serves and the one that was to follow it: that one ends first. */
const firstStage = ({ green }: Lifecycle): LifecycleStage =>
  green === undefined ? 'PRE_SCALE_UP' : 'RECONCILE_SERVICE';

/** After a restart of the agent: what was completed last is blue; the one under way goes on, and bakes again. */
function firstLook(service: Service, primary: Deployment, stage: LifecycleStage | undefined, since: number): Lifecycle {
  const blue = (service.deployments.find(({ rolloutState }) => rolloutState === 'COMPLETED') ?? primary).id;
  return stage === undefined || blue === primary.id
    ? { blue, green: undefined, stage: 'CLEAN_UP', since }
    : { blue, green: primary.id, stage, since };
}

/** One revision only: it is kept at its count like that of a rolling update, and everything else ends. */
function settled(input: BlueGreenInput, primary: Deployment, now: number): BlueGreenStep {
  const lifecycle: Lifecycle = { blue: primary.id, green: undefined, stage: 'CLEAN_UP', since: now };
  return { ...rolloutStep(input), lifecycle };
}

/** Back to the one that serves: its tasks still run, so requests only change their way. */
function failed(input: BlueGreenInput, primary: Deployment, blue: Deployment, reason: string): BlueGreenStep {
  const { service, tasks } = input;
  const outcome = { rolloutState: 'FAILED', reason } as const;
  const step = scale(input, [blue]);
  const rollBack =
    primary.rolloutState !== 'FAILED' && (service.circuitBreaker.rollback || input.underWay?.rollBack !== undefined);
  return {
    ...step,
    deployments: deploymentReports(service, tasks, input.failures, primary, outcome),
    rollBackTo: rollBack ? { deploymentId: blue.id, reason } : undefined,
    lifecycle: { blue: blue.id, green: undefined, stage: 'CLEAN_UP', since: input.now },
  };
}

function advance(
  lifecycle: Lifecycle,
  input: BlueGreenInput,
  green: Deployment,
  continued: readonly string[],
): Lifecycle {
  const { stage, since } = lifecycle;
  const { service, now } = input;
  const pauses = service.blueGreen?.pauseStages ?? [];
  if (pauses.includes(stage) && !continued.includes(hookId(green.id, stage))) return lifecycle;
  const steady = input.tasks.filter((task) => task.wanted && task.steady && task.deploymentId === green.id).length;
  const allSteady = steady >= service.desiredCount;
  const elapsed = now - since;
  const over: Partial<Record<LifecycleStage, boolean>> = {
    SCALE_UP: allSteady,
    TEST_TRAFFIC_SHIFT: allSteady && elapsed >= SHIFT_MS,
    // Green may have lost tasks while it waited, or all of them by a restart of the agent.
    PRE_PRODUCTION_TRAFFIC_SHIFT: allSteady,
    PRODUCTION_TRAFFIC_SHIFT: elapsed >= SHIFT_MS,
    BAKE_TIME: allSteady && elapsed >= (service.blueGreen?.bakeTimeMinutes ?? 0) * input.minuteMs,
  };
  const next = LIFECYCLE[LIFECYCLE.indexOf(stage) + 1];
  return next === undefined || over[stage] === false ? lifecycle : { ...lifecycle, stage: next, since: now };
}

/** Keeps these deployments at the desired count each, and ends the tasks of all others. */
function scale(input: BlueGreenInput, kept: readonly Deployment[]): Pick<RolloutStep, 'start' | 'stop'> {
  const { service, failures, now, zones } = input;
  const live = input.tasks.filter((task) => task.wanted);
  const start: { deployment: Deployment; zone: string }[] = [];
  const stop: { taskId: string; reason: string; failed: boolean }[] = [];
  const end = (task: TaskView, reason: string): void => {
    stop.push({ taskId: task.id, reason, failed: task.unhealthy !== undefined });
  };
  for (const deployment of kept) {
    const own = live.filter((task) => task.deploymentId === deployment.id);
    const well = own.filter(({ unhealthy }) => unhealthy === undefined);
    for (const task of own) if (task.unhealthy !== undefined) end(task, task.unhealthy);
    const reason = `Scaling activity initiated by (deployment ${deployment.id})`;
    for (const task of byStopPreference(well).slice(0, Math.max(0, well.length - service.desiredCount)))
      end(task, reason);
    const waits = (failures.get(deployment.id) ?? NO_FAILURES).retryAt > now || zones.length === 0;
    const count = waits ? 0 : Math.max(0, service.desiredCount - well.length);
    start.push(...emptiestZones(zones, well, count).map((zone) => ({ deployment, zone })));
  }
  for (const task of live) {
    if (!kept.some(({ id }) => id === task.deploymentId)) end(task, 'Scaling activity initiated by a newer deployment');
  }
  return { start, stop };
}
