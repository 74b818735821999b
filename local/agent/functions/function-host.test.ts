import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ControlPlaneGone } from '../aws/control-plane-gone.ts';
import type { Invocation, Outcome } from '../core/functions/invocation.ts';
import { FunctionHost, removeRun, type FunctionHostParts } from './function-host.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'functions-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const invocation = (id: string): Invocation => ({
  ...{ id, name: 'f', arn: 'arn:f', version: '$LATEST', runtime: 'python3.12', handler: 'index.handler' },
  ...{ timeoutSeconds: 3, memoryMiB: 128, roleArn: 'role', environment: {}, logGroup: '/aws/lambda/f' },
  ...{ event: '{}', code: '', layers: [] },
});

/** A control plane that asks for these until it heard of them. */
function host(asked: readonly Invocation[], parts: Partial<FunctionHostParts> = {}) {
  const heard = new Map<string, Outcome>();
  const lines: string[] = [];
  let tell: () => void = () => undefined;
  const all = new Promise<void>((resolve) => (tell = resolve));
  const made = new FunctionHost({
    channel: {
      functionsToRun: (running) => Promise.resolve(asked.filter(({ id }) => !heard.has(id) && !running.includes(id))),
      functionRan: (id, outcome) => {
        heard.set(id, outcome);
        if (heard.size === asked.length) tell();
        return Promise.resolve();
      },
    },
    keys: () => Promise.resolve({ AccessKeyId: 'a', SecretAccessKey: 'b', Token: 'c' }),
    run: ({ id }) => Promise.resolve({ payload: `"${id}"`, log: 'a line\n' }),
    remove: (one) => removeRun(one, () => Promise.reject(new Error('there is no container'))),
    directory: join(directory, 'run'),
    logDirectory: join(directory, 'logs'),
    log: (line) => lines.push(line),
    ...parts,
  });
  return { made, heard, lines, all };
}

test('each is run once, more at a time than fit wait, and its lines are kept', async () => {
  const ids = Array.from({ length: 12 }, (_, index) => String(index));
  let most = 0;
  let now = 0;
  const ran: string[] = [];
  const { made, heard, all } = host(ids.map(invocation), {
    run: async ({ id }) => {
      most = Math.max(most, (now += 1));
      await new Promise(setImmediate);
      now -= 1;
      ran.push(id);
      return { payload: '1', log: `this is ${id}\n` };
    },
  });
  await made.start();
  await all;
  made.stop();
  expect([ran.toSorted(), most]).toEqual([ids.toSorted(), 8]);
  expect(heard.get('3')).toEqual({ payload: '1', log: 'this is 3\n' });
  expect(readFileSync(join(directory, 'logs/f.log'), 'utf8')).toContain('this is 11\nEND RequestId: 11\n');
});

test('a log stays in its directory, whatever the name', async () => {
  const { made, all } = host([{ ...invocation('one'), name: '../../up' }]);
  await made.start();
  await all;
  made.stop();
  expect(readdirSync(join(directory, 'logs'))).toEqual(['______up.log']);
});

test('one that can not be run is answered with the reason, and so is one without a role', async () => {
  const { made, heard, lines, all } = host([invocation('one')], {
    keys: () => Promise.reject(new Error('no such role')),
    run: (_, keys) => Promise.reject(new Error(`no walls, keys: ${keys === undefined ? 'none' : 'some'}`)),
  });
  await made.start();
  await all;
  made.stop();
  const error = { errorType: 'Runtime.NotRun', errorMessage: 'no walls, keys: none' };
  expect(heard.get('one')).toMatchObject({ error });
  expect(lines).toEqual([
    'function f has no credentials: no such role',
    'function f could not be run: no walls, keys: none',
  ]);
});

/** A control plane that takes an answer as `takes` says, attempt by attempt. */
function answered(takes: (attempt: number, outcome: Outcome) => void) {
  const told: Outcome[] = [];
  const asked: (readonly string[])[] = [];
  let enough: () => void = () => undefined;
  const lookedAgain = new Promise<void>((resolve) => (enough = resolve));
  const parts = {
    channel: {
      functionsToRun: (running: readonly string[]) => {
        asked.push(running);
        if (asked.length > 2) enough();
        return Promise.resolve(running.includes('one') ? [] : [invocation('one')]);
      },
      functionRan: (_: string, outcome: Outcome): Promise<void> => {
        told.push(outcome);
        return new Promise((resolve) => {
          takes(told.length, outcome);
          resolve();
        });
      },
    },
    retryMs: 1,
  };
  return { parts, told, asked, lookedAgain };
}

test('while the control plane is gone it is told again, and not run again', async () => {
  let enough: () => void = () => undefined;
  const heard = new Promise<void>((resolve) => (enough = resolve));
  const { parts, told } = answered((attempt) => {
    if (attempt < 3) throw new ControlPlaneGone('gone');
    enough();
  });
  let runs = 0;
  const { made, lines } = host([], { ...parts, run: () => Promise.resolve({ payload: String((runs += 1)), log: '' }) });
  await made.start();
  await heard;
  made.stop();
  expect([runs, lines, told.map((one) => 'payload' in one)]).toEqual([1, [], [true, true, true]]);
});

test('what the control plane refuses is an error, and one that it refuses too is not run again', async () => {
  const { parts, told, asked, lookedAgain } = answered(() => {
    throw new Error('400 too deep');
  });
  const { made, lines } = host([], parts);
  await made.start();
  await lookedAgain;
  made.stop();
  expect(told).toEqual([
    { payload: '"one"', log: 'a line\n' },
    {
      error: { errorType: 'Runtime.NotTold', errorMessage: "the control plane can't take its answer: 400 too deep" },
      log: '',
    },
  ]);
  expect(asked[2]).toEqual(['one']);
  expect(lines).toHaveLength(2);
});

test('what an agent before it left is taken away', async () => {
  const left = join(directory, 'run/left');
  mkdirSync(left, { recursive: true });
  writeFileSync(join(left, 'log'), '');
  const { made } = host([]);
  await made.start();
  made.stop();
  expect(existsSync(left)).toBe(false);
});
