/** Error pages as the load balancer has them, by status: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html */
import type { EnvoyConfig } from '../mesh.ts';
import { typed } from './typed.ts';

const TITLES = {
  502: '502 Bad Gateway',
  503: '503 Service Temporarily Unavailable',
  504: '504 Gateway Time-out',
} as const;
type Status = keyof typeof TITLES;

export function errorPage(status: Status): string {
  const title = TITLES[status];
  return `<html><head><title>${title}</title></head><body><center><h1>${title}</h1></center></body></html>`;
}

const flagged = (...flags: string[]): EnvoyConfig => ({ response_flag_filter: { flags } });

/** What Envoy answered itself because something failed; a rule's own fixed response has no flag. */
const failedWith = (status: Status): EnvoyConfig => ({
  and_filter: {
    filters: [
      {
        status_code_filter: { comparison: { op: 'EQ', value: { default_value: status, runtime_key: 'unused' } } },
      },
      flagged(),
    ],
  },
});

/** A connection that did not come about in time: its flag is the same as of one that was refused. */
const CONNECT_TIMEOUT: EnvoyConfig = {
  extension_filter: {
    name: 'envoy.access_loggers.extension_filters.cel',
    typed_config: typed('extensions.access_loggers.filters.cel.v3.ExpressionFilter', {
      expression: "response.code_details.contains('connection_timeout')",
    }),
  },
};

export function errorPages(): EnvoyConfig {
  const page = (status: Status): EnvoyConfig => ({
    status_code: status,
    body: { inline_string: errorPage(status) },
    body_format_override: { text_format_source: { inline_string: '%LOCAL_REPLY_BODY%' }, content_type: 'text/html' },
  });
  return {
    mappers: [
      { filter: CONNECT_TIMEOUT, ...page(504) },
      // Envoy says 503 for a connection that failed or broke; the load balancer says 502.
      { filter: flagged('UF', 'UC', 'UR', 'UPE'), ...page(502) },
      { filter: flagged('SI'), ...page(504) },
      ...([502, 503, 504] as const).map((status) => ({ filter: failedWith(status), ...page(status) })),
    ],
  };
}
