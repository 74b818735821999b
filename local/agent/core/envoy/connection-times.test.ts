/** How long connections last, by the order in which they end: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { inTable } from '../../testing/load-balancer-rows.ts';
import { onStand } from '../../testing/load-balancer-stand.ts';

afterEach(inTable(import.meta.filename));

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

/** A connection, with what came on it; it may be sent more. */
function open(port: number, bytes: string) {
  const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
  let got = '';
  socket.on('data', (chunk) => (got += chunk.toString('latin1'))).on('error', () => undefined);
  return {
    send: (more: string) => socket.write(more),
    got: () => got,
    isOpen: () => !socket.destroyed && !socket.readableEnded,
    end: once(socket, 'end'),
    destroy: () => socket.destroy(),
  };
}

test('a connection that ends when nothing came for the idle timeout, and not one on which something came', async () => {
  const answer = (head: string): string | undefined =>
    head.includes('/silent') ? undefined : 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
  // The other load balancer's clock: its client is told after five seconds that its target is silent.
  await onStand({ answer, attributes: { idleTimeoutSeconds: 5 } }, async (slow) => {
    await onStand({ answer, attributes: { idleTimeoutSeconds: 2 } }, async (stand) => {
      const order: string[] = [];
      const busy = open(stand.port, GET);
      const idle = open(stand.port, GET);
      const silent = open(stand.port, '');
      const clock = open(slow.port, 'GET /silent HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      const asking = setInterval(() => busy.send(GET), 500);
      void idle.end.then(() => order.push('after an answer'));
      void silent.end.then(() => order.push('without a request'));
      await clock.end;
      clearInterval(asking);
      expect(clock.got()).toMatch(/^HTTP\/1\.1 504 /);
      expect(idle.got()).toMatch(/^HTTP\/1\.1 200 /);
      expect(order.sort()).toEqual(['after an answer', 'without a request']);
      expect(busy.isOpen()).toBe(true);
      busy.destroy();
    });
  });
});

test('the connection to a target ends with the idle timeout as well', async () => {
  const targets: Socket[] = [];
  const answer = (_: string, socket: Socket): string => {
    targets.push(socket);
    return 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
  };
  await onStand({ answer, attributes: { idleTimeoutSeconds: 1 } }, async ({ port }) => {
    const client = open(port, GET);
    const asking = setInterval(() => client.send(GET), 300);
    while (targets.length < 8) await setTimeout(20);
    clearInterval(asking);
    // Both workers keep a connection of their own, and this client has one of them.
    expect(new Set(targets).size).toBe(1);
    for (const target of new Set(targets)) {
      expect(target.readableEnded).toBe(false);
      await once(target, 'end');
    }
    await client.end;
  });
});

test('the last answer of a connection that lasted for client_keep_alive.seconds says so', async () => {
  await onStand({ attributes: { keepAliveSeconds: 2 } }, async ({ port }) => {
    const client = open(port, GET);
    const asking = setInterval(() => client.isOpen() && client.send(GET), 100);
    await client.end;
    clearInterval(asking);
    const [first = '', ...others] = client.got().split('HTTP/1.1 200 OK').slice(1);
    expect(first).not.toMatch(/^connection: close\r?$/im);
    expect(others.at(-1)).toMatch(/^connection: close\r?$/im);
    expect(others.slice(0, -1).join('')).not.toMatch(/^connection: close\r?$/im);
  });
});
