import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ORDERS_FILE } from './orders.ts';
import { changeOrders, clearOrders, readOrders } from './orders.ts';

const directory = mkdtempSync(join(tmpdir(), 'orders-'));
const file = join(directory, ORDERS_FILE);

afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

test('no change is lost when several are made at once, and nothing stays beside the file', async () => {
  const zones = Array.from({ length: 12 }, (_, index) => `zone-${String(index).padStart(2, '0')}`);
  await Promise.all(
    zones.map((zone) => changeOrders((orders) => ({ ...orders, lostZones: [...orders.lostZones, zone] }), file)),
  );
  expect([...readOrders(file).lostZones].sort()).toEqual(zones);
  expect(readdirSync(directory)).toEqual([ORDERS_FILE]);
  await clearOrders(file);
  expect(readOrders(file).lostZones).toEqual([]);
});

test('a change that fails lets the next one come', async () => {
  await expect(
    changeOrders(() => {
      throw new Error('no');
    }, file),
  ).rejects.toThrow('no');
  await changeOrders((orders) => ({ ...orders, minuteSeconds: 2 }), file);
  expect(readOrders(file).minuteSeconds).toBe(2);
});
