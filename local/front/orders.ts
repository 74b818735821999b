/** What a person asks of the region beyond the AWS APIs, as the agent reads it. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lock } from 'proper-lockfile';
import { NO_ORDERS, ORDERS_FILE, OrdersSchema, type OperatorOrders } from '../agent/core/operator-orders.ts';
import { moveInto } from '../region/move-into.ts';
import { RUN } from '../region/paths.ts';
import { readJson } from '../region/read-json.ts';

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
