/** Subnets and security groups that do not go together, as far as they are in the same template. */
import { isIntrinsic } from '../findings.ts';
import { listOf, membersOf, repeatedIn, textIn, type Members } from './given.ts';
import { says, type Refusal } from './refusal.ts';

type Resources = Readonly<Record<string, { readonly Type: string; readonly Properties: Members }>>;

/** The resource that a `Ref` or `Fn::GetAtt` names. */
export function named(call: unknown): string | undefined {
  if (!isIntrinsic(call)) return undefined;
  const { Ref, 'Fn::GetAtt': attribute } = call as Members;
  return textIn(Ref) ?? (Array.isArray(attribute) ? textIn(attribute[0]) : textIn(attribute)?.split('.')[0]);
}

/** Of a list, those that are resources of a type in the template. */
function within(resources: Resources, list: unknown, type: string): [id: string, properties: Members][] {
  return listOf(list).flatMap((one): [string, Members][] => {
    const id = named(one);
    const found = id !== undefined && Object.hasOwn(resources, id) ? resources[id] : undefined;
    return id === undefined || found?.Type !== type ? [] : [[id, found.Properties]];
  });
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html */
export function zoneRefusals(resources: Resources, { Subnets, Type }: Members): Refusal[] {
  if (Type !== undefined && Type !== 'application') return [];
  const subnets = within(resources, Subnets, 'AWS::EC2::Subnet');
  const zones = subnets.flatMap(([id, { AvailabilityZone }]) =>
    AvailabilityZone === undefined ? `any zone of ${id}` : JSON.stringify(AvailabilityZone),
  );
  return repeatedIn(zones).length === 0
    ? []
    : [
        says(
          'Subnets',
          'InvalidConfigurationRequest',
          'A load balancer cannot be attached to multiple subnets in the same Availability Zone',
        ),
      ];
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html: all of them are of one VPC */
export function vpcsRefusals(resources: Resources, given: Members, path: string, code: string): Refusal[] {
  const { Subnets, SecurityGroups } = membersOf(given);
  const all = [
    ...within(resources, Subnets, 'AWS::EC2::Subnet'),
    ...within(resources, SecurityGroups, 'AWS::EC2::SecurityGroup'),
  ];
  const vpcs = new Map(all.flatMap(([id, { VpcId }]) => (named(VpcId) === undefined ? [] : [[id, named(VpcId)]])));
  const names = [...new Set(vpcs.values())];
  return names.length < 2
    ? []
    : [
        says(
          path,
          code,
          `You have specified two resources that belong to different networks: ${[...vpcs].map(([id, vpc]) => `${id} is in ${String(vpc)}`).join(', ')}`,
        ),
      ];
}
