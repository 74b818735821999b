/** Targets that somebody registers by address, beside those of tasks: where requests go, and what is said of them. */
import { endpointsByEdsName } from '../core/topology/endpoints.ts';
import type { RegisteredTarget, TargetGroup } from '../core/load-balancer.ts';
import type { PlacedLoadBalancer } from '../aws/read-load-balancers.ts';
import { fakePlan, fakeTask, serviceBehind } from '../testing/fake-task.ts';
import { fakeLoadBalancer } from '../testing/load-balancer.ts';
import { targetGroup } from '../testing/target-group.ts';
import { forgetGone, targetReports, type TargetMemory } from './target-health.ts';

const GROUP = 'arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web/1';
const INSIDE: RegisteredTarget = { address: '10.0.1.99', port: 8080, zone: 'us-east-1a' };
const OUTSIDE: RegisteredTarget = { address: '172.16.0.1', port: 80, zone: undefined };
/** The address and the port of the task. */
const SAME: RegisteredTarget = { address: '10.0.1.4', port: 3000, zone: 'us-east-1a' };

const group = (...registered: RegisteredTarget[]): TargetGroup => ({
  ...targetGroup(GROUP),
  zones: ['us-east-1a'],
  registered,
});
const using = (one: TargetGroup): PlacedLoadBalancer => ({
  loadBalancer: fakeLoadBalancer({ targetGroups: [one] }),
  ...{ internetFacing: true, securityGroupIds: [], subnetIds: [] },
});
const memory = (...healthy: [string, boolean | undefined][]): TargetMemory => ({
  ...{ healthy: new Map(healthy), failures: new Map(), registeredAt: new Map() },
});
const task = () => fakeTask(fakePlan({ service: serviceBehind(GROUP) }, [GROUP]));
const NOTHING = { services: [], namespaces: [] } as unknown as Parameters<typeof endpointsByEdsName>[1];

function listed(one: TargetGroup, lostZones: readonly string[] = []) {
  const serving = { plan: task().plan, serving: true, registered: true, shiftedAway: false };
  const backends = endpointsByEdsName([serving], NOTHING, [one], new Map(), lostZones).get(one.edsName) ?? [];
  return backends.map(({ address, port, zone, healthCheckPort, shiftedAway }) =>
    [`${address}:${String(port)}`, zone, healthCheckPort, shiftedAway].join(' '),
  );
}

test('requests go to them too, and to one that is a task as well once', () => {
  expect(listed(group(INSIDE, OUTSIDE, SAME))).toEqual([
    '10.0.1.4:3000 us-east-1a 3000 false',
    '10.0.1.99:8080 us-east-1a 8080 false',
    '172.16.0.1:80  80 false',
  ]);
});

test('but not in a zone that the load balancer is not enabled for, nor in one that is lost', () => {
  expect(listed(group({ ...INSIDE, zone: 'us-east-1f' }))).toHaveLength(1);
  expect(listed(group(INSIDE, OUTSIDE), ['us-east-1a']).map((text) => text.split(' ').at(-1))).toEqual([
    ...['false', 'true', 'false'],
  ]);
});

test('their health is that of the checks', () => {
  const one = group(INSIDE, OUTSIDE, SAME);
  const known = memory([`${one.edsName} 10.0.1.99:8080`, true], [`${one.edsName} 172.16.0.1:80`, false]);
  const states = (now: number) =>
    targetReports([task()], [using(one)], known, now)
      .get(GROUP)
      ?.map(({ id, availabilityZone, state }) => `${id} ${availabilityZone} ${state}`);
  expect(states(0)).toEqual(['10.0.1.4 us-east-1a initial', '10.0.1.99 us-east-1a healthy', '172.16.0.1 all initial']);
  expect(states(600_000)?.at(-1)).toBe('172.16.0.1 all unhealthy');
});

test('one that comes again begins from the start', () => {
  const known = memory();
  targetReports([], [using(group(OUTSIDE))], known, 0);
  forgetGone([], [using(group(OUTSIDE))], known);
  expect(known.registeredAt.size).toBe(1);
  forgetGone([], [using(group())], known);
  expect(known.registeredAt.size).toBe(0);
});
