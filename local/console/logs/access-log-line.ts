/** One line of a proxy's access log, in either of Service Connect's formats, as fields. Pure. */
import { z } from 'zod';
import { textKeys } from '../../agent/core/envoy/access-log.ts';
import type { AccessLogLine } from '../protocol/logs.ts';

/** Where a line was found, and who has which address. */
export interface LineOrigin {
  readonly id: string;
  readonly service: string;
  readonly taskId: string;
  readonly zone: string;
  /** Node ids by address. */
  readonly owners: ReadonlyMap<string, string>;
}

type Fields = Readonly<Record<string, string | number | null>>;

const JsonLine = z.looseObject({ start_time: z.string() }).catchall(z.union([z.string(), z.number(), z.null()]));

function jsonFields(text: string): Fields | undefined {
  try {
    return JsonLine.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** `[start] "METHOD path PROTOCOL" 200 …`: how many fields come tells which protocol's format it is. */
function textFields(text: string): Fields | undefined {
  const found = [...text.matchAll(/\[([^\]]*)\]|"([^"]*)"|(\S+)/g)].map((one) => one[1] ?? one[2] ?? one[3] ?? '');
  const [start = '', ...rest] = found;
  const hasRequest = /^\[[^\]]*\] "/.test(text);
  const [method, path, protocol] = hasRequest ? (rest[0] ?? '').split(' ') : [];
  const values = hasRequest ? rest.slice(1) : rest;
  const keys = (['http', 'http2', 'grpc', 'tcp'] as const)
    .map((one) => textKeys(one))
    .find((one) => one.length === values.length && one.includes('response_code') === hasRequest);
  if (keys === undefined) return undefined;
  const named = keys.map((key, index) => [key, values[index] === '-' ? null : (values[index] ?? null)] as const);
  return {
    start_time: start,
    ...(hasRequest ? { method, path, protocol } : {}),
    ...Object.fromEntries(named),
  };
}

const string = (value: Fields[string] | undefined): string | undefined =>
  value === undefined || value === null || value === '' || value === '-' ? undefined : String(value);

function number(value: Fields[string] | undefined): number | undefined {
  const text = string(value);
  return text === undefined || Number.isNaN(Number(text)) ? undefined : Number(text);
}

const LOOPBACK = /^127\./;
const addressIn = (host: string | undefined): string | undefined => host?.replace(/:\d+$/, '');

/**
 * The side of the called hands over to loopback. Where no host was reached, who has a forwarded address was called:
 * the caller's own proxy does not add one.
 */
function directionOf(upstream: string | undefined, forwarded: string | undefined, remote: string | undefined) {
  if (remote !== undefined) return LOOPBACK.test(remote) ? 'egress' : 'ingress';
  if (upstream !== undefined) return LOOPBACK.test(upstream) ? 'ingress' : 'egress';
  return forwarded === undefined ? 'egress' : 'ingress';
}

/** @returns undefined for a line that is no access log line: the proxy's own words */
export function parseAccessLog(text: string, origin: LineOrigin): AccessLogLine | undefined {
  const fields = text.startsWith('{') ? jsonFields(text) : text.startsWith('[') ? textFields(text) : undefined;
  const at = Date.parse(string(fields?.['start_time']) ?? '');
  if (fields === undefined || Number.isNaN(at)) return undefined;
  const upstreamHost = string(fields['upstream_host']);
  const forwardedFor = string(fields['forwarded_for']);
  const remote = string(fields['downstream_remote_address']);
  const direction = directionOf(upstreamHost, forwardedFor, remote);
  const other = direction === 'egress' ? addressIn(upstreamHost) : (remote ?? forwardedFor?.split(',').at(-1)?.trim());
  const { owners, ...place } = origin;
  return {
    ...place,
    at,
    direction,
    peer: other === undefined ? undefined : owners.get(other),
    method: string(fields['method']),
    path: string(fields['path']),
    protocol: string(fields['protocol']),
    status: number(fields['response_code']),
    grpcStatus: string(fields['grpc_status']),
    bytesReceived: number(fields['bytes_received']) ?? 0,
    bytesSent: number(fields['bytes_sent']) ?? 0,
    durationMs: number(fields['duration_ms']) ?? number(fields['duration']) ?? 0,
    upstreamServiceMs: number(fields['upstream_service_time']),
    requestId: string(fields['request_id']),
    authority: string(fields['authority']),
    upstreamHost,
    forwardedFor,
    userAgent: string(fields['user_agent']),
    raw: text,
  };
}
