/** What a death costs that is nobody's request: the agent's, a load balancer node's, a front door proxy's. */
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { requireRegion, urlOf } from '../../front/region/region-file.ts';
import { processesOf } from '../../front/region/stop-region.ts';
import { bad, told } from '../steady-load.ts';
import { expect, type Scenario } from '../scenario.ts';
import { TESTBED, usualWith } from '../services.ts';
import type { Stage } from '../stage.ts';

const PATH = '/echo';
const REACHED = { ...TESTBED, route: { path: PATH, priority: 28 } };
/** From this machine by the front door and the load balancer, so that all of them are on the way. */
const STEADY = { connections: 10, overallRate: 100, duration: 20, timeout: 10 } as const;
/** The load is in full swing. */
const KILLED_AFTER_MS = 5_000;

/** A proxy of the region whose configuration is in this directory, as the machine sees it. */
function proxyIn(directory: string): number {
  const found = processesOf(requireRegion().regionId).find((pid) => {
    const command = readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').split('\0');
    return command[0]?.endsWith('/envoy') === true && command.some((word) => word.includes(`/run/${directory}/`));
  });
  expect(found !== undefined, `no proxy of ${directory}`);
  return found;
}

async function during(stage: Stage, victim: () => number): Promise<{ failed: number; seen: string }> {
  const before = stage.taskIds('testbed');
  const loading = stage.load(undefined, { ...STEADY, url: `${urlOf(requireRegion())}${PATH}` });
  await setTimeout(KILLED_AFTER_MS);
  process.kill(victim(), 'SIGKILL');
  const result = await loading;
  expect(stage.taskIds('testbed') === before, 'a task was replaced');
  return { failed: bad(result) + result.failed, seen: told(result, bad(result)) };
}

const PROXIES = [
  { id: 'load-balancer-node-killed', what: 'one of two load balancer nodes', directory: 'load-balancers' },
  { id: 'front-door-killed', what: 'a proxy of the front door', directory: 'front-doors' },
];
/** What is in flight on it: a hundred requests a second of some milliseconds each. */
const IN_FLIGHT = 5;

export const DEATHS: readonly Scenario[] = [
  {
    id: 'agent-killed',
    trait: 'faults',
    expectation: 'the agent killed with -9 costs no request: another takes the same tasks over',
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html',
    services: usualWith(REACHED),
    async play(stage) {
      const agent = (): number => {
        const { agentPid } = requireRegion();
        expect(agentPid !== undefined, 'there is no agent');
        return agentPid;
      };
      const killed = agent();
      const { failed, seen } = await during(stage, agent);
      expect(failed === 0, seen);
      await stage.until('another agent runs', () => agent() !== killed);
      await stage.steady('testbed', 3);
      return `${seen}; another agent has the same tasks`;
    },
  },
  ...PROXIES.map(({ id, what, directory }): Scenario => ({
    id,
    trait: 'faults',
    expectation: `${what} killed with -9 costs what was in flight in it, below ${String(IN_FLIGHT)} of 2,000`,
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html',
    services: usualWith(REACHED),
    async play(stage) {
      const { failed, seen } = await during(stage, () => proxyIn(directory));
      expect(failed < IN_FLIGHT, seen);
      return seen;
    },
  })),
];
