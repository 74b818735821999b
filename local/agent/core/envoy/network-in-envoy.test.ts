/** What clients and targets get from a Network Load Balancer: docs/load-balancer.md has the sources. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import pWaitFor from 'p-wait-for';
import { freePort, serve } from '../../testing/envoy.ts';
import { inTable } from '../../testing/load-balancer-rows.ts';
import { networkStand, type NetworkStand, type NetworkStandOptions } from '../../testing/network-stand.ts';
import { staticConfig } from '../../testing/static-config.ts';
import { doorsInside, doorsOutside } from './front-door.ts';

afterEach(inTable(import.meta.filename));

/** Ends what would never come, and is no assertion. */
const BOUNDED = { interval: 20, timeout: 60_000 };

async function onStand<T>(options: NetworkStandOptions, act: (stand: NetworkStand) => Promise<T>): Promise<T> {
  const stand = await networkStand(options);
  try {
    await pWaitFor(async () => !/health_flags::\/(?:pending|failed)/.test(await stand.admin('/clusters')), BOUNDED);
    return await act(stand);
  } finally {
    await stand.stop();
  }
}

/** Sends a line and gives the answer and the connection, which is open still. */
async function ask(socket: Socket, text = 'hello'): Promise<string> {
  socket.on('error', () => undefined);
  socket.write(text);
  const [answer] = (await Promise.race([once(socket, 'data'), once(socket, 'close').then(() => [''])])) as [unknown];
  return String(answer);
}
const askTcp = async (port: number): Promise<string> => {
  const socket = connect(port, '127.0.0.1');
  const answer = await ask(socket);
  socket.destroy();
  return answer;
};

/** One datagram after the other from one socket, the first one until it is answered. */
async function askUdp(port: number, count = 1, text = 'hello'): Promise<string[]> {
  const socket = createSocket('udp4');
  const answers: string[] = [];
  try {
    while (answers.length < count) {
      socket.send(text, port, '127.0.0.1');
      const [answer] = (await Promise.race([
        once(socket, 'message'),
        new Promise((resolve) => setTimeout(resolve, 500)).then(() => [undefined]),
      ])) as [Buffer | undefined];
      if (answer !== undefined) answers.push(answer.toString());
    }
    return answers;
  } finally {
    socket.close();
  }
}

test('bytes reach a target of TCP, and its answer the client', async () => {
  await onStand({ protocol: 'TCP' }, async ({ port, targets }) => {
    expect(await askTcp(port)).toBe('0');
    expect(Buffer.concat(targets[0]?.got ?? []).toString()).toBe('hello');
  });
});

test('connections are shared among targets', async () => {
  await onStand({ protocol: 'TCP', zones: ['a', 'a'] }, async ({ port }) => {
    const answers = new Set<string>();
    await pWaitFor(async () => answers.add(await askTcp(port)).size === 2, BOUNDED);
    expect([...answers].sort()).toEqual(['0', '1']);
  });
});

test('a client stays with its target by its address, where the group is sticky', async () => {
  await onStand({ protocol: 'TCP', zones: ['a', 'a'], attributes: { sticky: true } }, async ({ port }) => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => askTcp(port)));
    expect(new Set(answers).size).toBe(1);
  });
});

test('a node sends to the targets of its own zone alone, unless cross-zone load balancing is on', async () => {
  const zones = ['b', 'a'];
  await onStand({ protocol: 'TCP', zones, zonesApart: true }, async ({ port }) => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => askTcp(port)));
    expect(new Set(answers)).toEqual(new Set(['1']));
  });
  await onStand({ protocol: 'TCP', zones }, async ({ port }) => {
    await pWaitFor(async () => (await askTcp(port)) === '0', BOUNDED);
  });
});

test('connections are shared among target groups by their weights', async () => {
  await onStand({ protocol: 'TCP', weights: [0, 1] }, async ({ port }) => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => askTcp(port)));
    expect(new Set(answers)).toEqual(new Set(['1']));
  });
  await onStand({ protocol: 'TCP', weights: [1, 1] }, async ({ port }) => {
    const answers = new Set<string>();
    await pWaitFor(async () => answers.add(await askTcp(port)).size === 2, BOUNDED);
  });
});

test('a connection ends when its target becomes unhealthy', async () => {
  await onStand({ protocol: 'TCP' }, async ({ port, targets }) => {
    const socket = connect(port, '127.0.0.1');
    expect(await ask(socket)).toBe('0');
    const closed = once(socket, 'close');
    targets[0]?.refuse();
    await closed;
    expect(socket.destroyed).toBe(true);
  });
});

test('a connection stays with an unhealthy target, where the attribute says so', async () => {
  await onStand({ protocol: 'TCP', attributes: { endsUnhealthy: false } }, async ({ port, targets, admin }) => {
    const socket = connect(port, '127.0.0.1');
    expect(await ask(socket)).toBe('0');
    targets[0]?.refuse();
    await pWaitFor(async () => (await admin('/clusters')).includes('health_flags::/failed_active_hc'), BOUNDED);
    expect(await ask(socket)).toBe('0');
    socket.destroy();
  });
});

test('a target is told who the client is by version 2 of the proxy protocol', async () => {
  await onStand({ protocol: 'TCP', attributes: { proxyProtocol: true } }, async ({ port, targets }) => {
    const socket = connect(port, '127.0.0.1');
    await ask(socket);
    const own = socket.localPort ?? 0;
    const header = Buffer.from([
      ...[0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a],
      0x21,
      0x11,
    ]);
    const got = (): Buffer => Buffer.concat(targets[0]?.got ?? []);
    await pWaitFor(() => got().includes(header) && got().includes('hello'), BOUNDED);
    const from = got().subarray(got().indexOf(header) + header.length + 2);
    expect([...from.subarray(0, 4)]).toEqual([127, 0, 0, 1]);
    expect(from.readUInt16BE(8)).toBe(own);
    socket.destroy();
  });
});

test.each([
  ['a TLS listener ends the TLS of its clients, and targets of TCP get what was in it', 'None', [], false],
  ['a TLS listener agrees on what its ALPN policy says', 'HTTP2Preferred', ['h2', 'http/1.1'], 'h2'],
] as const)('%s', async (_, __, alpn, agreed) => {
  await onStand({ protocol: 'TLS', listener: { alpn } }, async ({ port, targets }) => {
    const ALPNProtocols = agreed === false ? [] : ['http/1.1', 'h2'];
    const socket = connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols });
    expect(await ask(socket)).toBe('0');
    expect(socket.alpnProtocol).toBe(agreed);
    expect(Buffer.concat(targets[0]?.got ?? []).toString()).toBe('hello');
    socket.destroy();
  });
});

test('datagrams reach a target of UDP, and a flow stays with it', async () => {
  await onStand({ protocol: 'UDP', zones: ['a', 'a'] }, async ({ port, targets }) => {
    const answers = await askUdp(port, 10);
    expect(new Set(answers).size).toBe(1);
    expect(String(targets[Number(answers[0])]?.got[0])).toBe('hello');
    const others = new Set<string>();
    await pWaitFor(async () => others.add((await askUdp(port))[0] ?? '').size === 2, BOUNDED);
  });
});

test('a datagram of a jumbo frame comes whole', async () => {
  const text = 'a'.repeat(8900);
  await onStand({ protocol: 'UDP' }, async ({ port, targets }) => {
    await askUdp(port, 1, text);
    expect(String(targets[0]?.got[0])).toBe(text);
  });
});

test('a TCP_UDP listener takes both at one port', async () => {
  await onStand({ protocol: 'TCP_UDP' }, async ({ port }) => {
    expect(await askTcp(port)).toBe('0');
    expect(await askUdp(port)).toEqual(['0']);
  });
});

test('datagrams come from a port of this machine, by either twin of the front door', async () => {
  await onStand({ protocol: 'UDP' }, async ({ port }) => {
    const directory = mkdtempSync(join(tmpdir(), 'door-'));
    const door = {
      ...{ protocol: 'UDP', socketPath: join(directory, 'door') },
      listen: { address: '127.0.0.1', port: await freePort() },
      upstreams: [{ address: '127.0.0.1', port }],
    };
    const sides = [doorsInside([door], 'a'), doorsInside([door], 'b'), doorsOutside([door])];
    const envoys = [];
    try {
      for (const side of sides) {
        const own = mkdtempSync(join(directory, 'side-'));
        envoys.push(await serve({ ...staticConfig(side) }, own));
      }
      expect(await askUdp(door.listen.port, 3)).toEqual(['0', '0', '0']);
    } finally {
      for (const one of envoys) await one.stop();
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
