/** Over the real socket, as console and command line ask it. */
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SpanStore } from '../core/tracing/span-store.ts';
import type { Interval } from '../metrics/collector.ts';
import { ObservationServer, type ObservationParts } from './observation-server.ts';

let directory: string;
let socket: string;
let server: ObservationServer | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'observation-'));
  socket = join(directory, 's');
});
afterEach(async () => {
  await server?.stop();
  rmSync(directory, { recursive: true });
});

const interval = (at: number): Interval => ({
  ...{ at, milliseconds: 1_000 },
  ...{ edges: new Map(), inbound: new Map(), usage: new Map() },
});
const lines: string[] = [];

async function started(given: Partial<ObservationParts> = {}): Promise<ObservationServer> {
  lines.length = 0;
  server = new ObservationServer({
    socket,
    observer: {
      intervals: [interval(1_000), interval(2_000)],
      observe: () => Promise.reject(new Error('not yet')),
    },
    spans: new SpanStore(),
    book: { list: () => [{ resource: 'disk of /one', message: 'there is no space on it', since: 1 }] },
    log: (line) => lines.push(line),
    ...given,
  });
  expect(existsSync(given.socket ?? socket)).toBe(false);
  await server.start();
  return server;
}

function get(path: string): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    request({ socketPath: socket, path }, (response) => {
      let text = '';
      response
        .setEncoding('utf8')
        .on('data', (chunk: string) => (text += chunk))
        .once('end', () => {
          resolve({ status: response.statusCode, text });
        });
    })
      .once('error', reject)
      .end();
  });
}

test('it answers from its start, to its own user only', async () => {
  await started();
  expect(statSync(socket).mode & 0o777).toBe(0o600);
  expect(JSON.parse((await get('/intervals?after=1000')).text)).toMatchObject([{ at: 2_000 }]);
  expect(JSON.parse((await get('/complaints')).text)).toMatchObject([{ resource: 'disk of /one' }]);
  expect(await get('/traces')).toEqual({ status: 200, text: '[]' });
  expect(await get('/traces/none')).toEqual({ status: 404, text: 'null' });
});

test('an observation that fails is an answer and a line in the log, and the next question is answered', async () => {
  await started();
  expect(await get('/now')).toEqual({ status: 500, text: 'not yet' });
  expect(lines).toEqual(['an observation failed: not yet']);
  expect((await get('/complaints')).status).toBe(200);
});

test('after its stop nobody answers, and the next one takes the same socket', async () => {
  const one = await started();
  await one.stop();
  await expect(get('/complaints')).rejects.toThrow();
  await started();
  expect((await get('/complaints')).status).toBe(200);
});

test('without a place for its socket it says so, and the agent goes on', async () => {
  await started({ socket: join(directory, 'none/s') });
  expect(lines).toEqual([expect.stringContaining('nobody can look at the agent: listen E')]);
});
