import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { disconnected, listening } from './sockets-of.ts';

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
