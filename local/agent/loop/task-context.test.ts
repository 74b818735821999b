import { fakePlan } from '../testing/fake-task.ts';
import { taskContext, type TaskContextParts } from './task-context.ts';

const plan = fakePlan({}, ['arn:group/one']);
const told: unknown[] = [];
const withdrawn: unknown[] = [];

const parts = {
  aws: {
    elbv2: {
      send: () => Promise.resolve({ Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '17' }] }),
    },
  },
  machine: { envoyPath: '/envoy', rootless: true },
  services: { note: (...what: unknown[]) => told.push(what) },
  endpoints: {
    published: (...what: unknown[]) => {
      withdrawn.push(what);
      return Promise.resolve();
    },
  },
  loadBalancers: { interfaces: () => [{ address: '10.0.0.4' }, { address: '10.0.0.5' }] },
} as unknown as TaskContextParts;
const router = { attach: () => Promise.resolve() };
const context = taskContext(plan, router as never, parts);

test('a task gets what is the same for all of them, and the router of its VPC', () => {
  expect(context).toMatchObject({ envoyPath: '/envoy', rootless: true, router });
});

test('a note of a task is an event of its service', () => {
  context.note('something is different here');
  expect(told).toEqual([[plan.service, 'something is different here']]);
});

test('a task that leaves is withdrawn as what it is, alive or dead', async () => {
  await context.withdrawn(true);
  expect(withdrawn).toEqual([[plan, true]]);
});

test('every node of a load balancer may wait for a target that leaves, as long as its target group says', async () => {
  expect(await context.deregistration()).toEqual({ balancers: ['10.0.0.4', '10.0.0.5'], seconds: 17 });
});
