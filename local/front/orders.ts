/** What a person asks of the region beyond the AWS APIs, as the agent reads it. */
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NO_ORDERS, ORDERS_FILE, OrdersSchema, type OperatorOrders } from '../agent/core/operator-orders.ts';
import { RUN } from './region/paths.ts';
import { readJson } from './region/read-json.ts';

const FILE = join(RUN, ORDERS_FILE);

export function readOrders(): OperatorOrders {
  return existsSync(FILE)
    ? readJson(FILE, OrdersSchema, 'delete it, which takes back every fault and lost zone')
    : NO_ORDERS;
}

/** Moved into place, so that the agent never reads half of it. */
export function writeOrders(orders: OperatorOrders): void {
  writeFileSync(`${FILE}.next`, JSON.stringify(orders, undefined, 2));
  renameSync(`${FILE}.next`, FILE);
}

export function clearOrders(): void {
  rmSync(FILE, { force: true });
}
