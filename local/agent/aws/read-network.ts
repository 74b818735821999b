/** Reads VPCs, subnets and security groups. */
import {
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { z } from 'zod';
import type { SecurityGroup, SecurityGroupRule } from '../core/mesh.ts';
import type { Subnet } from '../core/region-state.ts';
import { Cidr } from './network-names.ts';

const PROTOCOLS: Readonly<Record<string, SecurityGroupRule['protocol']>> = {
  '-1': 'all',
  tcp: 'tcp',
  '6': 'tcp',
  udp: 'udp',
  '17': 'udp',
  icmp: 'icmp',
  '1': 'icmp',
};

const Permission = z
  .object({
    IpProtocol: z.string().transform((value, context): SecurityGroupRule['protocol'] => {
      const protocol = PROTOCOLS[value];
      if (protocol !== undefined) return protocol;
      context.addIssue({
        code: 'custom',
        message: `security group protocol ${value} is not supported: use tcp, udp, icmp or -1`,
      });
      return z.NEVER;
    }),
    FromPort: z.number().int().optional(),
    ToPort: z.number().int().optional(),
    IpRanges: z.array(z.object({ CidrIp: Cidr })).default([]),
    UserIdGroupPairs: z.array(z.object({ GroupId: z.string() })).default([]),
  })
  .transform((raw) => ({
    protocol: raw.IpProtocol,
    fromPort: raw.FromPort === -1 ? undefined : raw.FromPort,
    toPort: raw.ToPort === -1 ? undefined : raw.ToPort,
    cidrs: raw.IpRanges.map((range) => range.CidrIp),
    peerSecurityGroupIds: raw.UserIdGroupPairs.map((pair) => pair.GroupId),
  }));

export const Group = z.object({
  GroupId: z.string(),
  IpPermissions: z.array(Permission).default([]),
  IpPermissionsEgress: z.array(Permission).default([]),
});

export const SubnetSchema = z.object({
  SubnetId: z.string(),
  VpcId: z.string(),
  CidrBlock: Cidr,
  AvailabilityZone: z.string(),
});
const Vpc = z.object({
  VpcId: z.string(),
  CidrBlock: Cidr,
  CidrBlockAssociationSet: z.array(z.object({ CidrBlock: Cidr.optional() })).default([]),
});

export async function readSecurityGroups(ec2: EC2Client): Promise<SecurityGroup[]> {
  const answer = await ec2.send(new DescribeSecurityGroupsCommand({}));
  return z
    .array(Group)
    .parse(answer.SecurityGroups ?? [])
    .map((group) => ({ id: group.GroupId, ingress: group.IpPermissions, egress: group.IpPermissionsEgress }));
}

export async function readSubnets(ec2: EC2Client): Promise<Map<string, Subnet>> {
  const answer = await ec2.send(new DescribeSubnetsCommand({}));
  const subnets = z.array(SubnetSchema).parse(answer.Subnets ?? []);
  return new Map(
    subnets.map((raw) => [
      raw.SubnetId,
      { id: raw.SubnetId, vpcId: raw.VpcId, cidr: raw.CidrBlock, zone: raw.AvailabilityZone },
    ]),
  );
}

export async function readVpcCidrs(ec2: EC2Client): Promise<Map<string, string[]>> {
  const answer = await ec2.send(new DescribeVpcsCommand({}));
  return new Map(
    z
      .array(Vpc)
      .parse(answer.Vpcs ?? [])
      .map((vpc) => {
        const associated = vpc.CidrBlockAssociationSet.flatMap((entry) => entry.CidrBlock ?? []);
        return [vpc.VpcId, [...new Set([vpc.CidrBlock, ...associated])]];
      }),
  );
}
