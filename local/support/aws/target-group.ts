/** What Elastic Load Balancing refuses of target groups: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html */
import { isNetwork } from '../../aws-shapes/load-balancer.ts';
import { attributeRefusals } from './attributes.ts';
import { refuses } from './aws-sentences.ts';
import { membersOf, numberIn, textIn, type Members } from './given.ts';
import { nameRefusals, neededRefusals } from './load-balancer.ts';
import { type Refusal } from './refusal.ts';
import { shown } from './schema-sentences.ts';

export function targetGroupRefusals(properties: Members): Refusal[] {
  return [
    ...nameRefusals(properties, 'Target group'),
    ...attributeRefusals('TargetGroupAttributes', properties['TargetGroupAttributes']),
    ...neededRefusals(properties),
    ...checkRefusals(properties),
    ...matcherRefusals(properties),
  ];
}

function checkRefusals(properties: Members): Refusal[] {
  const interval = numberIn(properties['HealthCheckIntervalSeconds']) ?? 30;
  const timeout = numberIn(properties['HealthCheckTimeoutSeconds']) ?? 5;
  const port = textIn(properties['HealthCheckPort']);
  const path = textIn(properties['HealthCheckPath']);
  const isPort =
    port === undefined ||
    port === 'traffic-port' ||
    (/^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535);
  return [
    ...(path === undefined || path.startsWith('/')
      ? []
      : [refuses('HealthCheckPath', 'healthCheckPath', { path: shown(path) })]),
    ...(timeout < interval || isNetwork(textIn(properties['Protocol']) ?? '')
      ? []
      : [refuses('HealthCheckTimeoutSeconds', 'healthCheckTimeout', { timeout, interval })]),
    ...(isPort ? [] : [refuses('HealthCheckPort', 'healthCheckPort', { port: shown(port) })]),
  ];
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Matcher.html */
function matcherRefusals({ Matcher, ProtocolVersion }: Members): Refusal[] {
  const { HttpCode, GrpcCode } = membersOf(Matcher);
  const [http, grpc] = [textIn(HttpCode), textIn(GrpcCode)];
  const isKnown = ProtocolVersion === undefined || textIn(ProtocolVersion) !== undefined;
  const isGrpc = ProtocolVersion === 'GRPC';
  return [
    ...(isGrpc && HttpCode !== undefined ? [refuses('Matcher.HttpCode', 'httpMatcher')] : []),
    ...(isKnown && !isGrpc && GrpcCode !== undefined ? [refuses('Matcher.GrpcCode', 'grpcMatcher')] : []),
    ...(http === undefined || areCodes(http, 200, 499)
      ? []
      : [refuses('Matcher.HttpCode', 'httpCode', { code: shown(http) })]),
    ...(grpc === undefined || areCodes(grpc, 0, 99)
      ? []
      : [refuses('Matcher.GrpcCode', 'grpcCode', { code: shown(grpc) })]),
  ];
}

/** `200,202` or `200-299`. */
function areCodes(matcher: string, least: number, most: number): boolean {
  return matcher.split(',').every((part) => {
    const [, first = '', last = first] = /^\s*(\d{1,3})(?:-(\d{1,3}))?\s*$/.exec(part) ?? [];
    return first !== '' && Number(first) >= least && Number(last) <= most && Number(first) <= Number(last);
  });
}
