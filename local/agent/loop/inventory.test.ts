import { fakePlan } from '../testing/fake-task.ts';
import { Inventory, type InventoryParts } from './inventory.ts';

type Tasks = InventoryParts['tasks'];
type Balancers = InventoryParts['loadBalancers'];
type Interface = ReturnType<Balancers['interfaces']>[number];

/** What is only handed on is a word. */
const word = (text: string): never => text as never;

const alias = { edsName: 'of-task' } as never;
const serving = {
  plan: fakePlan({ id: 'a', arn: 'arn:task/a', address: '10.0.1.4', sidecar: { aliases: [alias] } as never }),
  holder: word('holder of a'),
  sidecar: word('sidecar of a'),
  ledger: word('ledger of a'),
};
/** Without a network yet, and without Service Connect. */
const starting = {
  plan: fakePlan({ id: 'b', arn: 'arn:task/b', address: '10.0.1.5' }),
  holder: undefined,
  sidecar: undefined,
  ledger: undefined,
};
const DOOR: Interface = word('interface of a node');
const balancers: Balancers = {
  envoys: () => [{ envoys: new Map([['a', word('envoy of a node')]]) }] as never,
  interfaces: () => [DOOR],
  ledger: () => ({ doors: [], balancers: [] }) as never,
  places: () => new Map([['node', word('holder of a node')]]),
};
const tasks = new Map([serving, starting].map((task) => [task.plan.id, task])) as unknown as Tasks;
const inventory = new Inventory({
  tasks,
  loadBalancers: balancers,
  networks: { routers: () => Promise.resolve(new Map([['vpc-1', { identity: word('router') }]]) as never) },
  resolvers: { identityOf: () => word('resolver') },
  waysOut: { ledger: () => word('way out') },
  aliases: { edsNames: () => ['of-snapshot'] as never },
});

test('the proxies are the sidecars that run and those of load balancers', () => {
  expect(inventory.proxies()).toEqual(['sidecar of a', 'envoy of a node']);
});

test('a proxy may ask for each list of a snapshot or of a running task, and for that of its test traffic', () => {
  const names = inventory.namesInProxies();
  expect(names).toHaveLength(4);
  expect(names).toEqual(expect.arrayContaining(['of-snapshot', 'of-task']));
});

test('the networks are those of load balancers and of the tasks that have one, the way in first', () => {
  expect([...inventory.holders()]).toEqual([
    ['node', 'holder of a node'],
    ['arn:task/a', 'holder of a'],
  ]);
});

test('a task has its interface before it has a network', () => {
  const { plan } = starting;
  expect(inventory.interfaces()).toEqual([
    expect.objectContaining({ address: '10.0.1.4' }),
    {
      address: '10.0.1.5',
      securityGroupIds: plan.deployment.securityGroupIds,
      vpcId: plan.subnet.vpcId,
      zone: plan.subnet.zone,
      task: { subnetId: plan.subnet.id, publicAddress: false, serviceArn: 'arn:service' },
    },
    DOOR,
  ]);
});

test('the next agent gets the routers, and the tasks of which something runs', async () => {
  expect(await inventory.ledger()).toEqual({
    routers: [{ vpcId: 'vpc-1', process: 'router', resolver: 'resolver', wayOut: 'way out' }],
    tasks: ['ledger of a'],
    doors: [],
    balancers: [],
  });
});
