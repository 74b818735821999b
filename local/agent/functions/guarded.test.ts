import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { guarded } from './guarded.ts';
import { RuntimeApi } from './runtime-api.ts';

test('a function whose ARN is no header is answered 500, and that is told', async () => {
  const api = new RuntimeApi({ id: 'one', arn: 'arn:\n', event: '{}' }, () => 1);
  const told: string[] = [];
  const server = createServer(guarded(api.serve, (line) => told.push(line))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { status } = await fetch(`http://127.0.0.1:${String(port)}/2018-06-01/runtime/invocation/next`);
  server.closeAllConnections();
  server.close();
  expect([status, told]).toEqual([500, [expect.stringContaining('a request of a function could not be answered')]]);
});
