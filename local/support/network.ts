/** What of networks runs here: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_EC2.html */
import { ignored, refused, shape, TAGS, warned } from './rules.ts';

const NO_IPV6 = ignored('addresses are IPv4 only');
const NO_POOL = refused('there are no pools of addresses', 'give CidrBlock');

export const VPC = shape({
  reads: ['CidrBlock', 'EnableDnsHostnames', 'EnableDnsSupport'],
  others: {
    ...TAGS,
    InstanceTenancy: ignored('there are no EC2 instances'),
    Ipv4IpamPoolId: NO_POOL,
    Ipv4NetmaskLength: NO_POOL,
    VpcEncryptionControl: ignored('nothing leaves the machine'),
  },
});

export const SUBNET = shape({
  reads: ['VpcId', 'CidrBlock', 'AvailabilityZone'],
  others: {
    ...TAGS,
    AvailabilityZoneId: refused('zones are known by their names', 'use AvailabilityZone'),
    MapPublicIpOnLaunch: ignored('tasks have no public address'),
    AssignIpv6AddressOnCreation: NO_IPV6,
    EnableDns64: NO_IPV6,
    Ipv6CidrBlock: NO_IPV6,
    Ipv6IpamPoolId: NO_IPV6,
    Ipv6NetmaskLength: NO_IPV6,
    Ipv6Native: refused('addresses are IPv4 only', 'give CidrBlock'),
    Ipv4IpamPoolId: NO_POOL,
    Ipv4NetmaskLength: NO_POOL,
    EnableLniAtDeviceIndex: refused('there are no Outposts', 'leave it out'),
    OutpostArn: refused('there are no Outposts', 'leave it out'),
    PrivateDnsNameOptionsOnLaunch: ignored('there are no EC2 instances'),
  },
});

const NO_LISTS = warned('a prefix list lets nothing through', 'give CidrIp, or a security group');
const BOTH = {
  reads: ['IpProtocol', 'FromPort', 'ToPort', 'CidrIp'],
  others: { Description: ignored('nothing reads it'), CidrIpv6: NO_IPV6 },
};
const INGRESS = {
  reads: [...BOTH.reads, 'SourceSecurityGroupId'],
  others: {
    ...BOTH.others,
    SourcePrefixListId: NO_LISTS,
    SourceSecurityGroupName: refused('groups are known by their ids', 'use SourceSecurityGroupId'),
    SourceSecurityGroupOwnerId: ignored('there is one account'),
  },
};
const EGRESS = {
  reads: [...BOTH.reads, 'DestinationSecurityGroupId'],
  others: { ...BOTH.others, DestinationPrefixListId: NO_LISTS },
};

export const SECURITY_GROUP = shape({
  reads: ['VpcId', 'GroupName'],
  others: { ...TAGS, GroupDescription: ignored('nothing reads it') },
  parts: { SecurityGroupIngress: shape(INGRESS), SecurityGroupEgress: shape(EGRESS) },
});

export const SECURITY_GROUP_INGRESS = shape({
  reads: ['GroupId', ...INGRESS.reads],
  others: { ...INGRESS.others, GroupName: refused('groups are known by their ids', 'use GroupId') },
});
export const SECURITY_GROUP_EGRESS = shape({ ...EGRESS, reads: ['GroupId', ...EGRESS.reads] });
