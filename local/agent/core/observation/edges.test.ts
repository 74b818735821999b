import { fakeLoadBalancer } from '../../testing/load-balancer.ts';
import type { LoadBalancer } from '../load-balancer.ts';
import { deployment, NAMESPACE, PLANNER_SETTINGS, stateWith, SUBNET } from '../../testing/region-state.ts';
import type { Permission } from '../network/security-groups.ts';
import type { RegionState, Service } from '../region-state.ts';
import type { TaskPlan } from '../task-plan.ts';
import { aliasesOf } from '../topology/service-connect.ts';
import { planTask } from '../topology/task-planner.ts';
import { observedEdges, type EdgesInput } from './edges.ts';

const GROUP = 'arn:aws:elasticloadbalancing:us-east-1:1:targetgroup/web/1';

/** Two services, `arn:0` as `caller` and `arn:1` as `called`; the second is behind a load balancer. */
function twoServices(called: Parameters<typeof deployment>[0] = {}): RegionState {
  const names = ['caller', 'called'].map((name) => ({
    ...{ discoveryName: name, clientAliases: [{ dnsName: name, port: 8080 }] },
    ...(name === 'called' ? called : {}),
  }));
  const state = stateWith(names.map((entry, index) => ({ ...deployment(entry), id: `d${String(index)}` })));
  const behind = { targetGroupArn: GROUP, shift: undefined, containerName: 'app', containerPort: 3000 };
  const services = state.services.map((service, index) =>
    index === 0 ? service : { ...service, loadBalancers: [behind] },
  );
  return { ...state, services };
}

/** A task of each service, at 10.0.1.10 and 10.0.1.11. */
const plansOf = (state: RegionState): TaskPlan[] =>
  state.services.map((service: Service, index) => {
    const [own] = service.deployments;
    if (own === undefined) throw new Error('a service without a deployment');
    return planTask(
      {
        ...{ id: String(index).repeat(32), service, deployment: own, zone: SUBNET.zone, capacityProvider: undefined },
        ...{ address: `10.0.1.1${String(index)}`, aliases: aliasesOf(NAMESPACE, state), targetGroupOf: () => GROUP },
      },
      state,
      PLANNER_SETTINGS,
    );
  });

const permission = (direction: 'egress' | 'ingress', address: string, peer: string): Permission => ({
  ...{ direction, address, peer: `${peer}/32`, protocol: 'tcp', fromPort: 3000, toPort: 3000 },
});
const mayCall = (from: string, to: string): Permission[] => [
  permission('egress', from, to),
  permission('ingress', to, from),
];

const BALANCER = fakeLoadBalancer();

const input = (state: RegionState, permissions: readonly Permission[] = []): EdgesInput => ({
  ...{ state, plans: plansOf(state), loadBalancers: [], permissions },
});
const words = (edges: ReturnType<typeof observedEdges>): string[] =>
  edges.map(({ caller, via, allowed }) => `${caller} ${via} ${allowed ? 'allowed' : 'not allowed'}`);

test('each service may call each name that its proxy knows, where security groups let it', () => {
  expect(words(observedEdges(input(twoServices(), mayCall('10.0.1.10', '10.0.1.11'))))).toEqual([
    'arn:0 called allowed',
    'arn:0 caller not allowed',
    'arn:1 called not allowed',
    'arn:1 caller not allowed',
  ]);
});

test('a rule on one side is not enough', () => {
  const [egress] = mayCall('10.0.1.10', '10.0.1.11');
  expect(words(observedEdges(input(twoServices(), egress === undefined ? [] : [egress])))).toContain(
    'arn:0 called not allowed',
  );
});

test('an edge leads to the service behind the name, and says what its proxy takes', () => {
  const state = twoServices({ certificateAuthorityArn: 'arn:ca' });
  expect(observedEdges(input(state)).filter(({ via }) => via === 'called')).toMatchObject([
    {
      caller: 'arn:0',
      called: 'ns-1.called',
      serverArn: 'arn:1',
      kind: 'service-connect',
      protocol: 'http',
      tls: true,
    },
    { caller: 'arn:1', called: 'ns-1.called', serverArn: 'arn:1' },
  ]);
});

test('with a port of its own for the proxy, that port is the one that has to be open', () => {
  const permissions = mayCall('10.0.1.10', '10.0.1.11');
  const own = twoServices({ ingressPortOverride: 15_500 });
  expect(words(observedEdges(input(own, permissions)))).toContain('arn:0 called not allowed');
  const opened = permissions.map((one) => ({ ...one, fromPort: 15_500, toPort: 15_500 }));
  expect(words(observedEdges(input(own, opened)))).toContain('arn:0 called allowed');
});

test('a name stays on the map while its service has no task', () => {
  const { plans, ...rest } = input(twoServices());
  const [caller] = plans;
  const edges = observedEdges({ ...rest, plans: caller === undefined ? [] : [caller] });
  expect(edges.find(({ via }) => via === 'called')).toMatchObject({ serverArn: 'arn:1', tls: false, allowed: false });
});

test('a load balancer has an edge for each target group, from its nodes to the tasks that are in it', () => {
  const group = { arn: GROUP, edsName: 'tg-web', protocol: 'HTTP' } as LoadBalancer['targetGroups'][number];
  const loadBalancers = [{ loadBalancer: { ...BALANCER, targetGroups: [group] }, addresses: ['10.0.1.5', '10.0.1.6'] }];
  const balancers = (permissions: readonly Permission[]) =>
    observedEdges({ ...input(twoServices(), permissions), loadBalancers }).filter(
      ({ kind }) => kind === 'target-group',
    );
  expect(balancers(mayCall('10.0.1.6', '10.0.1.11'))).toMatchObject([
    { caller: 'arn:lb', called: 'tg-web', serverArn: 'arn:1', targetGroupArn: GROUP, via: 'web', allowed: true },
  ]);
  expect(balancers(mayCall('10.0.1.5', '10.0.1.10'))).toMatchObject([{ allowed: false }]);
});

test('without a state there are no edges', () => {
  expect(observedEdges({ state: undefined, plans: [], loadBalancers: [], permissions: [] })).toEqual([]);
});
