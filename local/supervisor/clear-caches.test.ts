import { linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { amount, clearCaches } from './clear-caches.ts';

const state = mkdtempSync(join(tmpdir(), 'clear-caches-'));
afterAll(() => {
  rmSync(state, { recursive: true, force: true });
});

test('images, caches and logs go, and nothing else: not what is installed, the notes of a delivery, another region', async () => {
  const others = ['delivery.json', 'run', 'scan', 'scan.stamp', 'test', 'tools', 'venv', 'venv.stamp'];
  for (const name of others.filter((one) => !one.includes('.'))) mkdirSync(join(state, name));
  for (const name of others.filter((one) => one.includes('.'))) writeFileSync(join(state, name), '');
  mkdirSync(join(state, 'images/one/closed'), { recursive: true });
  const file = join(state, 'images/one/closed/file');
  writeFileSync(file, Buffer.alloc(3_000_000, 1));
  // Layers share files: a file with two names is on the disk once.
  linkSync(file, `${file}-again`);
  mkdirSync(join(state, 'logs'));
  expect(await clearCaches(state)).toMatch(/^3 MB freed: images, logs in /);
  expect(readdirSync(state).sort()).toEqual(others);
  expect(await clearCaches(state)).toMatch(/^0 KB freed: .* has no images, caches or logs$/);
});

test.each([
  [0, '0 KB'],
  [999, '999 KB'],
  [15_400, '15 MB'],
  [1_843_000, '1.8 GB'],
])('%i thousand bytes are %s', (kilobytes, text) => {
  expect(amount(kilobytes)).toBe(text);
});
