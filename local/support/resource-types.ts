/** What becomes of each resource type: made real, kept as a record, or not taken at all. */
import CONTROL_PLANE_TYPES from '../control-plane/resource-types.json' with { type: 'json' };
import { ASSOCIATIONS, CERTIFICATE, CLUSTER, LOG_GROUP, NAMESPACE, PARAMETER, REPOSITORY, SECRET } from './cluster.ts';
import { isCustom } from './custom-resources.ts';
import { closest } from './closest.ts';
import { LISTENER_RULE } from './listener-rule.ts';
import { LISTENER, LOAD_BALANCER, TARGET_GROUP } from './load-balancer.ts';
import {
  DISCOVERY_INSTANCE,
  DISCOVERY_SERVICE,
  HOSTED_ZONE,
  PRIVATE_NAMESPACE,
  PUBLIC_NAMESPACE,
  RECORD_SET,
  RECORD_SET_GROUP,
} from './names.ts';
import { SECURITY_GROUP, SECURITY_GROUP_EGRESS, SECURITY_GROUP_INGRESS, SUBNET, VPC } from './network.ts';
import { EITHER_WAY, EITHER_WAY_WARNED, NOT_CALLED, noRecord, recordSaid } from './record-types.ts';
import { refused, warned, type Refused, type Shape, type Warned } from './rules.ts';
import { SCALABLE_TARGET, SCALING_POLICY } from './scaling.ts';
import { SERVICE } from './service.ts';
import { TASK_DEFINITION } from './task-definition.ts';
import { NO_WAY_OUT } from './way-out.ts';

/** Types whose properties are looked at one by one. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  'AWS::ApplicationAutoScaling::ScalableTarget': SCALABLE_TARGET,
  'AWS::ApplicationAutoScaling::ScalingPolicy': SCALING_POLICY,
  'AWS::CertificateManager::Certificate': CERTIFICATE,
  'AWS::EC2::SecurityGroup': SECURITY_GROUP,
  'AWS::EC2::SecurityGroupEgress': SECURITY_GROUP_EGRESS,
  'AWS::EC2::SecurityGroupIngress': SECURITY_GROUP_INGRESS,
  'AWS::EC2::Subnet': SUBNET,
  'AWS::EC2::VPC': VPC,
  'AWS::ECR::Repository': REPOSITORY,
  'AWS::ECS::Cluster': CLUSTER,
  'AWS::ECS::ClusterCapacityProviderAssociations': ASSOCIATIONS,
  'AWS::ECS::Service': SERVICE,
  'AWS::ECS::TaskDefinition': TASK_DEFINITION,
  'AWS::ElasticLoadBalancingV2::Listener': LISTENER,
  'AWS::ElasticLoadBalancingV2::ListenerRule': LISTENER_RULE,
  'AWS::ElasticLoadBalancingV2::LoadBalancer': LOAD_BALANCER,
  'AWS::ElasticLoadBalancingV2::TargetGroup': TARGET_GROUP,
  'AWS::Logs::LogGroup': LOG_GROUP,
  'AWS::Route53::HostedZone': HOSTED_ZONE,
  'AWS::Route53::RecordSet': RECORD_SET,
  'AWS::Route53::RecordSetGroup': RECORD_SET_GROUP,
  'AWS::SSM::Parameter': PARAMETER,
  'AWS::SecretsManager::Secret': SECRET,
  'AWS::ServiceDiscovery::HttpNamespace': NAMESPACE,
  'AWS::ServiceDiscovery::Instance': DISCOVERY_INSTANCE,
  'AWS::ServiceDiscovery::PrivateDnsNamespace': PRIVATE_NAMESPACE,
  'AWS::ServiceDiscovery::PublicDnsNamespace': PUBLIC_NAMESPACE,
  'AWS::ServiceDiscovery::Service': DISCOVERY_SERVICE,
};

/** The one custom resource that needs no function. */
const DONE_ITSELF = 'Custom::VpcRestrictDefaultSG';

/** Other types that take effect as a whole. */
const EFFECTIVE = ['AWS::CDK::Metadata', 'AWS::CloudFormation::Stack', 'AWS::CloudWatch::Alarm'];

const JUDGED = 'it counts for what tasks call; nobody else is judged';
const SERVED = 'the region serves it, to tasks too';
const LEADS = 'decides with others which of the region’s APIs tasks reach, and nothing else';

/**
 * Types that the control plane keeps without anything running behind them, and what that means where an app does not
 * notice. A name that ends in a colon stands for all that begin with it.
 */
const RECORDS: readonly (readonly [string, string])[] = [
  ...EITHER_WAY,
  ['AWS::IAM::', JUDGED],
  ['AWS::EC2::', 'a record: tasks reach each other and load balancers'],
  ['AWS::EC2::Route', LEADS],
  ['AWS::EC2::RouteTable', LEADS],
  ['AWS::EC2::SubnetRouteTableAssociation', LEADS],
  ['AWS::EC2::VPCEndpoint', LEADS],
  ['AWS::DynamoDB::', SERVED],
  ['AWS::Kinesis::', SERVED],
  ['AWS::S3::', SERVED],
  ['AWS::SNS::', SERVED],
  ['AWS::SQS::', SERVED],
  ['AWS::CloudFormation::WaitConditionHandle', 'a record: nothing signals it'],
  ['AWS::S3::BucketPolicy', JUDGED],
  ['AWS::SNS::TopicPolicy', JUDGED],
  ['AWS::SQS::QueuePolicy', JUDGED],
  ['AWS::Lambda::Permission', 'only permissions of roles of tasks and functions are enforced'],
  ['AWS::Lambda::LayerVersion', 'its functions have it in /opt'],
  ['AWS::Lambda::Function', 'run for custom resources, and by Invoke of the API'],
  ['AWS::Scheduler::ScheduleGroup', 'a record: its schedules are what counts'],
  ['AWS::SecretsManager::SecretTargetAttachment', 'a record: what the secret has is not added to'],
  [DONE_ITSELF, 'done without its function: the default security group loses its rules'],
];

const TARGETS = warned(
  'it starts tasks of ECS and fills queues and topics; functions and state machines are not started',
  'let a task do what another target would',
);

/** The same, where an app may well count on it. */
const WARNED: readonly (readonly [string, Warned])[] = [
  ...EITHER_WAY_WARNED,
  ['AWS::Events::Rule', TARGETS],
  ['AWS::Scheduler::Schedule', TARGETS],
  ['AWS::StepFunctions::', warned('nothing starts it, and it starts no task', NOT_CALLED)],
  ['AWS::Pipes::', warned('nothing goes through it', NOT_CALLED)],
  ['AWS::Lambda::', warned('a record: nothing is called by it', 'let the app go on without what it would do')],
  ['AWS::EC2::NatGateway', NO_WAY_OUT],
  ['AWS::EFS::', warned('no task mounts it', 'use a volume of the task, which goes with it')],
];
const RECORD = warned(
  'nothing answers at its address',
  'let the app go on without it, or give it something in its place',
);

const NO_INSTANCES = refused('there are no EC2 instances', 'use Fargate');
const REFUSED: Readonly<Record<string, Refused>> = {
  'AWS::AutoScaling::': NO_INSTANCES,
  'AWS::EC2::LaunchTemplate': NO_INSTANCES,
};
const NOT_KNOWN = refused(
  'the control plane does not know the type',
  'leave it out locally, with a context value of the app',
);

export type TypeSupport =
  | { readonly kind: 'runs' }
  | { readonly kind: 'record'; readonly note: string }
  | { readonly kind: 'warned'; readonly rule: Warned }
  | { readonly kind: 'refused'; readonly rule: Refused };

function notServed(type: string): TypeSupport {
  const said = recordSaid(type);
  if (said === undefined) return { kind: 'refused', rule: noRecord(type) ?? NOT_KNOWN };
  return typeof said === 'string' ? { kind: 'record', note: said } : { kind: 'warned', rule: said };
}

export function typeSupport(type: string): TypeSupport {
  if (Object.hasOwn(SHAPES, type) || EFFECTIVE.includes(type)) return { kind: 'runs' };
  const known = CONTROL_PLANE_TYPES.includes(type);
  const rule = closest(Object.entries(REFUSED), type)?.[1];
  if (rule !== undefined) return { kind: 'refused', rule };
  if (isCustom(type) && type !== DONE_ITSELF) return { kind: 'runs' };
  if (!known) return notServed(type);
  const record = closest(RECORDS, type);
  const warning = closest(WARNED, type);
  return record !== undefined && record[0].length > (warning?.[0].length ?? 0)
    ? { kind: 'record', note: record[1] }
    : { kind: 'warned', rule: warning?.[1] ?? RECORD };
}

/** Every type that is taken, but for those of which there is nothing but a record. */
export const KNOWN_TYPES: readonly string[] = CONTROL_PLANE_TYPES;

/** Types whose values are judged as AWS judges them. */
export const JUDGED_TYPES: readonly string[] = [...Object.keys(SHAPES), ...EFFECTIVE].sort();

/** Types that have attributes for others to name; what CDK's own resources answer is known at the deploy. */
export const ANSWERED_TYPES: readonly string[] = KNOWN_TYPES.filter((type) => type.startsWith('AWS::'));
