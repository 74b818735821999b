import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_NAMES } from '../core/names/region-names.ts';
import type { RegionState } from '../core/region-state.ts';
import type { VpcResolver } from '../runtime/vpc-resolver.ts';
import type { VpcRouter } from '../runtime/vpc-router.ts';
import { quietBook } from '../testing/quiet-book.ts';
import { stateWith } from '../testing/region-state.ts';
import { VpcResolvers } from './vpc-resolvers.ts';

const directory = mkdtempSync(join(tmpdir(), 'names-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const ROUTER = {} as unknown as VpcRouter;
const ROUTERS = new Map([['vpc-1', ROUTER]]);
const own = (address: string) => ({
  ...{ balancers: new Map([['lb.example.', []]]), wantedTasks: new Set<string>() },
  interfaces: [{ address, vpcId: 'vpc-1' }],
});
const state = (support = true): RegionState => ({
  ...stateWith([]),
  vpcCidrs: new Map([['vpc-1', ['10.0.0.0/16']]]),
  names: { ...NO_NAMES, vpcs: new Map([['vpc-1', { support, hostnames: true }]]) },
});

/** Resolvers that only say that they were started and ended. */
function region(failing = 0) {
  const seen: string[] = [];
  const ends: (() => void)[] = [];
  let failures = failing;
  const resolvers = new VpcResolvers({
    ...{ directory, logDirectory: directory, region: 'us-east-1', log: (line) => seen.push(line) },
    onChange: () => seen.push('change'),
    start: (_router, address) => {
      failures -= 1;
      if (failures >= 0) return Promise.reject(new Error('no memory'));
      seen.push(`start ${address}`);
      const exited = new Promise<void>((resolve) => ends.push(resolve));
      const resolver = { running: true, exited, identity: {}, stop: () => seen.push('stop') };
      void exited.then(() => {
        resolver.running = false;
      });
      return Promise.resolve(resolver as unknown as VpcResolver);
    },
  });
  return { book: quietBook(), ends, resolvers, seen };
}
const written = () => readFileSync(join(directory, 'vpc-1.json'), 'utf8');

test('a VPC gets its resolver with its router, and the file follows what is there', async () => {
  const { book, resolvers, seen } = region();
  resolvers.see(state());
  await resolvers.open('vpc-1', ROUTER);
  expect(written()).not.toContain('ip-10-0-0-4');
  for (const address of ['10.0.0.4', '10.0.0.5']) {
    await resolvers.keep(state(), own(address), ROUTERS, book);
    expect(written()).toContain(`ip-${address.replaceAll('.', '-')}.ec2.internal.`);
  }
  expect(written()).not.toContain('ip-10-0-0-4');
  expect(seen).toEqual(['start 10.0.0.2']);
  expect(book.list()).toEqual([]);
});

test('one that ended is told, and is started again by the next pass', async () => {
  const { book, ends, resolvers, seen } = region();
  await resolvers.keep(state(), own('10.0.0.4'), ROUTERS, book);
  ends[0]?.();
  await new Promise(setImmediate);
  expect(resolvers.identityOf('vpc-1')).toBeUndefined();
  await resolvers.keep(state(), own('10.0.0.4'), ROUTERS, book);
  expect(seen).toEqual(['start 10.0.0.2', 'change', 'start 10.0.0.2']);
});

test('without EnableDnsSupport, and without its VPC, there is none', async () => {
  const { book, resolvers, seen } = region();
  await resolvers.keep(state(), own('10.0.0.4'), ROUTERS, book);
  await resolvers.keep(state(false), own('10.0.0.4'), ROUTERS, book);
  await resolvers.keep(state(), own('10.0.0.4'), ROUTERS, book);
  await resolvers.keep(state(), own('10.0.0.4'), new Map(), book);
  expect(seen).toEqual(['start 10.0.0.2', 'stop', 'start 10.0.0.2', 'stop']);
});

test('one that can not be started does not keep a VPC from its tasks, and is complained about', async () => {
  const { book, resolvers, seen } = region(2);
  resolvers.see(state());
  await resolvers.open('vpc-1', ROUTER);
  expect(seen).toEqual([expect.stringContaining('no memory')]);
  await resolvers.keep(state(), own('10.0.0.4'), ROUTERS, book);
  expect(book.list()).toMatchObject([{ resource: 'vpc-1', message: 'no memory' }]);
  await resolvers.keep(state(), own('10.0.0.4'), ROUTERS, book);
  expect(book.list()).toEqual([]);
});
