/** Narrows the listener rules of the ELBv2 API. */
import { z } from 'zod';
import type { Action, Condition, Rule } from '../core/load-balancer.ts';

const Values = z.object({ Values: z.array(z.string()).default([]) }).optional();

export const ConditionSchema = z
  .object({
    Field: z.enum(['path-pattern', 'host-header', 'http-request-method', 'source-ip', 'http-header', 'query-string']),
    Values: z.array(z.string()).default([]),
    PathPatternConfig: Values,
    HostHeaderConfig: Values,
    HttpRequestMethodConfig: Values,
    SourceIpConfig: Values,
    HttpHeaderConfig: z.object({ HttpHeaderName: z.string(), Values: z.array(z.string()).default([]) }).optional(),
    QueryStringConfig: z
      .object({ Values: z.array(z.object({ Key: z.string().optional(), Value: z.string() })).default([]) })
      .optional(),
  })
  .transform((raw): Condition => {
    switch (raw.Field) {
      case 'http-header':
        return {
          field: raw.Field,
          name: raw.HttpHeaderConfig?.HttpHeaderName ?? '',
          values: raw.HttpHeaderConfig?.Values ?? [],
        };
      case 'query-string':
        return {
          field: raw.Field,
          values: (raw.QueryStringConfig?.Values ?? []).map(({ Key, Value }) => ({ key: Key, value: Value })),
        };
      default: {
        const config =
          raw.PathPatternConfig ?? raw.HostHeaderConfig ?? raw.HttpRequestMethodConfig ?? raw.SourceIpConfig;
        return {
          field: raw.Field,
          values: config === undefined || config.Values.length === 0 ? raw.Values : config.Values,
        };
      }
    }
  });

const Text = z.string().default('');

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_FixedResponseActionConfig.html */
const Status = z.string().regex(/^[245]\d\d$/);

export const ActionSchema = z
  .object({
    Type: z.string(),
    TargetGroupArn: z.string().optional(),
    ForwardConfig: z
      .object({
        TargetGroups: z.array(z.object({ TargetGroupArn: z.string(), Weight: z.number().optional() })).default([]),
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
    const single = raw.TargetGroupArn === undefined ? [] : [{ arn: raw.TargetGroupArn, weight: 1 }];
    return { type: 'forward', targetGroups: weighted.length > 0 ? weighted : single };
  });

export const RuleSchema = z
  .object({
    RuleArn: z.string(),
    Priority: z.string().regex(/^(default|\d+)$/),
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
  Port: z.number().int(),
  Protocol: z.enum(['HTTP', 'HTTPS']),
  /** The default one; further ones, chosen by name, are not looked at. */
  Certificates: z.array(z.object({ CertificateArn: z.string() })).default([]),
  SslPolicy: z.string().default(''),
});
