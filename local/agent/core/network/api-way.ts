/**
 * Which of AWS's APIs a task reaches, as its subnet's routes, the VPC's endpoints and the security groups have it.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
 */
import ipaddr from 'ipaddr.js';
import AGREED from '../../../control-plane/agreed-with-agent.json' with { type: 'json' };
import type { NetworkInterface, SecurityGroup } from '../mesh.ts';
import type { RegionState, RouteTable, VpcEndpoint } from '../region-state.ts';
import { mayConnect, permissionsOf } from './security-groups.ts';

/**
 * Where the region's APIs answer in every VPC, in the place of AWS's public addresses: from the block for documentation,
 * RFC 5737. An address, for with a name an SDK would put the bucket before it.
 */
export const API_ENDPOINT: { readonly host: string; readonly port: number } = AGREED.apiEndpoint;

export interface ApiClient extends NetworkInterface {
  readonly vpcId: string;
  readonly subnetId: string;
  /** Whether it has a public address too. */
  readonly publicAddress: boolean;
}

type Network = Pick<RegionState, 'routeTables' | 'securityGroups' | 'subnets' | 'vpcEndpoints'>;

/** Where a way begins for which a route table names it. An internet gateway wants a public address of the sender. */
const OUT = /^(nat|tgw|vgw|eni|i|igw)-/;

/** The table of a subnet: its own, or the main one of its VPC. */
export function routeTableOf(
  { subnetId, vpcId }: Pick<ApiClient, 'subnetId' | 'vpcId'>,
  tables: readonly RouteTable[],
): RouteTable | undefined {
  const own = tables.filter((one) => one.vpcId === vpcId);
  return own.find(({ subnetIds }) => subnetIds.includes(subnetId)) ?? own.find(({ main }) => main);
}

/** The routes that lead a client out of its VPC. */
export function waysOf(client: Pick<ApiClient, 'publicAddress'>, table: RouteTable | undefined): RouteTable['routes'] {
  return (table?.routes ?? []).filter(
    ({ target }) => OUT.test(target) && (!target.startsWith('igw-') || client.publicAddress),
  );
}

const leadsOut = (client: ApiClient, table: RouteTable | undefined): boolean =>
  waysOf(client, table).some(({ destination }) => destination === '0.0.0.0/0');

/** In a subnet nobody gets the fourth address: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html */
function standInAddress(cidr: string): string {
  const { octets } = ipaddr.IPv4.networkAddressFromCIDR(cidr);
  return [...octets.slice(0, 3), (octets[3] ?? 0) + 3].join('.');
}

export interface Refusal {
  /** In one line: what is missing, and what to do. */
  readonly why: string;
}

/** Whether a security group lets a client out to an address on 443, and one at the other end lets it in. */
function opens(
  client: ApiClient,
  address: string,
  peer: NetworkInterface | undefined,
  groups: readonly SecurityGroup[],
): boolean {
  const interfaces = [client, ...(peer === undefined ? [] : [peer])];
  // What is outside of the VPC has no group of its own.
  const inward = peer === undefined ? [{ ...ANYBODY, address }] : [];
  return mayConnect([...permissionsOf({ interfaces, groups }), ...inward], client.address, address, API_ENDPOINT.port);
}
const ANYBODY = {
  direction: 'ingress',
  protocol: 'all',
  fromPort: undefined,
  toPort: undefined,
  peer: '0.0.0.0/0',
} as const;

function endpointRefusal(client: ApiClient, endpoint: VpcEndpoint, network: Network): Refusal | undefined {
  const ways = endpoint.subnetIds.flatMap((id) => network.subnets.get(id) ?? []);
  const isOpen = ways.some(({ cidr }) => {
    const peer = { address: standInAddress(cidr), securityGroupIds: endpoint.securityGroupIds };
    return opens(client, peer.address, peer, network.securityGroups);
  });
  return isOpen
    ? undefined
    : {
        why: `the security groups let nothing from the task (${client.securityGroupIds.join(', ')}) to port 443 of VPC endpoint ${endpoint.id} (${endpoint.securityGroupIds.join(', ')}): open it on both sides`,
      };
}

/**
 * The name of a service in `com.amazonaws.<region>.<name>`, by what its requests are signed for; of others both are the same.
 * https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
 */
const ENDPOINT_NAMES: Readonly<Record<string, string>> = {
  aps: 'aps-workspaces',
  codeartifact: 'codeartifact.api',
  ecr: 'ecr.api',
  firehose: 'kinesis-firehose',
  iotdata: 'iot.data',
  kinesis: 'kinesis-streams',
  sagemaker: 'sagemaker.api',
};

const endpointsFor = (client: ApiClient, service: string, { vpcEndpoints }: Network): VpcEndpoint[] =>
  vpcEndpoints.filter((one) => one.vpcId === client.vpcId && nameOf(one) === (ENDPOINT_NAMES[service] ?? service));

const nameOf = ({ serviceName }: VpcEndpoint): string => serviceName.split('.').slice(3).join('.');

/**
 * Why a request to a service gets nowhere on AWS; undefined when it does.
 * @param service by which it is signed; undefined for one that is not signed
 */
export function apiRefusal(client: ApiClient, service: string | undefined, network: Network): Refusal | undefined {
  const endpoints = service === undefined ? [] : endpointsFor(client, service, network);
  // Its names resolve to the endpoint in the whole VPC, whatever else would lead there.
  const [privately] = endpoints.filter(({ type, privateDns }) => type === 'Interface' && privateDns);
  if (privately !== undefined) return endpointRefusal(client, privately, network);
  const table = routeTableOf(client, network.routeTables);
  const throughGateway = endpoints.some(
    ({ type, routeTableIds }) => type === 'Gateway' && table !== undefined && routeTableIds.includes(table.id),
  );
  if (!throughGateway && !leadsOut(client, table))
    return {
      why: `nothing leads from subnet ${client.subnetId} to ${service ?? 'AWS'}: no NAT gateway, no internet gateway with a public address of the task, no VPC endpoint of the service`,
    };
  return opens(client, API_ENDPOINT.host, undefined, network.securityGroups)
    ? undefined
    : { why: `security groups ${client.securityGroupIds.join(', ')} of the task let nothing out to port 443` };
}

/** Whether anything of AWS is reached: where nothing is, packets are dropped as on AWS. */
export function reachesAnApi(client: ApiClient, network: Network): boolean {
  const named = network.vpcEndpoints.filter(({ vpcId }) => vpcId === client.vpcId).map(nameOf);
  const signed = named.map((name) => Object.entries(ENDPOINT_NAMES).find(([, to]) => to === name)?.[0] ?? name);
  return [undefined, ...signed].some((service) => apiRefusal(client, service, network) === undefined);
}
