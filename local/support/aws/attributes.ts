/** Attributes of load balancers and target groups: a list of keys and values, which no schema judges. */
import { ForwardedFor } from '../../aws-shapes/load-balancer-attributes.ts';
import { ownOf } from '../../aws-shapes/own.ts';
import { listOf, membersOf, textIn } from './given.ts';
import { says, type Refusal } from './refusal.ts';
import { shown } from './schema-sentences.ts';

const CODE = 'ValidationError';
const between = (least: number, most: number) => (text: string) =>
  /^\d{1,6}$/.test(text) && Number(text) >= least && Number(text) <= most ? undefined : `between ${least} and ${most}`;
const oneOf =
  (...values: string[]) =>
  (text: string) =>
    values.includes(text) ? undefined : `one of ${values.join(', ')}`;
const isTruth = (text: string) => (/^(?:true|false)$/i.test(text) ? undefined : 'true or false');

/** Of the many keys, which grow with the years, those whose values are known. */
export const KEYS = {
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
  LoadBalancerAttributes: {
    'idle_timeout.timeout_seconds': between(1, 4000),
    'client_keep_alive.seconds': between(60, 604_800),
    'deletion_protection.enabled': isTruth,
    'access_logs.s3.enabled': isTruth,
    'routing.http2.enabled': isTruth,
    'routing.http.drop_invalid_header_fields.enabled': isTruth,
    'routing.http.preserve_host_header.enabled': isTruth,
    'routing.http.x_amzn_tls_version_and_cipher_suite.enabled': isTruth,
    'routing.http.xff_client_port.enabled': isTruth,
    'routing.http.xff_header_processing.mode': oneOf(...ForwardedFor.options),
    'routing.http.desync_mitigation_mode': oneOf('monitor', 'defensive', 'strictest'),
  },
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
  TargetGroupAttributes: {
    'deregistration_delay.timeout_seconds': between(0, 3600),
    'slow_start.duration_seconds': (text: string) =>
      text === '0' || between(30, 900)(text) === undefined ? undefined : '0, or between 30 and 900',
    'stickiness.enabled': isTruth,
    'stickiness.lb_cookie.duration_seconds': between(1, 604_800),
    'load_balancing.cross_zone.enabled': (text: string) =>
      text === 'use_load_balancer_configuration' ? undefined : isTruth(text),
  },
} as const;

/** Keys are words with dots between them. */
const KEY = /^[a-z0-9_]+(?:\.[a-z0-9_]+)+$/;

export function attributeRefusals(list: keyof typeof KEYS, given: unknown): Refusal[] {
  return listOf(given).flatMap((one, index) => {
    const { Key, Value } = membersOf(one);
    const [key, value] = [textIn(Key), textIn(Value)];
    if (key === undefined) return [];
    if (!KEY.test(key)) return [says(`${list}[${index}].Key`, CODE, `Attribute key '${shown(key)}' is not recognized`)];
    const wanted =
      value === undefined ? undefined : ownOf<(text: string) => string | undefined>(KEYS[list], key)?.(value);
    return wanted === undefined
      ? []
      : [says(`${list}[${index}].Value`, CODE, `'${shown(value ?? '')}' is no ${key}: it is ${wanted}`)];
  });
}
