/** What EC2 refuses of networks: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
import { REGION } from '../../region/paths.ts';
import { ownOf } from '../../aws-shapes/own.ts';
import { holds, isIpv6Range, overlap, rangeOf, type Range } from './cidr.ts';
import { listOf, membersOf, numberIn, repeatedIn, textIn, type Members } from './given.ts';
import { says, type Refusal } from './refusal.ts';
import { shown } from './schema-sentences.ts';

/** https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html: sizes, and what no VPC can have */
const SIZES = { largest: 16, smallest: 28 };
const RESERVED = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4'].flatMap((text) => rangeOf(text) ?? []);

const notValid = (text: string): Refusal =>
  says(
    'CidrBlock',
    'InvalidParameterValue',
    `Value (${shown(text)}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`,
  );
const isSized = ({ prefix }: Range): boolean => prefix >= SIZES.largest && prefix <= SIZES.smallest;

export function vpcRefusals({ CidrBlock, Ipv4IpamPoolId }: Members): Refusal[] {
  const text = textIn(CidrBlock);
  if (CidrBlock === undefined && Ipv4IpamPoolId === undefined)
    return [says('CidrBlock', 'ValidationError', "Either 'CidrBlock' or 'Ipv4IpamPoolId' should be provided.")];
  if (text === undefined) return [];
  const range = rangeOf(text);
  if (range === undefined) return [notValid(text)];
  const isTaken = isSized(range) && !RESERVED.some((one) => overlap(one, range));
  return isTaken ? [] : [says('CidrBlock', 'InvalidVpc.Range', `The CIDR '${text}' is invalid.`)];
}

/** @param vpc its properties, where it is in the same template */
export function subnetRefusals(properties: Members, vpc: Members | undefined): Refusal[] {
  return [...zoneRefusals(properties), ...subnetRangeRefusals(properties, vpc)];
}

/** https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html: us-east-1 has six */
const ZONE = new RegExp(`^${REGION}[a-f]$`);

function zoneRefusals({ AvailabilityZone }: Members): Refusal[] {
  const zone = textIn(AvailabilityZone);
  if (zone === undefined || ZONE.test(zone)) return [];
  const sentence = `Value (${shown(zone)}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => REGION + letter).join(', ')}.`;
  return [says('AvailabilityZone', 'InvalidParameterValue', sentence)];
}

function subnetRangeRefusals(properties: Members, vpc: Members | undefined): Refusal[] {
  const { CidrBlock, Ipv4IpamPoolId, Ipv6Native } = properties;
  const text = textIn(CidrBlock);
  if (CidrBlock === undefined && Ipv4IpamPoolId === undefined && Ipv6Native === undefined)
    return [
      says('CidrBlock', 'ValidationError', 'Either CIDR Block or IPv6 CIDR Block and IPv6 Native must be provided'),
    ];
  if (text === undefined) return [];
  const range = rangeOf(text);
  if (range === undefined) return [notValid(text)];
  const outer = rangeOf(textIn(vpc?.['CidrBlock']) ?? '');
  return isSized(range) && (outer === undefined || holds(outer, range))
    ? []
    : [says('CidrBlock', 'InvalidSubnet.Range', `The CIDR '${text}' is invalid.`)];
}

/** Names of https://www.iana.org/assignments/protocol-numbers that EC2 takes; others by their number. */
const PROTOCOLS: Readonly<Record<string, string>> = { tcp: 'tcp', '6': 'tcp', udp: 'udp', '17': 'udp' };
const OTHERS = ['icmp', 'icmpv6', '-1', 'all'];
/** `icmp` has types and codes in the place of ports. */
const ICMP = ['icmp', 'icmpv6', '1', '58'];

const DESCRIPTION = /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{0,255}$/;
/** Whom a rule is for: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroupingress.html */
const SOURCES = [
  'CidrIp',
  'CidrIpv6',
  'SourcePrefixListId',
  'SourceSecurityGroupId',
  'SourceSecurityGroupName',
  'DestinationPrefixListId',
  'DestinationSecurityGroupId',
];

export function ruleRefusals(path: string, rule: Members): Refusal[] {
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const found: Refusal[] = [];
  const cidr = textIn(rule['CidrIp']);
  if (cidr !== undefined && rangeOf(cidr) === undefined)
    found.push(says(at('CidrIp'), 'InvalidParameterValue', `CIDR block ${shown(cidr)} is malformed`));
  const range = textIn(rule['CidrIpv6']);
  if (range !== undefined && !isIpv6Range(range))
    found.push(says(at('CidrIpv6'), 'InvalidParameterValue', `CIDR block ${shown(range)} is malformed`));
  const description = textIn(rule['Description']);
  if (description !== undefined && !DESCRIPTION.test(description))
    found.push(
      says(
        at('Description'),
        'InvalidParameterValue',
        'Invalid rule description. Valid descriptions are strings less than 256 characters from the following set: a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*',
      ),
    );
  const given = SOURCES.filter((name) => rule[name] !== undefined);
  if (given.length !== 1)
    found.push(
      says(
        path,
        'ValidationError',
        `Exactly one of CidrIp, CidrIpv6, a prefix list and a security group must be specified${given.length === 0 ? '' : `, not ${given.join(' and ')}`}`,
      ),
    );
  const name = textIn(rule['IpProtocol'])?.toLowerCase();
  if (name === undefined) return found;
  const protocol = ownOf(PROTOCOLS, name);
  const isNumber = /^\d{1,3}$/.test(name) && Number(name) <= 255;
  if (protocol === undefined && !OTHERS.includes(name) && !isNumber)
    return [
      ...found,
      says(
        at('IpProtocol'),
        'InvalidParameterValue',
        `Invalid value '${shown(rule['IpProtocol'])}' for IP protocol. Unknown protocol.`,
      ),
    ];
  const [from, to] = [numberIn(rule['FromPort']), numberIn(rule['ToPort'])];
  if (protocol !== undefined) {
    if (rule['FromPort'] === undefined || rule['ToPort'] === undefined)
      found.push(
        says(
          at('FromPort'),
          'InvalidParameterValue',
          "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.",
        ),
      );
    // As https://github.com/badmintoncryer/cdk-preflight found on AWS: pf-ec2-sg-port-range
    const odd = ([end, port]: readonly [string, number | undefined]): string[] =>
      port === undefined || (port >= 0 && port <= 65_535) ? [] : [`TCP/UDP (${end}) port (${port}) out of range`];
    const [outside] = (
      [
        ['from', from],
        ['to', to],
      ] as const
    ).flatMap(odd);
    const turned =
      (from ?? 0) > (to ?? Infinity) ? `Invalid TCP/UDP port range(${String(from)}:${String(to)})` : undefined;
    const sentence = outside ?? turned;
    if (sentence !== undefined) found.push(says(at('FromPort'), 'InvalidParameterValue', sentence));
  } else if (ICMP.includes(name) && [from, to].some((part) => part !== undefined && (part < -1 || part > 255)))
    found.push(
      says(
        at('FromPort'),
        'InvalidParameterValue',
        `ICMP type (${String(from)}) and code (${String(to)}) are between -1 and 255`,
      ),
    );
  return found;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html */
function groupNameRefusals({ GroupName }: Members): Refusal[] {
  const name = textIn(GroupName);
  if (name === undefined) return [];
  if (name === 'default')
    return [says('GroupName', 'InvalidParameterValue', 'Cannot use reserved security group name: default')];
  return name.startsWith('sg-')
    ? [says('GroupName', 'InvalidParameterValue', 'Group names may not be in the format sg-*')]
    : [];
}

export function securityGroupRefusals(properties: Members): Refusal[] {
  const rules = ['SecurityGroupIngress', 'SecurityGroupEgress'].flatMap((list) => {
    const keys = listOf(properties[list]).map((rule) => {
      const members = Object.entries(membersOf(rule)).filter(([key]) => key !== 'Description');
      return JSON.stringify(members.map(([key, value]) => [key, textIn(value) ?? value]));
    });
    return [
      ...repeatedIn(keys).map(() =>
        says(list, 'InvalidParameterValue', 'The same permission must not appear multiple times'),
      ),
      ...listOf(properties[list]).flatMap((rule, index) => ruleRefusals(`${list}[${index}]`, membersOf(rule))),
    ];
  });
  return [...groupNameRefusals(properties), ...rules];
}
