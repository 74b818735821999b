import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { OBSERVATION_SOCKET } from '../../region/observation.ts';
import { ComplaintBook } from '../reports/complaint-book.ts';
import { fakeClient } from '../testing/fake-client.ts';
import { allSideWork } from './all-side-work.ts';
import type { SideWork } from './side-work.ts';

let stateDirectory: string;
beforeEach(() => {
  stateDirectory = mkdtempSync(join(tmpdir(), 'side-work-'));
  for (const name of ['run/s', 'logs']) mkdirSync(join(stateDirectory, name), { recursive: true });
});
afterEach(() => {
  rmSync(stateDirectory, { recursive: true });
});

test('nothing goes on before the start, and the sockets are open from then until the stop', async () => {
  const seen: string[] = [];
  const noted = (name: string): SideWork => ({
    start: () => void seen.push(`start ${name}`),
    stop: () => void seen.push(`stop ${name}`),
  });
  const sockets = {
    observation: join(stateDirectory, 'run', OBSERVATION_SOCKET),
    http: join(stateDirectory, 'run/s/otlp-http'),
    grpc: join(stateDirectory, 'run/s/otlp-grpc'),
  };
  const open = () => Object.values(sockets).map((socket) => existsSync(socket));
  const work = allSideWork({
    config: { stateDirectory },
    aws: { cloudWatchLogs: fakeClient<CloudWatchLogsClient>({}) },
    book: new ComplaintBook({ log: () => undefined, onNew: () => undefined }),
    tasks: new Map(),
    health: noted('health'),
    observer: { ...noted('observer'), intervals: [], observe: () => Promise.reject(new Error('not asked')) },
    openNames: noted('open names'),
    refusedOut: noted('refused'),
    heartbeat: noted('heartbeat'),
    functions: noted('functions'),
    reserve: { hold: () => Promise.resolve(), keepOnly: () => undefined },
    otlpSockets: sockets,
    log: (line) => seen.push(line),
  });
  // Whatever a constructor would have started by itself has had its turn.
  await new Promise(setImmediate);
  expect([seen, open(), readdirSync(join(stateDirectory, 'logs'))]).toEqual([[], [false, false, false], []]);
  await work.start();
  const order = ['health', 'observer', 'open names', 'refused', 'heartbeat', 'functions'];
  expect(seen).toEqual(order.map((name) => `start ${name}`));
  expect(open()).toEqual([true, true, true]);
  await work.stop();
  expect(seen.slice(order.length)).toEqual(order.toReversed().map((name) => `stop ${name}`));
  expect(open()).toEqual([false, false, false]);
});
