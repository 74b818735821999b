/** Blue/green: the new version is tested beside the old one, takes over, and bakes. */
import {
  ContinueServiceDeploymentCommand,
  DescribeServiceDeploymentsCommand,
  ListServiceDeploymentsCommand,
} from '@aws-sdk/client-ecs';
import { z } from 'zod';
import { findService } from '../../region/ecs.ts';
import { changeOrders, clearOrders } from '../../region/orders.ts';
import { allWell, LOAD } from '../steady-load.ts';
import { expect, type Scenario } from '../scenario.ts';
import { AWS, PROBE, WEB } from '../services.ts';
import type { Testbed } from '../testbed.ts';
import { TEST_HEADER } from '../testbed-route.ts';
import type { TestbedService } from '../testbed-stack.ts';

const BAKE_MINUTES = 1;
/** A minute lasts this many seconds once the tasks of the bake time were counted: until then it is a real one. */
const SHORT_MINUTE_SECONDS = 1;

const NAME = 'testbed-bluegreen';
const URL = `http://${NAME}:9030`;

const blueGreen = (version: string): TestbedService => ({
  name: NAME,
  count: 2,
  ports: [{ ...WEB, aliasPort: 9030 }],
  route: { path: '/version', priority: 24 },
  pausedBlueGreen: { bakeMinutes: BAKE_MINUTES },
  environment: { VERSION: version },
});

/** Which version answers: in the mesh and behind the load balancer, without and with the test header. */
async function versions(testbed: Testbed): Promise<string> {
  const { address } = await testbed.loadBalancer();
  const ask = async (place: string, url: string, ...options: string[]): Promise<string> => {
    const { body, status } = await testbed.curl(place, url, ...options);
    const answer = z.object({ version: z.string() }).safeParse(status === 200 ? JSON.parse(body) : undefined);
    return answer.success ? answer.data.version : String(status);
  };
  const test = ['-H', `${TEST_HEADER}: 1`];
  const answers = await Promise.all([
    ask('probe', `${URL}/version`),
    ask('probe', `${URL}/version`, ...test),
    ask('internet', `http://${address}/version`),
    ask('internet', `http://${address}/version`, ...test),
  ]);
  return answers.join(' ');
}

/** Lets the deployment go on as soon as it waits for a decision: test requests move a moment before that. */
async function goOn(testbed: Testbed): Promise<void> {
  const { clusterArn: cluster, serviceArn: service } = await findService(testbed.ecs, testbed.serviceName(NAME));
  await testbed.until('the deployment waits for a decision', async () => {
    const { serviceDeployments = [] } = await testbed.ecs.send(new ListServiceDeploymentsCommand({ cluster, service }));
    const arns = serviceDeployments.flatMap(({ serviceDeploymentArn }) => serviceDeploymentArn ?? []).slice(0, 1);
    const described = await testbed.ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: arns }));
    const hookId = described.serviceDeployments?.[0]?.lifecycleHookDetails?.[0]?.hookId;
    if (hookId === undefined) return false;
    await testbed.ecs.send(
      new ContinueServiceDeploymentCommand({ serviceDeploymentArn: arns[0], hookId, action: 'CONTINUE' }),
    );
    return true;
  });
}

export const BLUE_GREEN: readonly Scenario[] = [
  {
    id: 'blue-green',
    trait: 'deployments',
    expectation:
      'requests with the test header reach the new version first, in the mesh and behind the load balancer; after the decision all do, and the old one stays for the bake time',
    source: AWS.blueGreen,
    services: [blueGreen('1'), PROBE],
    async play(testbed) {
      // It knows the name from now on.
      await testbed.forceNewDeployment(PROBE.name);
      let decided = false;
      const deployed = testbed.deploy([blueGreen('2'), PROBE]);
      deployed.catch(() => undefined); // heard of below
      try {
        await testbed.until('the test header reaches version 2', async () => (await versions(testbed)) === '1 2 1 2');
        const loading = testbed.load('probe', { ...LOAD, url: `${URL}/version`, duration: 4 });
        await goOn(testbed);
        decided = true;
        await testbed.until('all reach version 2', async () => (await versions(testbed)) === '2 2 2 2');
        const baking = testbed.tasks(NAME).length;
        expect(baking === 4, `${String(baking)} tasks during the bake time`);
        await changeOrders((orders) => ({ ...orders, minuteSeconds: SHORT_MINUTE_SECONDS }));
        await deployed;
        const result = await loading;
        return allWell(
          result,
          `first 1 2 1 2 (mesh, with header, load balancer, with header), then 2 2 2 2; 4 tasks in the bake time of ${String(BAKE_MINUTES)} minute (cut short when they were seen), then 2`,
        );
      } finally {
        // A deployment that still waits would hold up everything after it.
        if (!decided) await goOn(testbed).catch(() => undefined);
        await deployed.catch(() => undefined);
        await clearOrders();
      }
    },
  },
];
