import { quietBook } from '../testing/quiet-book.ts';
import type { VpcRouter } from '../runtime/vpc-router.ts';
import { RouterLost, VpcNetworks } from './vpc-network.ts';

const state = (...vpcs: string[]) => ({
  ...{ securityGroups: [], routeTables: [], vpcEndpoints: [], subnets: new Map() },
  vpcCidrs: new Map(vpcs.map((id) => [id, []])),
});

function fakeRouter(more: object = {}) {
  const seen = { applied: 0, stopped: 0 };
  const router = {
    running: true,
    attached: 0,
    applyRules: () => {
      seen.applied += 1;
      return Promise.resolve();
    },
    stop: () => {
      seen.stopped += 1;
    },
    ...more,
  } as unknown as VpcRouter;
  return { seen, router };
}

test('a router that could not be made is made when it is asked for again', async () => {
  const { router } = fakeRouter();
  const outcomes = [Promise.reject(new Error('no namespaces left')), Promise.resolve(router)];
  const networks = new VpcNetworks(() => outcomes.shift() ?? Promise.reject(new Error('asked too often')));
  await expect(networks.router('vpc')).rejects.toThrow('no namespaces left');
  expect(await networks.router('vpc')).toBe(router);
  expect(await networks.router('vpc')).toBe(router);
});

test('a VPC whose rules are refused costs itself alone; one that is gone has no router any more', async () => {
  const [bad, good, old] = [
    fakeRouter({ applyRules: () => Promise.reject(new Error('iptables-restore: line 3')) }),
    fakeRouter(),
    fakeRouter(),
  ];
  const routers = [bad, good, old];
  const networks = new VpcNetworks(() => Promise.resolve((routers.shift() ?? bad).router));
  for (const id of ['vpc-bad', 'vpc-good', 'vpc-old']) await networks.router(id);
  const book = quietBook();
  await networks.enforce(state('vpc-bad', 'vpc-good'), [], [], book);
  await networks.enforce(state('vpc-bad', 'vpc-good'), [], [], book);
  expect([good.seen.applied, old.seen.applied, old.seen.stopped]).toEqual([2, 0, 1]);
  expect(book.list()).toMatchObject([{ resource: 'vpc-bad', message: 'iptables-restore: line 3' }]);
});

test('a router that ended ends the agent: nothing in its VPC has a network any more', async () => {
  const networks = new VpcNetworks(() => Promise.resolve(fakeRouter({ running: false }).router));
  await networks.router('vpc');
  await expect(networks.enforce(state('vpc'), [], [], quietBook())).rejects.toThrow(RouterLost);
});
