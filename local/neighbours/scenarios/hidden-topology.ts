/** Trait 2: who serves, and where, is nobody's business. */
import { setTimeout } from 'node:timers/promises';
import { clearOrders, readOrders, writeOrders } from '../../front/orders.ts';
import { expect, type Scenario } from '../scenario.ts';
import { AWS, PROBE, TESTBED, URL, USUAL } from '../services.ts';
import type { LoadResult } from '../load-result.ts';
import type { Stage } from '../stage.ts';

const trait = '2 hidden topology';
const LOAD = { url: `${URL}/echo`, connections: 4, overallRate: 200, timeout: 10 } as const;

const told = ({ answered, failed }: LoadResult, bad: number): string =>
  `${String(answered)} requests, ${String(bad + failed)} failed`;

const bad = ({ statuses }: LoadResult): number =>
  Object.entries(statuses).reduce((sum, [status, count]) => (Number(status) < 300 ? sum : sum + count), 0);

function allWell(result: LoadResult, more: string): string {
  const seen = `${told(result, bad(result))}, ${more}`;
  expect(result.answered > 0 && bad(result) + result.failed === 0, `${seen} ${JSON.stringify(result.statuses)}`);
  return seen;
}

/** Shares of requests by zone of the task that answered, asked from one task. */
async function zonesAsked(stage: Stage, from: string, requests: number): Promise<Map<string, number>> {
  const zoneOf = new Map<string, string>();
  for (const task of stage.tasks('testbed')) {
    const { instance } = await stage.curl(task.taskId, 'http://127.0.0.1:3000/count');
    zoneOf.set(instance, task.zone);
  }
  const zones = new Map<string, number>();
  for (const { instance } of await stage.ask(from, `${URL}/echo`, requests)) {
    const zone = zoneOf.get(instance) ?? 'unknown';
    zones.set(zone, (zones.get(zone) ?? 0) + 1);
  }
  return zones;
}

const shares = (zones: ReadonlyMap<string, number>): string =>
  [...zones]
    .sort()
    .map(([zone, count]) => `${zone}: ${String(count)}`)
    .join(', ');

export const HIDDEN_TOPOLOGY: readonly Scenario[] = [
  {
    id: 'scale-out-and-in',
    trait,
    expectation: 'tasks come and go under load: no failed request, no restart of a neighbour',
    source: AWS.lifecycle,
    services: USUAL,
    async play(stage) {
      const neighbours = () =>
        stage
          .tasks('probe')
          .map(({ taskId }) => taskId)
          .sort()
          .join();
      const before = neighbours();
      const loading = stage.load('probe', { ...LOAD, duration: 8 });
      await stage.scale('testbed', 5);
      await stage.scale('testbed', 2);
      await stage.scale('testbed', 3);
      const result = await loading;
      expect(neighbours() === before, 'the client was restarted');
      return allWell(result, 'over 3, 5, 2 and 3 tasks');
    },
  },
  {
    id: 'killed-task',
    trait,
    expectation: 'an application that is killed with -9 costs no request: the proxy tries another host',
    source: AWS.deploy,
    services: USUAL,
    async play(stage) {
      const [victim] = stage.tasks('testbed');
      const pid = victim?.containers['app'];
      expect(victim !== undefined && pid !== undefined, 'no task to kill');
      const loading = stage.load('probe', { ...LOAD, duration: 4 });
      await setTimeout(1_000);
      await stage.inAgent(['kill', '-9', String(pid)]);
      const result = await loading;
      await stage.steady('testbed', 3);
      expect(
        stage.tasks('testbed').every(({ taskId }) => taskId !== victim.taskId),
        'the task was not replaced',
      );
      return allWell(result, 'a new task took its place');
    },
  },
  {
    id: 'killed-proxy',
    trait,
    expectation: 'a proxy that is killed with -9 costs no request: connect failures are tried on another host',
    source: AWS.deploy,
    services: USUAL,
    async play(stage) {
      const [victim] = stage.tasks('testbed');
      expect(victim !== undefined, 'no task to kill');
      const loading = stage.load('probe', { ...LOAD, duration: 4 });
      await setTimeout(1_000);
      const { stdout } = await stage.inAgent(['pgrep', '-f', `task/${victim.taskId}/envoy.json`]);
      for (const pid of stdout.trim().split('\n')) await stage.inAgent(['kill', '-9', pid]);
      const result = await loading;
      await stage.steady('testbed', 3);
      return allWell(result, 'a new task took its place');
    },
  },
  {
    id: 'lost-zone',
    trait,
    expectation:
      'a lost Availability Zone costs what was under way there; a moment later everything is answered from the other',
    source: AWS.zones,
    services: USUAL,
    async play(stage) {
      const zone = 'us-east-1a';
      const client = stage.tasks('probe').find((task) => task.zone !== zone);
      expect(client !== undefined, 'no client in the other zone');
      try {
        const during = stage.load(client.taskId, { ...LOAD, duration: 8 });
        await setTimeout(1_000);
        writeOrders({ ...readOrders(), lostZones: [zone] });
        const lost = await during;
        await stage.until('all tasks run in the other zone', () => {
          const tasks = stage.tasks('testbed');
          return tasks.length === 3 && tasks.every((task) => task.zone !== zone);
        });
        const after = await stage.load(client.taskId, { ...LOAD, duration: 2 });
        return allWell(after, `after ${told(lost, bad(lost))} while it was lost and noticed`);
      } finally {
        clearOrders();
        await stage.forceNewDeployment('testbed');
        await stage.forceNewDeployment(PROBE.name);
      }
    },
  },
  {
    id: 'zone-aware',
    trait,
    expectation:
      'from two endpoints for each zone on requests stay in the caller’s zone; below that they go round robin',
    source: AWS.zones,
    services: [{ ...TESTBED, count: 4 }, PROBE],
    async play(stage) {
      const [client] = stage.tasks('probe');
      expect(client !== undefined, 'no client');
      await stage.steady('testbed', 4);
      const four = await zonesAsked(stage, client.taskId, 40);
      expect((four.get(client.zone) ?? 0) === 40, `with 4 endpoints from ${client.zone}: ${shares(four)}`);
      await stage.scale('testbed', 2);
      const two = await zonesAsked(stage, client.taskId, 40);
      expect([...two.values()].every((count) => count >= 10) && two.size === 2, `with 2 endpoints: ${shares(two)}`);
      return `from ${client.zone} with 4 endpoints ${shares(four)}; with 2 ${shares(two)}`;
    },
  },
];
