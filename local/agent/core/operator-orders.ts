/** What a person asks of the local region beyond the AWS APIs: faults, lost zones, a faster clock. A file, so it holds over a restart. */
import { z } from 'zod';
import { NO_FAULT, type Fault } from './envoy/faults.ts';

const Percent = z.number().min(0).max(100);

const FaultSchema = z
  .object({
    abort: z.object({ status: z.number().int().min(200).max(599), percent: Percent }).optional(),
    delay: z.object({ milliseconds: z.number().int().min(1), percent: Percent }).optional(),
  })
  .transform((raw): Fault => ({ abort: raw.abort, delay: raw.delay }));

export const OrdersSchema = z.object({
  /** By task id, service name or discovery name; the first that is there counts. */
  faults: z.record(z.string(), FaultSchema).default({}),
  /** Availability Zones that are cut off. */
  lostZones: z.array(z.string()).default([]),
  /** How long a minute of bake time and of CloudWatch lasts here, in seconds. */
  minuteSeconds: z.number().positive().default(60),
  /** Envoy's outlier detection runs on its own clock; these replace its intervals, in seconds. */
  ejectionSeconds: z.number().positive().optional(),
  /** Certificates issued before this moment (epoch milliseconds) are replaced. */
  rotateCertificatesBefore: z.number().default(0),
});
export type OperatorOrders = z.infer<typeof OrdersSchema>;

export const NO_ORDERS: OperatorOrders = OrdersSchema.parse({});

/** The file's name below the directory of the running region. */
export const ORDERS_FILE = 'orders.json';

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
