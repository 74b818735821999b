import type { OpenWays } from '../core/network/way-out-rules.ts';
import { NOTHING_OPEN } from '../core/network/way-out-rules.ts';
import { quietBook } from '../testing/quiet-book.ts';
import { RefusedOut } from './refused-out.ts';

const inside = (address: string, subnetId: string) => ({
  ...{ address, securityGroupIds: [], vpcId: 'vpc-1', zone: 'a' },
  task: { subnetId, publicAddress: false, serviceArn: `arn:service/${subnetId}` },
});
const STATE = {
  vpcCidrs: new Map([['vpc-1', ['10.0.0.0/16']]]),
  routeTables: [
    {
      ...{ id: 'rtb', vpcId: 'vpc-1', main: false, subnetIds: ['private'] },
      routes: [{ destination: '0.0.0.0/0', target: 'nat-1' }],
    },
  ],
};
const ROWS = [
  ['10.0.0.4', '192.0.2.1', 443],
  ['10.0.0.4', '198.51.100.2', 5432],
  ['10.0.0.4', '10.0.0.77', 80],
  ['10.0.0.5', '192.0.2.1', 443],
  ['10.0.0.6', '192.0.2.1', 443],
] as const;

async function told(
  opened: Partial<OpenWays>,
  rows: readonly (readonly [string, string, number])[] = ROWS,
): Promise<string[]> {
  const book = quietBook();
  const refused = rows.map(([from, to, port]) => ({ from, to, port, used: 1 }));
  await new RefusedOut({
    ...{ book, state: () => STATE, open: () => ({ ...NOTHING_OPEN, ...opened }) },
    networks: { routers: () => Promise.resolve(new Map([['vpc-1', { refusedOut: () => refused }]])) },
    inventory: { interfaces: () => [inside('10.0.0.4', 'private'), inside('10.0.0.5', 'isolated')] },
  }).look();
  return book.list().map(({ resource, message }) => `${resource}: ${message}`);
}
const ISOLATED = expect.stringMatching(
  /^arn:service\/isolated: .* 192\.0\.2\.1:443, and nothing leads there/,
) as unknown;

test('a service is told what its tasks asked for in vain, with what would open it', async () => {
  const [first, ...others] = await told({});
  expect(first).toContain('a task asked for 192.0.2.1:443, which is not open: `--egress 192.0.2.1:443`');
  expect(first).toContain('198.51.100.2:5432, which is not open: `--egress host`');
  expect(first).not.toContain('10.0.0.77');
  expect(others).toEqual([ISOLATED]);
});

test('what is open by now is over, but for a subnet from which nothing leads out', async () => {
  expect(await told({ host: true, destinations: [{ address: '192.0.2.1', port: 443 }] })).toEqual([ISOLATED]);
  expect(await told({ all: true, host: true })).toEqual([ISOLATED]);
});

/** Whoever judges it throws. */
const NO_ADDRESS = ['10.0.0.4', 'nowhere', 443] as const;

test('of a service that asked for many no more is judged than is told', async () => {
  const many = [1, 2, 3, 4, 5].map((last) => ['10.0.0.4', `192.0.2.${String(last)}`, 443] as const);
  const [only, ...others] = await told({}, [NO_ADDRESS, ...many]);
  expect([only?.match(/a task asked for/g)?.length, others]).toEqual([5, []]);
});

test('what can not be judged is complained about, and the looks go on', async () => {
  expect(await told({}, [NO_ADDRESS])).toEqual([expect.stringContaining('ways out that were asked for: ')]);
});
