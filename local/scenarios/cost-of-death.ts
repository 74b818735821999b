/** What it costs a steady load that something of the region ends or stops in the middle of it. */
import { setTimeout } from 'node:timers/promises';
import { requireRegion, urlOf } from '../region/region-file.ts';
import type { LoadOptions } from './callers.ts';
import { expect } from './scenario.ts';
import { TESTBED } from './services.ts';
import type { Testbed } from './testbed.ts';
import { bad, told } from './steady-load.ts';

export const PATH = '/echo';
export const REACHED = { ...TESTBED, route: { path: PATH, priority: 28 } };
/** From this machine by the front door and the load balancer, so that all of them are on the way. */
const STEADY = { connections: 10, overallRate: 100, duration: 20, timeout: 10 } as const;
/** The load is in full swing. */
const KILLED_AFTER_MS = 5_000;

interface Cost {
  readonly failed: number;
  readonly timedOut: number;
  readonly seen: string;
}

export async function under(testbed: Testbed, strike: () => unknown, load: Partial<LoadOptions> = {}): Promise<Cost> {
  const loading = testbed.load(undefined, { ...STEADY, url: `${urlOf(requireRegion())}${PATH}`, ...load });
  await setTimeout(KILLED_AFTER_MS);
  await strike();
  const result = await loading;
  return { failed: bad(result) + result.failed, timedOut: result.timedOut, seen: told(result, bad(result)) };
}

export async function during(testbed: Testbed, victim: () => number): Promise<Cost> {
  const before = testbed.taskIds('testbed');
  const cost = await under(testbed, () => process.kill(victim(), 'SIGKILL'));
  expect(testbed.taskIds('testbed') === before, 'a task was replaced');
  return cost;
}
