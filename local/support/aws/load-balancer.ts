/** What Elastic Load Balancing refuses: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/CommonErrors.html */
import { ownOf } from '../own.ts';
import { listOf, membersOf, numberIn, textIn, type Members } from './given.ts';
import { says, type Refusal } from './refusal.ts';

const CODE = 'ValidationError';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html */
const NAME = /^(?!internal-)(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/;

function nameRefusals({ Name }: Members, what: string): Refusal[] {
  const name = textIn(Name);
  return name === undefined || NAME.test(name)
    ? []
    : [
        says(
          'Name',
          CODE,
          `The ${what} name '${name.slice(0, 60)}' has 1 to 32 letters, digits and hyphens, and begins and ends with none of these`,
        ),
      ];
}

export function loadBalancerRefusals(properties: Members): Refusal[] {
  const { Subnets, SubnetMappings, Type } = properties;
  const isApplication = Type === undefined || Type === 'application';
  const given = Subnets ?? SubnetMappings;
  const few =
    isApplication &&
    Array.isArray(given) &&
    given.length < 2 &&
    given.every((one) => membersOf(one)['Fn::If'] === undefined);
  return [
    ...nameRefusals(properties, 'load balancer'),
    ...(few
      ? [says('Subnets', CODE, 'At least two subnets in two different Availability Zones must be specified')]
      : []),
  ];
}

export function listenerRefusals({ Protocol, Certificates }: Members): Refusal[] {
  const isMissing =
    Protocol === 'HTTPS' && (Certificates === undefined || (Array.isArray(Certificates) && Certificates.length === 0));
  return isMissing ? [says('Certificates', CODE, 'A certificate must be specified for HTTPS listeners')] : [];
}

/** An action that only forwards, redirects or answers has its own configuration. */
export function actionRefusals(path: string, actions: unknown): Refusal[] {
  return listOf(actions).flatMap((one, index) => {
    const action = membersOf(one);
    const wanted: Readonly<Record<string, readonly string[]>> = {
      forward: ['TargetGroupArn', 'ForwardConfig'],
      redirect: ['RedirectConfig'],
      'fixed-response': ['FixedResponseConfig'],
    };
    const needed = ownOf(wanted, textIn(action['Type']) ?? '') ?? [];
    return needed.length === 0 || needed.some((name) => action[name] !== undefined)
      ? []
      : [says(`${path}[${index}]`, CODE, `an action ${String(action['Type'])} has ${needed.join(' or ')}`)];
  });
}

export function targetGroupRefusals(properties: Members): Refusal[] {
  const { HealthCheckIntervalSeconds, HealthCheckTimeoutSeconds, HealthCheckPort, Matcher } = properties;
  const [interval, timeout] = [numberIn(HealthCheckIntervalSeconds) ?? 30, numberIn(HealthCheckTimeoutSeconds) ?? 5];
  const port = textIn(HealthCheckPort);
  const isPort =
    port === undefined ||
    port === 'traffic-port' ||
    (/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535);
  const matcher = textIn(membersOf(Matcher)['HttpCode']);
  return [
    ...nameRefusals(properties, 'target group'),
    ...(timeout < interval
      ? []
      : [says('HealthCheckTimeoutSeconds', CODE, 'Health check interval must be greater than the timeout.')]),
    ...(isPort
      ? []
      : [
          says(
            'HealthCheckPort',
            CODE,
            `Health check port '${port}' must be 'traffic-port' or a number from 1 to 65535`,
          ),
        ]),
    ...(matcher === undefined || areCodes(matcher)
      ? []
      : [
          says(
            'Matcher.HttpCode',
            CODE,
            `Health check matcher HTTP code '${matcher.slice(0, 60)}' must be within '200-499' inclusive`,
          ),
        ]),
  ];
}

/** `200,202` or `200-299`: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Matcher.html */
function areCodes(matcher: string): boolean {
  return matcher.split(',').every((part) => {
    const [, first = '', last = first] = /^\s*(\d{3})(?:-(\d{3}))?\s*$/.exec(part) ?? [];
    return first !== '' && Number(first) >= 200 && Number(last) <= 499 && Number(first) <= Number(last);
  });
}
