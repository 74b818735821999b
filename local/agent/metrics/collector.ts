/** Looks at every proxy and task once a second, and keeps what was seen: who calls whom, how fast, with what outcome. */
import { CallGrowth } from '../core/metrics/call-growth.ts';
import { consecutive, NO_CALLS, together } from '../core/metrics/call-window.ts';
import type { CallStats } from '../../region/call-stats.ts';
import { readProxyStats, STATS_PATH } from '../core/metrics/proxy-stats.ts';
import type { SideWork } from '../loop/side-work.ts';
import type { EnvoyProcess } from '../runtime/envoy-process.ts';
import type { Task } from '../runtime/task.ts';
import { TaskUsage, type Usage } from './task-usage.ts';

/** What a proxy is asked about. */
export interface WatchedProxy {
  readonly id: string;
  readonly envoy: EnvoyProcess;
  /** ARN of the service or of the load balancer that the proxy belongs to. */
  readonly caller: string;
  /** The EDS name behind each cluster: unique over all namespaces and target groups. */
  readonly clusters: ReadonlyMap<string, string>;
  /** EDS name by filter name. */
  readonly ingress: ReadonlyMap<string, string>;
}

export interface Interval {
  /** Epoch milliseconds at which it ended, and how long it was. */
  readonly at: number;
  readonly milliseconds: number;
  /** Calls by the caller's ARN, then by the EDS name of what was called. */
  readonly edges: ReadonlyMap<string, ReadonlyMap<string, CallStats>>;
  /** Calls that came in, by EDS name. */
  readonly inbound: ReadonlyMap<string, CallStats>;
  /** Processor and memory by task id. */
  readonly usage: ReadonlyMap<string, Usage>;
}

const EVERY_MS = 1_000;

export class MetricsCollector implements SideWork {
  readonly #proxies: () => readonly WatchedProxy[];
  readonly #tasks: () => Iterable<Task>;
  readonly #onInterval: (interval: Interval) => void;
  readonly #growth = new CallGrowth();
  readonly #usage = new TaskUsage();
  #looking = false;
  #timer: NodeJS.Timeout | undefined;
  #last = Date.now();

  constructor(
    proxies: () => readonly WatchedProxy[],
    tasks: () => Iterable<Task>,
    onInterval: (interval: Interval) => void,
  ) {
    this.#proxies = proxies;
    this.#tasks = tasks;
    this.#onInterval = onInterval;
  }

  /** Looks once a second from now on. */
  start(): void {
    this.#timer ??= setInterval(() => {
      // One after the other, or an interval would end before it begins.
      if (this.#looking) return;
      this.#looking = true;
      void this.#look().finally(() => (this.#looking = false));
    }, EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #look(): Promise<void> {
    const proxies = this.#proxies();
    const seen = await Promise.all(
      proxies.map(async (proxy) => {
        const ingress = [...proxy.ingress.keys()];
        try {
          return readProxyStats(
            await proxy.envoy.admin('GET', STATS_PATH, EVERY_MS),
            [...proxy.clusters.keys()],
            ingress,
          );
        } catch {
          return undefined; // it is just starting or ending, or too busy: what it counts now comes with a later look
        }
      }),
    );
    const edges = new Map<string, Map<string, CallStats[]>>();
    const inbound = new Map<string, CallStats[]>();
    proxies.forEach((proxy, index) => {
      for (const [cluster, stats] of seen[index]?.outbound ?? []) {
        const to = proxy.clusters.get(cluster) ?? cluster;
        const row = edges.get(proxy.caller) ?? new Map<string, CallStats[]>();
        edges.set(
          proxy.caller,
          row.set(to, [
            ...(row.get(to) ?? []),
            this.#growth.since(proxy.id, `> ${cluster}`, stats, proxy.envoy.adopted),
          ]),
        );
      }
      for (const [filter, stats] of seen[index]?.inbound ?? []) {
        const name = proxy.ingress.get(filter) ?? filter;
        inbound.set(name, [
          ...(inbound.get(name) ?? []),
          this.#growth.since(proxy.id, `< ${filter}`, stats, proxy.envoy.adopted),
        ]);
      }
    });
    this.#growth.keep(new Set(proxies.map(({ id }) => id)));
    const at = Date.now();
    const milliseconds = at - this.#last;
    this.#last = at;
    this.#onInterval({
      at,
      milliseconds,
      edges: new Map([...edges].map(([from, row]) => [from, sums(row)])),
      inbound: sums(inbound),
      usage: this.#usage.look(this.#tasks()),
    });
  }
}

const sums = (lists: ReadonlyMap<string, readonly CallStats[]>): Map<string, CallStats> =>
  new Map([...lists].map(([name, calls]) => [name, together(calls)]));

/** Intervals one after the other as one. */
export function joined(intervals: readonly Interval[]): Omit<Interval, 'usage'> {
  const edges = new Map<string, Map<string, CallStats>>();
  const inbound = new Map<string, CallStats>();
  for (const interval of intervals) {
    for (const [from, row] of interval.edges) {
      const sum = edges.get(from) ?? new Map<string, CallStats>();
      for (const [to, calls] of row) sum.set(to, consecutive(sum.get(to) ?? NO_CALLS, calls));
      edges.set(from, sum);
    }
    for (const [name, calls] of interval.inbound) inbound.set(name, consecutive(inbound.get(name) ?? NO_CALLS, calls));
  }
  const milliseconds = intervals.reduce((sum, interval) => sum + interval.milliseconds, 0);
  return { at: intervals.at(-1)?.at ?? Date.now(), milliseconds, edges, inbound };
}
