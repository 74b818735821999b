import { execFileSync } from 'node:child_process';
import type { NetworkInterface, SecurityGroup, SecurityGroupRule } from '../mesh.ts';
import { hostsFile } from './hosts-file.ts';
import { connectedPeers, listeningPorts } from './tcp-sockets.ts';
import { deniedAfter, parseCounted } from './denied.ts';
import { mayConnect, permissionsOf, securityGroupRules } from './security-groups.ts';
import { taskRedirects } from './task-redirects.ts';
import { assignVips } from './vips.ts';

test('names get virtual addresses in alphabetical order, each once', () => {
  expect([...assignVips(['b', 'a', 'b'])]).toEqual([
    ['a', '127.255.0.1'],
    ['b', '127.255.0.2'],
  ]);
  const many = assignVips(Array.from({ length: 300 }, (_, index) => `n${String(index).padStart(3, '0')}`));
  expect(many.get('n255')).toBe('127.255.1.0');
});

test('the hosts file has the task itself and every name', () => {
  expect(hostsFile({ hostname: 'ip-10-0-0-4', address: '10.0.0.4', vips: assignVips(['a']) })).toBe(
    '127.0.0.1 localhost\n10.0.0.4 ip-10-0-0-4\n127.255.0.1 a\n',
  );
});

test('ports that somebody listens to, and who is connected, are told by the state of sockets of both families', () => {
  const text = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:0BB8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0000000000000000 100 0 0 10 0
   1: 0100007F:0050 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 2 1 0000000000000000 20 4 30 10 -1
   2: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000
   3: 0000000000000000FFFF00000500000A:1F90 0000000000000000FFFF00000A01000A:C351 01 00000000:00000000 00:00000000 00000000
   4: 0500000A:0BB8 0B01000A:C352 06 00000000:00000000 00:00000000 00000000     0        0 0 1
`;
  expect([...listeningPorts(text)]).toEqual([3000, 8080]);
  expect([...connectedPeers(text)]).toEqual(['127.0.0.1', '10.0.1.10']);
  expect([...listeningPorts(''), ...connectedPeers('')]).toEqual([]);
});

const tcp = (port: number, peers: string[], cidrs: string[] = []): SecurityGroupRule => ({
  protocol: 'tcp',
  fromPort: port,
  toPort: port,
  cidrs,
  peerSecurityGroupIds: peers,
});
/** CDK's "no egress at all" is an ICMP rule to nobody. */
const NOWHERE: SecurityGroupRule = {
  protocol: 'icmp',
  fromPort: 252,
  toPort: 86,
  cidrs: ['255.255.255.255/32'],
  peerSecurityGroupIds: [],
};

const GROUPS: SecurityGroup[] = [
  { id: 'alb', ingress: [tcp(80, [], ['0.0.0.0/0'])], egress: [NOWHERE, tcp(3000, ['b'])] },
  { id: 'b', ingress: [tcp(3000, ['alb'])], egress: [tcp(3000, ['a'])] },
  { id: 'a', ingress: [tcp(3000, ['b'])], egress: [] },
];
const INTERFACES: NetworkInterface[] = [
  { address: '10.0.0.4', securityGroupIds: ['alb'] },
  { address: '10.0.0.5', securityGroupIds: ['b'] },
  { address: '10.0.0.6', securityGroupIds: ['a'] },
];

test('peers become the addresses of their members', () => {
  const found = permissionsOf({ interfaces: INTERFACES, groups: GROUPS }).filter(({ protocol }) => protocol === 'tcp');
  expect(found.map(({ direction, address, peer }) => `${direction} ${address} ${peer}`)).toEqual([
    'egress 10.0.0.4 10.0.0.5/32',
    'egress 10.0.0.5 10.0.0.6/32',
    'ingress 10.0.0.4 0.0.0.0/0',
    'ingress 10.0.0.5 10.0.0.4/32',
    'ingress 10.0.0.6 10.0.0.5/32',
  ]);
});

test.each<[string, string, number, boolean]>([
  ['10.0.0.4', '10.0.0.5', 3000, true],
  ['10.0.0.5', '10.0.0.6', 3000, true],
  ['10.0.0.5', '10.0.0.6', 3001, false],
  ['10.0.0.4', '10.0.0.6', 3000, false],
  ['10.0.0.6', '10.0.0.5', 3000, false],
])('from %s to %s:%i: %s', (from, to, port, allowed) => {
  expect(mayConnect(permissionsOf({ interfaces: INTERFACES, groups: GROUPS }), from, to, port)).toBe(allowed);
});

test('dropped connections are counted from one look to the next', () => {
  const look = (credit: string) =>
    parseCounted(`599 10.0.0.4:0->10.0.0.6:3000 ${credit} 16492674416640000 8246337208320\n`).map((row) => ({
      ...{ missing: 'ingress' as const, ...row },
    }));
  const owner = (address: string): string => `arn:${address}`;
  const first = deniedAfter([], look('16475132361441792'), owner, 1_000);
  expect(first).toMatchObject([
    { fromArn: 'arn:10.0.0.4', missing: 'ingress', from: '10.0.0.4', to: '10.0.0.6', port: 3000, packets: 2 },
  ]);
  // Between looks a little credit comes back: that is no packet.
  // Nor does it matter who has the address now.
  const nobody = (): undefined => undefined;
  const later = deniedAfter(first, look('16475232361441792'), nobody, 2_000);
  expect(later).toMatchObject([{ fromArn: 'arn:10.0.0.4', packets: 2, firstAt: 1_000, lastAt: 1_000 }]);
  expect(deniedAfter(later, look('16466985000000000'), nobody, 3_000)).toMatchObject([{ packets: 3, lastAt: 3_000 }]);
  expect(deniedAfter(later, [], nobody, 3_000)).toEqual([]);
});

test('the rules are the same for the same state, and drop what nobody allows', () => {
  const rules = securityGroupRules({ interfaces: INTERFACES, groups: GROUPS });
  expect(securityGroupRules({ interfaces: [...INTERFACES].reverse(), groups: [...GROUPS].reverse() })).toBe(rules);
  expect(rules).toContain(':FORWARD DROP');
  expect(rules).toContain('-A in-10.0.0.6 -s 10.0.0.5/32 -p tcp --dport 3000:3000 -j ACCEPT');
  expect(rules).not.toContain('-s 10.0.0.4/32 -p tcp --dport 3000:3000 -j ACCEPT\n-A in-10.0.0.6');
});

test('what is cut off is reset or dropped before anything else, connections that exist too', () => {
  const rules = securityGroupRules({ interfaces: INTERFACES, groups: GROUPS, cutOff: ['10.0.0.5'] }).split('\n');
  const established = rules.findIndex((rule) => rule.includes('ESTABLISHED'));
  for (const side of ['-s', '-d']) {
    const [reset, drop] = ['-p tcp -j REJECT --reject-with tcp-reset', '-j DROP'].map((end) =>
      rules.indexOf(`-A FORWARD ${side} 10.0.0.5/32 ${end}`),
    );
    expect(reset).toBeGreaterThan(0);
    expect(drop).toBeGreaterThan(reset ?? 0);
    expect(drop).toBeLessThan(established);
  }
});

test('without interfaces everything is dropped', () => {
  expect(securityGroupRules({ interfaces: [], groups: GROUPS })).toBe(
    '*filter\n:FORWARD DROP [0:0]\n-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\nCOMMIT\n',
  );
});

/** In a network namespace of its own that ends with the command. */
function restore(rules: string): void {
  const rootless = process.getuid?.() === 0 ? [] : ['-U', '-r'];
  execFileSync('unshare', [...rootless, '-n', 'iptables-restore'], { input: rules, stdio: ['pipe', 'pipe', 'pipe'] });
}

test('the kernel takes the rules', () => {
  const all: SecurityGroupRule = {
    protocol: 'all',
    fromPort: undefined,
    toPort: undefined,
    cidrs: ['0.0.0.0/0'],
    peerSecurityGroupIds: [],
  };
  const udp: SecurityGroupRule = {
    protocol: 'udp',
    fromPort: 53,
    toPort: 55,
    cidrs: ['10.0.0.0/8'],
    peerSecurityGroupIds: ['a'],
  };
  restore(
    securityGroupRules({
      interfaces: INTERFACES,
      groups: [...GROUPS, { id: 'a', ingress: [all, udp], egress: [all] }],
      countDenied: true,
      cutOff: ['10.0.0.5'],
    }),
  );
  const ingress = {
    discoveryName: 'x',
    edsName: 'ns.x',
    tls: false,
    containerPort: 3000,
    listenerPort: 15_001,
    intercept: true,
    protocol: 'http',
    timeouts: { perRequestSeconds: 1, idleSeconds: 1 },
  } as const;
  restore(
    taskRedirects({ egressPort: 15_000, ingress: [ingress, { ...ingress, containerPort: 9000, intercept: false }] }),
  );
});

test('a port with an override is not intercepted', () => {
  const ingress = {
    discoveryName: 'x',
    edsName: 'ns.x',
    tls: false,
    containerPort: 3000,
    listenerPort: 9000,
    intercept: false,
    protocol: 'http',
    timeouts: { perRequestSeconds: 1, idleSeconds: 1 },
  } as const;
  expect(taskRedirects({ egressPort: 15_000, ingress: [ingress] })).not.toContain('--dport');
});

test('a call to the APIs that is under way goes on when nobody may begin one any more', () => {
  const apis = { host: '203.0.113.20', port: 443, clients: [] };
  const rules = securityGroupRules({ interfaces: INTERFACES, groups: GROUPS, apis }).split('\n');
  expect(rules.filter((rule) => rule.includes(' INPUT '))).toEqual([
    '-A INPUT -d 203.0.113.20/32 -m conntrack --ctstate ESTABLISHED -j ACCEPT',
    '-A INPUT -d 203.0.113.20/32 -j DROP',
  ]);
});
