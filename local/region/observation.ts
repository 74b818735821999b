/** What the agent alone knows of the running mesh, as it tells it on its socket: plain JSON. */
import { z } from 'zod';
import type { CallStats } from './call-stats.ts';

/** Below the directory of the running region; beside the proxies' sockets, and like them for its owner only. */
export const OBSERVATION_SOCKET = 's/agent.sock';

const Task = z.object({
  id: z.string(),
  arn: z.string(),
  serviceArn: z.string(),
  deploymentId: z.string(),
  taskDefinition: z.string(),
  zone: z.string(),
  address: z.string(),
  status: z.string(),
  wanted: z.boolean(),
  health: z.enum(['HEALTHY', 'UNHEALTHY', 'UNKNOWN']),
  createdAt: z.number(),
  startedAt: z.number().optional(),
  stoppedReason: z.string().optional(),
  containers: z.array(
    z.object({ name: z.string(), lastStatus: z.string(), healthStatus: z.string(), image: z.string().optional() }),
  ),
  cpuPercent: z.number().optional(),
  memoryPercent: z.number().optional(),
  /** Where the proxy's listeners and clusters lie; absent outside of Service Connect. */
  envoyDirectory: z.string().optional(),
});

/** A way that requests can take: a client's alias, or a rule of a load balancer. */
const Edge = z.object({
  /** ARN of a service or a load balancer. */
  caller: z.string(),
  /** EDS name, the key in `Interval`. */
  called: z.string(),
  /** ARN of the service behind it, while there is one. */
  serverArn: z.string().optional(),
  /** Of a load balancer's edge. */
  targetGroupArn: z.string().optional(),
  /** Discovery name or the target group's name. */
  via: z.string(),
  kind: z.enum(['service-connect', 'target-group']),
  protocol: z.enum(['http', 'http2', 'grpc', 'tcp']),
  tls: z.boolean(),
  allowed: z.boolean(),
});
export type ObservedEdge = z.infer<typeof Edge>;

const Denied = z.object({
  missing: z.enum(['egress', 'ingress']),
  from: z.string(),
  to: z.string(),
  port: z.number(),
  packets: z.number(),
  /** ARN of the service or load balancer that had the address. */
  fromArn: z.string().optional(),
  toArn: z.string().optional(),
  firstAt: z.number(),
  lastAt: z.number(),
});

const TargetGroup = z.object({
  arn: z.string(),
  targets: z.array(
    z.object({
      id: z.string(),
      port: z.number(),
      availabilityZone: z.string(),
      state: z.string(),
      description: z.string().optional(),
    }),
  ),
});

const LoadBalancer = z.object({
  arn: z.string(),
  name: z.string(),
  internetFacing: z.boolean(),
  securityGroupIds: z.array(z.string()),
  nodes: z.array(z.object({ zone: z.string(), address: z.string() })),
  targetGroups: z.array(TargetGroup),
});

export const Observation = z.object({
  at: z.number(),
  tasks: z.array(Task),
  loadBalancers: z.array(LoadBalancer),
  edges: z.array(Edge),
  /** Absent on a kernel that can't count what it drops. */
  denied: z.array(Denied).optional(),
  /** Addresses that a caller's proxies leave out. */
  ejected: z.array(z.object({ caller: z.string(), address: z.string() })),
});
export type Observation = z.infer<typeof Observation>;

const Digits = z.object({ 2: z.number(), 3: z.number(), 4: z.number(), 5: z.number() });

const Calls = z
  .object({
    requests: z.number(),
    responses: Digits,
    retries: z.number(),
    timeouts: z.number(),
    connections: z.number(),
    bytes: z.number(),
    grpcFailures: z.number(),
    tlsErrors: z.number(),
    /** Upper bound in milliseconds and count; JSON has no infinity, so the last bucket's bound is null. */
    latency: z.array(z.tuple([z.number().nullable(), z.number()])),
    activeConnections: z.number(),
    activeRequests: z.number(),
    ejected: z.number(),
  })
  .transform((raw): CallStats => ({
    ...raw,
    latency: new Map(raw.latency.map(([bound, count]) => [bound ?? Infinity, count])),
  }));

/** Seconds, oldest first. */
export const Intervals = z.array(
  z.object({
    at: z.number(),
    milliseconds: z.number(),
    edges: z.array(z.object({ caller: z.string(), called: z.string(), calls: Calls })),
    inbound: z.array(z.object({ called: z.string(), calls: Calls })),
  }),
);
export type ObservedInterval = z.output<typeof Intervals>[number];
/** As it goes over the socket. */
export type IntervalJson = z.input<typeof Intervals>[number];
export type CallsJson = IntervalJson['edges'][number]['calls'];
