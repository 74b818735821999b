/** What Elastic Load Balancing refuses of actions that forward: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ForwardActionConfig.html */
import { refuses } from './aws-sentences.ts';
import { arnRefusals } from './arns.ts';
import { listOf, membersOf, numberIn, textIn, type Members } from './given.ts';
import { type Refusal } from './refusal.ts';

const CODE = 'ValidationError';
/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const MOST_TARGET_GROUPS = 5;
/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupTuple.html */
const HEAVIEST = 999;
/** In seconds. */
const WEEK = 604_800;

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupStickinessConfig.html */
function stickinessRefusals(path: string, config: unknown): Refusal[] {
  const { Enabled, DurationSeconds } = membersOf(config);
  const seconds = numberIn(DurationSeconds);
  if (textIn(Enabled) === 'true' && DurationSeconds === undefined) return [refuses(path, 'noDuration')];
  return seconds === undefined || (seconds >= 1 && seconds <= WEEK) ? [] : [refuses(path, 'duration')];
}

function weightRefusals(path: string, weights: readonly unknown[]): Refusal[] {
  const isOdd = (weight: unknown, least: number): boolean => {
    const given = numberIn(weight);
    return given !== undefined && (given < least || given > HEAVIEST);
  };
  if (weights.length === 1) return isOdd(weights[0], 1) ? [refuses(path, 'weight')] : [];
  return weights.some((weight) => weight === undefined || isOdd(weight, 0)) ? [refuses(path, 'weights')] : [];
}

export function forwardRefusals(path: string, { TargetGroupArn, ForwardConfig }: Members): Refusal[] {
  const { TargetGroups, TargetGroupStickinessConfig } = membersOf(ForwardConfig);
  const found = arnRefusals(`${path}.TargetGroupArn`, CODE, TargetGroupArn, 'target group');
  if (!Array.isArray(TargetGroups)) return found;
  const at = `${path}.ForwardConfig.TargetGroups`;
  return [
    ...found,
    ...(TargetGroups.length === 0 && TargetGroupArn === undefined ? [refuses(at, 'noGroup')] : []),
    ...(TargetGroups.length > MOST_TARGET_GROUPS ? [refuses(at, 'manyGroups')] : []),
    ...weightRefusals(
      at,
      TargetGroups.map((one) => membersOf(one)['Weight']),
    ),
    ...stickinessRefusals(`${path}.ForwardConfig`, TargetGroupStickinessConfig),
    ...TargetGroups.flatMap((one, index) =>
      arnRefusals(`${at}[${index}].TargetGroupArn`, CODE, membersOf(one)['TargetGroupArn'], 'target group'),
    ),
  ];
}

/** By either way to name them. */
const groupsOf = ({ TargetGroupArn, ForwardConfig }: Members): unknown[] => [
  ...(TargetGroupArn === undefined ? [] : [TargetGroupArn]),
  ...listOf(membersOf(ForwardConfig)['TargetGroups']).map((one) => membersOf(one)['TargetGroupArn']),
];

/**
 * Only over TLS does a load balancer speak HTTP/2 with its clients: https://github.com/aws/copilot-cli/issues/4551
 * @param groupOf the properties of the target group that a value names, where it is in the template
 */
export function versionRefusals(
  path: string,
  actions: unknown,
  protocol: unknown,
  groupOf: (arn: unknown) => Members | undefined,
): Refusal[] {
  if (protocol !== 'HTTP') return [];
  return listOf(actions).flatMap((one, index) => {
    const versions = groupsOf(membersOf(one)).map((arn) => textIn(groupOf(arn)?.['ProtocolVersion']));
    const version = versions.find((text) => text !== undefined && text !== 'HTTP1');
    return version === undefined ? [] : [refuses(`${path}[${index}]`, 'protocolVersion', { protocol, version })];
  });
}
