/**
 * Types of CloudFormation's registry that nothing here serves: the control plane keeps a record of each, with ids and
 * attributes in AWS's forms. A few have none, since their deploy would promise what does not come.
 */
import NOT_RECORDS from '../control-plane/not-records.json' with { type: 'json' };
import NAMES from '../control-plane/record-names.json' with { type: 'json' };
import { closest } from './closest.ts';
import { refused, warned, type Refused, type Warned } from './rules.ts';

const WATCHES = 'a record: nothing is watched';
const DELIVERS = 'a record: it builds and deploys nothing';
const GROUPS = 'a record: it says what belongs together';

/** Of which an app does not notice that nothing is behind them. A name that ends in a colon stands for all that begin with it. */
const NOTES: readonly (readonly [string, string])[] = [
  ...[
    'AccessAnalyzer',
    'ApplicationInsights',
    'ApplicationSignals',
    'AuditManager',
    'CloudTrail',
    'Config',
    'Detective',
  ],
  ...[
    'DevOpsGuru',
    'GuardDuty',
    'Inspector',
    'InspectorV2',
    'InternetMonitor',
    'Macie',
    'NetworkFirewall',
    'Oam',
    'RUM',
  ],
  ...['SecurityHub', 'Synthetics', 'XRay'],
].map((service): readonly [string, string] => [`AWS::${service}::`, WATCHES]);
const OF_DELIVERY: readonly (readonly [string, string])[] = [
  ...['Cloud9', 'CodeArtifact', 'CodeBuild', 'CodeCommit', 'CodeConnections', 'CodeDeploy', 'CodePipeline', 'CodeStar'],
  ...['CodeStarConnections', 'CodeStarNotifications', 'ImageBuilder'],
].map((service): readonly [string, string] => [`AWS::${service}::`, DELIVERS]);

/** Some of whose types are served, and some not: it makes no difference to an app. */
export const EITHER_WAY: readonly (readonly [string, string])[] = [
  ['AWS::Backup::', 'a record: nothing is copied'],
  ['AWS::CloudWatch::', 'a record: nothing draws it'],
  ['AWS::Logs::', 'a record: nothing is filtered, sent on or searched'],
  ['AWS::KMS::', 'nothing is encrypted with it'],
  ['AWS::ElasticLoadBalancingV2::ListenerCertificate', 'a record: a listener has its default certificate only'],
];

const OTHERS: readonly (readonly [string, string])[] = [
  ...EITHER_WAY,
  ['AWS::ResourceGroups::', GROUPS],
  ['AWS::ServiceCatalogAppRegistry::', GROUPS],
  ['AWS::RAM::', GROUPS],
  ['AWS::Budgets::', 'a record: nothing costs anything'],
  ['AWS::CE::', 'a record: nothing costs anything'],
  ['AWS::Chatbot::', 'a record: nobody is told'],
  ['AWS::ECR::', 'a record: images are where they are'],
  ['AWS::IAM::', 'a record: it allows and denies nothing'],
  ['AWS::ACMPCA::', 'a record: certificates are signed by the local region’s authority'],
  ['AWS::SSM::', 'a record: there is no machine to manage'],
  ['AWS::EC2::DHCPOptions', 'a record: the domain of a VPC is AmazonProvidedDNS’s'],
  ['AWS::EC2::VPCDHCPOptionsAssociation', 'a record: the domain of a VPC is AmazonProvidedDNS’s'],
  ['AWS::EC2::EgressOnlyInternetGateway', 'a record: addresses are IPv4 only'],
  ['AWS::EC2::VPCCidrBlock', 'a record: addresses are those of the VPC’s first block'],
  ['AWS::EC2::SubnetCidrBlock', 'a record: addresses are IPv4 only'],
  ['AWS::SecretsManager::ResourcePolicy', 'a record: it allows and denies nothing'],
];

/** What an app has to do itself where nothing starts what it counts on. */
export const NOT_CALLED = 'let a service run what it would start, for the while';
const NO_LEAD = warned('a record: nothing leads through it', 'let what talks to each other be in one VPC');
const NO_JOBS = warned('a record: no job runs', NOT_CALLED);
const ALL_PASS = warned('a record: it keeps nothing out', 'say it with security groups too');

/** The same, of what an app may well notice. */
export const EITHER_WAY_WARNED: readonly (readonly [string, Warned])[] = [
  ['AWS::WAFv2::', warned('no request is looked at', 'do not count on what it would turn away')],
  ['AWS::Events::', warned('an event starts nothing', NOT_CALLED)],
];

/** Of which an app may well notice. */
const WARNED: readonly (readonly [string, Warned])[] = [
  ...EITHER_WAY_WARNED,
  ['AWS::EC2::Instance', warned('a record: no machine runs', 'do not count on what would run on it')],
  ['AWS::EC2::NetworkAcl', ALL_PASS],
  ['AWS::EC2::NetworkAclEntry', ALL_PASS],
  ['AWS::EC2::SubnetNetworkAclAssociation', ALL_PASS],
  ['AWS::EC2::PrefixList', warned('a prefix list lets nothing through', 'give CidrIp, or a security group')],
  ['AWS::EC2::TransitGateway', NO_LEAD],
  ['AWS::EC2::TransitGatewayAttachment', NO_LEAD],
  ['AWS::EC2::VPCPeeringConnection', NO_LEAD],
  ['AWS::VpcLattice::', NO_LEAD],
  ['AWS::Batch::', NO_JOBS],
  ['AWS::EMR::', NO_JOBS],
  ['AWS::EMRServerless::', NO_JOBS],
  [
    'AWS::AppMesh::',
    warned('a record: no proxy is configured by it', 'use ServiceConnectConfiguration of the services'),
  ],
  [
    'AWS::SecretsManager::RotationSchedule',
    warned('a record: the secret is not rotated', 'do not count on another value'),
  ],
];
const NOTHING_BEHIND = warned(
  'a record: nothing is behind it, or answers at its address',
  'let the app go on without it, or give it something in its place',
);

const RECORD_NAMES: ReadonlySet<string> = new Set(NAMES);

/** What is said of a record; undefined where nothing is kept of the type. */
export function recordSaid(type: string): string | Warned | undefined {
  if (!RECORD_NAMES.has(type)) return undefined;
  const warning = closest(WARNED, type);
  const note = closest([...NOTES, ...OF_DELIVERY, ...OTHERS], type);
  return (note?.[0].length ?? 0) > (warning?.[0].length ?? 0) ? note?.[1] : (warning?.[1] ?? NOTHING_BEHIND);
}

/** Why there is no record of a type; undefined where nothing speaks against one. */
export function noRecord(type: string): Refused | undefined {
  const [, found] = closest(Object.entries(NOT_RECORDS), type) ?? [];
  const [note = '', remedy = ''] = found ?? [];
  return found === undefined ? undefined : refused(note, remedy);
}

/** All of them, also those that the control plane serves by now. */
export const RECORD_TYPES: readonly string[] = NAMES;
export const NO_RECORD_TYPES: readonly string[] = Object.keys(NOT_RECORDS);
