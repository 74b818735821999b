import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RuntimeApi } from './runtime-api.ts';

const INVOCATION = { id: 'one', arn: 'arn:f', event: '{"a":1}' };
let server: Server;
let api: RuntimeApi;
let base: string;
beforeEach(async () => {
  api = new RuntimeApi(INVOCATION, () => 12);
  server = createServer(api.serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/2018-06-01/runtime`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const post = async (path: string, body: string): Promise<number> =>
  (await fetch(`${base}/${path}`, { method: 'POST', body })).status;

test('a function takes its event with its deadline, and what it answers is known', async () => {
  const given = await fetch(`${base}/invocation/next`);
  expect([await given.text(), given.headers.get('lambda-runtime-deadline-ms')]).toEqual(['{"a":1}', '12']);
  expect(given.headers.get('lambda-runtime-aws-request-id')).toBe('one');
  expect(await post('invocation/one/response', '{"b":2}')).toBe(202);
  expect(await api.answered).toEqual({ payload: '{"b":2}' });
});

test.each([
  ['invocation/one/error', '{"errorType":"ValueError","errorMessage":"no"}', 'ValueError', 'no'],
  ['init/error', 'no JSON', 'Unknown', 'no JSON'],
  ['invocation/one/response', 'no JSON', 'Runtime.MarshalError', 'the answer of the function is no JSON'],
])('%s with %s is an error', async (path, body, errorType, errorMessage) => {
  expect(await post(path, body)).toBe(202);
  expect(await api.answered).toMatchObject({ error: { errorType, errorMessage } });
});

test('of an error its type, its message and its trace are told', async () => {
  const told = { errorType: 'E', errorMessage: 'no', stackTrace: ['a line'] };
  await post('invocation/one/error', JSON.stringify({ ...told, trace: 1, own: { deep: 'x' } }));
  expect(await api.answered).toEqual({ error: told });
});

test('an answer that is longer than Lambda takes is refused', async () => {
  expect(await post('invocation/one/response', `"${'x'.repeat(6 * 1024 * 1024)}"`)).toBe(413);
  expect(await api.answered).toMatchObject({ error: { errorType: 'Function.ResponseSizeTooLarge' } });
});

test('nobody answers for another invocation', async () => {
  expect(await post('invocation/two/response', '{}')).toBe(404);
});
