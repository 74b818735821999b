/** What AWS would refuse of a template's resources, each by itself and together. Pure, on what the template says. */
import { refuses } from './aws-sentences.ts';
import { membersOf, textIn, type Members } from './given.ts';
import { versionRefusals } from './forward-actions.ts';
import { actionRefusals } from './listener-actions.ts';
import { listenerRefusals, loadBalancerRefusals } from './load-balancer.ts';
import { nameRefusals, parameterRefusals, secretRefusals, UNIQUE } from './names.ts';
import { ruleRefusals, securityGroupRefusals, subnetRefusals, vpcRefusals } from './network.ts';
import { overlap, rangeOf } from './cidr.ts';
import { rangeRefusals } from './numbers.ts';
import { named, vpcsRefusals, zoneRefusals } from './placement.ts';
import { says, type Refusal } from './refusal.ts';
import { conditionRefusals } from './rule-conditions.ts';
import { schemaRefusals } from './schema.ts';
import { shown } from './schema-sentences.ts';
import { serviceRefusals } from './service.ts';
import { targetGroupRefusals } from './target-group.ts';
import { scalableTargetRefusals, scalingPolicyRefusals } from './scaling.ts';
import { taskDefinitionRefusals } from './task-definition.ts';
import { wantedRefusals } from './wanted.ts';

export interface Resource {
  readonly Type: string;
  readonly Properties: Members;
}
type Resources = Readonly<Record<string, Resource>>;

/** The resource that a value names, where it is in the template. */
function other(resources: Resources, value: unknown): Members | undefined {
  const name = named(value);
  return name !== undefined && Object.hasOwn(resources, name) ? resources[name]?.Properties : undefined;
}

/** @param protocol of the listener, where it is known */
const actionsOf = (resources: Resources, list: string, properties: Members, protocol: unknown): Refusal[] => [
  ...actionRefusals(list, properties[list], protocol),
  ...versionRefusals(list, properties[list], protocol, (arn) => other(resources, arn)),
];

function own(resources: Resources, { Type, Properties }: Resource): Refusal[] {
  switch (Type) {
    case 'AWS::ECS::TaskDefinition':
      return taskDefinitionRefusals(Properties);
    case 'AWS::ECS::Service':
      return [
        ...serviceRefusals(Properties, other(resources, Properties['TaskDefinition'])),
        ...vpcsRefusals(
          resources,
          membersOf(membersOf(Properties['NetworkConfiguration'])['AwsvpcConfiguration']),
          'NetworkConfiguration.AwsvpcConfiguration',
          'InvalidParameterException',
        ),
      ];
    case 'AWS::EC2::VPC':
      return vpcRefusals(Properties);
    case 'AWS::EC2::Subnet':
      return subnetRefusals(Properties, other(resources, Properties['VpcId']));
    case 'AWS::EC2::SecurityGroup':
      return securityGroupRefusals(Properties);
    case 'AWS::EC2::SecurityGroupIngress':
    case 'AWS::EC2::SecurityGroupEgress':
      return ruleRefusals('', Properties);
    case 'AWS::ElasticLoadBalancingV2::LoadBalancer':
      return [
        ...loadBalancerRefusals(Properties),
        ...zoneRefusals(resources, Properties),
        ...vpcsRefusals(resources, Properties, 'Subnets', 'InvalidConfigurationRequest'),
      ];
    case 'AWS::ElasticLoadBalancingV2::Listener':
      return [
        ...listenerRefusals(Properties),
        ...actionsOf(resources, 'DefaultActions', Properties, Properties['Protocol']),
      ];
    case 'AWS::ElasticLoadBalancingV2::ListenerRule':
      return [
        ...actionsOf(resources, 'Actions', Properties, other(resources, Properties['ListenerArn'])?.['Protocol']),
        ...conditionRefusals(Properties['Conditions']),
      ];
    case 'AWS::ElasticLoadBalancingV2::TargetGroup':
      return targetGroupRefusals(Properties);
    case 'AWS::ApplicationAutoScaling::ScalableTarget':
      return scalableTargetRefusals(Properties);
    case 'AWS::ApplicationAutoScaling::ScalingPolicy':
      return scalingPolicyRefusals(Properties);
    case 'AWS::SSM::Parameter':
      return parameterRefusals(Properties);
    case 'AWS::SecretsManager::Secret':
      return secretRefusals(Properties);
    default:
      return [];
  }
}

/** Each resource after the first that has the same key. @param keyOf undefined where it is known at the deploy */
function later(resources: Resources, type: string, keyOf: (properties: Members) => string | undefined): string[] {
  const seen = new Set<string>();
  return Object.entries(resources).flatMap(([id, { Type, Properties }]) => {
    const key = Type === type ? keyOf(Properties) : undefined;
    if (key === undefined || !seen.has(key)) {
      if (key !== undefined) seen.add(key);
      return [];
    }
    return [id];
  });
}

/** Of resources that can't be there together. */
function together(resources: Resources): [id: string, refusal: Refusal][] {
  const inside = ({ VpcId }: Members) => JSON.stringify(VpcId);
  const subnets = Object.entries(resources).flatMap(([id, { Type, Properties }]) => {
    const range = Type === 'AWS::EC2::Subnet' ? rangeOf(textIn(Properties['CidrBlock']) ?? '') : undefined;
    return range === undefined ? [] : [{ id, range, vpc: inside(Properties), text: String(Properties['CidrBlock']) }];
  });
  const conflicts = subnets.filter(({ range, vpc }, index) =>
    subnets.slice(0, index).some((before) => before.vpc === vpc && overlap(before.range, range)),
  );
  const joined = (...parts: unknown[]) => (parts[0] === undefined ? undefined : JSON.stringify(parts));
  const services = later(resources, 'AWS::ECS::Service', ({ ServiceName, Cluster }) =>
    joined(textIn(ServiceName), Cluster),
  );
  const rules = later(resources, 'AWS::ElasticLoadBalancingV2::ListenerRule', ({ Priority, ListenerArn }) =>
    joined(textIn(Priority), ListenerArn),
  );
  const listeners = later(resources, 'AWS::ElasticLoadBalancingV2::Listener', ({ Port, LoadBalancerArn }) =>
    joined(textIn(Port), LoadBalancerArn),
  );
  const once = Object.entries(UNIQUE).flatMap(([type, [property, code, within]]) =>
    later(resources, type, (properties) =>
      joined(textIn(properties[property]), within === undefined ? '' : properties[within]),
    ).map((id): [string, Refusal] => [
      id,
      says(property, code, `${shown(resources[id]?.Properties[property])} already exists`),
    ]),
  );
  return [
    ...once,
    ...conflicts.map(({ id, text }): [string, Refusal] => [
      id,
      says('CidrBlock', 'InvalidSubnet.Conflict', `The CIDR '${text}' conflicts with another subnet`),
    ]),
    ...services.map((id): [string, Refusal] => [
      id,
      says('ServiceName', 'InvalidParameterException', 'Creation of service was not idempotent.'),
    ]),
    ...rules.map((id): [string, Refusal] => [
      id,
      refuses('Priority', 'priorityInUse', { priority: textIn(resources[id]?.Properties['Priority']) }),
    ]),
    ...listeners.map((id): [string, Refusal] => [
      id,
      says('Port', 'DuplicateListener', 'A listener already exists on this port for this load balancer'),
    ]),
  ];
}

/** Members that are null are refused before anything else is looked at. */
function nullIn(node: unknown, path: string): string | undefined {
  if (node === null) return path;
  if (typeof node !== 'object') return undefined;
  for (const [key, member] of Object.entries(node)) {
    const found = nullIn(member, `${path}/${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @param resources with what is known of their functions in its place */
export function refusalsIn(resources: Resources): [id: string, refusal: Refusal][] {
  const types = new Map(Object.entries(resources).map(([id, { Type }]) => [id, Type]));
  const each = Object.entries(resources).flatMap(([id, resource]) => {
    const empty = nullIn(resource.Properties, '');
    if (empty !== undefined)
      return [
        [
          id,
          says(
            empty.slice(1).replaceAll('/', '.'),
            'ValidationError',
            `[/Resources/${id}/Properties${empty}] 'null' values are not allowed in templates`,
          ),
        ] as [string, Refusal],
      ];
    const properties = membersOf(resource.Properties);
    const bySchema = schemaRefusals(resource.Type, properties);
    // What the schema says of a value is enough.
    const said = new Set(bySchema.map(({ path }) => path));
    const more = [
      ...rangeRefusals(resource.Type, properties),
      ...nameRefusals(resource.Type, properties),
      ...wantedRefusals(resource.Type, properties, types),
      ...own(resources, { ...resource, Properties: properties }),
    ];
    return [...bySchema, ...more.filter(({ path }) => !said.has(path) || path === '')].map((one): [string, Refusal] => [
      id,
      one,
    ]);
  });
  return [...each, ...together(resources)];
}
