/** What it costs that a part of the region itself dies or stops: the agent, a proxy, the control plane, the console. */
import { setTimeout } from 'node:timers/promises';
import { isProgram } from '../../region/programs.ts';
import { during, REACHED, under } from '../cost-of-death.ts';
import { processOf, proxyIn } from '../region-processes.ts';
import { expect, type Scenario } from '../scenario.ts';
import { usualWith } from '../services.ts';

const PROXIES = [
  { id: 'load-balancer-node-killed', what: 'one of two load balancer nodes', directory: 'load-balancers' },
  { id: 'front-door-killed', what: 'a proxy of the front door', directory: 'front-doors' },
];
/** What traffic does not need. */
const STOPPED = [
  {
    id: 'control-plane-stopped',
    what: 'the control plane',
    isIt: (command: readonly string[]) => command.includes('highlands_control_plane'),
  },
  {
    id: 'console-stopped',
    what: 'the console',
    isIt: (command: readonly string[]) => isProgram('console', command),
  },
];
const STOPPED_FOR_MS = 5_000;
/** What is in flight on it: a hundred requests a second of some milliseconds each. */
const IN_FLIGHT = 5;

export const REGION_DEATHS: readonly Scenario[] = [
  {
    id: 'agent-killed',
    trait: 'faults',
    expectation: 'the agent killed with -9 costs no request: another takes the same tasks over',
    source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html',
    services: usualWith(REACHED),
    async play(testbed) {
      const killed = testbed.agent;
      const { failed, seen } = await during(testbed, () => killed);
      expect(failed === 0, seen);
      await testbed.until('another agent runs', () => testbed.agent !== killed);
      await testbed.steady('testbed', 3);
      return `${seen}; another agent has the same tasks`;
    },
  },
  ...PROXIES.map(({ id, what, directory }): Scenario => ({
    id,
    trait: 'faults',
    expectation: `${what} killed with -9 costs what was in flight in it, below ${String(IN_FLIGHT)} of 2,000`,
    source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html',
    services: usualWith(REACHED),
    async play(testbed) {
      const { failed, seen } = await during(testbed, () => proxyIn(directory));
      expect(failed < IN_FLIGHT, seen);
      return seen;
    },
  })),
  ...STOPPED.map(({ id, what, isIt }): Scenario => ({
    id,
    trait: 'faults',
    expectation: `${what} stopped for ${String(STOPPED_FOR_MS / 1000)} s costs no request`,
    source:
      'https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/control-planes-and-data-planes.html',
    services: usualWith(REACHED),
    async play(testbed) {
      const pid = processOf(what, isIt);
      const { failed, seen } = await under(testbed, async () => {
        process.kill(pid, 'SIGSTOP');
        try {
          await setTimeout(STOPPED_FOR_MS);
        } finally {
          process.kill(pid, 'SIGCONT');
        }
      });
      expect(failed === 0, seen);
      await testbed.steady('testbed', 3);
      return seen;
    },
  })),
];
