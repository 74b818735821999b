/** What EC2 refuses of networks: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
import { ownOf } from '../own.ts';
import { holds, overlap, rangeOf, type Range } from './cidr.ts';
import { listOf, membersOf, numberIn, textIn, type Members } from './given.ts';
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

export function vpcRefusals({ CidrBlock }: Members): Refusal[] {
  const text = textIn(CidrBlock);
  if (text === undefined) return [];
  const range = rangeOf(text);
  if (range === undefined) return [notValid(text)];
  const isTaken = isSized(range) && !RESERVED.some((one) => overlap(one, range));
  return isTaken ? [] : [says('CidrBlock', 'InvalidVpc.Range', `The CIDR '${text}' is invalid.`)];
}

/** @param vpc its properties, where it is in the same template */
export function subnetRefusals({ CidrBlock }: Members, vpc: Members | undefined): Refusal[] {
  const text = textIn(CidrBlock);
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

export function ruleRefusals(path: string, rule: Members): Refusal[] {
  const at = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const found: Refusal[] = [];
  const cidr = textIn(rule['CidrIp']);
  if (cidr !== undefined && rangeOf(cidr) === undefined)
    found.push(says(at('CidrIp'), 'InvalidParameterValue', `CIDR block ${shown(cidr)} is malformed`));
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
      found.push(says(at('FromPort'), 'InvalidParameterValue', 'Must specify both from and to ports with TCP/UDP.'));
    const isPort = (port: number | undefined) => port === undefined || (port >= 0 && port <= 65_535);
    if (!isPort(from) || !isPort(to) || (from ?? 0) > (to ?? Infinity))
      found.push(
        says(
          at('FromPort'),
          'InvalidParameterValue',
          `Invalid ${protocol.toUpperCase()} port range (${String(from)}:${String(to)})`,
        ),
      );
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

export function securityGroupRefusals(properties: Members): Refusal[] {
  return ['SecurityGroupIngress', 'SecurityGroupEgress'].flatMap((list) =>
    listOf(properties[list]).flatMap((rule, index) => ruleRefusals(`${list}[${index}]`, membersOf(rule))),
  );
}
