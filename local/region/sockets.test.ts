import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as httpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { askSocket } from './socket-http.ts';

test('a port is free until somebody listens on it', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  expect(await freePort(port)).toBeUndefined();
  expect(await freePort(0)).toBeGreaterThan(1023);
  server.close();
  await once(server, 'close');
  expect(await freePort(port)).toBe(port);
});

test('a socket is asked, and what does not answer is given up', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'highlands-socket-'));
  const socketPath = join(directory, 'socket');
  const server = httpServer(({ method = '', url = '' }, response) => {
    if (url !== '/silent') response.writeHead(404).end(`${method} ${url}: nö`);
  }).listen(socketPath);
  await once(server, 'listening');
  const ask = (path: string, timeout: number) => askSocket({ socketPath, method: 'POST', path, timeout }, 'silence');
  expect(await ask('/a', 5_000)).toEqual({ status: 404, body: 'POST /a: nö' });
  await expect(ask('/silent', 50)).rejects.toThrow('silence');
  server.close();
  await once(server, 'close');
  await expect(ask('/a', 5_000)).rejects.toThrow('ENOENT');
  rmSync(directory, { recursive: true });
});
