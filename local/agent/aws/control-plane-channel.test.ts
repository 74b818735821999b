/** The wire of the private channel: the control plane's tests take the same examples (test_channel_wire.py). */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import examples from '../../aws-shapes/agent-channel.json' with { type: 'json' };
import { ControlPlaneChannel } from './control-plane-channel.ts';

const { requests, answers } = examples;
const told: [string, unknown][] = [];
const server = createServer((request, response) => {
  void (async () => {
    const action = request.url?.replace('/_agent/v1/', '') ?? '';
    if (request.method === 'POST') told.push([action, await json(request)]);
    expect(request.headers.authorization).toBe('Basic key');
    response.end(JSON.stringify((answers as Record<string, unknown>)[action] ?? {}));
  })();
});

const channel = (): ControlPlaneChannel =>
  new ControlPlaneChannel(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, () => 'Basic key');

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.close();
});

test('what the agent says is what the control plane takes', async () => {
  const it = channel();
  const state = requests['put-service-state'];
  const [deployment] = state.deployments;
  await it.heartbeat();
  await it.putTasks(requests['put-tasks'].tasks);
  await it.putServiceState({
    ...state,
    deployments: [{ ...deployment, status: 'PRIMARY', rolloutState: 'IN_PROGRESS' } as never],
  });
  const { resourceId, description, cause } = requests['note-scaling'];
  await it.noteScaling(resourceId, description, cause);
  await it.closeMinute(requests['close-minute'].at * 1000);
  const { targetGroupArn, targets } = requests['put-target-health'];
  await it.putTargetHealth(
    targetGroupArn,
    targets.map((target) => ({ ...target, state: 'unhealthy' as const })),
  );
  const { serviceArn, fromDeployment, reason } = requests['start-deployment'];
  await it.startDeployment(serviceArn, fromDeployment, reason);
  expect(Object.fromEntries(told)).toEqual(requests);
});

test('what the control plane answers is what the agent reads', async () => {
  const it = channel();
  expect(await it.version()).toEqual(answers.version);
  const refused = jest.fn();
  const underWay = await it.underWay(refused);
  expect(refused).not.toHaveBeenCalled();
  expect([...underWay.values()]).toEqual([
    { deploymentId: '$deployment', stage: 'POST_TEST_TRAFFIC_SHIFT', continued: [], rollBack: undefined },
  ]);
});
