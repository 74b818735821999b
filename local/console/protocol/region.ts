/** The whole of the region at one moment: `GET /api/region`, and the event `region` of `GET /api/events`. */
import { z } from 'zod';
import { CallRates, DeniedEdge, Edge } from './calls.ts';
import { Service } from './service.ts';

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html */
export const Task = z.object({
  id: z.string(),
  arn: z.string(),
  /** Id of the service. */
  service: z.string(),
  zone: z.string(),
  address: z.string(),
  status: z.string(),
  /** False once it was asked to stop. */
  wanted: z.boolean(),
  health: z.enum(['HEALTHY', 'UNHEALTHY', 'UNKNOWN']),
  deploymentId: z.string(),
  /** `family:revision`. */
  taskDefinition: z.string(),
  createdAt: z.number(),
  startedAt: z.number().optional(),
  stoppedReason: z.string().optional(),
  containers: z.array(
    z.object({ name: z.string(), status: z.string(), health: z.string(), image: z.string().optional() }),
  ),
  /** Percent of the task's size, over the last second. */
  cpuPercent: z.number().optional(),
  memoryPercent: z.number().optional(),
  /** Callers (node ids) of which at least one proxy leaves it out after too many errors. */
  ejectedBy: z.array(z.string()),
});
export type Task = z.infer<typeof Task>;

const Target = z.object({
  address: z.string(),
  port: z.number(),
  zone: z.string(),
  /** As DescribeTargetHealth: initial, healthy, unhealthy, draining, unused. */
  state: z.string(),
  reason: z.string().optional(),
  taskId: z.string().optional(),
});
export type Target = z.infer<typeof Target>;

export const LoadBalancer = z.object({
  /** Node id on the map; never equal to that of a service. */
  id: z.string(),
  name: z.string(),
  arn: z.string(),
  internetFacing: z.boolean(),
  /** Where this machine reaches its first listener; absent for an internal one. */
  url: z.string().optional(),
  nodes: z.array(z.object({ zone: z.string(), address: z.string() })),
  listeners: z.array(
    z.object({
      port: z.number(),
      /** Where this machine reaches it. */
      url: z.string().optional(),
      /** In the order in which they are tried. */
      rules: z.array(
        z.object({
          arn: z.string(),
          /** Absent for the default rule. */
          priority: z.number().optional(),
          /** Such as `path is /api/*`; empty for the default rule. */
          conditions: z.array(z.string()),
          /** Such as `forward`, `404 text/plain` or `redirect 301 to https://…`. */
          action: z.string(),
          forwardsTo: z.array(z.object({ targetGroupArn: z.string(), weight: z.number() })),
        }),
      ),
    }),
  ),
  targetGroups: z.array(
    z.object({
      arn: z.string(),
      name: z.string(),
      /** Id of the service that registers its tasks here. */
      service: z.string().optional(),
      targets: z.array(Target),
    }),
  ),
});
export type LoadBalancer = z.infer<typeof LoadBalancer>;

export const Fault = z.object({
  abort: z.object({ status: z.number(), percent: z.number() }).optional(),
  delay: z.object({ milliseconds: z.number(), percent: z.number() }).optional(),
});
export type Fault = z.infer<typeof Fault>;

/** What is wrong: what can't be made real, tasks that fail, stacks that were rolled back. */
export const RegionProblem = z.object({
  /** As tables have it. */
  name: z.string(),
  /** Id of the service that it is about, if it is about one. */
  service: z.string().optional(),
  what: z.string(),
  /** Epoch milliseconds. */
  since: z.number(),
});
export type RegionProblem = z.infer<typeof RegionProblem>;

export const Region = z.object({
  /** Epoch milliseconds of this look. */
  at: z.number(),
  regionId: z.string(),
  startedAt: z.string(),
  /** Where the AWS APIs answer. */
  endpoint: z.string(),
  /** False while the control plane is silent: then what it alone knows is the last that it said. */
  controlPlaneAnswers: z.boolean(),
  /** False while the agent starts again: then what it alone knows is the last that it said. */
  agentAnswers: z.boolean(),
  /** Longest first. */
  problems: z.array(RegionProblem),
  services: z.array(Service),
  tasks: z.array(Task),
  loadBalancers: z.array(LoadBalancer),
  /** Those that security groups allow and those that were called. */
  edges: z.array(Edge),
  denied: z.array(DeniedEdge),
  /** False on a kernel that can't count what it drops: then `denied` says nothing. */
  deniedAreCounted: z.boolean(),
  /** Calls that came in at each service's proxies, by service id. */
  inbound: z.record(z.string(), CallRates),
  faults: z.object({
    /** By the name that the fault was given for: a service's id or its ECS name. */
    services: z.record(z.string(), Fault),
    lostZones: z.array(z.string()),
    /** How long a minute of bake times and metrics lasts here. */
    minuteSeconds: z.number(),
  }),
  /** Every Availability Zone that has tasks or load balancer nodes. */
  zones: z.array(z.string()),
});
export type Region = z.infer<typeof Region>;
