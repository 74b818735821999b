/** Everything that the resolver of a VPC knows: https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html */
import ipaddr from 'ipaddr.js';
import type { Complain } from '../../../region/complaints.ts';
import { HOST_NAME } from '../../../region/outside.ts';
import { hostDomain, hostnameOf } from '../network/hosts-file.ts';
import { HOST_ADDRESS, HOST_RESOLVER } from '../network/way-out-rules.ts';
import type { Namespace } from '../region-state.ts';
import { cloudMapRecords } from './cloud-map-records.ts';
import { hostedZoneRecords } from './hosted-zone-records.ts';
import type { DiscoveryInstance, HostedZone, RegionNames } from './region-names.ts';
import { fullName, simple, type OutsideOfFile, type ZoneFile, type ZoneOfFile, type ZoneRecords } from './zone-file.ts';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html: "a TTL of 60 seconds" */
const TTL_SECONDS = 60;
/** Of the negative answers about hosts and load balancers: what starts is found at once. */
const NO_ANSWER_SECONDS = 5;

/** As often as this machine is asked again: agent/network/open-names.ts. */
const OUTSIDE_TTL_SECONDS = 30;

/** What is open beyond the VPCs, and to whom. */
export interface OutsideNames {
  readonly clients: readonly { readonly address: string; readonly vpcId: string }[];
  readonly host: boolean;
  readonly all: boolean;
  readonly addresses: ReadonlyMap<string, readonly string[]>;
}

export interface NamesInput {
  readonly region: string;
  readonly names: RegionNames;
  readonly namespaces: readonly Namespace[];
  /** The nodes that DNS names, by the name of their load balancer. */
  readonly balancers: ReadonlyMap<string, readonly string[]>;
  readonly interfaces: readonly { readonly address: string; readonly vpcId: string }[];
  readonly outside?: OutsideNames | undefined;
  /** The tasks that have not been asked to stop. */
  readonly wantedTasks: ReadonlySet<string>;
}

/** The resolver's address: that of the VPC's primary block plus two. */
export function resolverAddress(primaryCidr: string): string {
  const [base] = ipaddr.IPv4.parseCIDR(primaryCidr);
  const network = ipaddr.IPv4.networkAddressFromCIDR(`${base.toString()}/${primaryCidr.split('/')[1] ?? ''}`);
  const [a = 0, b = 0, c = 0, d = 0] = network.octets;
  return [a, b, c, d + 2].join('.');
}

/** A task registers with its definition's family; what others registered stays until they take it away. */
export const isOfEcs = ({ attributes }: DiscoveryInstance): boolean => 'ECS_TASK_DEFINITION_FAMILY' in attributes;

const ownZone = (name: string, records: readonly ZoneRecords[]): ZoneOfFile => {
  const soa = `ns.${name} hostmaster.${name} 1 7200 900 1209600 ${String(NO_ANSWER_SECONDS)}`;
  return { name, records: [simple(name, 'SOA', TTL_SECONDS, [soa]), ...records] };
};

export function vpcZones(vpcId: string, input: NamesInput, complain: Complain): ZoneFile {
  const { names, balancers } = input;
  const hosts = input.interfaces.filter((one) => one.vpcId === vpcId);
  const own = [
    ...[...balancers].map(([name, nodes]) =>
      ownZone(fullName(name), nodes.length === 0 ? [] : [simple(fullName(name), 'A', TTL_SECONDS, nodes)]),
    ),
    ...hostZones(hosts, input.region),
  ];
  const seen = names.zones.filter((zone) => !zone.isPrivate || zone.vpcIds.includes(vpcId));
  // Of a name that is private here the public zone says nothing: hosted-zone-private-considerations.html
  const zones = new Map<string, ZoneOfFile>(own.map((zone) => [zone.name, zone]));
  for (const zone of [...seen].sort((a, b) => Number(a.isPrivate) - Number(b.isPrivate))) {
    const known = usable(zone, vpcId, names, complain);
    if (known) zones.set(fullName(zone.name), hostedZone(zone, input, complain));
  }
  return { zones: [...zones.values()], outside: outsideOf(vpcId, input.outside) };
}

function usable(zone: HostedZone, vpcId: string, { vpcs }: RegionNames, complain: Complain): boolean {
  // https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html#vpc-dns-support: both must be true
  if (!zone.isPrivate || vpcs.get(vpcId)?.hostnames !== false) return true;
  complain(
    zone.id,
    `the private zone ${zone.name} does not resolve in ${vpcId}, as on AWS: set EnableDnsHostnames of the VPC`,
  );
  return false;
}

function hostedZone(zone: HostedZone, input: NamesInput, complain: Complain): ZoneOfFile {
  const addressesOf = (name: string) => input.balancers.get(fullName(name).slice(0, -1));
  const records = hostedZoneRecords(zone, input.region, {
    addressesOf,
    complain: (message) => {
      complain(zone.id, message);
    },
  });
  const namespace = input.namespaces.find(({ zoneId }) => zoneId === zone.id);
  if (namespace === undefined) return { name: fullName(zone.name), records };
  const services = input.names.discovery.filter(({ namespaceId }) => namespaceId === namespace.id);
  const found = services.flatMap((service) => {
    const there = service.instances.filter((one) => !isOfEcs(one) || input.wantedTasks.has(one.id));
    return cloudMapRecords(service, there, namespace.name, addressesOf);
  });
  return { name: fullName(zone.name), records: [...records.map((one) => withSoaTtl(one, namespace)), ...found] };
}

/** https://docs.aws.amazon.com/cloud-map/latest/api/API_SOA.html: for how long a negative answer is kept */
const withSoaTtl = (records: ZoneRecords, { soaTtl }: Namespace): ZoneRecords =>
  records.type !== 'SOA' || soaTtl === undefined
    ? records
    : { ...records, sets: records.sets.map((set) => ({ ...set, ttl: soaTtl })) };

function outsideOf(vpcId: string, outside: OutsideNames | undefined): OutsideOfFile {
  if (outside === undefined) return { askers: [], zones: [], forward: null };
  const names = [...outside.addresses, ...(outside.host ? [[HOST_NAME, [HOST_ADDRESS]] as const] : [])];
  return {
    askers: outside.clients.filter((one) => one.vpcId === vpcId).map(({ address }) => address),
    zones: names.map(([name, addresses]) =>
      ownZone(
        fullName(name),
        addresses.length === 0 ? [] : [simple(fullName(name), 'A', OUTSIDE_TTL_SECONDS, addresses)],
      ),
    ),
    forward: outside.all ? HOST_RESOLVER : null,
  };
}

/** The names of interfaces, and the way back from their addresses. */
function hostZones(hosts: readonly { readonly address: string }[], region: string): ZoneOfFile[] {
  const forward = hosts.map(({ address }) =>
    simple(fullName(hostnameOf(address, region)), 'A', TTL_SECONDS, [address]),
  );
  const back = hosts.map(({ address }) => {
    const name = `${address.split('.').reverse().join('.')}.in-addr.arpa.`;
    return ownZone(name, [simple(name, 'PTR', TTL_SECONDS, [fullName(hostnameOf(address, region))])]);
  });
  return [ownZone(fullName(hostDomain(region)), forward), ...back];
}
