/** Trait 2: Availability Zones. */
import { setTimeout } from 'node:timers/promises';
import type { TaskFile } from '../../region/tasks.ts';
import { changeOrders, clearOrders } from '../../region/orders.ts';
import { allWell, bad, LOAD, told } from '../steady-load.ts';
import { expect, type Scenario } from '../scenario.ts';
import { AWS, PROBE, TESTBED, URL, USUAL } from '../services.ts';
import type { Testbed } from '../testbed.ts';

const trait = '2 hidden topology';

/** Shares of requests by zone of the task that answered, asked from one task whose proxy knows them all. */
async function zonesAsked(testbed: Testbed, from: TaskFile, requests: number): Promise<Map<string, number>> {
  const zoneOf = new Map<string, string>();
  const tasks = testbed.tasks('testbed');
  const known = async () => (await testbed.counter(from, 'cluster.testbed.membership_healthy')) === tasks.length;
  await testbed.until(`the proxy of the client knows ${String(tasks.length)} endpoints`, known);
  for (const task of tasks) {
    const { instance } = await testbed.curl(task.taskId, 'http://127.0.0.1:3000/count');
    zoneOf.set(instance, task.zone);
  }
  const zones = new Map<string, number>();
  for (const { instance } of await testbed.ask(from.taskId, `${URL}/echo`, requests)) {
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

export const ZONES: readonly Scenario[] = [
  {
    id: 'lost-zone',
    trait,
    expectation:
      'a lost Availability Zone costs what was under way there; a moment later everything is answered from the other',
    source: AWS.zones,
    services: USUAL,
    async play(testbed) {
      const zone = 'us-east-1a';
      const client = testbed.tasks('probe').find((task) => task.zone !== zone);
      expect(client !== undefined, 'no client in the other zone');
      try {
        const during = testbed.load(client.taskId, { ...LOAD, duration: 8 });
        await setTimeout(1_000);
        await changeOrders((orders) => ({ ...orders, lostZones: [zone] }));
        const lost = await during;
        const seen = `${told(lost, bad(lost))} while it was lost and noticed`;
        // What was under way are a few of hundreds; a mesh that goes on asking there loses about half.
        expect(bad(lost) + lost.failed < lost.answered / 10, seen);
        await testbed.until('all tasks run in the other zone', () => {
          const tasks = testbed.tasks('testbed');
          return tasks.length === 3 && tasks.every((task) => task.zone !== zone);
        });
        const after = await testbed.load(client.taskId, { ...LOAD, duration: 2 });
        return allWell(after, `after ${seen}`);
      } finally {
        await clearOrders();
        await testbed.forceNewDeployment('testbed');
        await testbed.forceNewDeployment(PROBE.name);
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
    async play(testbed) {
      const [client] = testbed.tasks('probe');
      expect(client !== undefined, 'no client');
      await testbed.steady('testbed', 4);
      const four = await zonesAsked(testbed, client, 40);
      expect((four.get(client.zone) ?? 0) === 40, `with 4 endpoints from ${client.zone}: ${shares(four)}`);
      // One below the limit.
      await testbed.scale('testbed', 3);
      const three = await zonesAsked(testbed, client, 40);
      const both = three.size === 2 && [...three.values()].every((count) => count >= 10);
      expect(both, `with 3 endpoints: ${shares(three)}`);
      return `from ${client.zone} with 4 endpoints ${shares(four)}; with 3 ${shares(three)}`;
    },
  },
];
