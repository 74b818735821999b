/** What Elastic Load Balancing refuses of actions and conditions: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html and API_RuleCondition.html */
import { isAddressRange } from '../../aws-shapes/address-range.ts';
import { ownOf } from '../../aws-shapes/own.ts';
import { arnRefusals } from './arns.ts';
import { listOf, membersOf, numberIn, textIn, type Members } from './given.ts';
import { says, type Refusal } from './refusal.ts';
import { shown } from './schema-sentences.ts';

const CODE = 'ValidationError';

const WANTED: Readonly<Record<string, readonly string[]>> = {
  forward: ['TargetGroupArn', 'ForwardConfig'],
  redirect: ['RedirectConfig'],
  'fixed-response': ['FixedResponseConfig'],
};
/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_FixedResponseActionConfig.html */
const CONTENT_TYPES = ['text/html', 'application/json', 'application/javascript', 'text/css', 'text/plain'];
/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
const MOST_TARGET_GROUPS = 5;
const MOST_VALUES = 5;
/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupTuple.html */
const HEAVIEST = 999;
/** In seconds. */
const WEEK = 604_800;

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupStickinessConfig.html */
function stickinessRefusals(path: string, config: unknown): Refusal[] {
  const { Enabled, DurationSeconds } = membersOf(config);
  const seconds = numberIn(DurationSeconds);
  if (textIn(Enabled) === 'true' && DurationSeconds === undefined)
    return [says(path, CODE, 'You must provide a duration when enabling target group stickiness')];
  return seconds === undefined || (seconds >= 1 && seconds <= WEEK)
    ? []
    : [says(path, CODE, `Target group stickiness duration must be between 1 and ${WEEK} seconds`)];
}

function forwardRefusals(path: string, { TargetGroupArn, ForwardConfig }: Members): Refusal[] {
  const { TargetGroups } = membersOf(ForwardConfig);
  const found = arnRefusals(`${path}.TargetGroupArn`, CODE, TargetGroupArn, 'target group');
  if (!Array.isArray(TargetGroups)) return found;
  const at = `${path}.ForwardConfig.TargetGroups`;
  if (TargetGroups.length === 0 && TargetGroupArn === undefined)
    found.push(says(at, CODE, 'a forward action has at least one target group'));
  if (TargetGroups.length > MOST_TARGET_GROUPS)
    found.push(
      says(at, 'TooManyTargetGroups', `You cannot specify more than ${MOST_TARGET_GROUPS} target groups per action`),
    );
  const weights = TargetGroups.map((one) => membersOf(one)['Weight']);
  const isOdd = (weight: unknown, least: number): boolean => {
    const given = numberIn(weight);
    return given !== undefined && (given < least || given > HEAVIEST);
  };
  if (weights.length === 1 && isOdd(weights[0], 1))
    found.push(says(at, CODE, `The weight for the target group must be between 1 and ${HEAVIEST}, inclusive`));
  if (weights.length > 1 && weights.some((weight) => weight === undefined || isOdd(weight, 0)))
    found.push(says(at, CODE, `The weight for each target group must be between 0 and ${HEAVIEST}, inclusive`));
  found.push(...stickinessRefusals(`${path}.ForwardConfig`, membersOf(ForwardConfig)['TargetGroupStickinessConfig']));
  return [
    ...found,
    ...TargetGroups.flatMap((one, index) =>
      arnRefusals(`${at}[${index}].TargetGroupArn`, CODE, membersOf(one)['TargetGroupArn'], 'target group'),
    ),
  ];
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html */
function redirectRefusals(path: string, config: unknown): Refusal[] {
  const { Protocol, Host, Port, Path, Query } = membersOf(config);
  if (Object.keys(membersOf(config)).length === 0) return [];
  const [port, target] = [textIn(Port), textIn(Path)];
  // What is left out is the request's own, as these say.
  const kept = ['#{protocol}', '#{host}', '#{port}', '/#{path}', '#{query}'];
  const changes = [Protocol, Host, Port, Path, Query].some((one, index) => one !== undefined && one !== kept[index]);
  const found: Refusal[] = [];
  if (!changes)
    found.push(
      says(path, 'InvalidLoadBalancerAction', 'The redirect configuration is not valid because it creates a loop.'),
    );
  if (
    port !== undefined &&
    port !== '#{port}' &&
    !(/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535)
  )
    found.push(
      says(`${path}.Port`, CODE, "The Port parameter must be either an integer between 1 and 65535 or '#{port}'."),
    );
  if (target !== undefined && !target.startsWith('/'))
    found.push(
      says(
        `${path}.Path`,
        CODE,
        "The Path parameter must be a valid path, should start with a '/', and may contain up to one of each of these placeholders: '#{path}', '#{host}', '#{port}'.",
      ),
    );
  return found;
}

/** An action that only forwards, redirects or answers has its own configuration. */
export function actionRefusals(path: string, actions: unknown): Refusal[] {
  if (Array.isArray(actions) && actions.length === 0) return [says(path, CODE, 'at least one action is needed')];
  const types = listOf(actions).map((one) => textIn(membersOf(one)['Type']));
  const final = types.filter((type) => ownOf(WANTED, type ?? '') !== undefined);
  const many =
    final.length > 1 ? [says(path, CODE, `one action forwards, redirects or answers, not ${final.length}`)] : [];
  const each = listOf(actions).flatMap((one, index) => {
    const action = membersOf(one);
    const here = `${path}[${index}]`;
    const needed = ownOf(WANTED, types[index] ?? '') ?? [];
    if (needed.length > 0 && !needed.some((name) => action[name] !== undefined))
      return [
        says(
          here,
          CODE,
          `For actions of type '${String(types[index])}', you must specify the following fields: '${needed.join(' or ')}'`,
        ),
      ];
    const content = textIn(membersOf(action['FixedResponseConfig'])['ContentType']);
    return [
      ...forwardRefusals(here, action),
      ...redirectRefusals(`${here}.RedirectConfig`, action['RedirectConfig']),
      ...(content === undefined || CONTENT_TYPES.includes(content)
        ? []
        : [
            says(
              `${here}.FixedResponseConfig.ContentType`,
              'InvalidLoadBalancerAction',
              `The ContentType must be one of:${CONTENT_TYPES.map((one) => `'${one}'`).join(', ')}.`,
            ),
          ]),
    ];
  });
  return [...many, ...each];
}

interface Values {
  readonly config: string;
  readonly fits: (value: string) => boolean;
}
const like =
  (pattern: RegExp) =>
  (value: string): boolean =>
    pattern.test(value);
/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html: signs and length of a value */
const VALUES: Readonly<Record<string, Values>> = {
  'path-pattern': { config: 'PathPatternConfig', fits: like(/^[\w\-.$/~"'@:+&*?,;=!()%]{1,128}$/) },
  'host-header': { config: 'HostHeaderConfig', fits: like(/^[\w\-.*?]{1,128}$/) },
  'http-request-method': { config: 'HttpRequestMethodConfig', fits: like(/^[A-Z_-]{1,40}$/) },
  'http-header': { config: 'HttpHeaderConfig', fits: like(/^[\x20-\x7e]{1,128}$/) },
  'source-ip': { config: 'SourceIpConfig', fits: isAddressRange },
};
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,40}$/;
/** Of others a rule has several. */
const ONCE = ['path-pattern', 'host-header', 'http-request-method', 'source-ip'];

export function conditionRefusals(conditions: unknown): Refusal[] {
  if (Array.isArray(conditions) && conditions.length === 0)
    return [says('Conditions', CODE, 'at least one condition is needed')];
  const fields = listOf(conditions).map((one) => textIn(membersOf(one)['Field']) ?? '');
  const twice = ONCE.filter((field) => fields.filter((one) => one === field).length > 1);
  const each = listOf(conditions).flatMap((one, index) => {
    const condition = membersOf(one);
    const rule = ownOf(VALUES, fields[index] ?? '');
    if (rule === undefined) return [];
    const path = `Conditions[${index}]`;
    const own = membersOf(condition[rule.config]);
    const values = [own['Values'], condition['Values']].find((list) => list !== undefined);
    const regexes = [own['RegexValues'], condition['RegexValues']].find((list) => list !== undefined);
    const name = textIn(own['HttpHeaderName']);
    const found: Refusal[] = [];
    if (name !== undefined && !HEADER_NAME.test(name))
      found.push(says(`${path}.HttpHeaderConfig`, CODE, `${shown(name)} is no name of a header`));
    if (
      Array.isArray(values)
        ? values.length === 0 && regexes === undefined
        : values === undefined && regexes === undefined
    )
      found.push(says(path, CODE, 'A condition value must be specified'));
    const odd = listOf(values).find((value) => textIn(value) !== undefined && !rule.fits(String(value)));
    if (odd !== undefined && fields[index] === 'source-ip')
      found.push(says(path, CODE, `The specified value '${shown(odd)}' is not a valid CIDR block`));
    else if (odd !== undefined)
      found.push(
        says(path, CODE, `The ${String(fields[index])} value '${shown(odd)}' has signs it can't have, or too many`),
      );
    return found;
  });
  const count = listOf(conditions).reduce<number>((sum, one, index) => {
    const condition = membersOf(one);
    const own = membersOf(condition[ownOf(VALUES, fields[index] ?? '')?.config ?? '']);
    return sum + listOf(own['Values'] ?? condition['Values']).length;
  }, 0);
  return [
    ...twice.map((field) => says('Conditions', CODE, `a rule has one condition of ${field} at most`)),
    ...(count > MOST_VALUES
      ? [
          says(
            'Conditions',
            CODE,
            `A rule can only have '${MOST_VALUES}' condition values and regex values, not '${count}'`,
          ),
        ]
      : []),
    ...each,
  ];
}
