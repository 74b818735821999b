/** What Elastic Load Balancing refuses: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/CommonErrors.html */
import { isIntrinsic } from '../findings.ts';
import { arnRefusals } from './arns.ts';
import { attributeRefusals } from './attributes.ts';
import { refuses, SSL_POLICIES } from './aws-sentences.ts';
import { listOf, membersOf, textIn, type Members } from './given.ts';
import { type Refusal } from './refusal.ts';
import { shown } from './schema-sentences.ts';

const CODE = 'ValidationError';

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html */
export function nameRefusals({ Name }: Members, what: 'The load balancer' | 'Target group'): Refusal[] {
  const text = textIn(Name);
  if (text === undefined) return [];
  const values = { what, name: shown(text) };
  if (text.length > 32) return [refuses('Name', 'nameLong', values)];
  if (!/^[A-Za-z0-9-]+$/.test(text)) return [refuses('Name', 'nameSigns', values)];
  if (/^-|-$/.test(text)) return [refuses('Name', 'nameEnds', values)];
  return what === 'The load balancer' && text.startsWith('internal-') ? [refuses('Name', 'nameInternal', values)] : [];
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
    ...nameRefusals(properties, 'The load balancer'),
    ...attributeRefusals('LoadBalancerAttributes', properties['LoadBalancerAttributes']),
    ...(few ? [refuses('Subnets', 'fewSubnets')] : []),
  ];
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html: both are needed but with a Gateway Load Balancer */
export function listenerRefusals(properties: Members): Refusal[] {
  const { Protocol, Port, LoadBalancerArn } = properties;
  return [
    ...(Protocol === undefined ? [refuses('Protocol', 'needed', { what: 'listener protocol' })] : []),
    ...(Port === undefined ? [refuses('Port', 'needed', { what: 'listener port' })] : []),
    ...secureRefusals(properties),
    ...arnRefusals('LoadBalancerArn', CODE, LoadBalancerArn, 'load balancer'),
  ];
}

/** With AWS's spelling: the rules pf-elbv2-listener-* of https://github.com/badmintoncryer/cdk-preflight, which tries them on AWS. */
function secureRefusals({ Protocol, Certificates, SslPolicy }: Members): Refusal[] {
  const given = listOf(Certificates);
  const isNone = Certificates === undefined || (Array.isArray(Certificates) && given.length === 0);
  const protocol = textIn(Protocol) ?? '';
  const isSecure = protocol === 'HTTPS' || protocol === 'TLS';
  const isPlain = protocol !== '' && !isSecure;
  const policy = textIn(SslPolicy);
  const certificates = given.flatMap((one, index) => {
    const arn = textIn(membersOf(one)['CertificateArn']);
    return arn === undefined || /^arn:[^:]+:(?:acm|iam):/.test(arn)
      ? []
      : [refuses(`Certificates[${index}].CertificateArn`, 'certificateNotFound', { arn: shown(arn) })];
  });
  return [
    ...(isSecure && isNone ? [refuses('Certificates', 'certificateMissing', { protocol })] : []),
    ...(isPlain && given.length > 0 ? [refuses('Certificates', 'certificateOnPlain', { protocol })] : []),
    ...(isPlain && SslPolicy !== undefined ? [refuses('SslPolicy', 'sslPolicyOnPlain', { protocol })] : []),
    ...(!isPlain && policy !== undefined && !SSL_POLICIES.includes(policy)
      ? [refuses('SslPolicy', 'sslPolicyNotFound', { policy: shown(policy) })]
      : []),
    ...(given.length > 1 ? [refuses('Certificates', 'certificates', { count: given.length })] : []),
    ...certificates,
  ];
}

const SAID = { Port: 'port', Protocol: 'protocol', VpcId: 'VPC ID' } as const;

export function neededRefusals(properties: Members): Refusal[] {
  const { TargetType } = properties;
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html: not with a function
  const needed: readonly (keyof typeof SAID)[] =
    TargetType === 'lambda' || isIntrinsic(TargetType) ? [] : ['Protocol', 'Port', 'VpcId'];
  return needed
    .filter((name) => properties[name] === undefined)
    .map((name) => refuses(name, 'needed', { what: SAID[name] }));
}
