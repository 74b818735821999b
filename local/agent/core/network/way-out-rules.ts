/**
 * The part of a router's FORWARD rules that is about what leaves the VPC.
 * https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-scenarios.html
 */
import { countDenied, WAY_OUT } from './denied.ts';

/**
 * The network between a router and the program that speaks for it on this machine: a block for documentation, RFC 5737,
 * that nobody's VPC has. Second to fourth address are as slirp4netns(1) has them.
 */
export const USER_NETWORK = '198.51.100.0/24';
/** The machine's loopback. */
export const HOST_ADDRESS = '198.51.100.2';
/** The resolver of the machine. */
export const HOST_RESOLVER = '198.51.100.3';
export const USER_NETWORK_INTERFACE = 'tap0';

/** What is open, names resolved. */
export interface OpenWays {
  readonly host: boolean;
  readonly all: boolean;
  readonly destinations: readonly { readonly address: string; readonly port: number }[];
}
export const NOTHING_OPEN: OpenWays = { host: false, all: false, destinations: [] };

/** Who is let out, and to which blocks, by the route table of its subnet. */
export interface OutwardClient {
  readonly vpcId: string;
  readonly address: string;
  readonly blocks: readonly string[];
  /** Blocks that its routes lead elsewhere, or nowhere: what is closer than a way out of the VPC is no way out. */
  readonly closed: readonly string[];
}

export interface WayOutInput {
  readonly clients: readonly Omit<OutwardClient, 'vpcId'>[];
  /** What is within stays within, whatever else is open: the local route is the closest. */
  readonly vpcCidrs: readonly string[];
  readonly open: OpenWays;
}

/**
 * Not of anybody's network: a machine's own metadata and credentials are at 169.254.169.254.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 */
export const LINK_LOCAL = '169.254.0.0/16';

/** What nobody is let out to, whatever is open: the metadata of the machine, which has its credentials. */
export const NEVER_OUT: readonly string[] = [
  LINK_LOCAL,
  // Alibaba's: https://www.alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata
  '100.100.100.200/32',
  // The agent of Azure's machines: https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
  '168.63.129.16/32',
];
const REFUSE = '-j REJECT --reject-with icmp-net-unreachable';
/** Of all interfaces of a router those of the VPC: vpc-router.ts. */
const NOT_INWARD = '! -o eni+';
const CHAINS = { leaves: 'way-out', open: 'way-out-open', closed: 'way-out-closed' } as const;

const prefixOf = (block: string): number => Number(block.split('/')[1]);

/** The most specific first: https://docs.aws.amazon.com/vpc/latest/userguide/route-tables-priority.html */
export const closestFirst = <T>(blocks: readonly T[], blockOf: (one: T) => string): T[] =>
  [...blocks].sort((a, b) => prefixOf(blockOf(b)) - prefixOf(blockOf(a)) || blockOf(a).localeCompare(blockOf(b)));

/**
 * The chains of what leaves the VPC. What a security group lets out comes here; what ends here is counted, and refused as by a
 * router that has no route, at once.
 */
export function wayOutRules({ clients, vpcCidrs, open }: WayOutInput, counts: boolean) {
  const { leaves, open: opened, closed: unled } = CHAINS;
  const sorted = [...clients].sort((a, b) => a.address.localeCompare(b.address));
  const each = (port: { readonly address: string; readonly port: number }): string[] =>
    ['tcp', 'udp'].map(
      (protocol) => `-A ${opened} -d ${port.address}/32 -p ${protocol} --dport ${String(port.port)} -j ACCEPT`,
    );
  return {
    chains: Object.values(CHAINS).map((name) => `:${name} - [0:0]`),
    jump: `-A FORWARD ${NOT_INWARD} -j ${leaves}`,
    rules: [
      ...[...vpcCidrs, ...NEVER_OUT].map((block) => `-A ${leaves} -d ${block} ${REFUSE}`),
      ...sorted.flatMap(({ address, blocks, closed }) => {
        const routes = new Map([
          ...closed.map((one) => [one, unled] as const),
          ...blocks.map((one) => [one, opened] as const),
        ]);
        return closestFirst([...routes], ([block]) => block).map(
          ([block, chain]) => `-A ${leaves} -s ${address}/32 -d ${block} -j ${chain}`,
        );
      }),
      `-A ${leaves} -j ${unled}`,
      ...(counts ? [`-A ${unled} ${countDenied(WAY_OUT)}`] : []),
      `-A ${unled} ${REFUSE}`,
      ...(open.host ? ['tcp', 'udp'].map((one) => `-A ${opened} -d ${HOST_ADDRESS}/32 -p ${one} -j ACCEPT`) : []),
      `-A ${opened} -d ${USER_NETWORK} -j RETURN`,
      ...[...new Set(open.destinations.flatMap(each))].sort(),
      ...(open.all ? [`-A ${opened} -j ACCEPT`] : []),
    ],
  };
}
