/** `highlands minute`: bake times, metrics and scaling on a faster clock. */
import { changeOrders } from '../../region/orders.ts';
import { requireRegion } from '../../region/region-file.ts';

export async function minute(milliseconds: number): Promise<void> {
  requireRegion();
  const minuteSeconds = milliseconds / 1000;
  await changeOrders((orders) => ({ ...orders, minuteSeconds }));
  console.log(`a minute lasts ${String(minuteSeconds)} s; back to real time with \`minute 60s\``);
}
