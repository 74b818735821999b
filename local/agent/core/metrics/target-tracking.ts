/**
 * Target tracking: https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
 * Plain arithmetic on datapoints of one minute each.
 */

export interface TrackingPolicy {
  readonly name: string;
  readonly metric: 'cpu' | 'memory' | 'requests';
  readonly targetValue: number;
  readonly scaleOutCooldownMinutes: number;
  readonly scaleInCooldownMinutes: number;
  readonly scaleInDisabled: boolean;
}

export interface TrackedPolicy extends TrackingPolicy {
  /** One for each minute, oldest first; a minute without a datapoint is left out. */
  readonly datapoints: readonly number[];
}

export interface TrackingInput {
  readonly current: number;
  readonly min: number;
  readonly max: number;
  readonly policies: readonly TrackedPolicy[];
  /** Minutes since the last scaling in each direction; Infinity when there was none. */
  readonly sinceOut: number;
  readonly sinceIn: number;
  /** A deployment of the service is in progress. */
  readonly deploying: boolean;
}

export interface TrackingDecision {
  readonly desired: number;
  readonly cause: string;
}

/** The alarms that Application Auto Scaling makes: three minutes above the target, fifteen below nine tenths of it. */
const OUT_MINUTES = 3;
const IN_MINUTES = 15;
const IN_SHARE = 0.9;

/** @returns undefined when the count stays */
export function trackTarget(input: TrackingInput): TrackingDecision | undefined {
  const { current, min, max } = input;
  const bounded = (count: number): number => Math.min(max, Math.max(min, count));
  if (bounded(current) !== current)
    return { desired: bounded(current), cause: `the capacity is ${String(min)} to ${String(max)}` };

  const above = input.policies
    .filter((policy) => lastAre(policy, OUT_MINUTES, (value) => value > policy.targetValue))
    .filter(({ scaleOutCooldownMinutes }) => input.sinceOut >= scaleOutCooldownMinutes)
    .map((policy) => ({ policy, desired: bounded(proportional(current, policy)) }))
    // With several policies the largest count wins.
    .sort((a, b) => b.desired - a.desired)[0];
  if (above !== undefined && above.desired > current)
    return {
      desired: above.desired,
      cause: `${above.policy.name}: ${said(above.policy)} is above ${String(above.policy.targetValue)}`,
    };

  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshoot-service-auto-scaling.html: no scale-in meanwhile
  if (input.deploying) return undefined;
  const willing = input.policies.filter(({ scaleInDisabled }) => !scaleInDisabled);
  const low = (policy: TrackedPolicy) => lastAre(policy, IN_MINUTES, (value) => value < IN_SHARE * policy.targetValue);
  // In only when every policy that may agrees, and none of them sooner than its cool-down.
  if (willing.length === 0 || !willing.every(low)) return undefined;
  const wait = Math.max(...willing.map(({ scaleInCooldownMinutes }) => scaleInCooldownMinutes));
  if (Math.min(input.sinceIn, input.sinceOut) < wait) return undefined;
  const desired = bounded(Math.max(...willing.map((policy) => proportional(current, policy))));
  const [first] = willing;
  if (desired >= current || first === undefined) return undefined;
  return { desired, cause: `${first.name}: ${said(first)} is below ${String(IN_SHARE * first.targetValue)}` };
}

function lastAre(policy: TrackedPolicy, minutes: number, holds: (value: number) => boolean): boolean {
  const last = policy.datapoints.slice(-minutes);
  return last.length === minutes && last.every(holds);
}

const latest = ({ datapoints }: TrackedPolicy): number => datapoints.at(-1) ?? 0;
const said = (policy: TrackedPolicy): string => `${policy.metric} ${latest(policy).toFixed(1)}`;

/** As many as bring the metric to its target; never none, because none would bring no metric any more. */
function proportional(current: number, policy: TrackedPolicy): number {
  return Math.max(1, Math.ceil((current * latest(policy)) / policy.targetValue));
}
