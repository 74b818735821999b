/** What a person asks of the region beyond the AWS APIs: faults, lost zones, a faster clock. A file, so it holds over a restart. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { z } from 'zod';
import { moveInto } from './move-into.ts';
import { RUN } from './paths.ts';
import { readJson } from './read-json.ts';

const Percent = z.number().min(0).max(100);

export interface Fault {
  readonly abort: { readonly status: number; readonly percent: number } | undefined;
  readonly delay: { readonly milliseconds: number; readonly percent: number } | undefined;
}

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

/** Below the directory of the running region. */
export const ORDERS_FILE = 'orders.json';
const FILE = join(RUN, ORDERS_FILE);

/** A change takes a millisecond; a command that was killed in one leaves a lock that is stale after ten seconds. */
const PATIENCE = { retries: 200, minTimeout: 10, maxTimeout: 100 };

export function readOrders(file = FILE): OperatorOrders {
  return existsSync(file)
    ? readJson(file, OrdersSchema, 'delete it, which takes back every fault and lost zone')
    : NO_ORDERS;
}

/** Changes what is asked for; two commands at once change one after the other. */
export async function changeOrders(change: (orders: OperatorOrders) => OperatorOrders, file = FILE): Promise<void> {
  await alone(file, () => moveInto(file, JSON.stringify(change(readOrders(file)), undefined, 2)));
}

export async function clearOrders(file = FILE): Promise<void> {
  await alone(file, () => {
    rmSync(file, { force: true });
  });
}

async function alone(file: string, act: () => unknown): Promise<void> {
  // The file may not be there yet, and has no other name.
  const release = await lock(file, { realpath: false, retries: PATIENCE });
  try {
    await act();
  } finally {
    await release();
  }
}
