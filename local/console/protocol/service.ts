/** A service as ECS has it, with what was made of it. */
import { z } from 'zod';

export const Container = z.object({
  name: z.string(),
  image: z.string(),
  /** `sha256:…` of an image that is named by digest. */
  imageDigest: z.string().optional(),
  essential: z.boolean(),
  /** Values whose names sound like a secret are masked. */
  environment: z.array(z.object({ name: z.string(), value: z.string(), masked: z.boolean() })),
  /** Names and where they come from; never the value. */
  secrets: z.array(z.object({ name: z.string(), valueFrom: z.string() })),
  ports: z.array(
    z.object({ name: z.string().optional(), containerPort: z.number(), appProtocol: z.string().optional() }),
  ),
});
export type Container = z.infer<typeof Container>;

export const TaskDefinition = z.object({
  arn: z.string(),
  /** `family:revision`. */
  name: z.string(),
  cpu: z.string().optional(),
  memoryMiB: z.string().optional(),
  containers: z.array(Container),
});
export type TaskDefinition = z.infer<typeof TaskDefinition>;

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectConfiguration.html, as deployed */
export const ServiceConnect = z.object({
  namespace: z.string(),
  services: z.array(
    z.object({
      portName: z.string(),
      discoveryName: z.string(),
      clientAliases: z.array(z.object({ dnsName: z.string(), port: z.number() })),
      ingressPortOverride: z.number().optional(),
      /** As they take effect; `isDefault` when the service does not set it. 0 turns one off. */
      perRequestTimeoutSeconds: z.object({ value: z.number(), isDefault: z.boolean() }).optional(),
      idleTimeoutSeconds: z.object({ value: z.number(), isDefault: z.boolean() }),
      tls: z.boolean(),
      protocol: z.enum(['http', 'http2', 'grpc', 'tcp']),
    }),
  ),
  /** Absent: the proxies write no access log. */
  accessLog: z.object({ format: z.enum(['TEXT', 'JSON']), includeQueryParameters: z.boolean() }).optional(),
});
export type ServiceConnect = z.infer<typeof ServiceConnect>;

export const Deployment = z.object({
  id: z.string(),
  status: z.string(),
  taskDefinition: z.string(),
  rolloutState: z.enum(['IN_PROGRESS', 'COMPLETED', 'FAILED']),
  rolloutStateReason: z.string(),
  desired: z.number(),
  running: z.number(),
  pending: z.number(),
  failedTasks: z.number(),
  createdAt: z.number(),
  updatedAt: z.number(),
  /** Share of the desired tasks that run and are healthy, 0 to 1. */
  progress: z.number(),
});
export type Deployment = z.infer<typeof Deployment>;

export const Service = z.object({
  /** Node id on the map, and `:name` in paths: the first discovery name, or the ECS service's own. Unique. */
  id: z.string(),
  serviceName: z.string(),
  arn: z.string(),
  cluster: z.string(),
  status: z.string(),
  /** Where others find it; empty for a service that only calls. */
  discoveryNames: z.array(z.string()),
  /** The names and ports under which others call it. */
  aliases: z.array(z.object({ dnsName: z.string(), port: z.number(), discoveryName: z.string() })),
  desired: z.number(),
  running: z.number(),
  pending: z.number(),
  strategy: z.enum(['ROLLING', 'BLUE_GREEN']),
  /** PRIMARY first. */
  deployments: z.array(Deployment),
  taskDefinition: TaskDefinition.optional(),
  /** Absent when the service is not in Service Connect. */
  serviceConnect: ServiceConnect.optional(),
  securityGroupIds: z.array(z.string()),
  /** Names of the containers, as logs know them; the proxy is among them. */
  containers: z.array(z.string()),
  /** Latest first, as DescribeServices has them. */
  events: z.array(z.object({ at: z.number(), message: z.string() })),
});
export type Service = z.infer<typeof Service>;
