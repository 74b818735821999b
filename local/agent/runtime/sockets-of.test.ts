import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { promisify } from 'node:util';
import { disconnect, disconnected, listening } from './sockets-of.ts';

const own = { pid: process.pid };
/** Of nobody else's connections on this machine: all of 127.0.0.0/8 is its own. */
const TARGET = '127.9.8.6';
const BALANCER = '127.9.8.7';

test('a connection is waited for until it goes, and not longer than it may take', async () => {
  const server = createServer((socket) => socket.resume()).listen(0, TARGET);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  await listening(own, [address.port], AbortSignal.timeout(10_000));
  const client = connect({ host: TARGET, port: address.port, localAddress: BALANCER });
  await once(client, 'connect');
  const order: string[] = [];
  const patient = disconnected(own, [BALANCER], 60).then(() => order.push('it went'));
  await disconnected(own, [BALANCER], 0.3).then(() => order.push('time is over'));
  // Nobody is connected from there, or nobody may be waited for.
  await Promise.all([disconnected(own, ['127.9.8.8'], 60), disconnected(own, [BALANCER], 0)]);
  client.destroy();
  await patient;
  expect(order).toEqual(['time is over', 'it went']);
  server.close();
});

const stdoutOf = async (command: string, args: readonly string[]): Promise<string> =>
  (await promisify(execFile)(command, [...args])).stdout;

/** What `nsenter` needs; a user's own namespace is left alone. */
const asRoot = process.getuid?.() === 0 ? test : test.skip;

asRoot('connections with an address end at both ends, others go on; a kernel that ends none is told of', async () => {
  const server = createServer((socket) => socket.resume().on('error', () => undefined)).listen(0, TARGET);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const open = async (localAddress: string) => {
    const socket = connect({ host: TARGET, port: address.port, localAddress });
    await once(socket, 'connect');
    return {
      socket,
      ended: new Promise<string>((resolve) =>
        socket.once('error', () => {
          resolve('ended');
        }),
      ),
    };
  };
  const [lost, other] = [await open(BALANCER), await open('127.9.8.8')];
  const place = { ...own, enter: (command: readonly string[]) => ['-t', String(process.pid), '-n', '--', ...command] };
  const outcome = await disconnect(place, [BALANCER, '127.9.8.9'], stdoutOf).then(() => lost.ended, String);
  expect(outcome).toMatch(/^ended$|CONFIG_INET_DIAG_DESTROY/);
  expect(await Promise.race([other.ended, Promise.resolve('goes on')])).toBe('goes on');
  lost.socket.destroy();
  other.socket.destroy();
  server.close();
});
