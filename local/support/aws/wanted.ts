/** A reference to a resource of another kind than the property takes: the deploy would find it after everything before it. */
import { isIntrinsic } from '../findings.ts';
import { ownOf } from '../../aws-shapes/own.ts';
import { listOf, membersOf, stepOf, textIn } from './given.ts';
import { says, type Refusal } from './refusal.ts';

const [VPC, SUBNET, GROUP] = ['AWS::EC2::VPC', 'AWS::EC2::Subnet', 'AWS::EC2::SecurityGroup'] as const;
const [CLUSTER, DEFINITION, SERVICE] = ['AWS::ECS::Cluster', 'AWS::ECS::TaskDefinition', 'AWS::ECS::Service'] as const;
const ELB = 'AWS::ElasticLoadBalancingV2::';
const [BALANCER, LISTENER, TARGETS] = [`${ELB}LoadBalancer`, `${ELB}Listener`, `${ELB}TargetGroup`] as const;
const TARGET = 'AWS::ApplicationAutoScaling::ScalableTarget';

/** Others, such as custom resources and parameters, may give anything. */
const KINDS: readonly string[] = [
  VPC,
  SUBNET,
  GROUP,
  CLUSTER,
  DEFINITION,
  SERVICE,
  BALANCER,
  LISTENER,
  TARGETS,
  TARGET,
  'AWS::Logs::LogGroup',
];

const ACTION = (path: string) =>
  [
    [`${path}.TargetGroupArn`, TARGETS],
    [`${path}.ForwardConfig.TargetGroups.TargetGroupArn`, TARGETS],
  ] as const;

/** By type, the path of each property that names a resource, through lists, and its kind. */
const WANTED: Readonly<Record<string, readonly (readonly [path: string, kind: string])[]>> = {
  [SUBNET]: [['VpcId', VPC]],
  [GROUP]: [
    ['VpcId', VPC],
    ['SecurityGroupIngress.SourceSecurityGroupId', GROUP],
    ['SecurityGroupEgress.DestinationSecurityGroupId', GROUP],
  ],
  'AWS::EC2::SecurityGroupIngress': [
    ['GroupId', GROUP],
    ['SourceSecurityGroupId', GROUP],
  ],
  'AWS::EC2::SecurityGroupEgress': [
    ['GroupId', GROUP],
    ['DestinationSecurityGroupId', GROUP],
  ],
  [BALANCER]: [
    ['Subnets', SUBNET],
    ['SecurityGroups', GROUP],
  ],
  [TARGETS]: [['VpcId', VPC]],
  [LISTENER]: [['LoadBalancerArn', BALANCER], ...ACTION('DefaultActions')],
  [`${ELB}ListenerRule`]: [['ListenerArn', LISTENER], ...ACTION('Actions')],
  [SERVICE]: [
    ['Cluster', CLUSTER],
    ['TaskDefinition', DEFINITION],
    ['LoadBalancers.TargetGroupArn', TARGETS],
    ['NetworkConfiguration.AwsvpcConfiguration.Subnets', SUBNET],
    ['NetworkConfiguration.AwsvpcConfiguration.SecurityGroups', GROUP],
  ],
  'AWS::ApplicationAutoScaling::ScalingPolicy': [['ScalingTargetId', TARGET]],
};

/** The values at a path, with where each of them is. */
function at(node: unknown, [step, ...more]: readonly string[], path: string): [string, unknown][] {
  if (Array.isArray(node))
    return listOf(node).flatMap((one, index) =>
      at(one, step === undefined ? [] : [step, ...more], `${path}${stepOf(one, index)}`),
    );
  if (step === undefined) return [[path, node]];
  const member = membersOf(node)[step];
  return member === undefined ? [] : at(member, more, path === '' ? step : `${path}.${step}`);
}

/** Every value in a resource's properties that names another resource, with its place and the kind that is wanted. */
const namedIn = (type: string, properties: unknown): [place: string, value: unknown, kind: string][] =>
  (ownOf(WANTED, type) ?? []).flatMap(([path, kind]) =>
    at(properties, path.split('.'), '').map(([place, value]): [string, unknown, string] => [place, value, kind]),
  );

/** By kind, the code of the API that looks for it, and what it calls it. */
const LOOKED_FOR: Readonly<Record<string, readonly [code: string, what: string]>> = {
  [VPC]: ['InvalidVpcID.NotFound', 'vpc'],
  [SUBNET]: ['InvalidSubnetID.NotFound', 'subnet'],
  [GROUP]: ['InvalidGroup.NotFound', 'security group'],
};

/** The default network, which each region has from the start: https://pypi.org/project/ministack/ */
const isDefault = (id: string): boolean => /^(?:vpc|subnet|sg)-0{7}\d$/.test(id);

/** What a template names by an id that is not there, such as one of an account on AWS. @param present ids of what is there */
export function missingIds(type: string, properties: unknown, present: ReadonlySet<string>): Refusal[] {
  return namedIn(type, properties).flatMap(([place, value, kind]) => {
    const [code, what] = ownOf(LOOKED_FOR, kind) ?? [];
    const id = textIn(value);
    // What is no id at all, the schema says.
    if (code === undefined || id === undefined || !/^(?:vpc|subnet|sg)-(?:[0-9a-f]{8}|[0-9a-f]{17})$/.test(id))
      return [];
    return present.has(id) || isDefault(id) ? [] : [says(place, code, `The ${String(what)} '${id}' does not exist`)];
  });
}

/** @param types of the resources, by name */
export function wantedRefusals(type: string, properties: unknown, types: ReadonlyMap<string, string>): Refusal[] {
  return namedIn(type, properties).flatMap(([place, value, kind]) => {
    const name = isIntrinsic(value) ? textIn((value as Readonly<Record<string, unknown>>)['Ref']) : undefined;
    const found = types.get(name ?? '');
    return found === undefined || found === kind || !KINDS.includes(found)
      ? []
      : [says(place, 'ValidationError', `${String(name)} is an ${found}, and an ${kind} is wanted`)];
  });
}
