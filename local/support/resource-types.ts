/** What becomes of each resource type: made real, kept as a record, or not taken at all. */
import CONTROL_PLANE_TYPES from '../control-plane/resource-types.json' with { type: 'json' };
import { LISTENER, LISTENER_RULE, LOAD_BALANCER, TARGET_GROUP } from './load-balancer.ts';
import { refused, type Refused, type Shape } from './rules.ts';
import { SCALABLE_TARGET, SCALING_POLICY } from './scaling.ts';
import { SERVICE } from './service.ts';
import { TASK_DEFINITION } from './task-definition.ts';

/** Types whose properties are looked at one by one. */
export const SHAPES: Readonly<Record<string, Shape>> = {
  'AWS::ApplicationAutoScaling::ScalableTarget': SCALABLE_TARGET,
  'AWS::ApplicationAutoScaling::ScalingPolicy': SCALING_POLICY,
  'AWS::ECS::Service': SERVICE,
  'AWS::ECS::TaskDefinition': TASK_DEFINITION,
  'AWS::ElasticLoadBalancingV2::Listener': LISTENER,
  'AWS::ElasticLoadBalancingV2::ListenerRule': LISTENER_RULE,
  'AWS::ElasticLoadBalancingV2::LoadBalancer': LOAD_BALANCER,
  'AWS::ElasticLoadBalancingV2::TargetGroup': TARGET_GROUP,
};

/** Other types that take effect as a whole. */
const EFFECTIVE = [
  'AWS::CDK::Metadata',
  'AWS::CertificateManager::Certificate',
  'AWS::CloudFormation::Stack',
  'AWS::CloudWatch::Alarm',
  'AWS::EC2::SecurityGroup',
  'AWS::EC2::SecurityGroupEgress',
  'AWS::EC2::SecurityGroupIngress',
  'AWS::EC2::Subnet',
  'AWS::EC2::VPC',
  'AWS::ECR::Repository',
  'AWS::ECS::Cluster',
  'AWS::ECS::ClusterCapacityProviderAssociations',
  'AWS::Logs::LogGroup',
  'AWS::SSM::Parameter',
  'AWS::SecretsManager::Secret',
  'AWS::ServiceDiscovery::HttpNamespace',
];

/**
 * Types that the control plane keeps without anything running behind them, and what that means. A name that ends in a
 * colon stands for all that begin with it.
 */
const RECORDS: readonly (readonly [string, string])[] = [
  ['AWS::IAM::', 'permissions are not enforced'],
  ['AWS::KMS::', 'nothing is encrypted with it'],
  ['AWS::EC2::', 'a record: tasks reach each other and load balancers, and nothing else'],
  ['AWS::Logs::', 'a record: nothing is filtered, sent on or searched'],
  ['AWS::CloudWatch::', 'a record: nothing draws it'],
  ['AWS::WAFv2::', 'a record: no request is looked at'],
  ['AWS::ElasticLoadBalancingV2::ListenerCertificate', 'a record: a listener has its default certificate only'],
  ['AWS::SNS::', 'served at the region’s endpoint, which tasks do not reach'],
  ['AWS::SQS::', 'served at the region’s endpoint, which tasks do not reach'],
  ['AWS::S3::', 'served at the region’s endpoint, which tasks do not reach'],
  ['AWS::DynamoDB::', 'served at the region’s endpoint, which tasks do not reach'],
  ['AWS::Lambda::', 'a record: nothing calls the function'],
  ['AWS::Route53::', 'a record: tasks have no DNS'],
  ['AWS::ServiceDiscovery::', 'a record: tasks have no DNS; Service Connect works in any namespace'],
  ['Custom::VpcRestrictDefaultSG', 'done without its function: the default security group loses its rules'],
  ['Custom::', 'done without its function: nothing is left behind when the region stops'],
];
const RECORD = 'a record: nothing answers at its address';

const NO_INSTANCES = refused('there are no EC2 instances', 'use Fargate');
const NO_FUNCTIONS = refused('its Lambda function is not run', 'leave it out locally, with a context value of the app');
const REFUSED: Readonly<Record<string, Refused>> = {
  'AWS::AutoScaling::': NO_INSTANCES,
  'AWS::EC2::LaunchTemplate': NO_INSTANCES,
  'AWS::CloudFormation::CustomResource': NO_FUNCTIONS,
  'Custom::': NO_FUNCTIONS,
};
const NOT_KNOWN = refused(
  'the control plane does not know the type',
  'leave it out locally, with a context value of the app',
);

export type TypeSupport =
  | { readonly kind: 'runs' }
  | { readonly kind: 'record'; readonly note: string }
  | { readonly kind: 'refused'; readonly rule: Refused };

const covers = (name: string, type: string): boolean => (name.endsWith(':') ? type.startsWith(name) : type === name);

export function typeSupport(type: string): TypeSupport {
  if (type in SHAPES || EFFECTIVE.includes(type)) return { kind: 'runs' };
  const known = CONTROL_PLANE_TYPES.includes(type);
  const rule = Object.entries(REFUSED).find(([name]) => covers(name, type))?.[1];
  if (rule !== undefined && !(known && type.startsWith('Custom::'))) return { kind: 'refused', rule };
  if (!known) return { kind: 'refused', rule: NOT_KNOWN };
  return { kind: 'record', note: RECORDS.find(([name]) => covers(name, type))?.[1] ?? RECORD };
}

/** Every type that is taken. */
export const KNOWN_TYPES: readonly string[] = CONTROL_PLANE_TYPES;
