/** Reads target groups with their attributes. */
import {
  DescribeTargetGroupAttributesCommand,
  paginateDescribeTargetGroups,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { z } from 'zod';
import type { RefuseAttribute } from '../../aws-shapes/attributes.ts';
import { isNetwork, TargetGroupShape, USUAL_CHECKS, type NamedGroup } from '../../aws-shapes/load-balancer.ts';
import { networkGroupAttributes, USUAL_NETWORK_GROUP } from '../../aws-shapes/network-attributes.ts';
import { targetGroupAttributes, USUAL_TARGET_GROUP } from '../../aws-shapes/target-group-attributes.ts';
import type { Complain } from '../../region/complaints.ts';
import { oneLine } from '../../region/one-line.ts';
import type { TargetGroup } from '../core/load-balancer.ts';
import { targetGroupEdsName } from '../core/topology/endpoints.ts';
import { readEach } from './read-each.ts';

const Group = TargetGroupShape.transform((raw): Omit<TargetGroup, 'attributes'> => {
  const isGrpc = raw.ProtocolVersion === 'GRPC';
  const usual = USUAL_CHECKS[isGrpc ? 'GRPC' : isNetwork(raw.Protocol) ? 'NETWORK' : 'HTTP'];
  return {
    arn: raw.TargetGroupArn,
    edsName: targetGroupEdsName(raw.TargetGroupArn),
    protocol: raw.Protocol,
    protocolVersion: raw.ProtocolVersion,
    healthCheck: {
      protocol: raw.HealthCheckProtocol,
      path: raw.HealthCheckPath ?? usual.path,
      port: raw.HealthCheckPort,
      intervalSeconds: raw.HealthCheckIntervalSeconds,
      timeoutSeconds: raw.HealthCheckTimeoutSeconds,
      healthyThreshold: raw.HealthyThresholdCount,
      unhealthyThreshold: raw.UnhealthyThresholdCount,
      matcher: (isGrpc ? raw.Matcher.GrpcCode : raw.Matcher.HttpCode) ?? usual.matcher,
    },
  };
});

/** @returns as it was read last, where it can't be read */
export async function readTargetGroup(
  elbv2: ElasticLoadBalancingV2Client,
  raw: z.infer<typeof NamedGroup>,
  last: TargetGroup | undefined,
  complain: Complain,
): Promise<TargetGroup | undefined> {
  const { TargetGroupArn } = raw;
  const [read] = readEach(Group, [raw], 'target group', ['TargetGroupArn'], complain);
  if (read === undefined) return last;
  const { Attributes = [] } = await elbv2.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
  const refuse: RefuseAttribute = (key, value, error) => {
    complain(TargetGroupArn, `${key} ${value}: ${oneLine(error)}`);
  };
  if (isNetwork(read.protocol)) {
    const network = networkGroupAttributes(Attributes, last?.network ?? USUAL_NETWORK_GROUP, refuse);
    return { ...read, attributes: USUAL_TARGET_GROUP, network };
  }
  return { ...read, attributes: targetGroupAttributes(Attributes, last?.attributes ?? USUAL_TARGET_GROUP, refuse) };
}

/** Every target group, also one that no listener uses. */
export async function readTargetGroupArns(elbv2: ElasticLoadBalancingV2Client): Promise<string[]> {
  const arns: string[] = [];
  for await (const { TargetGroups = [] } of paginateDescribeTargetGroups({ client: elbv2 }, {}))
    arns.push(...TargetGroups.flatMap(({ TargetGroupArn }) => TargetGroupArn ?? []));
  return arns;
}
