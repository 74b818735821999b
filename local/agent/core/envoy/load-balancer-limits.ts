/** What requests and answers may be: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html */
import type { EnvoyConfig } from '../mesh.ts';
import { typed } from './typed.ts';

/** "Request line 16 K". */
export const LONGEST_LINE = 16 * 1024;
/** "Single header 16 K": name and value. */
export const LONGEST_HEADER = 16 * 1024;
/** "Entire request header 64 K". */
export const LONGEST_HEADERS = 64 * 1024;
/** "Entire response header 32 K". */
export const RESPONSE_HEADERS_KB = 32;
/** Their size is the limit, and not their number: as many as fit, at three bytes each. */
export const MOST_HEADERS = 20_000;

/** Names leave as they came, and those that are added with capitals. */
export const NAMES_AS_WRITTEN: EnvoyConfig = {
  stateful_formatter: {
    name: 'preserve_case',
    typed_config: typed('extensions.http.header_formatters.preserve_case.v3.PreserveCaseFormatterConfig', {
      formatter_type_on_envoy_headers: 'PROPER_CASE',
    }),
  },
};
