import { AddressPool } from '../network/address-pool.ts';
import type { LoadBalancersReader } from '../aws/read-load-balancers.ts';
import { quietBook } from '../testing/quiet-book.ts';
import { servicesConcerned } from '../core/observation/concerned.ts';
import { nodesInDns } from '../core/load-balancer.ts';
import { LoadBalancerController } from './load-balancer-controller.ts';
import type { LoadBalancerPlace, LoadBalancerProcess } from '../runtime/load-balancer-process.ts';
import type { VpcRouter } from '../runtime/vpc-router.ts';
import { fakeClient } from '../testing/fake-client.ts';
import { serviceWith, stateWith } from '../testing/region-state.ts';

const arn = (name: string): string => `arn:aws:elasticloadbalancing:r:1:loadbalancer/app/${name}/1`;

interface Fakes {
  readonly addresses?: AddressPool;
  /** Names of those that don't start. */
  readonly broken?: ReadonlySet<string>;
  readonly stopped?: string[];
}

function controller(
  names: readonly string[],
  refusal: { of: string | undefined },
  { addresses = new AddressPool(), broken = new Set(['broken']), stopped = [] }: Fakes = {},
) {
  const rows = names.map((name) => ({
    ...{ LoadBalancerArn: arn(name), LoadBalancerName: name, Scheme: 'internal' },
    AvailabilityZones: [{ SubnetId: name === 'nowhere' ? 'subnet-9' : 'subnet-1' }],
  }));
  const there = () => ({ LoadBalancers: rows.filter(({ LoadBalancerName }) => names.includes(LoadBalancerName)) });
  const elbv2 = fakeClient<never>({ DescribeLoadBalancers: there });
  const startProcess = (name: string, place: LoadBalancerPlace): Promise<LoadBalancerProcess> => {
    if (broken.has(name)) return Promise.reject(new Error('Envoy ended while starting'));
    const process = {
      ...{ place, envoys: new Map(), holders: new Map(), mend: () => Promise.resolve() },
      ...{
        update: () => Promise.resolve(),
        stop: () => Promise.resolve(void stopped.push(name)),
        health: () => Promise.resolve([]),
      },
      get refusal() {
        return name === 'good' ? refusal.of : undefined;
      },
    };
    return Promise.resolve(process as unknown as LoadBalancerProcess);
  };
  return new LoadBalancerController({
    ...{ elbv2, acm: elbv2, startProcess, addresses },
    config: {
      ...{ endpoint: '', region: 'r', stateDirectory: '/nowhere', envoyPath: '', rootless: true },
      frontDoor: { address: '127.0.0.1', port: 0 },
    },
    channel: { putTargetHealth: () => Promise.resolve(), registeredTargets: () => Promise.resolve(new Map()) },
    openDoor: () => Promise.reject(new Error('no door is wanted')),
    adoptProcess: () => {
      throw new Error('nothing is adopted');
    },
    adoptDoor: () => {
      throw new Error('nothing is adopted');
    },
    networks: { router: () => Promise.resolve({} as unknown as VpcRouter) },
    ...{ edsDirectory: '', tlsDirectory: '', lostZones: () => [], onChange: () => undefined, log: () => undefined },
  });
}

test('a load balancer without a subnet, and one that does not start, cost themselves alone', async () => {
  const refusal = { of: undefined as string | undefined };
  const balancers = controller(['nowhere', 'broken', 'good'], refusal);
  const book = quietBook();
  await balancers.read(() => undefined);
  await balancers.reconcile(stateWith([]), book);
  expect(balancers.running().map(({ placed }) => placed.loadBalancer.name)).toEqual(['good']);
  const told = (name: string): string | undefined =>
    book.list().find(({ resource }) => resource === arn(name))?.message;
  expect(told('nowhere')).toContain('has no subnet that exists');
  expect(told('broken')).toBe('Envoy ended while starting');
  refusal.of = 'missing ): (a';
  await balancers.reconcile(stateWith([]), book);
  expect(told('good')).toContain('Envoy refuses the new one: missing ): (a');
  refusal.of = undefined;
  await balancers.reconcile(stateWith([]), book);
  expect(told('good')).toBeUndefined();
});

test('a load balancer that does not start is tried again, with the addresses that it gave back', async () => {
  const broken = new Set(['broken']);
  const addresses = new AddressPool();
  const given: string[] = [];
  const give = addresses.give.bind(addresses);
  addresses.give = (address) => {
    given.push(address);
    give(address);
  };
  const balancers = controller(['broken', 'good'], { of: undefined }, { addresses, broken });
  const book = quietBook();
  await balancers.read(() => undefined);
  const running = (): string[] => balancers.running().map(({ placed }) => placed.loadBalancer.name);
  await balancers.reconcile(stateWith([]), book);
  await balancers.reconcile(stateWith([]), book);
  expect(running()).toEqual(['good']);
  expect(given).toHaveLength(2);
  broken.clear();
  await balancers.reconcile(stateWith([]), book);
  expect(running()).toEqual(['broken', 'good']);
  expect(book.list().filter(({ resource }) => resource === arn('broken'))).toEqual([]);
  // Each of the two has an address of its own.
  expect(new Set(balancers.interfaces().map(({ address }) => address)).size).toBe(2);
});

test('a load balancer that is deleted ends and gives its address back, and the others go on', async () => {
  const names = ['gone', 'good'];
  const stopped: string[] = [];
  const balancers = controller(names, { of: undefined }, { stopped });
  const book = quietBook();
  await balancers.read(() => undefined);
  await balancers.reconcile(stateWith([]), book);
  names.shift();
  await balancers.read(() => undefined);
  await balancers.reconcile(stateWith([]), book);
  expect(stopped).toEqual(['gone']);
  expect(balancers.running().map(({ placed }) => placed.loadBalancer.name)).toEqual(['good']);
});

test('a complaint about a rule concerns the services behind its load balancer', () => {
  const behind = serviceWith({
    arn: 'arn:behind',
    loadBalancers: [{ targetGroupArn: 'arn:tg', shift: undefined, containerName: 'c', containerPort: 80 }],
  });
  const services = [behind, serviceWith({ arn: 'arn:other' })];
  const balancersOf: LoadBalancersReader['balancersOf'] = (group) => (group === 'arn:tg' ? [arn('lb')] : []);
  const concerned = (resource: string) => servicesConcerned(resource, services, balancersOf).map((one) => one.arn);
  const rule = arn('lb').replace(':loadbalancer/', ':listener-rule/');
  expect([`${rule}/2/3`, arn('lb'), 'arn:tg', 'arn:other', arn('lb2')].map(concerned)).toEqual([
    ...[['arn:behind'], ['arn:behind'], ['arn:behind'], ['arn:other'], []],
  ]);
});

test('clients are led to the nodes of the zones that are there, and to all when none is', () => {
  const [a, b] = [{ zone: 'a' }, { zone: 'b' }];
  expect([[], ['a'], ['b'], ['a', 'b']].map((lost) => nodesInDns([a, b], lost))).toEqual([[a, b], [b], [a], [a, b]]);
});
