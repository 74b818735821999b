/** The plain data that the Envoy, iptables and hosts generators take. No AWS SDK type and no I/O passes this line. */

/** `appProtocol` of a port mapping; absent on AWS means plain TCP. */
export type AppProtocol = 'http' | 'http2' | 'grpc' | 'tcp';

/** Timeouts in seconds as they take effect (defaults applied); 0 turns one off. */
export interface Timeouts {
  /** Absent for TCP, which has no request. */
  readonly perRequestSeconds: number | undefined;
  readonly idleSeconds: number;
}

/** Requests with it go to the new revision while a blue/green deployment tests it. */
export interface TestHeader {
  readonly name: string;
  /** Absent: the header's presence is enough. */
  readonly exact: string | undefined;
}

/** One `(dnsName, port)` of the namespace as a deployment of a client sees it. */
export interface ClientAlias {
  readonly dnsName: string;
  readonly port: number;
  /** Cloud Map service behind the alias; it names the Envoy cluster. */
  readonly discoveryName: string;
  /** File stem of its endpoints in the EDS directory; unique over all namespaces. */
  readonly edsName: string;
  /** The name in the server's certificate, when it has one. */
  readonly serverName: string;
  readonly protocol: AppProtocol;
  readonly timeouts: Timeouts;
  readonly testHeader: TestHeader | undefined;
}

/** One `ServiceConnectConfiguration.Services[]` entry on the server's side. */
export interface IngressPort {
  readonly discoveryName: string;
  readonly edsName: string;
  readonly containerPort: number;
  /** Port the proxy listens on: `ingressPortOverride`, or one the agent picked. */
  readonly listenerPort: number;
  /** False with `ingressPortOverride`: then the container port bypasses the proxy. */
  readonly intercept: boolean;
  readonly protocol: AppProtocol;
  readonly timeouts: Timeouts;
  /** Whether it takes TLS, and nothing else. */
  readonly tls: boolean;
}

export interface AccessLog {
  readonly format: 'TEXT' | 'JSON';
  readonly includeQueryParameters: boolean;
}

/** Everything the sidecar of one task is made from. */
export interface Sidecar {
  readonly taskId: string;
  readonly clusterName: string;
  readonly serviceName: string;
  readonly region: string;
  /** Availability Zone of the task, such as `us-east-1a`. */
  readonly zone: string;
  /** Number of Availability Zones of the service's subnets: zone-aware routing needs 2 endpoints for each. */
  readonly zoneCount: number;
  readonly egressPort: number;
  readonly aliases: readonly ClientAlias[];
  readonly ingress: readonly IngressPort[];
  /** EDS name of the task's own service (`local_cluster`). */
  readonly localEdsName: string;
  readonly accessLog: AccessLog | undefined;
  /** CIDRs of the VPC, trusted for `x-forwarded-for`. */
  readonly vpcCidrs: readonly string[];
  readonly adminSocketPath: string;
  readonly edsDirectory: string;
  /** Certificates and what to trust, as Envoy's SDS files. */
  readonly tlsDirectory: string;
  /** Listeners and clusters, taken up when they change. */
  readonly configDirectory: string;
}

/** A network interface in the VPC: a task's or a load balancer's. */
export interface NetworkInterface {
  readonly address: string;
  readonly securityGroupIds: readonly string[];
  /** Whether it filters nothing, as a Network Load Balancer that was made without security groups. */
  readonly unfiltered?: boolean;
}

/** One permission of a security group; `fromPort`/`toPort` absent means every port. */
export interface SecurityGroupRule {
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'all';
  readonly fromPort: number | undefined;
  readonly toPort: number | undefined;
  readonly cidrs: readonly string[];
  readonly peerSecurityGroupIds: readonly string[];
}

/** Of traffic, as a security group has it. */
export type Direction = 'ingress' | 'egress';

export interface SecurityGroup {
  readonly id: string;
  readonly ingress: readonly SecurityGroupRule[];
  readonly egress: readonly SecurityGroupRule[];
}

/** A backend address as it is written into an EDS file. */
export interface Backend {
  readonly address: string;
  readonly port: number;
  readonly zone: string;
  /** Whether the proxy there takes TLS. */
  readonly tls: boolean;
  /** Where a load balancer checks it; absent when it is not a target of one. */
  readonly healthCheckPort?: number | undefined;
  /** Whether checks ask the relay beside the load balancer, which goes on to that port. */
  readonly relayedCheck?: boolean;
  /** Gets no requests though it is there, and is checked as the others are. */
  readonly shiftedAway?: boolean;
}

/** A JSON object that goes to Envoy. */
export type EnvoyConfig = Readonly<Record<string, unknown>>;
