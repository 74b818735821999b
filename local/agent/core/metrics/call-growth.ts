/** What came since a proxy was last asked, for proxies that don't always answer. */
import { difference } from './call-window.ts';
import type { CallStats } from '../../../region/call-stats.ts';

export class CallGrowth {
  /** By proxy, then by cluster or filter, as last seen. */
  #seen = new Map<string, Map<string, CallStats>>();

  /**
   * @param counted whether another agent counted its calls up to the first time
   * @returns the calls since this proxy last answered; all of them at the first time
   */
  since(proxy: string, name: string, now: CallStats, counted = false): CallStats {
    const own = this.#seen.get(proxy) ?? new Map<string, CallStats>();
    const calls = difference(now, own.get(name) ?? (counted ? now : undefined));
    this.#seen.set(proxy, own.set(name, now));
    return calls;
  }

  /** Forgets the others. One that misses a look stays, or its whole life would count as what came since. */
  keep(proxies: ReadonlySet<string>): void {
    this.#seen = new Map([...this.#seen].filter(([proxy]) => proxies.has(proxy)));
  }
}
