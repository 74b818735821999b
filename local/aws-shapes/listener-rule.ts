/** Narrows the listener rules of the ELBv2 API. */
import { z } from 'zod';
import { NETWORK_PROTOCOLS } from './load-balancer.ts';
import { text, truth, whole } from './loose.ts';

export type Condition =
  | {
      readonly field: 'path-pattern' | 'host-header' | 'http-request-method' | 'source-ip';
      readonly values: readonly string[];
      /** Regular expressions, one of which has to match: on AWS there are these or values. */
      readonly regexes?: readonly string[];
    }
  | {
      readonly field: 'http-header';
      readonly name: string;
      readonly values: readonly string[];
      readonly regexes?: readonly string[];
    }
  | {
      readonly field: 'query-string';
      readonly values: readonly { readonly key: string | undefined; readonly value: string }[];
    };

export type Action =
  | {
      readonly type: 'forward';
      readonly targetGroups: readonly { readonly arn: string; readonly weight: number }[];
      /** How long a client stays with the target group that it got first; absent where it does not. */
      readonly stickySeconds?: number | undefined;
    }
  | { readonly type: 'fixed-response'; readonly status: number; readonly contentType: string; readonly body: string }
  | {
      readonly type: 'redirect';
      readonly status: 301 | 302;
      readonly protocol: string;
      readonly host: string;
      readonly port: string;
      readonly path: string;
      readonly query: string;
    };

export interface Rule {
  readonly arn: string;
  /** The default rule has none and comes last. */
  readonly priority: number | undefined;
  readonly conditions: readonly Condition[];
  readonly action: Action;
}

const Texts = z.array(text()).default([]);
const Values = z.object({ Values: Texts }).optional();
const Patterns = z.object({ Values: Texts, RegexValues: Texts }).optional();

/** The older way of writing a condition has its values beside the field. */
const either = (own: readonly string[] | undefined, beside: readonly string[]): readonly string[] =>
  own === undefined || own.length === 0 ? beside : own;

export const ConditionSchema = z
  .object({
    Field: z.enum(['path-pattern', 'host-header', 'http-request-method', 'source-ip', 'http-header', 'query-string']),
    Values: Texts,
    RegexValues: Texts,
    PathPatternConfig: Patterns,
    HostHeaderConfig: Patterns,
    HttpRequestMethodConfig: Values,
    SourceIpConfig: Values,
    HttpHeaderConfig: z.object({ HttpHeaderName: z.string(), Values: Texts, RegexValues: Texts }).optional(),
    QueryStringConfig: z
      .object({ Values: z.array(z.object({ Key: text().optional(), Value: text() })).default([]) })
      .optional(),
  })
  .transform((raw): Condition => {
    switch (raw.Field) {
      case 'http-header':
        return {
          field: raw.Field,
          name: raw.HttpHeaderConfig?.HttpHeaderName ?? '',
          values: raw.HttpHeaderConfig?.Values ?? [],
          regexes: either(raw.HttpHeaderConfig?.RegexValues, raw.RegexValues),
        };
      case 'query-string':
        return {
          field: raw.Field,
          values: (raw.QueryStringConfig?.Values ?? []).map(({ Key, Value }) => ({ key: Key, value: Value })),
        };
      default: {
        const patterns = raw.PathPatternConfig ?? raw.HostHeaderConfig;
        const config = patterns ?? raw.HttpRequestMethodConfig ?? raw.SourceIpConfig;
        return {
          field: raw.Field,
          values: either(config?.Values, raw.Values),
          regexes: either(patterns?.RegexValues, raw.RegexValues),
        };
      }
    }
  });

const Text = text().default('');

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_FixedResponseActionConfig.html */
const Status = text(z.string().regex(/^[245]\d\d$/));

export const ActionSchema = z
  .object({
    Type: z.string(),
    TargetGroupArn: z.string().optional(),
    ForwardConfig: z
      .object({
        TargetGroups: z.array(z.object({ TargetGroupArn: z.string(), Weight: whole(0, 999).optional() })).default([]),
        TargetGroupStickinessConfig: z
          .object({ Enabled: truth().optional(), DurationSeconds: whole(1, 604_800).optional() })
          .optional(),
      })
      .optional(),
    FixedResponseConfig: z.object({ StatusCode: Status, ContentType: Text, MessageBody: Text }).optional(),
    RedirectConfig: z
      .object({
        StatusCode: z.enum(['HTTP_301', 'HTTP_302']),
        Protocol: Text,
        Host: Text,
        Port: Text,
        Path: Text,
        Query: Text,
      })
      .optional(),
  })
  .transform((raw, context): Action => {
    if (raw.FixedResponseConfig !== undefined) {
      const { StatusCode, ContentType, MessageBody } = raw.FixedResponseConfig;
      return { type: 'fixed-response', status: Number(StatusCode), contentType: ContentType, body: MessageBody };
    }
    if (raw.RedirectConfig !== undefined) {
      const { StatusCode, Protocol, Host, Port, Path, Query } = raw.RedirectConfig;
      return {
        type: 'redirect',
        status: StatusCode === 'HTTP_301' ? 301 : 302,
        protocol: Protocol,
        host: Host,
        port: Port,
        path: Path,
        query: Query,
      };
    }
    if (raw.Type !== 'forward') {
      context.addIssue({
        code: 'custom',
        message: `listener action ${raw.Type} is not supported in the local region: use forward, redirect or fixed-response`,
      });
      return z.NEVER;
    }
    const weighted = (raw.ForwardConfig?.TargetGroups ?? []).map(({ TargetGroupArn, Weight }) => ({
      arn: TargetGroupArn,
      weight: Weight ?? 1,
    }));
    const { Enabled, DurationSeconds } = raw.ForwardConfig?.TargetGroupStickinessConfig ?? {};
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupStickinessConfig.html
    const sticky = Enabled === true ? { stickySeconds: DurationSeconds ?? 3600 } : {};
    const single = raw.TargetGroupArn === undefined ? [] : [{ arn: raw.TargetGroupArn, weight: 1 }];
    return { type: 'forward', targetGroups: weighted.length > 0 ? weighted : single, ...sticky };
  });

export const RuleSchema = z
  .object({
    RuleArn: z.string(),
    Priority: text(z.string().regex(/^(default|\d{1,9})$/)),
    Conditions: z.array(ConditionSchema).default([]),
    Actions: z.array(ActionSchema).min(1),
  })
  .transform((raw, context): Rule => {
    const action = raw.Actions.at(-1);
    if (action === undefined) {
      context.addIssue({ code: 'custom', message: 'a listener rule has no action' });
      return z.NEVER;
    }
    return {
      arn: raw.RuleArn,
      priority: raw.Priority === 'default' ? undefined : Number(raw.Priority),
      conditions: raw.Conditions,
      action,
    };
  });

export const ListenerSchema = z.object({
  ListenerArn: z.string(),
  Port: whole(1, 65_535),
  Protocol: z.enum(['HTTP', 'HTTPS', ...NETWORK_PROTOCOLS]),
  /** The default one; further ones, chosen by name, are not looked at. */
  Certificates: z.array(z.object({ CertificateArn: z.string() })).default([]),
  SslPolicy: z.string().default(''),
  /** Of a TLS listener of a Network Load Balancer: one policy. */
  AlpnPolicy: z.array(z.string()).default([]),
});
