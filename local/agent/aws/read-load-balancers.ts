/** Reads Application Load Balancers with their listeners, rules and target groups. */
import {
  DescribeListenersCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  DescribeRulesCommand,
  DescribeTargetGroupsCommand,
  paginateDescribeTargetGroups,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ACMClient } from '@aws-sdk/client-acm';
import { z } from 'zod';
import { listenerTls, type ListenerTls } from '../core/listener-tls.ts';
import { readDomainNames } from './read-certificate.ts';
import type { Listener, LoadBalancer, TargetGroup } from '../core/load-balancer.ts';
import { targetGroupEdsName } from '../core/topology/endpoints.ts';
import { ListenerSchema, RuleSchema } from './listener-rule.ts';
import { numberBetween } from './network-names.ts';
import { oneLine } from './one-line.ts';

export interface PlacedLoadBalancer {
  readonly loadBalancer: LoadBalancer;
  readonly internetFacing: boolean;
  readonly securityGroupIds: readonly string[];
  readonly subnetIds: readonly string[];
}

export interface LoadBalancerSources {
  readonly elbv2: ElasticLoadBalancingV2Client;
  readonly acm: ACMClient;
  readonly edsDirectory: string;
  readonly tlsDirectory: string;
  readonly log: (message: string) => void;
}

const Balancer = z.object({
  LoadBalancerArn: z.string(),
  LoadBalancerName: z.string(),
  DNSName: z.string().default(''),
  Type: z.string().default('application'),
  Scheme: z.string().default('internet-facing'),
  SecurityGroups: z.array(z.string()).default([]),
  AvailabilityZones: z.array(z.object({ SubnetId: z.string() })).default([]),
});

/** Enough of a target group to know whether a load balancer here needs it. */
const NamedGroup = z.looseObject({ TargetGroupArn: z.string() });

export const Group = z
  .object({
    TargetGroupArn: z.string(),
    Protocol: z.enum(['HTTP', 'HTTPS']).default('HTTP'),
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html: HTTP, also of an HTTPS group
    HealthCheckProtocol: z.enum(['HTTP', 'HTTPS']).default('HTTP'),
    HealthCheckPath: z.string().default('/'),
    HealthCheckPort: z
      .union([z.literal('traffic-port').transform(() => undefined), numberBetween(1, 65_535)], {
        error: ({ input }) => `health check port ${JSON.stringify(input)} is neither traffic-port nor 1 to 65535`,
      })
      .optional(),
    HealthCheckIntervalSeconds: z.number().default(30),
    HealthCheckTimeoutSeconds: z.number().default(5),
    HealthyThresholdCount: z.number().default(5),
    UnhealthyThresholdCount: z.number().default(2),
    Matcher: z.object({ HttpCode: z.string().default('200') }).default({ HttpCode: '200' }),
  })
  .transform((raw): TargetGroup => ({
    arn: raw.TargetGroupArn,
    edsName: targetGroupEdsName(raw.TargetGroupArn),
    protocol: raw.Protocol,
    healthCheck: {
      protocol: raw.HealthCheckProtocol,
      path: raw.HealthCheckPath,
      port: raw.HealthCheckPort,
      intervalSeconds: raw.HealthCheckIntervalSeconds,
      timeoutSeconds: raw.HealthCheckTimeoutSeconds,
      healthyThreshold: raw.HealthyThresholdCount,
      unhealthyThreshold: raw.UnhealthyThresholdCount,
      matcher: raw.Matcher.HttpCode,
    },
  }));

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html: the default */
const IDLE_TIMEOUT_SECONDS = 60;

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html: 1 to 4000 */
export const IdleTimeout = numberBetween(1, 4000);

/** One that can't be read is told of and left out, so that it does not hold up the others. */
export async function readLoadBalancers(sources: LoadBalancerSources): Promise<PlacedLoadBalancer[]> {
  const { elbv2, edsDirectory, tlsDirectory, log } = sources;
  const answer = await elbv2.send(new DescribeLoadBalancersCommand({}));
  const balancers = z
    .array(Balancer)
    .parse(answer.LoadBalancers ?? [])
    .filter(({ Type }) => Type === 'application');
  if (balancers.length === 0) return [];
  const groups = z.array(NamedGroup).parse((await elbv2.send(new DescribeTargetGroupsCommand({}))).TargetGroups ?? []);
  const read = await Promise.all(
    balancers.map(async (raw): Promise<PlacedLoadBalancer[]> => {
      try {
        return [await place(raw)];
      } catch (error) {
        log(`load balancer ${raw.LoadBalancerName} can't run here: ${oneLine(error)}`);
        return [];
      }
    }),
  );
  return read.flat();

  async function place(raw: z.infer<typeof Balancer>): Promise<PlacedLoadBalancer> {
    const listeners = await readListeners(sources, raw);
    const used = new Set(
      listeners
        .flatMap(({ rules }) => rules)
        .flatMap(({ action }) => (action.type === 'forward' ? action.targetGroups.map(({ arn }) => arn) : [])),
    );
    return {
      loadBalancer: {
        arn: raw.LoadBalancerArn,
        name: raw.LoadBalancerName,
        idleTimeoutSeconds: await readIdleTimeout(elbv2, raw.LoadBalancerArn),
        listeners,
        targetGroups: z.array(Group).parse(groups.filter(({ TargetGroupArn }) => used.has(TargetGroupArn))),
        edsDirectory,
        tlsDirectory,
      },
      internetFacing: raw.Scheme === 'internet-facing',
      securityGroupIds: raw.SecurityGroups,
      subnetIds: raw.AvailabilityZones.map(({ SubnetId }) => SubnetId),
    };
  }
}

/** Every target group, also one that no listener uses. */
export async function readTargetGroupArns(elbv2: ElasticLoadBalancingV2Client): Promise<string[]> {
  const arns: string[] = [];
  for await (const { TargetGroups = [] } of paginateDescribeTargetGroups({ client: elbv2 }, {}))
    arns.push(...z.array(NamedGroup).parse(TargetGroups).map(({ TargetGroupArn }) => TargetGroupArn));
  return arns;
}

async function readListeners(
  { elbv2, acm }: LoadBalancerSources,
  { LoadBalancerArn, DNSName }: z.infer<typeof Balancer>,
): Promise<Listener[]> {
  const listeners = z
    .array(ListenerSchema)
    .parse((await elbv2.send(new DescribeListenersCommand({ LoadBalancerArn }))).Listeners ?? []);
  return Promise.all(
    listeners.map(async ({ ListenerArn, Port, Protocol, Certificates, SslPolicy }) => {
      const rules = z
        .array(RuleSchema)
        .parse((await elbv2.send(new DescribeRulesCommand({ ListenerArn }))).Rules ?? []);
      return {
        port: Port,
        protocol: Protocol,
        tls: Protocol === 'HTTPS' ? await tlsOf(Certificates[0]?.CertificateArn ?? '', SslPolicy) : undefined,
        rules: rules.sort((a, b) => (a.priority ?? Infinity) - (b.priority ?? Infinity)),
      };
    }),
  );

  async function tlsOf(certificateArn: string, sslPolicy: string): Promise<ListenerTls> {
    const domainNames = await readDomainNames(acm, certificateArn);
    return listenerTls({ certificateArn, sslPolicy, domainNames, loadBalancerDnsName: DNSName });
  }
}

async function readIdleTimeout(elbv2: ElasticLoadBalancingV2Client, arn: string): Promise<number> {
  const { Attributes = [] } = await elbv2.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: arn }));
  const value = Attributes.find(({ Key }) => Key === 'idle_timeout.timeout_seconds')?.Value;
  return IdleTimeout.default(IDLE_TIMEOUT_SECONDS).parse(value);
}
