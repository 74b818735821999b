/** What Elastic Load Balancing refuses: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/CommonErrors.html */
import { isIntrinsic } from '../findings.ts';
import { arnRefusals } from './arns.ts';
import { attributeRefusals } from './attributes.ts';
import { listOf, membersOf, numberIn, textIn, type Members } from './given.ts';
import { says, type Refusal } from './refusal.ts';
import { shown } from './schema-sentences.ts';

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
    ...attributeRefusals('LoadBalancerAttributes', properties['LoadBalancerAttributes']),
    ...(few
      ? [says('Subnets', CODE, 'At least two subnets in two different Availability Zones must be specified')]
      : []),
  ];
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html: both are needed but with a Gateway Load Balancer */
export function listenerRefusals(properties: Members): Refusal[] {
  const { Protocol, Port, Certificates, LoadBalancerArn } = properties;
  const isMissing =
    Protocol === 'HTTPS' && (Certificates === undefined || (Array.isArray(Certificates) && Certificates.length === 0));
  const certificates = listOf(Certificates).flatMap((one, index) => {
    const arn = textIn(membersOf(one)['CertificateArn']);
    return arn === undefined || /^arn:[^:]+:(?:acm|iam):/.test(arn)
      ? []
      : [says(`Certificates[${index}].CertificateArn`, CODE, `Certificate ARN '${shown(arn)}' is not valid`)];
  });
  return [
    ...(Protocol === undefined ? [says('Protocol', CODE, 'A protocol must be specified')] : []),
    ...(Port === undefined ? [says('Port', CODE, 'A port must be specified')] : []),
    ...(isMissing ? [says('Certificates', CODE, 'A certificate must be specified for HTTPS listeners')] : []),
    ...certificates,
    ...secureRefusals(properties),
    ...arnRefusals('LoadBalancerArn', CODE, LoadBalancerArn, 'load balancer'),
  ];
}

/** With AWS's spelling: the rules pf-elbv2-listener-* of https://github.com/badmintoncryer/cdk-preflight, which tries them on AWS. */
function secureRefusals({ Protocol, Certificates, SslPolicy, DefaultActions }: Members): Refusal[] {
  const given = listOf(Certificates).length;
  const isPlain = Protocol === 'HTTP';
  const goesBack = listOf(DefaultActions).some(
    (one) => membersOf(membersOf(one)['RedirectConfig'])['Protocol'] === 'HTTP',
  );
  return [
    ...(isPlain && given > 0
      ? [says('Certificates', CODE, 'A certificate cannot be specified for HTTP listeners')]
      : []),
    ...(isPlain && SslPolicy !== undefined
      ? [says('SslPolicy', CODE, 'An SSL policy cannot be specifed for HTTP listeners')]
      : []),
    ...(given > 1
      ? [
          says(
            'Certificates',
            'TooManyCertificates',
            `Up to '1' certificate ARNs can be specified, but '${given}' were specified`,
          ),
        ]
      : []),
    ...(Protocol === 'HTTPS' && goesBack
      ? [says('DefaultActions', 'InvalidLoadBalancerAction', 'You cannot redirect HTTPS to HTTP.')]
      : []),
  ];
}

const SAID = { Port: 'port', Protocol: 'protocol', VpcId: 'VPC ID' } as const;

export function targetGroupRefusals(properties: Members): Refusal[] {
  const {
    HealthCheckIntervalSeconds,
    HealthCheckTimeoutSeconds,
    HealthCheckPort,
    HealthCheckPath,
    Matcher,
    TargetType,
  } = properties;
  const [interval, timeout] = [numberIn(HealthCheckIntervalSeconds) ?? 30, numberIn(HealthCheckTimeoutSeconds) ?? 5];
  const port = textIn(HealthCheckPort);
  const isPort =
    port === undefined ||
    port === 'traffic-port' ||
    (/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535);
  const matcher = textIn(membersOf(Matcher)['HttpCode']);
  const path = textIn(HealthCheckPath);
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html: not with a function
  const needed: readonly (keyof typeof SAID)[] =
    TargetType === 'lambda' || isIntrinsic(TargetType) ? [] : ['Port', 'Protocol', 'VpcId'];
  return [
    ...nameRefusals(properties, 'target group'),
    ...attributeRefusals('TargetGroupAttributes', properties['TargetGroupAttributes']),
    ...needed
      .filter((name) => properties[name] === undefined)
      .map((name) => says(name, CODE, `A ${SAID[name]} must be specified`)),
    ...(path === undefined || path.startsWith('/')
      ? []
      : [says('HealthCheckPath', CODE, `Health check path '${shown(path)}' must begin with '/'`)]),
    ...(timeout < interval
      ? []
      : [
          says(
            'HealthCheckTimeoutSeconds',
            CODE,
            `Health check timeout '${timeout}' must be smaller than the interval '${interval}'`,
          ),
        ]),
    ...(isPort
      ? []
      : [says('HealthCheckPort', CODE, `Health check port '${port}' must be within '1-65535' or 'traffic-port'`)]),
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
