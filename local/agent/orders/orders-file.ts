/** Reads what a person asked for, when it changed. */
import { NO_ORDERS, OrdersSchema, type OperatorOrders } from '../../region/orders.ts';
import { WatchedFile } from './watched-file.ts';

export class OrdersFile extends WatchedFile<OperatorOrders> {
  constructor(path: string, log: (message: string) => void) {
    super(path, OrdersSchema, NO_ORDERS, log);
  }

  get orders(): OperatorOrders {
    return this.content;
  }
}
