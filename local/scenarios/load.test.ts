/** A load is bounded, and runs at the smallest rate. */
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LoadResult } from './load-result.ts';

/** Enough for the first answer, also where every core has something else to do. */
const SECONDS = 3;

async function load(port: number, overallRate: number): Promise<LoadResult> {
  const settings = { url: `http://127.0.0.1:${String(port)}/`, connections: 10, duration: SECONDS, overallRate };
  const run = promisify(execFile)(process.execPath, [join(import.meta.dirname, 'load.mjs'), JSON.stringify(settings)]);
  return LoadResult.parse(JSON.parse((await run).stdout));
}

async function servedWhile<T>(work: (port: number) => Promise<T>): Promise<T> {
  const server = createServer((_, response) => response.end('ok'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  try {
    return await work(typeof address === 'object' && address !== null ? address.port : 0);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

test('one request a second over ten connections', async () => {
  const { answered, failed } = await servedWhile((port) => load(port, 1));
  expect({ answered: answered >= 1 && answered <= 1 + SECONDS, failed }).toEqual({ answered: true, failed: 0 });
});

test('where nobody listens it ends after as many attempts as there should be requests, and those under way', async () => {
  const closed = await servedWhile((port) => Promise.resolve(port));
  const { answered, failed } = await load(closed, 5);
  expect(answered).toBe(0);
  expect(failed).toBeGreaterThan(0);
  expect(failed).toBeLessThanOrEqual(5 * SECONDS + 10);
});
