/** `highlands minute`: bake times, metrics and scaling on a faster clock. */
import { readOrders, writeOrders } from '../orders.ts';
import { requireRegion } from '../region/region-file.ts';

export function minute(milliseconds: number): void {
  requireRegion();
  const minuteSeconds = milliseconds / 1000;
  writeOrders({ ...readOrders(), minuteSeconds });
  console.log(`a minute lasts ${String(minuteSeconds)} s; back to real time with \`minute 60s\``);
}
