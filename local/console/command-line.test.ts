import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { program } from '../cli/program.ts';
import { commandOf, commandText } from './command-line.ts';
import { Action, type ActionInput } from './protocol/actions.ts';

const ACTIONS: readonly (readonly [ActionInput, string])[] = [
  [{ action: 'load', url: 'http://a:8080/x?p=1', ratePerSecond: 20, seconds: 5, from: 'b' }, 'load'],
  [{ action: 'fault', service: 'a', abortStatus: 503, percent: 50 }, 'fault'],
  [{ action: 'fault', service: 'a', delayMs: 250 }, 'fault'],
  [{ action: 'kill', service: 'a' }, 'fault'],
  [{ action: 'lose-zone', zone: 'us-east-1a' }, 'fault'],
  [{ action: 'clear' }, 'fault'],
  [{ action: 'scale', service: 'a', count: 3 }, 'scale'],
  [{ action: 'stop-task', task: '0123456789ab' }, 'stop-task'],
  [{ action: 'redeploy', service: 'a' }, 'redeploy'],
  [{ action: 'request', from: 'a', url: 'http://b:8080/' }, 'exec'],
];

/** The command line's own definition decides: what it does not know is an error. */
test.each(ACTIONS)('%j is a command that exists', async (action, name) => {
  const taken: string[] = [];
  for (const command of program.commands)
    command.exitOverride().action(() => {
      taken.push(command.name());
    });
  await program.exitOverride().parseAsync([...commandOf(Action.parse(action)).args], { from: 'user' });
  expect(taken).toEqual([name]);
});

test('every action has a case above', () => {
  const kinds = Action.options.map(({ shape }) => shape.action.value);
  expect(new Set(ACTIONS.map(([{ action }]) => action))).toEqual(new Set(kinds));
});

test('a command is typed as it is run', () => {
  expect(commandText({ action: 'scale', service: 'a', count: 3 })).toBe('npm run highlands -- scale a 3');
  expect(commandText({ action: 'request', url: "http://localhost:8080/?name=O'Neill" })).toContain(
    String.raw`'http://localhost:8080/?name=O'\''Neill'`,
  );
});

test('one request is one, with brackets in its address too', async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer(({ url }, response) => {
    asked.push(url);
    response.end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/?name=[1-5]`;
  await promisify(execFile)('curl', commandOf({ action: 'request', url }).args);
  server.close();
  expect(asked).toEqual(['/?name=[1-5]']);
});

test.each<[string, object]>([
  ['a name that would be an option', { action: 'scale', service: '--help', count: 1 }],
  ['a load without an end', { action: 'load', url: 'http://a/', ratePerSecond: 1, seconds: 100_000 }],
  ['a file', { action: 'request', url: 'file:///etc/passwd' }],
])('%s is no action', (_, action) => {
  expect(Action.safeParse(action).success).toBe(false);
});
