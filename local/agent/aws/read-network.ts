/** Reads VPCs, subnets and security groups. */
import {
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { z } from 'zod';
import { ownOf } from '../../aws-shapes/own.ts';
import type { SecurityGroup, SecurityGroupRule } from '../core/mesh.ts';
import type { Subnet } from '../core/region-state.ts';
import type { Complain } from '../../region/complaints.ts';
import { text, whole } from '../../aws-shapes/loose.ts';
import { Cidr } from '../../aws-shapes/network-names.ts';
import { readEach } from './read-each.ts';

const PROTOCOLS: Readonly<Record<string, SecurityGroupRule['protocol']>> = {
  '-1': 'all',
  tcp: 'tcp',
  '6': 'tcp',
  udp: 'udp',
  '17': 'udp',
  icmp: 'icmp',
  '1': 'icmp',
};

export const Permission = z
  .object({
    IpProtocol: text().transform((value, context): SecurityGroupRule['protocol'] => {
      const protocol = ownOf(PROTOCOLS, value);
      if (protocol !== undefined) return protocol;
      context.addIssue({
        code: 'custom',
        message: `security group protocol ${value} is not supported: use tcp, udp, icmp or -1`,
      });
      return z.NEVER;
    }),
    FromPort: whole(-1, 65_535).optional(),
    ToPort: whole(-1, 65_535).optional(),
    IpRanges: z.array(z.object({ CidrIp: Cidr })).default([]),
    UserIdGroupPairs: z.array(z.object({ GroupId: z.string() })).default([]),
  })
  .superRefine(({ IpProtocol, FromPort = -1, ToPort = FromPort }, context) => {
    const hasPorts = IpProtocol === 'tcp' || IpProtocol === 'udp';
    // One rule that iptables does not take would keep every other rule of the VPC from being set.
    const isRange = FromPort === -1 ? ToPort === -1 : FromPort <= ToPort;
    if (hasPorts && !isRange)
      context.addIssue({
        code: 'custom',
        message: `${String(FromPort)} to ${String(ToPort)} is no range of ports from low to high`,
      });
  })
  .transform((raw) => ({
    protocol: raw.IpProtocol,
    fromPort: raw.FromPort === -1 ? undefined : raw.FromPort,
    toPort: raw.ToPort === -1 ? undefined : raw.ToPort,
    cidrs: raw.IpRanges.map((range) => range.CidrIp),
    peerSecurityGroupIds: raw.UserIdGroupPairs.map((pair) => pair.GroupId),
  }));

/** A permission that can't be read lets nothing through; the group's others do. */
const Group = z.object({
  GroupId: z.string(),
  IpPermissions: z.array(z.unknown()).default([]),
  IpPermissionsEgress: z.array(z.unknown()).default([]),
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

export function narrowSecurityGroups(rows: readonly unknown[] | undefined, complain: Complain): SecurityGroup[] {
  return readEach(Group, rows, 'security group', ['GroupId'], complain).map((group) => {
    const rules = (permissions: readonly unknown[], direction: string): SecurityGroupRule[] =>
      readEach(Permission, permissions, `${direction} rule of security group ${group.GroupId}`, [], (_, message) => {
        complain(group.GroupId, message);
      });
    return {
      id: group.GroupId,
      ingress: rules(group.IpPermissions, 'an ingress'),
      egress: rules(group.IpPermissionsEgress, 'an egress'),
    };
  });
}

export async function readSecurityGroups(ec2: EC2Client, complain: Complain): Promise<SecurityGroup[]> {
  return narrowSecurityGroups((await ec2.send(new DescribeSecurityGroupsCommand({}))).SecurityGroups, complain);
}

export async function readSubnets(ec2: EC2Client, complain: Complain): Promise<Map<string, Subnet>> {
  const answer = await ec2.send(new DescribeSubnetsCommand({}));
  const subnets = readEach(SubnetSchema, answer.Subnets, 'subnet', ['SubnetId'], complain);
  return new Map(
    subnets.map((raw) => [
      raw.SubnetId,
      { id: raw.SubnetId, vpcId: raw.VpcId, cidr: raw.CidrBlock, zone: raw.AvailabilityZone },
    ]),
  );
}

export async function readVpcCidrs(ec2: EC2Client, complain: Complain): Promise<Map<string, string[]>> {
  const answer = await ec2.send(new DescribeVpcsCommand({}));
  return new Map(
    readEach(Vpc, answer.Vpcs, 'VPC', ['VpcId'], complain).map((vpc) => {
      const associated = vpc.CidrBlockAssociationSet.flatMap((entry) => entry.CidrBlock ?? []);
      return [vpc.VpcId, [...new Set([vpc.CidrBlock, ...associated])]];
    }),
  );
}
