/** Ranges that the services check and their schemas do not have; a page of each service's API says them. */
import { MOST_TASKS } from '../../aws-shapes/limits.ts';
import { listOf, membersOf, numberIn, stepOf } from './given.ts';
import { ownOf } from '../../aws-shapes/own.ts';
import { says, type Refusal } from './refusal.ts';

/** A path of properties, lists on it stand for each element; the least and the most. */
type Range = readonly [path: string, least: number, most: number];

const PORT = [1, 65_535] as const;
const ANY = Number.MAX_SAFE_INTEGER;

const RANGES: Readonly<Record<string, { readonly code: string; readonly ranges: readonly Range[] }>> = {
  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html and the pages of its parts
  'AWS::ECS::TaskDefinition': {
    code: 'ClientException',
    ranges: [
      ['ContainerDefinitions.PortMappings.ContainerPort', ...PORT],
      ['ContainerDefinitions.PortMappings.HostPort', 0, 65_535],
      ['ContainerDefinitions.Cpu', 0, ANY],
      // Docker's least memory of a container.
      ['ContainerDefinitions.Memory', 4, ANY],
      ['ContainerDefinitions.MemoryReservation', 4, ANY],
      ['ContainerDefinitions.StartTimeout', 2, 120],
      ['ContainerDefinitions.StopTimeout', 0, 120],
      ['ContainerDefinitions.HealthCheck.Interval', 5, 300],
      ['ContainerDefinitions.HealthCheck.Timeout', 2, 60],
      ['ContainerDefinitions.HealthCheck.Retries', 1, 10],
      ['ContainerDefinitions.HealthCheck.StartPeriod', 0, 300],
      // -1 is no limit: setrlimit(2).
      ['ContainerDefinitions.Ulimits.SoftLimit', -1, ANY],
      ['ContainerDefinitions.Ulimits.HardLimit', -1, ANY],
      // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerRestartPolicy.html
      ['ContainerDefinitions.RestartPolicy.RestartAttemptPeriod', 60, 1800],
      ['ContainerDefinitions.LinuxParameters.Tmpfs.Size', 1, ANY],
      ['EphemeralStorage.SizeInGiB', 21, 200],
    ],
  },
  // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
  'AWS::ECS::Service': {
    code: 'InvalidParameterException',
    ranges: [
      ['DesiredCount', 0, MOST_TASKS],
      ['HealthCheckGracePeriodSeconds', 0, 2_147_483_647],
      ['DeploymentConfiguration.MinimumHealthyPercent', 0, 100],
      ['DeploymentConfiguration.MaximumPercent', 100, ANY],
      ['LoadBalancers.ContainerPort', ...PORT],
      ['ServiceConnectConfiguration.Services.IngressPortOverride', ...PORT],
      ['ServiceConnectConfiguration.Services.ClientAliases.Port', ...PORT],
      ['ServiceConnectConfiguration.Services.Timeout.IdleTimeoutSeconds', 0, 2_147_483_647],
      ['ServiceConnectConfiguration.Services.Timeout.PerRequestTimeoutSeconds', 0, 2_147_483_647],
    ],
  },
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupTuple.html
  'AWS::ElasticLoadBalancingV2::Listener': {
    code: 'ValidationError',
    ranges: [
      ['Port', ...PORT],
      ['DefaultActions.ForwardConfig.TargetGroups.Weight', 0, 999],
      ['DefaultActions.ForwardConfig.TargetGroupStickinessConfig.DurationSeconds', 1, 604_800],
    ],
  },
  'AWS::ElasticLoadBalancingV2::ListenerRule': {
    code: 'ValidationError',
    ranges: [
      ['Actions.ForwardConfig.TargetGroups.Weight', 0, 999],
      ['Actions.ForwardConfig.TargetGroupStickinessConfig.DurationSeconds', 1, 604_800],
    ],
  },
  // https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
  'AWS::ApplicationAutoScaling::ScalableTarget': {
    code: 'ValidationException',
    ranges: [
      ['MinCapacity', 0, ANY],
      ['MaxCapacity', 0, ANY],
    ],
  },
  // https://docs.aws.amazon.com/autoscaling/application/APIReference/API_TargetTrackingScalingPolicyConfiguration.html
  'AWS::ApplicationAutoScaling::ScalingPolicy': {
    code: 'ValidationException',
    ranges: [
      ['TargetTrackingScalingPolicyConfiguration.ScaleInCooldown', 0, ANY],
      ['TargetTrackingScalingPolicyConfiguration.ScaleOutCooldown', 0, ANY],
    ],
  },
  // https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
  'AWS::SecretsManager::Secret': {
    code: 'ValidationException',
    ranges: [['GenerateSecretString.PasswordLength', 1, 4096]],
  },
};

function valuesAt(value: unknown, [step, ...more]: readonly string[], path: string): [path: string, value: unknown][] {
  if (Array.isArray(value))
    return listOf(value).flatMap((one, index) => valuesAt(one, [step ?? '', ...more], `${path}${stepOf(one, index)}`));
  const member = membersOf(value)[step ?? ''];
  const here = path === '' ? (step ?? '') : `${path}.${step ?? ''}`;
  return more.length === 0 ? [[here, member]] : valuesAt(member, more, here);
}

export function rangeRefusals(type: string, properties: unknown): Refusal[] {
  const { code, ranges } = ownOf(RANGES, type) ?? { code: '', ranges: [] };
  return ranges.flatMap(([path, least, most]) =>
    valuesAt(properties, path.split('.'), '').flatMap(([at, value]) => {
      const number = numberIn(value);
      if (number === undefined || (number >= least && number <= most)) return [];
      return [says(at, code, `${number} is not ${most === ANY ? `${least} or more` : `between ${least} and ${most}`}`)];
    }),
  );
}
