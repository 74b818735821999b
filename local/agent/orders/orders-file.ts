/** Reads what a person asked for, when it changed. */
import { readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { NO_ORDERS, OrdersSchema, type OperatorOrders } from '../../region/orders.ts';

export class OrdersFile {
  readonly #path: string;
  readonly #log: (message: string) => void;
  #version = '';
  #orders: OperatorOrders = NO_ORDERS;

  constructor(path: string, log: (message: string) => void) {
    this.#path = path;
    this.#log = log;
  }

  get orders(): OperatorOrders {
    return this.#orders;
  }

  /** @returns true when the orders are not those of the last look */
  look(): boolean {
    const found = statSync(this.#path, { throwIfNoEntry: false });
    const version = found === undefined ? '' : `${String(found.ino)} ${String(found.mtimeMs)}`;
    if (version === this.#version) return false;
    this.#version = version;
    this.#orders = found === undefined ? NO_ORDERS : this.#read();
    return true;
  }

  /** A file that can't be read changes nothing: what was asked before still holds. */
  #read(): OperatorOrders {
    try {
      const parsed = OrdersSchema.safeParse(JSON.parse(readFileSync(this.#path, 'utf8')));
      if (parsed.success) return parsed.data;
      this.#log(`${this.#path}: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`);
    } catch (error) {
      this.#log(`${this.#path}: ${error instanceof Error ? error.message : String(error)}`);
    }
    return this.#orders;
  }
}
