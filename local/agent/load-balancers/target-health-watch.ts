/** Looks at what the load balancers' own checks say of every target, and tells the control plane. */
import { isDeepStrictEqual } from 'node:util';
import type { CheckFailure } from '../core/envoy/check-events.ts';
import type { ControlPlaneChannel, TargetHealthReport } from '../aws/control-plane-channel.ts';
import type { PlacedLoadBalancer } from '../aws/read-load-balancers.ts';
import type { SideWork } from '../loop/side-work.ts';
import type { ComplaintBook } from '../reports/complaint-book.ts';
import type { NodeHealth } from '../runtime/load-balancer-node.ts';
import type { LoadBalancerProcess } from '../runtime/load-balancer-process.ts';
import type { Task } from '../runtime/task.ts';
import { forgetGone, targetHealthOf, targetReports, type TargetMemory, type TargetStanding } from './target-health.ts';

export interface TargetHealthParts {
  readonly channel: Pick<ControlPlaneChannel, 'putTargetHealth'>;
  /** Every target group of the region by ARN, used or not. */
  readonly targetGroupArns: () => Promise<readonly string[]>;
  readonly wanted: () => readonly PlacedLoadBalancer[];
  readonly running: () => Iterable<LoadBalancerProcess>;
  readonly lostZones: () => readonly string[];
  readonly onChange: () => void;
}

/** How often target health is read: Envoy's own checks set the pace, this only looks. */
const POLL_MS = 100;
const NOTHING = '';
/**
 * How long a node in a zone that is there again is not asked: it saw every target fail, and takes them back after the healthy
 * threshold, which is 10 at most, of a check a second.
 */
const RECOVERY_MS = 15_000;

export class TargetHealthWatch implements SideWork {
  readonly #parts: TargetHealthParts;
  /** The last report of each target group to the control plane; NOTHING when it has to be repeated. */
  readonly #reported = new Map<string, string>();
  /** What the nodes of each load balancer saw last. */
  readonly #views = new WeakMap<LoadBalancerProcess, readonly NodeHealth[]>();
  /** Epoch milliseconds at which each zone was lost last. */
  readonly #lostAt = new Map<string, number>();
  #formerKnown = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #memory: TargetMemory = { healthy: new Map(), failures: new Map(), registeredAt: new Map() };

  constructor(parts: TargetHealthParts) {
    this.#parts = parts;
  }

  /** Looks at the nodes from now on. */
  start(): void {
    this.#timer ??= setInterval(() => {
      void this.look();
    }, POLL_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  of(task: Task): TargetStanding {
    return targetHealthOf(task, this.#parts.wanted(), this.#memory, Date.now());
  }

  /** The health of each target by target group ARN. */
  targets(tasks: readonly Task[]): ReadonlyMap<string, readonly TargetHealthReport[]> {
    return targetReports(tasks, this.#parts.wanted(), this.#memory, Date.now());
  }

  /** Reports what changed to the control plane; a group that has lost its last target is reported one last time. */
  async report(tasks: readonly Task[], book: ComplaintBook): Promise<void> {
    await book.step('former targets', () => this.#learnFormer());
    forgetGone(tasks, this.#parts.wanted(), this.#memory);
    const targets = this.targets(tasks);
    const act = async (arn: string): Promise<void> => {
      const now = targets.get(arn) ?? [];
      const text = JSON.stringify(now);
      if (this.#reported.get(arn) !== text) await this.#parts.channel.putTargetHealth(arn, now);
      if (targets.has(arn)) this.#reported.set(arn, text);
      else this.#reported.delete(arn);
    };
    await book.each('target health', [...new Set([...targets.keys(), ...this.#reported.keys()])], (arn) => arn, act);
  }

  /** An agent before this one may have left targets in them. */
  async #learnFormer(): Promise<void> {
    if (this.#formerKnown) return;
    for (const arn of await this.#parts.targetGroupArns()) this.#reported.set(arn, NOTHING);
    this.#formerKnown = true;
  }

  /** The address of a task that is over may be another one's soon. */
  forget({ plan }: Task): void {
    const { healthy, failures } = this.#memory;
    for (const map of [healthy, failures])
      for (const key of map.keys()) if (key.includes(` ${plan.address}:`)) map.delete(key);
    for (const process of this.#parts.running()) process.forgetTarget(plan.address);
  }

  /** Lets the health of every target be reported again. */
  resync(): void {
    for (const arn of this.#reported.keys()) this.#reported.set(arn, NOTHING);
    this.#formerKnown = false;
  }

  /** Zones whose nodes see nothing, or did until a moment ago. */
  #blind(): string[] {
    for (const zone of this.#parts.lostZones()) this.#lostAt.set(zone, Date.now());
    for (const [zone, at] of this.#lostAt) if (Date.now() - at > RECOVERY_MS) this.#lostAt.delete(zone);
    return [...this.#lostAt.keys()];
  }

  /** Takes up what the nodes say now. */
  async look(): Promise<void> {
    const seen: NodeHealth[] = [];
    const failures = new Map<string, CheckFailure>();
    const blind = this.#blind();
    for (const process of this.#parts.running()) {
      const views = await process.health(blind).catch(() => []);
      // That nobody looks just now says nothing about a target.
      if (views.length > 0) this.#views.set(process, views);
      seen.push(...(this.#views.get(process) ?? []));
      for (const [key, failure] of await process.failures()) failures.set(key, failure);
    }
    const found = merged(seen);
    const { healthy } = this.#memory;
    const isFailing = (key: string): boolean => found.get(key) === false;
    const changed =
      isOther(found, healthy) || isOther(only(failures, isFailing), only(this.#memory.failures, isFailing));
    if (!changed) return;
    replace(healthy, found);
    replace(this.#memory.failures, failures);
    this.#parts.onChange();
  }
}

const only = <V>(map: ReadonlyMap<string, V>, wanted: (key: string) => boolean): Map<string, V> =>
  new Map([...map].filter(([key]) => wanted(key)));

const isOther = <V>(one: ReadonlyMap<string, V>, other: ReadonlyMap<string, V>): boolean =>
  one.size !== other.size ||
  [...one].some(([key, value]) => !other.has(key) || !isDeepStrictEqual(other.get(key), value));

function replace<V>(map: Map<string, V>, by: ReadonlyMap<string, V>): void {
  map.clear();
  for (const [key, value] of by) map.set(key, value);
}

/** A target is healthy when every node says so; nothing is known of it until every node has looked. */
function merged(nodes: readonly NodeHealth[]): Map<string, boolean | undefined> {
  const keys = new Set(nodes.flatMap((node) => [...node.keys()]));
  return new Map(
    [...keys].map((key) => {
      const views = nodes.filter((node) => node.has(key)).map((node) => node.get(key));
      return [key, views.includes(undefined) ? undefined : views.every(Boolean)] as const;
    }),
  );
}
