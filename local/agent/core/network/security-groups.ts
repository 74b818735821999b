/**
 * Security groups as the FORWARD rules of the VPC's router.
 * https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
 */
import ipaddr from 'ipaddr.js';
import type { Direction, NetworkInterface, SecurityGroup, SecurityGroupRule } from '../mesh.ts';
import { countDenied } from './denied.ts';
import { wayOutRules, type WayOutInput } from './way-out-rules.ts';

export interface SecurityGroupsInput {
  readonly interfaces: readonly NetworkInterface[];
  readonly groups: readonly SecurityGroup[];
  /**
   * Addresses that are cut off, whatever the groups say: those of a lost zone. Connections to them are reset, so that
   * nobody waits for what never answers.
   */
  readonly cutOff?: readonly string[];
  /** Where the router itself answers for AWS's APIs, and to which addresses. */
  readonly apis?: { readonly host: string; readonly port: number; readonly clients: readonly string[] };
  /** Who may leave the VPC, and whereto. */
  readonly wayOut?: WayOutInput;
  /** Counts what is dropped, by who asked whom for which port: see `denied.ts`. */
  readonly countDenied?: boolean;
}

/** One permission of one interface, its peers resolved to address blocks. */
export interface Permission {
  readonly direction: Direction;
  readonly address: string;
  readonly protocol: SecurityGroupRule['protocol'];
  readonly fromPort: number | undefined;
  readonly toPort: number | undefined;
  readonly peer: string;
}

const EVERYTHING = { protocol: 'all', fromPort: undefined, toPort: undefined, peer: '0.0.0.0/0' } as const;

function resolve(input: SecurityGroupsInput, direction: Direction): Permission[] {
  const groups = new Map(input.groups.map((group) => [group.id, group]));
  const membersOf = (id: string) =>
    input.interfaces.filter((one) => one.securityGroupIds.includes(id)).map(({ address }) => `${address}/32`);
  return input.interfaces.flatMap(({ address, securityGroupIds, unfiltered = false }) =>
    unfiltered
      ? [{ direction, address, ...EVERYTHING }]
      : securityGroupIds
          .flatMap((id) => groups.get(id)?.[direction] ?? [])
          .flatMap((rule) =>
            [...rule.cidrs, ...rule.peerSecurityGroupIds.flatMap(membersOf)].map((peer) => ({
              direction,
              address,
              protocol: rule.protocol,
              fromPort: rule.fromPort,
              toPort: rule.toPort,
              peer,
            })),
          ),
  );
}

/** Every permission of every interface, both directions. */
export function permissionsOf(input: SecurityGroupsInput): Permission[] {
  return [...resolve(input, 'egress'), ...resolve(input, 'ingress')];
}

function permits(permissions: readonly Permission[], direction: Direction, own: string, peer: string, port: number) {
  return permissions.some(
    (one) =>
      one.direction === direction &&
      one.address === own &&
      (one.protocol === 'all' || one.protocol === 'tcp') &&
      (one.fromPort === undefined || (one.fromPort <= port && port <= (one.toPort ?? one.fromPort))) &&
      ipaddr.parse(peer).match(ipaddr.parseCIDR(one.peer)),
  );
}

/** Whether one interface may open a TCP connection to another. */
export function mayConnect(permissions: readonly Permission[], from: string, to: string, port: number): boolean {
  return permits(permissions, 'egress', from, to, port) && permits(permissions, 'ingress', to, from, port);
}

function match({ direction, protocol, fromPort, toPort, peer }: Permission): string {
  const ports =
    (protocol === 'tcp' || protocol === 'udp') && fromPort !== undefined
      ? ` --dport ${String(fromPort)}:${String(toPort ?? fromPort)}`
      : '';
  return `${direction === 'ingress' ? '-s' : '-d'} ${peer}${protocol === 'all' ? '' : ` -p ${protocol}`}${ports}`;
}

const cutOff = (address: string): string[] =>
  ['-s', '-d'].flatMap((side) => [
    `-A FORWARD ${side} ${address}/32 -p tcp -j REJECT --reject-with tcp-reset`,
    `-A FORWARD ${side} ${address}/32 -j DROP`,
  ]);

/** Packets to the router's own addresses are not forwarded: whom it answers is said by the addresses that reach an API. */
function apiRules({ host, port, clients }: NonNullable<SecurityGroupsInput['apis']>, counts: boolean): string[] {
  return [
    // A call that is under way goes on when its way is closed, as tracked connections do on AWS:
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html
    `-A INPUT -d ${host}/32 -m conntrack --ctstate ESTABLISHED -j ACCEPT`,
    ...[...clients].sort().map((one) => `-A INPUT -s ${one}/32 -d ${host}/32 -p tcp --dport ${String(port)} -j ACCEPT`),
    ...(counts ? [`-A INPUT -d ${host}/32 ${countDenied('egress')}`] : []),
    `-A INPUT -d ${host}/32 -j DROP`,
  ];
}

const chainOf = (direction: Direction, address: string): string =>
  `${direction === 'ingress' ? 'in' : 'out'}-${address}`;

/**
 * The whole FORWARD policy. Connections that exist go on when a rule is removed, as on AWS; what no rule allows is
 * dropped without an answer, as on AWS. An address outside of the VPC has no group of its own, so only its peer's counts.
 * @returns rules for iptables-restore, inside the router's network namespace; they replace what was there
 */
export function securityGroupRules(input: SecurityGroupsInput): string {
  const permissions = permissionsOf(input);
  const addresses = [...new Set(input.interfaces.map(({ address }) => address))].sort();
  const chains = addresses.flatMap((address) =>
    (['egress', 'ingress'] as const).map((direction) => ({ direction, address })),
  );
  // Egress ends in RETURN, so that ingress of the other side is asked too; ingress alone accepts.
  const rulesOf = ({ direction, address }: (typeof chains)[number]): string[] => {
    const own = permissions.filter((one) => one.direction === direction && one.address === address).map(match);
    const name = chainOf(direction, address);
    const verdict = direction === 'egress' ? 'RETURN' : 'ACCEPT';
    return [...new Set(own)]
      .sort()
      .map((text) => `-A ${name} ${text} -j ${verdict}`)
      .concat(input.countDenied === true ? [`-A ${name} ${countDenied(direction)}`] : [])
      .concat(`-A ${name} -m comment --comment "denied ${direction} ${address}" -j DROP`);
  };
  const wayOut = input.wayOut === undefined ? undefined : wayOutRules(input.wayOut, input.countDenied === true);
  return [
    '*filter',
    ':FORWARD DROP [0:0]',
    ...(wayOut?.chains ?? []),
    ...(input.apis === undefined ? [] : apiRules(input.apis, input.countDenied === true)),
    ...chains.map(({ direction, address }) => `:${chainOf(direction, address)} - [0:0]`),
    ...[...(input.cutOff ?? [])].sort().flatMap(cutOff),
    '-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    ...addresses.map((address) => `-A FORWARD -s ${address}/32 -j ${chainOf('egress', address)}`),
    ...addresses.map((address) => `-A FORWARD -d ${address}/32 -j ${chainOf('ingress', address)}`),
    // Last: a security group of the sender has let it out.
    ...(wayOut === undefined ? [] : [wayOut.jump, ...wayOut.rules]),
    ...chains.flatMap(rulesOf),
    'COMMIT',
    '',
  ].join('\n');
}
