/** Looks at what the load balancers' own checks say of every target, and tells the control plane. */
import type { ControlPlaneChannel, TargetHealthReport } from './aws/control-plane-channel.ts';
import type { PlacedLoadBalancer } from './aws/read-load-balancers.ts';
import type { LoadBalancerProcess, NodeHealth } from './runtime/load-balancer-process.ts';
import type { Task } from './runtime/task.ts';
import { targetHealthOf, targetReports, type TargetMemory } from './target-health.ts';

export interface TargetHealthTools {
  readonly channel: ControlPlaneChannel;
  readonly wanted: () => readonly PlacedLoadBalancer[];
  readonly running: () => Iterable<LoadBalancerProcess>;
  readonly lostZones: () => readonly string[];
  readonly onChange: () => void;
}

/** How often target health is read: Envoy's own checks set the pace, this only looks. */
const POLL_MS = 100;

export class TargetHealthWatch {
  readonly #tools: TargetHealthTools;
  readonly #reported = new Map<string, string>();
  readonly #memory: TargetMemory = { healthy: new Map(), registeredAt: new Map() };

  constructor(tools: TargetHealthTools) {
    this.#tools = tools;
    setInterval(() => {
      void this.#look();
    }, POLL_MS).unref();
  }

  of(task: Task): { ready: boolean; unhealthy: string | undefined } {
    return targetHealthOf(task, this.#tools.wanted(), this.#memory, Date.now());
  }

  /** The health of each target by target group ARN. */
  targets(tasks: readonly Task[]): ReadonlyMap<string, readonly TargetHealthReport[]> {
    return targetReports(tasks, this.#tools.wanted(), this.#memory);
  }

  /** Tells the control plane what changed. */
  async report(tasks: readonly Task[]): Promise<void> {
    for (const [arn, targets] of this.targets(tasks)) {
      const text = JSON.stringify(targets);
      if (this.#reported.get(arn) === text) continue;
      await this.#tools.channel.putTargetHealth(arn, targets);
      this.#reported.set(arn, text);
    }
  }

  /** Lets the health of every target be reported again. */
  tellAnew(): void {
    this.#reported.clear();
  }

  async #look(): Promise<void> {
    const seen: NodeHealth[] = [];
    for (const process of this.#tools.running())
      seen.push(...(await process.health(this.#tools.lostZones()).catch(() => [])));
    const found = merged(seen);
    const { healthy } = this.#memory;
    const changed = found.size !== healthy.size || [...found].some(([key, value]) => healthy.get(key) !== value);
    if (!changed) return;
    healthy.clear();
    for (const [key, value] of found) healthy.set(key, value);
    this.#tools.onChange();
  }
}

/** A target is healthy when every node says so; nothing is known of it until every node has looked. */
function merged(nodes: readonly NodeHealth[]): Map<string, boolean> {
  const keys = new Set(nodes.flatMap((node) => [...node.keys()]));
  return new Map(
    [...keys].flatMap((key) => {
      const views = nodes.filter((node) => node.has(key)).map((node) => node.get(key));
      return views.includes(undefined) ? [] : [[key, views.every(Boolean)] as const];
    }),
  );
}
