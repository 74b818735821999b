/** What Elastic Load Balancing answers of load balancers and target groups: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/Welcome.html */
import { z } from 'zod';
import { whole } from './loose.ts';
import { numberBetween } from './network-names.ts';

export const Balancer = z.object({
  LoadBalancerArn: z.string(),
  // AWS's own names, which are parts of the names of our files: nothing else is. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
  LoadBalancerName: z.string().regex(/^[A-Za-z0-9-]{1,32}$/, 'a name has 1 to 32 letters, digits and hyphens'),
  DNSName: z.string().default(''),
  Type: z.string().default('application'),
  Scheme: z.string().default('internet-facing'),
  SecurityGroups: z.array(z.string()).default([]),
  AvailabilityZones: z.array(z.object({ SubnetId: z.string(), ZoneName: z.string().optional() })).default([]),
});

/** Enough of a target group to know whether a load balancer here needs it. */
export const NamedGroup = z.looseObject({
  TargetGroupArn: z.string(),
  LoadBalancerArns: z.array(z.string()).default([]),
});

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-target-groups.html */
export const NETWORK_PROTOCOLS = ['TCP', 'TLS', 'UDP', 'TCP_UDP'] as const;
export type NetworkProtocol = (typeof NETWORK_PROTOCOLS)[number];
export const isNetwork = (protocol: string): protocol is NetworkProtocol =>
  (NETWORK_PROTOCOLS as readonly string[]).includes(protocol);

export const TargetGroupShape = z.object({
  TargetGroupArn: z.string(),
  Protocol: z.enum(['HTTP', 'HTTPS', ...NETWORK_PROTOCOLS]).default('HTTP'),
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html: HTTP, also of an HTTPS group
  HealthCheckProtocol: z.enum(['HTTP', 'HTTPS', 'TCP']).default('HTTP'),
  ProtocolVersion: z.enum(['HTTP1', 'HTTP2', 'GRPC']).default('HTTP1'),
  HealthCheckPath: z.string().optional(),
  HealthCheckPort: z
    .union([z.literal('traffic-port').transform(() => undefined), numberBetween(1, 65_535)], {
      error: ({ input }) => `health check port ${JSON.stringify(input)} is neither traffic-port nor 1 to 65535`,
    })
    .optional(),
  HealthCheckIntervalSeconds: whole(1, 300).default(30),
  HealthCheckTimeoutSeconds: whole(1, 120).default(5),
  HealthyThresholdCount: whole(1, 10).default(5),
  UnhealthyThresholdCount: whole(1, 10).default(2),
  Matcher: z.object({ HttpCode: z.string().optional(), GrpcCode: z.string().optional() }).default({}),
});

/** What a check asks for and wants, where nobody says it: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html */
export const USUAL_CHECKS = {
  HTTP: { path: '/', matcher: '200' },
  GRPC: { path: '/AWS.ALB/healthcheck', matcher: '12' },
  /** https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html */
  NETWORK: { path: '/', matcher: '200-399' },
} as const;
