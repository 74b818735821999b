/** What ECS refuses in a service: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html */
import { isIntrinsic } from '../findings.ts';
import { arnRefusals } from './arns.ts';
import { refuses } from './aws-sentences.ts';
import { strategyRefusals } from './capacity-providers.ts';
import { listOf, membersOf, namedElements, numberIn, textIn, type Members } from './given.ts';
import { says, type Refusal } from './refusal.ts';
import { shown } from './schema-sentences.ts';
import { connectRefusals } from './service-connect.ts';

const CODE = 'InvalidParameterException';
const NAME = /^[A-Za-z0-9_-]{1,255}$/;

function networkRefusals(configuration: unknown): Refusal[] {
  if (configuration === undefined)
    return [
      says(
        'NetworkConfiguration',
        CODE,
        "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
      ),
    ];
  const awsvpc = membersOf(configuration)['AwsvpcConfiguration'];
  const { Subnets, SecurityGroups } = membersOf(awsvpc);
  const path = 'NetworkConfiguration.AwsvpcConfiguration';
  const found: Refusal[] = [];
  if (Array.isArray(Subnets) && Subnets.length === 0)
    found.push(says(`${path}.Subnets`, CODE, 'subnets can not be empty.'));
  if (Subnets === undefined && Object.keys(membersOf(awsvpc)).length > 0)
    found.push(says(`${path}.Subnets`, CODE, 'subnets can not be empty.'));
  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html
  if (listOf(Subnets).length > 16) found.push(says(`${path}.Subnets`, CODE, 'subnets can have at most 16 items.'));
  if (listOf(SecurityGroups).length > 5)
    found.push(says(`${path}.SecurityGroups`, CODE, 'securityGroups can have at most 5 items.'));
  return found;
}

function deploymentRefusals(configuration: unknown): Refusal[] {
  const { MinimumHealthyPercent, MaximumPercent } = membersOf(configuration);
  const [least, most] = [numberIn(MinimumHealthyPercent) ?? 100, numberIn(MaximumPercent) ?? 200];
  if (least < most || least < 0 || most < 100) return [];
  const sentence = 'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.';
  return [says('DeploymentConfiguration', CODE, sentence)];
}

/** @param definition of the service, where it is in the same template */
function containerRefusals(
  { LoadBalancers, ServiceConnectConfiguration }: Members,
  definition: Members | undefined,
): Refusal[] {
  const definitions = definition?.['ContainerDefinitions'];
  const containers = namedElements('', definitions).map(([, one]) => one);
  const isKnown =
    Array.isArray(definitions) &&
    containers.every(({ Name, PortMappings }) => {
      const isMapping =
        PortMappings === undefined ||
        (Array.isArray(PortMappings) &&
          PortMappings.every((one) => textIn(membersOf(one)['ContainerPort']) !== undefined));
      return textIn(Name) !== undefined && isMapping;
    });
  if (!isKnown) return [];
  const balanced = listOf(LoadBalancers).flatMap((one, index): Refusal[] => {
    const { ContainerName, ContainerPort } = membersOf(one);
    const [name, port] = [textIn(ContainerName), textIn(ContainerPort)];
    if (name === undefined) return [];
    const container = containers.find(({ Name }) => textIn(Name) === name);
    const at = `LoadBalancers[${index}]`;
    if (container === undefined)
      return [says(at, CODE, `The container ${shown(name)} does not exist in the task definition.`)];
    const ports = listOf(container['PortMappings']).map((mapping) => textIn(membersOf(mapping)['ContainerPort']));
    return port === undefined || ports.includes(port)
      ? []
      : [says(at, CODE, `The container ${name} did not have a container port ${port} defined.`)];
  });
  const mappings = containers.flatMap(({ PortMappings }) => listOf(PortMappings));
  const names = mappings.map((mapping) => {
    const { Name } = membersOf(mapping);
    return Name === undefined ? '' : textIn(Name);
  });
  const isOn = textIn(membersOf(ServiceConnectConfiguration)['Enabled'])?.toLowerCase() === 'true';
  const connected = (
    isOn && !names.includes(undefined) ? listOf(membersOf(ServiceConnectConfiguration)['Services']) : []
  ).flatMap((one, index) => {
    const port = textIn(membersOf(one)['PortName']);
    return port === undefined || names.includes(port)
      ? []
      : [
          says(
            `ServiceConnectConfiguration.Services[${index}].PortName`,
            CODE,
            `portName(${shown(port)}) does not refer to any named PortMapping in the container definitions`,
          ),
        ];
  });
  return [...balanced, ...connected];
}

/**
 * ECS looks at the values of a definition; what it says that it requires is judged when it is registered.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html
 */
function launchRefusals({ LaunchType, CapacityProviderStrategy }: Members, definition: Members | undefined): Refusal[] {
  const providers = listOf(CapacityProviderStrategy).map((one) => textIn(membersOf(one)['CapacityProvider']));
  const wantsFargate = [textIn(LaunchType), ...providers].some((one) => one?.startsWith('FARGATE') === true);
  if (!wantsFargate || definition === undefined) return [];
  const { RequiresCompatibilities, NetworkMode, Cpu, Memory } = definition;
  const isJudged = RequiresCompatibilities !== undefined && !Array.isArray(RequiresCompatibilities);
  if (isJudged || listOf(RequiresCompatibilities).some((one) => textIn(one) !== 'EC2' && textIn(one) !== 'EXTERNAL'))
    return [];
  const isAwsvpc = NetworkMode === 'awsvpc' || isIntrinsic(NetworkMode);
  return isAwsvpc && Cpu !== undefined && Memory !== undefined ? [] : [refuses('TaskDefinition', 'launchType')];
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LoadBalancer.html */
function targetRefusals(balancers: unknown): Refusal[] {
  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/register-multiple-targetgroups.html
  const many =
    listOf(balancers).length > 5 ? [says('LoadBalancers', CODE, 'loadBalancers can have at most 5 items.')] : [];
  const each = listOf(balancers).flatMap((one, index) => {
    const { TargetGroupArn, LoadBalancerName } = membersOf(one);
    return TargetGroupArn === undefined && LoadBalancerName === undefined
      ? [says(`LoadBalancers[${index}]`, CODE, 'targetGroupArn or loadBalancerName must be specified.')]
      : arnRefusals(`LoadBalancers[${index}].TargetGroupArn`, CODE, TargetGroupArn, 'target group');
  });
  return [...many, ...each];
}

/** @param definition its properties, where it is in the same template */
export function serviceRefusals(properties: Members, definition?: Members): Refusal[] {
  const name = textIn(properties['ServiceName']);
  const {
    LaunchType,
    CapacityProviderStrategy,
    HealthCheckGracePeriodSeconds,
    LoadBalancers,
    NetworkConfiguration,
    DeploymentConfiguration,
  } = properties;
  const isBalanced = LoadBalancers !== undefined && !(Array.isArray(LoadBalancers) && LoadBalancers.length === 0);
  return [
    ...(name === undefined || NAME.test(name)
      ? []
      : [
          says(
            'ServiceName',
            CODE,
            `${shown(name)} is no service name: it has 1 to 255 letters, digits, hyphens and underscores`,
          ),
        ]),
    ...(textIn(LaunchType) !== undefined && listOf(CapacityProviderStrategy).length > 0
      ? [
          says(
            'CapacityProviderStrategy',
            CODE,
            'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
          ),
        ]
      : []),
    ...((numberIn(HealthCheckGracePeriodSeconds) ?? 0) > 0 && !isBalanced
      ? [
          says(
            'HealthCheckGracePeriodSeconds',
            CODE,
            'Health check grace period is only valid for services configured to use load balancers',
          ),
        ]
      : []),
    ...strategyRefusals('CapacityProviderStrategy', CapacityProviderStrategy),
    ...launchRefusals(properties, definition),
    ...networkRefusals(NetworkConfiguration),
    ...deploymentRefusals(DeploymentConfiguration),
    ...containerRefusals(properties, definition),
    ...connectRefusals(properties),
    ...targetRefusals(LoadBalancers),
  ];
}
