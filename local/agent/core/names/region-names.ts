/** Names as Route 53 and Cloud Map have them, narrowed to what decides an answer. Plain data. */

/** https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html */
export interface RecordSet {
  readonly name: string;
  readonly type: string;
  readonly ttl: number;
  readonly values: readonly string[];
  /** The name that an alias stands for. */
  readonly alias: string | undefined;
  readonly policy:
    | { readonly kind: 'simple' }
    | { readonly kind: 'multivalue' }
    | { readonly kind: 'weighted'; readonly weight: number }
    | { readonly kind: 'failover'; readonly primary: boolean }
    /** By latency, place or network of whoever asks. */
    | { readonly kind: 'nearest'; readonly region: string | undefined };
}

export interface HostedZone {
  readonly id: string;
  /** With the dot at its end. */
  readonly name: string;
  readonly isPrivate: boolean;
  /** Of a private zone. */
  readonly vpcIds: readonly string[];
  readonly recordSets: readonly RecordSet[];
}

export interface DiscoveryInstance {
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly healthy: boolean;
}

/** A Cloud Map service: https://docs.aws.amazon.com/cloud-map/latest/api/API_Service.html */
export interface DiscoveryService {
  readonly id: string;
  readonly arn: string;
  readonly name: string;
  readonly namespaceId: string;
  readonly routingPolicy: 'MULTIVALUE' | 'WEIGHTED';
  readonly records: readonly { readonly type: string; readonly ttl: number }[];
  /** Whether others say which of its instances are healthy. */
  readonly customHealth: boolean;
  readonly instances: readonly DiscoveryInstance[];
}

/** https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html#vpc-dns-support */
export interface VpcDns {
  readonly support: boolean;
  readonly hostnames: boolean;
}

export interface RegionNames {
  readonly zones: readonly HostedZone[];
  readonly discovery: readonly DiscoveryService[];
  readonly vpcs: ReadonlyMap<string, VpcDns>;
}

export const NO_NAMES: RegionNames = { zones: [], discovery: [], vpcs: new Map() };
