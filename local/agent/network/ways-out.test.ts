import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLOSED, type Egress } from '../../region/outside.ts';
import type { UserNetwork } from '../runtime/user-network.ts';
import type { VpcRouter } from '../runtime/vpc-router.ts';
import { quietBook } from '../testing/quiet-book.ts';
import { WaysOut } from './ways-out.ts';

const logDirectory = mkdtempSync(join(tmpdir(), 'ways-out-'));
afterAll(() => {
  rmSync(logDirectory, { recursive: true });
});
const STATE = { vpcCidrs: new Map([['vpc-1', ['10.0.0.0/16']]]) };

/** Ways out that only say that they were started and ended. */
function region() {
  const seen: string[] = [];
  const ends: (() => void)[] = [];
  let egress: Egress = CLOSED;
  const router = {
    keepInward: (blocks: readonly string[]) => {
      seen.push(`inward ${blocks.join(' ')}`);
      return Promise.resolve();
    },
  } as unknown as VpcRouter;
  const ways = new WaysOut({
    ...{ logDirectory, egress: () => egress, log: (line) => seen.push(line) },
    onChange: () => seen.push('change'),
    start: (_router, host) => {
      seen.push(`start${host ? ' host' : ''}`);
      const exited = new Promise<void>((resolve) => ends.push(resolve));
      const network = {
        ...{ host, exited, running: true, identity: { pid: ends.length + 1, born: 1 } },
        stop: () => {
          seen.push('stop');
          return Promise.resolve();
        },
      };
      void exited.then(() => (network.running = false));
      return Promise.resolve(network as unknown as UserNetwork);
    },
  });
  const keep = async (opened: Egress, routers = new Map([['vpc-1', router]])): Promise<string[]> => {
    egress = opened;
    await ways.keep(STATE, routers, quietBook());
    return seen.splice(0);
  };
  return { ends, keep, ways };
}
const INWARD = 'inward 10.0.0.0/16 169.254.0.0/16';

test('there is a way out while something is open, and another one where the loopback is opened or closed', async () => {
  const { keep, ways } = region();
  expect(await keep(CLOSED)).toEqual([INWARD]);
  expect(ways.ledger('vpc-1')).toBeUndefined();
  expect(await keep({ ...CLOSED, all: true })).toEqual([INWARD, 'start', 'change']);
  expect(await keep({ ...CLOSED, destinations: [{ host: '192.0.2.1', port: 1 }] })).toEqual([INWARD]);
  expect(await keep({ ...CLOSED, host: true })).toEqual([INWARD, 'stop', 'start host', 'change']);
  expect(ways.ledger('vpc-1')).toEqual({ process: { pid: 3, born: 1 }, host: true });
  expect(await keep(CLOSED)).toEqual([INWARD, 'stop']);
});

test('one that ended is started again, and one whose router is gone ends', async () => {
  const { ends, keep } = region();
  await keep({ ...CLOSED, host: true });
  ends[0]?.();
  await new Promise(setImmediate);
  expect(await keep({ ...CLOSED, host: true })).toEqual(['change', INWARD, 'stop', 'start host', 'change']);
  expect(await keep({ ...CLOSED, host: true }, new Map())).toEqual(['stop']);
});

test('a start that fails is tried less and less often, and is complained about all the while', async () => {
  let [now, tries] = [0, 0];
  const ways = new WaysOut({
    ...{ logDirectory, egress: () => ({ ...CLOSED, all: true }), log: () => undefined, onChange: () => undefined },
    now: () => now,
    start: () => {
      tries += 1;
      return Promise.reject(new Error('no /dev/net/tun'));
    },
  });
  const router = { keepInward: () => Promise.resolve() } as unknown as VpcRouter;
  const book = quietBook();
  for (; now < 300_000; now += 1_000) {
    await ways.keep(STATE, new Map([['vpc-1', router]]), book);
    expect(book.list()).toMatchObject([{ resource: 'way out of vpc-1', message: 'no /dev/net/tun' }]);
  }
  // At 0, 1, 2, 4, 8, 16, 32, 64 s, and each minute from there.
  expect(tries).toBe(11);
});
