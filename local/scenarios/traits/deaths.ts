/** What a death costs: the agent's, a load balancer node's, a front door proxy's, a zone's. */
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { changeOrders, clearOrders } from '../../region/orders.ts';
import { requireRegion, urlOf } from '../../region/region-file.ts';
import { processesOf } from '../../region/processes.ts';
import type { TaskFile } from '../../region/tasks.ts';
import type { LoadOptions } from '../callers.ts';
import { bad, told } from '../steady-load.ts';
import { expect, type Scenario } from '../scenario.ts';
import { AWS, PROBE, TESTBED, URL, usualWith } from '../services.ts';
import type { Stage } from '../stage.ts';

const PATH = '/echo';
const REACHED = { ...TESTBED, route: { path: PATH, priority: 28 } };
/** From this machine by the front door and the load balancer, so that all of them are on the way. */
const STEADY = { connections: 10, overallRate: 100, duration: 20, timeout: 10 } as const;
/** The load is in full swing. */
const KILLED_AFTER_MS = 5_000;

/** A process of the region that was started by such a command, as the machine sees it. */
function processOf(what: string, started: (command: readonly string[]) => boolean): number {
  const found = processesOf(requireRegion().regionId).find((pid) => {
    try {
      return started(readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').split('\0'));
    } catch {
      return false; // it ended while it was looked at
    }
  });
  expect(found !== undefined, `there is no ${what}`);
  return found;
}

/** A proxy of the region whose configuration is in this directory. */
const proxyIn = (directory: string): number =>
  processOf(
    `proxy of ${directory}`,
    ([program, ...words]) =>
      program?.endsWith('/envoy') === true && words.some((word) => word.includes(`/run/${directory}/`)),
  );

interface Cost {
  readonly failed: number;
  readonly timedOut: number;
  readonly seen: string;
}

async function under(stage: Stage, strike: () => unknown, load: Partial<LoadOptions> = {}): Promise<Cost> {
  const loading = stage.load(undefined, { ...STEADY, url: `${urlOf(requireRegion())}${PATH}`, ...load });
  await setTimeout(KILLED_AFTER_MS);
  await strike();
  const result = await loading;
  return { failed: bad(result) + result.failed, timedOut: result.timedOut, seen: told(result, bad(result)) };
}

async function during(stage: Stage, victim: () => number): Promise<Cost> {
  const before = stage.taskIds('testbed');
  const cost = await under(stage, () => process.kill(victim(), 'SIGKILL'));
  expect(stage.taskIds('testbed') === before, 'a task was replaced');
  return cost;
}

const PROXIES = [
  { id: 'load-balancer-node-killed', what: 'one of two load balancer nodes', directory: 'load-balancers' },
  { id: 'front-door-killed', what: 'a proxy of the front door', directory: 'front-doors' },
];
/** What traffic does not need. */
const STOPPED = [
  { id: 'control-plane-stopped', what: 'the control plane', word: 'highlands_control_plane' },
  { id: 'console-stopped', what: 'the console', word: 'console/main.ts' },
];
const STOPPED_FOR_MS = 5_000;
const LOST_ZONE = 'us-east-1a';
/** Nobody waits longer for what is answered in milliseconds: a request that takes more counts as timed out. */
const PATIENCE_SECONDS = 3;
/** What is under way there, and what its clients send before their connections end. */
const UNDER_WAY = 10;
/** What is in flight on it: a hundred requests a second of some milliseconds each. */
const IN_FLIGHT = 5;

/** Short, and half of it by each way in. */
const TASK_LOAD = { connections: 5, overallRate: 50, duration: 10, timeout: 10 } as const;
const TASK_KILLED_AFTER_MS = 3_000;

interface Part {
  readonly id: string;
  readonly what: string;
  readonly kill: (stage: Stage, task: TaskFile) => unknown;
}

/** Service Connect's proxies try again what a reset or a 503 was the answer to; a load balancer passes both on. */
const PARTS: readonly Part[] = [
  {
    id: 'application-killed',
    what: 'the application',
    kill: (stage, { containers }) => stage.inAgent(['kill', '-9', ...Object.values(containers).map(String)]),
  },
  {
    id: 'proxy-killed',
    what: 'the proxy',
    kill: (_, { taskId }) => process.kill(proxyIn(`task/${taskId}`), 'SIGKILL'),
  },
];

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
  ...STOPPED.map(({ id, what, word }): Scenario => ({
    id,
    trait: 'faults',
    expectation: `${what} stopped for ${String(STOPPED_FOR_MS / 1000)} s costs no request`,
    source:
      'https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/control-planes-and-data-planes.html',
    services: usualWith(REACHED),
    async play(stage) {
      const pid = processOf(what, (command) => command.some((part) => part.endsWith(word)));
      const { failed, seen } = await under(stage, async () => {
        process.kill(pid, 'SIGSTOP');
        try {
          await setTimeout(STOPPED_FOR_MS);
        } finally {
          process.kill(pid, 'SIGCONT');
        }
      });
      expect(failed === 0, seen);
      await stage.steady('testbed', 3);
      return seen;
    },
  })),
  ...PARTS.map(({ id, what, kill }): Scenario => ({
    id,
    trait: 'faults',
    expectation: `${what} of one of three tasks killed with -9 costs no request by Service Connect, and below ${String(UNDER_WAY)} of 500 by the load balancer`,
    source: AWS.appMesh,
    services: usualWith(REACHED),
    async play(stage) {
      const [task] = stage.tasks('testbed');
      expect(task !== undefined, 'no task');
      const loads = [
        stage.load('probe', { ...TASK_LOAD, url: `${URL}${PATH}` }),
        stage.load(undefined, { ...TASK_LOAD, url: `${urlOf(requireRegion())}${PATH}` }),
      ];
      await setTimeout(TASK_KILLED_AFTER_MS);
      await kill(stage, task);
      const [byMesh, byBalancer] = await Promise.all(loads);
      expect(byMesh !== undefined && byBalancer !== undefined, 'no load');
      const seen = `${told(byMesh, bad(byMesh))} by Service Connect; ${told(byBalancer, bad(byBalancer))} by the load balancer`;
      expect(!stage.taskIds('testbed').includes(task.taskId), `${seen}; the task was not replaced`);
      expect(byMesh.answered > 0 && bad(byMesh) + byMesh.failed === 0, seen);
      expect(byBalancer.answered > 0 && bad(byBalancer) + byBalancer.failed < UNDER_WAY, seen);
      await stage.steady('testbed', 3);
      return seen;
    },
  })),
  {
    id: 'zone-lost',
    trait: 'faults',
    expectation: `a lost Availability Zone costs what was under way there, below ${String(UNDER_WAY)} of 2,000, and nobody waits over ${String(PATIENCE_SECONDS)} s`,
    source: AWS.zones,
    services: usualWith(REACHED),
    async play(stage) {
      const lose = () => changeOrders((orders) => ({ ...orders, lostZones: [LOST_ZONE] }));
      try {
        expect(
          stage.tasks('testbed').some(({ zone }) => zone === LOST_ZONE),
          `no task in ${LOST_ZONE}`,
        );
        const { failed, timedOut, seen } = await under(stage, lose, { timeout: PATIENCE_SECONDS });
        expect(failed < UNDER_WAY && timedOut === 0, `${seen}, ${String(timedOut)} of them timed out`);
        await stage.until('all tasks run in the other zone', () =>
          stage.tasks('testbed').every(({ zone }) => zone !== LOST_ZONE),
        );
        await stage.steady('testbed', 3);
        return seen;
      } finally {
        await clearOrders();
        await stage.forceNewDeployment('testbed');
        await stage.forceNewDeployment(PROBE.name);
      }
    },
  },
];
