/**
 * Service Connect's access log formats, operator by operator:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-envoy-access-logs.html
 */
import type { AccessLog, AppProtocol, EnvoyConfig } from '../mesh.ts';
import { typed } from './typed.ts';

type Fields = readonly (readonly [key: string, operator: string])[];

function httpFields(protocol: AppProtocol, query: boolean): Fields {
  const duration = protocol === 'http' ? 'duration_ms' : 'duration';
  return [
    ['start_time', '%START_TIME%'],
    ['method', '%REQ(:METHOD)%'],
    // The path without its query unless asked for: it may hold what is private.
    ['path', query ? '%PATH(WQ:ORIG_OR_PATH)%' : '%PATH(NQ:ORIG_OR_PATH)%'],
    ['protocol', '%PROTOCOL%'],
    ['response_code', '%RESPONSE_CODE%'],
    ...(protocol === 'grpc' ? ([['grpc_status', '%GRPC_STATUS%']] as const) : []),
    ['bytes_received', '%BYTES_RECEIVED%'],
    ['bytes_sent', '%BYTES_SENT%'],
    [duration, '%DURATION%'],
    ['upstream_service_time', '%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%'],
    ['forwarded_for', '%REQ(X-FORWARDED-FOR)%'],
    ['user_agent', '%REQ(USER-AGENT)%'],
    ['request_id', '%REQ(X-REQUEST-ID)%'],
    ['authority', '%REQ(:AUTHORITY)%'],
    ['upstream_host', '%UPSTREAM_HOST%'],
    ...(protocol === 'http' ? [] : ([['stream_id', '%STREAM_ID%']] as const)),
  ];
}

const TCP_FIELDS: Fields = [
  ['start_time', '%START_TIME%'],
  ['downstream_remote_address', '%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%'],
  ['downstream_remote_port', '%DOWNSTREAM_REMOTE_PORT%'],
  ['bytes_received', '%BYTES_RECEIVED%'],
  ['bytes_sent', '%BYTES_SENT%'],
  ['duration', '%DURATION%'],
  ['connection_termination_details', '%CONNECTION_TERMINATION_DETAILS%'],
  ['connection_id', '%CONNECTION_ID%'],
];

/** One quoted word in a text line. */
const REQUEST = ['method', 'path', 'protocol'];
const QUOTED = new Set(['forwarded_for', 'user_agent', 'request_id', 'authority', 'upstream_host']);

/** `[start] "METHOD path PROTOCOL" code …` for HTTP, the plain fields for TCP. */
function text(fields: Fields): string {
  const operators = new Map(fields);
  const rest = fields.filter(([key]) => key !== 'start_time' && !REQUEST.includes(key));
  const line = rest.map(([key, operator]) => (QUOTED.has(key) ? `"${operator}"` : operator));
  const quoted = operators.has('method') ? [`"${REQUEST.map((key) => operators.get(key) ?? '').join(' ')}"`] : [];
  return `${['[%START_TIME%]', ...quoted, ...line].join(' ')}\n`;
}

/** What the fields of a text line are, in order, after the start time and, but for TCP, the quoted request. */
export function textKeys(protocol: AppProtocol): string[] {
  const keys = (protocol === 'tcp' ? TCP_FIELDS : httpFields(protocol, false)).map(([key]) => key);
  return keys.filter((key) => key !== 'start_time' && !REQUEST.includes(key));
}

/** The `access_log` of a filter; empty when the service has none. */
export function accessLog(log: AccessLog | undefined, protocol: AppProtocol): EnvoyConfig {
  if (log === undefined) return {};
  const fields = protocol === 'tcp' ? TCP_FIELDS : httpFields(protocol, log.includeQueryParameters);
  const format =
    log.format === 'JSON'
      ? { json_format: Object.fromEntries(fields) }
      : { text_format_source: { inline_string: text(fields) } };
  return {
    access_log: [
      {
        name: 'envoy.access_loggers.stdout',
        typed_config: typed('extensions.access_loggers.stream.v3.StdoutAccessLog', { log_format: format }),
      },
    ],
  };
}
