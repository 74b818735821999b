/** Error pages as the load balancer has them, by status: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html */
import type { EnvoyConfig } from '../mesh.ts';
import { headersSet } from './common.ts';
import { typed } from './typed.ts';

/** Who answers, where the load balancer does so itself. */
export const SERVER = 'awselb/2.0';

const TITLES = {
  400: '400 Bad Request',
  405: '405 Method Not Allowed',
  408: '408 Request Timeout',
  413: '413 Request Entity Too Large',
  414: '414 URI Too Long',
  463: '463',
  464: '464',
  502: '502 Bad Gateway',
  503: '503 Service Temporarily Unavailable',
  504: '504 Gateway Time-out',
} as const;
export type ErrorStatus = keyof typeof TITLES;

export function errorPage(status: ErrorStatus): string {
  const title = TITLES[status];
  return `<html><head><title>${title}</title></head><body><center><h1>${title}</h1></center></body></html>`;
}

const flagged = (...flags: string[]): EnvoyConfig => ({ response_flag_filter: { flags } });

const answered = (status: number, op = 'EQ'): EnvoyConfig => ({
  status_code_filter: { comparison: { op, value: { default_value: status, runtime_key: 'unused' } } },
});

/** What Envoy answered itself because something failed; a rule's own fixed response has no flag. */
const failedWith = (status: ErrorStatus): EnvoyConfig => ({
  and_filter: { filters: [answered(status), flagged()] },
});

/** @param expression of CEL over what Envoy knows of the answer */
const told = (expression: string): EnvoyConfig => ({
  extension_filter: {
    name: 'envoy.access_loggers.extension_filters.cel',
    typed_config: typed('extensions.access_loggers.filters.cel.v3.ExpressionFilter', { expression }),
  },
});

/** A connection that did not come about in time: its flag is the same as of one that was refused. */
const CONNECT_TIMEOUT = told("response.code_details.contains('connection_timeout')");

/** What has no flag at Envoy, as a rule's own fixed response has none: that one is told by its details. */
const noRule = (status: number): EnvoyConfig => ({
  and_filter: { filters: [answered(status), told("response.code_details != 'direct_response'")] },
});

const NAMED: EnvoyConfig = {
  headers_to_add: headersSet({ server: SERVER }),
};

export function errorPages(): EnvoyConfig {
  const page = (status: ErrorStatus): EnvoyConfig => ({
    status_code: status,
    ...NAMED,
    body: { inline_string: errorPage(status) },
    body_format_override: { text_format_source: { inline_string: '%LOCAL_REPLY_BODY%' }, content_type: 'text/html' },
  });
  return {
    mappers: [
      { filter: CONNECT_TIMEOUT, ...page(504) },
      // Envoy says 503 for a connection that failed or broke; the load balancer says 502.
      { filter: flagged('UF', 'UC', 'UR', 'UPE'), ...page(502) },
      // A body that did not come; an answer that did not is 504.
      { filter: failedWith(408), ...page(408) },
      { filter: flagged('SI'), ...page(504) },
      // What is no HTTP.
      { filter: noRule(400), ...page(400) },
      ...([413, 502, 503, 504] as const).map((status) => ({ filter: failedWith(status), ...page(status) })),
      // Headers that are too large, which Envoy has a status of its own for.
      { filter: noRule(431), ...page(400) },
      // Its redirects and fixed responses.
      { filter: answered(100, 'GE'), ...NAMED },
    ],
  };
}

/** A rule's own answer. */
export function answerOf(status: number, contentType: string, body: string): EnvoyConfig {
  return {
    direct_response: { status, body: { inline_string: body } },
    response_headers_to_add: headersSet({ 'content-type': contentType }),
  };
}
