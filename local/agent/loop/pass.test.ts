import { ControlPlaneGone } from '../aws/control-plane-gone.ts';
import { RouterLost } from '../network/vpc-network.ts';
import { fakePlan, fakeTask } from '../testing/fake-task.ts';
import { quietBook } from '../testing/quiet-book.ts';
import { deployment, stateWith } from '../testing/region-state.ts';
import { NO_ORDERS } from '../../region/orders.ts';
import type { RegionState } from '../core/region-state.ts';
import type { Task } from '../runtime/task.ts';
import type { VpcRouter } from '../runtime/vpc-router.ts';
import { Changes } from './changes.ts';
import { Pass } from './pass.ts';

const STATE = stateWith([]);
const TLS_NAME = { edsName: 'tls', serverName: 'web.test', otherNames: [], certificateAuthorityArn: 'arn:ca' };
const ORDER = [
  ...[
    'certificate',
    'files for proxies',
    'load balancers',
    'services',
    'runs',
    'ledger',
    'connections',
    'security groups',
  ],
  ...[
    'ways out',
    'names',
    'endpoints of tasks',
    'service registries',
    'endpoints',
    'rules',
    'faults',
    'report of tasks',
    'report of targets',
    'places',
  ],
];

/** A pass whose steps only say that they were there; those that a test names fail. */
function region(failing: Readonly<Record<string, Error>> = {}, tasks: readonly Task[] = []) {
  const done: string[] = [];
  const step = (name: string): Promise<void> => {
    done.push(name);
    return name in failing ? Promise.reject(failing[name] ?? new Error()) : Promise.resolve();
  };
  const book = quietBook();
  const changes = new Changes();
  changes.take();
  const orders = { orders: NO_ORDERS };
  const cut: (readonly string[])[] = [];
  const pass = new Pass({
    ...{ book, changes, orders, tasks: new Map(tasks.map((task) => [task.plan.id, task])) },
    inventory: {
      holders: () => new Map(),
      interfaces: () => [],
      ledger: () => Promise.resolve({ routers: [], tasks: [], loadBalancers: [], doors: [] }),
      namesInProxies: () => [],
    },
    certificates: { keep: () => step('certificate'), forgetOthers: () => undefined },
    endpoints: { prepare: () => step('files for proxies'), publish: () => step('endpoints') },
    loadBalancers: {
      names: () => new Map(),
      places: () => new Map(),
      reconcile: () => step('load balancers'),
      targetGroups: () => [],
      tlsNames: () => [TLS_NAME],
      health: { report: () => step('report of targets') },
      rules: { shift: () => step('rules') },
    },
    services: { reconcile: () => step('services'), targetShifts: () => [], traffic: () => new Map() },
    runs: { reconcile: () => step('runs') },
    ledger: { write: () => step('ledger') },
    waysOut: { keep: () => step('ways out') },
    outside: (clients) => ({ clients, host: false, all: false, addresses: new Map() }),
    resolvers: { keep: () => step('names'), see: () => undefined },
    openEndpoints: () => step('endpoints of tasks'),
    registries: { sync: () => step('service registries') },
    networks: {
      routers: () => Promise.resolve(new Map([['vpc-1', {} as unknown as VpcRouter]])),
      enforce: (_state, _interfaces, lostZones) => {
        cut.push(lostZones);
        return step('security groups');
      },
    },
    lostConnections: { around: (_lost, _holders, _book, cutOff) => step('connections').then(cutOff) },
    faults: { apply: () => step('faults') },
    reporter: { report: () => step('report of tasks') },
    places: { write: () => step('places') },
  });
  const run = (state: RegionState = STATE): Promise<void> => pass.run(state);
  return { book, changes, cut, done, orders, run };
}

test('a pass starts and stops, then lets the proxies know, then tells of it', async () => {
  const { book, done, run } = region();
  await run();
  expect(done).toEqual(ORDER);
  expect(book.list()).toEqual([]);
});

test.each([
  ['certificate', 'certificate of web.test'],
  ['files for proxies', 'new endpoints'],
  ['ledger', 'ledger'],
  ['endpoints of tasks', 'endpoints of tasks in vpc-1'],
  ['endpoints', 'endpoints'],
  ['report of tasks', 'tasks'],
  ['places', 'file of places'],
])('the step "%s" fails alone, and is complained about as "%s"', async (name, resource) => {
  const { book, done, run } = region({ [name]: new Error('ENOSPC') });
  await run();
  expect(done).toEqual(ORDER);
  expect(book.list()).toEqual([expect.objectContaining({ resource, message: 'ENOSPC' })]);
});

test('a control plane that is gone costs the reports, and nothing that is done without it', async () => {
  const { book, done, run } = region({ 'report of tasks': new ControlPlaneGone('nobody answers') });
  await run();
  expect(done).toEqual(ORDER);
  expect(book.list().map(({ resource }) => resource)).toEqual(['control plane']);
});

test('a router that is gone ends the pass', async () => {
  const { done, run } = region({ 'security groups': new RouterLost('the router ended') });
  await expect(run()).rejects.toThrow(RouterLost);
  expect(done).not.toContain('endpoints');
});

test('a lost zone is cut in the pass after the one that told the load balancers of it', async () => {
  const { changes, cut, orders, run } = region();
  orders.orders = { ...NO_ORDERS, lostZones: ['a'] };
  await run();
  // Nothing else would bring about the next pass.
  expect(changes.pending).toBe(true);
  changes.take();
  await run();
  expect(changes.pending).toBe(false);
  orders.orders = NO_ORDERS;
  await run();
  expect(cut).toEqual([[], ['a'], []]);
});

test('a proxy that refuses its configuration, and one that cannot be given any, cost their services alone', async () => {
  const refreshed: string[] = [];
  const task = (id: string, refresh: () => Promise<void>, refusal?: string): Task =>
    fakeTask(fakePlan({ id, service: { ...fakePlan().service, arn: `arn:${id}` } }), { refresh, refusal });
  const well = (id: string) => () => Promise.resolve(void refreshed.push(id));
  const tasks = [
    task('refusing', well('refusing'), 'missing ): (a'),
    task('full', () => Promise.reject(new Error('ENOSPC'))),
    task('well', well('well')),
  ];
  const { book, done, run } = region({}, tasks);
  await run();
  expect(refreshed).toEqual(['refusing', 'well']);
  expect(done).toEqual(ORDER);
  expect(book.list().map(({ resource, message }) => [resource, message])).toEqual([
    ['arn:refusing', 'Envoy refuses the configuration of the Service Connect proxy: missing ): (a'],
    ['arn:full', 'ENOSPC'],
  ]);
});

test('a task that somebody stops through the API is stopped once', async () => {
  const task = fakeTask(fakePlan(), {});
  const { run } = region({}, [task]);
  const state = { ...stateWith([deployment()]), tasksToStop: new Map([['task', 'by hand']]) };
  await run(state);
  await run({ ...state, tasksToStop: new Map([['task', 'again']]) });
  expect(task.stopCause).toEqual({ code: 'UserInitiated', reason: 'by hand' });
});
