/** Tasks that leave: they are told to end when nobody waits for an answer of theirs any more. */
import { StopTaskCommand } from '@aws-sdk/client-ecs';
import { findService, tasksOf } from '../../region/ecs.ts';
import { attempts, total } from '../attempts.ts';
import { expect, type Scenario } from '../scenario.ts';
import { AWS, PROBE, WEB } from '../services.ts';
import { bad, told } from '../steady-load.ts';
import type { Testbed } from '../testbed.ts';
import { knownNames, type TestbedService } from '../testbed-stack.ts';

/** It drops what it is doing as soon as it is asked to end. */
const HASTY = { environment: { EXIT_ON_SIGTERM: 'true' }, count: 2 };
const MESH: TestbedService = {
  ...HASTY,
  name: 'testbed-hasty',
  ports: [{ ...WEB, aliasPort: 9040, perRequestSeconds: 0 }],
};
/** Its proxy has no ingress: the load balancer's requests reach the application by themselves. */
const BALANCED: TestbedService = {
  ...HASTY,
  // One word: ECS names what is in no mesh after its logical id.
  name: 'hasty',
  ports: [],
  route: { path: '/delay/*', priority: 28 },
};
/** It stays when the stack's services go: a client that is deployed again loses its own requests. */
const CALLER: TestbedService = { ...PROBE, environment: knownNames([MESH]) };
const BOTH = [MESH.name, BALANCED.name];
/** Long enough to be still in flight when those of the other way in have begun too, and less than the load waits. */
const SLOW_MS = 4000;
const REQUESTS = 10;

const scaleIn = (testbed: Testbed): Promise<unknown> => Promise.all(BOTH.map((name) => testbed.scale(name, 1)));
const replace = (testbed: Testbed): Promise<unknown> =>
  Promise.all(BOTH.map((name) => testbed.forceNewDeployment(name)));
async function stopTasks(testbed: Testbed): Promise<void> {
  for (const name of BOTH) {
    const service = await findService(testbed.ecs, testbed.serviceName(name));
    for (const { taskArn: task } of await tasksOf(testbed.ecs, service))
      await testbed.ecs.send(new StopTaskCommand({ cluster: service.clusterArn, task }));
  }
}
const remove = (testbed: Testbed): Promise<void> => testbed.deploy([CALLER]);
const WAYS = {
  'scale-in': scaleIn,
  'a new deployment': replace,
  'stop-task': stopTasks,
  'the end of the stack': remove,
};

export const LEAVING: readonly Scenario[] = [
  {
    id: 'leaving-tasks',
    trait: 'deployments',
    expectation: `requests of four seconds that are in flight are answered, by an application that exits at once on SIGTERM: at ${Object.keys(WAYS).join(', ')}, in the mesh and behind the load balancer`,
    source: AWS.lifecycle,
    services: [MESH, BALANCED, CALLER],
    async play(testbed) {
      const { address } = await testbed.loadBalancer();
      const inFlight = { connections: REQUESTS, amount: REQUESTS, duration: 10, timeout: 10 };
      const seen: string[] = [];
      for (const [index, [way, leave]] of Object.entries(WAYS).entries()) {
        // Of its own, to be counted by.
        const path = `/delay/${String(SLOW_MS + index)}`;
        const answers = [
          testbed.load('probe', { ...inFlight, url: `http://${MESH.name}:9040${path}` }),
          testbed.load('internet', { ...inFlight, url: `http://${address}${path}` }),
        ];
        const all = async (name: string): Promise<boolean> => total(await attempts(testbed, path, name)) >= REQUESTS;
        await testbed.until('every request has begun', async () => (await Promise.all(BOTH.map(all))).every(Boolean));
        const left = leave(testbed);
        for (const [at, result] of (await Promise.all(answers)).entries()) {
          const what = `${way}, ${at === 0 ? 'mesh' : 'load balancer'}: ${told(result, bad(result))}`;
          expect(result.answered === REQUESTS && bad(result) + result.failed === 0, what);
          seen.push(what);
        }
        await left;
      }
      return seen.join('; ');
    },
  },
];
