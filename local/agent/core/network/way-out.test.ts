import type { RouteTable } from '../region-state.ts';
import { securityGroupRules } from './security-groups.ts';
import { outwardClients } from './way-out.ts';
import { wayOutRefusal } from './way-out-refusal.ts';
import { NOTHING_OPEN, wayOutRules, type OpenWays, type WayOutInput } from './way-out-rules.ts';

const client = (address: string, subnetId: string, publicAddress = false) => ({
  ...{ address, subnetId, publicAddress, vpcId: 'vpc-1', securityGroupIds: [] },
});
const table = (subnetId: string, destination: string, target: string): RouteTable => ({
  ...{ id: `rtb-${subnetId}`, vpcId: 'vpc-1', main: false, subnetIds: [subnetId] },
  routes: [
    { destination: '10.0.0.0/16', target: 'local' },
    { destination, target },
  ],
});

test('the route table of its subnet lets a task out, an internet gateway only with a public address', () => {
  const routeTables = [
    table('private', '0.0.0.0/0', 'nat-1'),
    table('public', '0.0.0.0/0', 'igw-1'),
    table('partly', '192.0.2.0/24', 'tgw-1'),
    table('endpoint', 'pl-1', 'vpce-1'),
  ];
  const clients = [
    client('10.0.0.4', 'private'),
    client('10.0.0.5', 'public'),
    client('10.0.0.6', 'public', true),
    client('10.0.0.7', 'partly'),
    client('10.0.0.8', 'endpoint'),
    client('10.0.0.9', 'isolated'),
  ];
  expect(outwardClients(clients, { routeTables })).toEqual([
    { address: '10.0.0.4', vpcId: 'vpc-1', blocks: ['0.0.0.0/0'], closed: [] },
    { address: '10.0.0.6', vpcId: 'vpc-1', blocks: ['0.0.0.0/0'], closed: [] },
    { address: '10.0.0.7', vpcId: 'vpc-1', blocks: ['192.0.2.0/24'], closed: [] },
  ]);
});

const CLIENTS: WayOutInput['clients'] = [{ address: '10.0.0.4', blocks: ['0.0.0.0/0'], closed: [] }];
const rules = (open: Partial<OpenWays>, clients = CLIENTS): string[] =>
  wayOutRules({ clients, vpcCidrs: ['10.0.0.0/16'], open: { ...NOTHING_OPEN, ...open } }, false).rules;

test('what is within, and the metadata of the machine, is refused before anything is open; all else at the end', () => {
  const all = rules({ all: true });
  const refused = '-j REJECT --reject-with icmp-net-unreachable';
  expect(all.slice(0, 5)).toEqual([
    `-A way-out -d 10.0.0.0/16 ${refused}`,
    `-A way-out -d 169.254.0.0/16 ${refused}`,
    `-A way-out -d 100.100.100.200/32 ${refused}`,
    `-A way-out -d 168.63.129.16/32 ${refused}`,
    '-A way-out -s 10.0.0.4/32 -d 0.0.0.0/0 -j way-out-open',
  ]);
  expect(all).toContain(`-A way-out-closed ${refused}`);
  expect(all.at(-1)).toBe('-A way-out-open -j ACCEPT');
  expect(rules({ all: true }, [])).not.toContainEqual(expect.stringContaining('-j way-out-open'));
});

test.each<[string, Partial<OpenWays>, string[]]>([
  ['nothing', {}, []],
  ['the host', { host: true }, ['-d 198.51.100.2/32 -p tcp', '-d 198.51.100.2/32 -p udp']],
  [
    'a list',
    { destinations: [{ address: '192.0.2.7', port: 5432 }] },
    ['-d 192.0.2.7/32 -p tcp --dport 5432', '-d 192.0.2.7/32 -p udp --dport 5432'],
  ],
])('%s is open, and nothing else', (_, open, accepted) => {
  const found = rules(open).filter((rule) => rule.endsWith('-j ACCEPT'));
  expect(found).toEqual(accepted.map((match) => `-A way-out-open ${match} -j ACCEPT`));
});

test('whoever reaches all does not reach the loopback of the machine by it', () => {
  const opened = rules({ all: true }).filter((rule) => rule.startsWith('-A way-out-open'));
  expect(opened).toEqual(['-A way-out-open -d 198.51.100.0/24 -j RETURN', '-A way-out-open -j ACCEPT']);
});

test('what is closer than the way out leads where its own route does: to a peering connection, or nowhere', () => {
  const routes = [
    ['0.0.0.0/0', 'nat-1'],
    ['10.8.0.0/16', ''],
    ['10.8.9.0/24', 'eni-1'],
    ['10.9.0.0/16', 'pcx-1'],
    ['192.0.2.0/24', 'igw-1'],
    ['pl-1', 'vpce-1'],
  ].map(([destination = '', target = '']) => ({ destination, target }));
  const [found] = outwardClients([client('10.0.0.4', 'private')], {
    routeTables: [{ ...table('private', '', ''), routes }],
  });
  if (found === undefined) throw new Error('nothing leads out');
  const decided = rules({ all: true }, [found]).filter((rule) => rule.includes('-s 10.0.0.4/32'));
  expect(decided).toEqual([
    '-A way-out -s 10.0.0.4/32 -d 10.8.9.0/24 -j way-out-open',
    '-A way-out -s 10.0.0.4/32 -d 192.0.2.0/24 -j way-out-closed',
    '-A way-out -s 10.0.0.4/32 -d 10.8.0.0/16 -j way-out-closed',
    '-A way-out -s 10.0.0.4/32 -d 10.9.0.0/16 -j way-out-closed',
    '-A way-out -s 10.0.0.4/32 -d 0.0.0.0/0 -j way-out-open',
  ]);
  const why = (to: string) =>
    wayOutRefusal(
      { from: '10.0.0.4', to, port: 443 },
      { clients: [found], vpcCidrs: [], open: { ...NOTHING_OPEN, all: true } },
    );
  expect(why('10.9.1.1')).toContain('nothing leads there');
  expect([why('10.8.9.1'), why('1.1.1.1')]).toEqual([undefined, undefined]);
});

test('security groups are asked before: what they drop does not come to the way out', () => {
  const lines = securityGroupRules({
    ...{ interfaces: [{ address: '10.0.0.4', securityGroupIds: [] }], groups: [], countDenied: true },
    wayOut: { clients: CLIENTS, vpcCidrs: [], open: NOTHING_OPEN },
  }).split('\n');
  expect(lines.indexOf('-A FORWARD ! -o eni+ -j way-out')).toBeGreaterThan(
    lines.indexOf('-A FORWARD -s 10.0.0.4/32 -j out-10.0.0.4'),
  );
  expect(lines.filter((line) => line.includes('--hashlimit-name denied-way-out'))).toHaveLength(1);
});
