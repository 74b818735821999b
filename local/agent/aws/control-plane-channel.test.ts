/** The wire of the private channel: the control plane's tests take the same examples (test_channel_wire.py). */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import examples from '../../aws-shapes/agent-channel.json' with { type: 'json' };
import { ControlPlaneChannel } from './control-plane-channel.ts';

const answers: Readonly<Record<string, { readonly answer: object }>> = examples;
const refused = jest.fn();
/** What each method is called with, so that it says what the examples have. */
const calls: Readonly<Record<keyof ControlPlaneChannel, (it: ControlPlaneChannel) => Promise<unknown>>> = {
  version: (it) => it.version(),
  heartbeat: (it) => it.heartbeat(),
  putTasks: (it) => it.putTasks(first(examples['put-tasks'].requests).tasks),
  tasksToRun: (it) => it.tasksToRun(refused),
  failTask: (it) => {
    const { taskArn, stopCode, stoppedReason } = first(examples['fail-task'].requests);
    return it.failTask(taskArn, stopCode as 'TaskFailedToStart', stoppedReason);
  },
  putServiceState: (it) => it.putServiceState(first(examples['put-service-state'].requests) as never),
  putServiceEvents: (it) => {
    const { serviceArn, events } = first(examples['put-service-state'].requests.slice(1));
    return it.putServiceEvents(serviceArn, events);
  },
  startDeployment: (it) => {
    const { serviceArn, fromDeployment, reason } = first(examples['start-deployment'].requests);
    return it.startDeployment(serviceArn, fromDeployment, reason);
  },
  underWay: (it) => it.underWay(refused),
  noteScaling: (it) => {
    const { resourceId, description, cause } = first(examples['note-scaling'].requests);
    return it.noteScaling(resourceId, description, cause);
  },
  closeMinute: (it) => it.closeMinute(first(examples['close-minute'].requests).at * 1000),
  functionsToRun: (it) => it.functionsToRun(first(examples['functions-to-run'].requests).running),
  functionRan: async (it) => {
    const [payload, failed] = examples['function-ran'].requests;
    await it.functionRan(payload?.id ?? '', { payload: payload?.payload ?? '', log: payload?.log ?? '' });
    const error = failed?.error ?? { errorType: '', errorMessage: '' };
    await it.functionRan(failed?.id ?? '', { error, log: failed?.log ?? '' });
  },
  registeredTargets: (it) => it.registeredTargets(refused),
  putTargetHealth: (it) => {
    const { targetGroupArn, targets } = first(examples['put-target-health'].requests);
    return it.putTargetHealth(
      targetGroupArn,
      targets.map((target) => ({ ...target, state: 'unhealthy' as const })),
    );
  },
};

function first<T>([one]: readonly T[]): T {
  if (one === undefined) throw new Error('there is no example');
  return one;
}

/** In the place of an example. */
let given: object | undefined;
/** What was said, by action. */
const told: Record<string, unknown[]> = {};
const server = createServer((request, response) => {
  void (async () => {
    const action = request.url?.replace('/_agent/v1/', '') ?? '';
    const requests = (told[action] ??= []);
    if (request.method === 'POST') requests.push(await json(request));
    expect(request.headers.authorization).toBe('Basic key');
    response.end(JSON.stringify(given ?? answers[action]?.answer));
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
afterEach(() => {
  given = undefined;
});

test('what the agent says is what the control plane takes, with an example for each action', async () => {
  const it = channel();
  for (const call of Object.values(calls)) await call(it);
  expect(told).toEqual(
    Object.fromEntries(Object.entries(examples).map(([action, { requests }]) => [action, requests])),
  );
});

test('what the control plane answers is what the agent reads', async () => {
  const it = channel();
  expect(await it.version()).toEqual(examples.version.answer);
  const [order] = await it.tasksToRun(refused);
  expect(order).toMatchObject({ id: 'fedcba9876543210fedcba9876543210', waiting: true, group: 'family:service-a' });
  expect(order?.overrides.containers).toMatchObject([{ name: 'app', command: ['migrate'] }]);
  const underWay = await it.underWay(refused);
  expect(refused).not.toHaveBeenCalled();
  expect([...underWay.values()]).toEqual([
    { deploymentId: '$deployment', stage: 'POST_TEST_TRAFFIC_SHIFT', continued: [], rollBack: undefined },
  ]);
});

test('targets that somebody registered are read as the control plane answers them', async () => {
  const [[arn, targets] = []] = [...(await channel().registeredTargets(refused))];
  expect([arn, targets]).toEqual(['$targetGroup', [{ address: '10.0.0.9', port: 8080, zone: undefined }]]);
  expect(refused).not.toHaveBeenCalled();
});

// Envoy refuses the whole list of endpoints in which there is such a port.
test.each([0, -1, 70_000])('registered targets with the port %d are left out, with a complaint', async (port) => {
  const complain = jest.fn();
  const targets = [{ id: '10.0.0.9', port, availabilityZone: 'all' }];
  given = {
    targetGroups: [{ targetGroupArn: 'arn:bad', targets }, ...examples['registered-targets'].answer.targetGroups],
  };
  expect([...(await channel().registeredTargets(complain)).keys()]).toEqual(['$targetGroup']);
  expect(complain).toHaveBeenCalledWith('arn:bad', expect.stringContaining('targets[0].port'));
});
