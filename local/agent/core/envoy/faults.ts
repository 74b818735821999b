/**
 * Faults on request: Envoy's own fault filter, at rest until its runtime values say otherwise. Service Connect's proxies
 * have none; at rest it lets everything pass. https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/fault_filter
 */
import type { Fault, OperatorOrders } from '../../../region/orders.ts';
import type { EnvoyConfig } from '../mesh.ts';
import { typed } from './typed.ts';

export const NO_FAULT: Fault = { abort: undefined, delay: undefined };

const NEVER = { numerator: 0, denominator: 'HUNDRED' };

/** In the proxy of the service that fails, so that its callers' proxies see what they would see of a failing service. */
export const FAULT_FILTER: EnvoyConfig = {
  name: 'envoy.filters.http.fault',
  typed_config: typed('extensions.filters.http.fault.v3.HTTPFault', {
    // Both values are placeholders: with 0 % neither is used, and the runtime brings its own.
    delay: { fixed_delay: '1s', percentage: NEVER },
    abort: { http_status: 503, percentage: NEVER },
  }),
};

/** The runtime values that bring a fault about; empty values give the configuration its word back. */
export function faultRuntime({ abort, delay }: Fault): Readonly<Record<string, string>> {
  return {
    'fault.http.abort.abort_percent': abort === undefined ? '' : String(abort.percent),
    'fault.http.abort.http_status': abort === undefined ? '' : String(abort.status),
    'fault.http.delay.fixed_delay_percent': delay === undefined ? '' : String(delay.percent),
    'fault.http.delay.fixed_duration_ms': delay === undefined ? '' : String(delay.milliseconds),
  };
}

/** The fault of a service under any of its names. */
export function faultOf(orders: OperatorOrders, names: readonly string[]): Fault {
  return names.map((name) => orders.faults[name]).find((fault) => fault !== undefined) ?? NO_FAULT;
}

/** Runtime values that shorten ejections; empty ones give the configuration its word back. */
export function ejectionRuntime({ ejectionSeconds }: OperatorOrders): Readonly<Record<string, string>> {
  const milliseconds = ejectionSeconds === undefined ? '' : String(Math.round(ejectionSeconds * 1000));
  return {
    'outlier_detection.interval_ms': milliseconds,
    'outlier_detection.base_ejection_time_ms': milliseconds,
    'outlier_detection.max_ejection_time_ms': milliseconds,
  };
}
