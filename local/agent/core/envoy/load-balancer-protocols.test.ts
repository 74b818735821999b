/** Protocols of clients and targets, spoken by real clients and servers. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect, type ClientHttp2Session, type OutgoingHttpHeaders } from 'node:http2';
import { createServer } from 'node:http2';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { Client, credentials, Server, ServerCredentials, status, type ServiceError } from '@grpc/grpc-js';
import pWaitFor from 'p-wait-for';
import { USUAL_TARGET_GROUP } from '../../../aws-shapes/target-group-attributes.ts';
import { ROOT } from '../../../region/paths.ts';
import { inTable } from '../../testing/load-balancer-rows.ts';
import { GROUP, loadBalancerStand, onStand, type Stand, type StandOptions } from '../../testing/load-balancer-stand.ts';
import { targetGroup } from '../../testing/target-group.ts';

afterEach(inTable(import.meta.filename));

/** Ends what would never come, and is no assertion. */
const BOUNDED = { interval: 20, timeout: 60_000 };
const run = promisify(execFile);
const python = join(ROOT, '.highlands/venv/bin/python');
const OTHER = `${GROUP}2`;

/** Asks by HTTP/2 over TLS, agreed on by ALPN. */
async function askH2(port: number, headers: OutgoingHttpHeaders = {}, body = '') {
  const session: ClientHttp2Session = connect(`https://127.0.0.1:${String(port)}`, { rejectUnauthorized: false });
  try {
    const stream = session.request({ ':path': '/', ...headers }, { endStream: body === '' });
    let answer: Record<string, unknown> = {};
    stream.on('response', (got) => (answer = got));
    if (body !== '') stream.end(body);
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    return { status: answer[':status'], headers: answer, text };
  } finally {
    session.close();
  }
}

/** An HTTP/2 server without TLS, as targets of version HTTP2 are. */
async function h2Target() {
  const asked: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    asked.push({ ...request.headers });
    response.writeHead(207).end('two');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, asked, stop: () => server.close() };
}

const bytes = { requestSerialize: (value: Buffer) => value, responseDeserialize: (value: Buffer) => value };
const METHOD = '/shop.Shop/Get';

/** A gRPC server with one method, which answers what it is sent, or the status that it is sent. */
async function grpcTarget() {
  const server = new Server();
  const method = {
    path: METHOD,
    requestStream: false,
    responseStream: false,
    requestSerialize: (value: Buffer) => value,
    requestDeserialize: (value: Buffer) => value,
    responseSerialize: (value: Buffer) => value,
    responseDeserialize: (value: Buffer) => value,
  } as const;
  server.addService(
    { get: method },
    {
      get: (call: { request: Buffer }, done: (error: Partial<ServiceError> | null, answer?: Buffer) => void) => {
        done(null, call.request);
      },
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return {
    port,
    stop: () => {
      server.forceShutdown();
    },
  };
}

async function untilHealthy(stand: Stand): Promise<void> {
  await pWaitFor(async () => (await stand.admin('/clusters')).includes('health_flags::healthy'), BOUNDED);
}

describe('with TLS', () => {
  let stand: Stand;
  beforeAll(async () => {
    stand = await loadBalancerStand({ tls: true, attributes: { tellsTls: true } });
  });
  afterAll(async () => {
    await stand.stop();
  });

  test('HTTP/2 is agreed on by ALPN, and targets of version HTTP1 get HTTP/1.1', async () => {
    const before = stand.heads.length;
    expect(await askH2(stand.port)).toMatchObject({ status: 200, text: 'ok' });
    expect(stand.heads[before]).toMatch(/^GET \/ HTTP\/1\.1\r\n/);
  });

  test('targets are told https, and version and cipher where the attribute says so', async () => {
    const before = stand.heads.length;
    await askH2(stand.port);
    expect(stand.heads[before]).toMatch(/^X-Forwarded-Proto: https\r?$/im);
    expect(stand.heads[before]).toMatch(/^X-Amzn-Tls-Version: TLSv1\.3\r?$/im);
    expect(stand.heads[before]).toMatch(/^X-Amzn-Tls-Cipher-Suite: TLS_[A-Z0-9_]+\r?$/im);
  });

  test('464 for gRPC to targets of version HTTP1', async () => {
    const grpc = { ':method': 'POST', 'content-type': 'application/grpc', te: 'trailers' };
    const before = stand.heads.length;
    // Envoy says the failures of its own as gRPC does: 2 is UNKNOWN, which clients make of 464.
    expect((await askH2(stand.port, grpc)).headers).toMatchObject({ 'grpc-status': '2' });
    expect(stand.heads).toHaveLength(before);
  });
});

test('HTTP/2 is not offered where routing.http2.enabled is false', async () => {
  const agreed = await onStand({ tls: true, attributes: { http2: false } }, async ({ port }) => {
    const socket = connectTls({
      port,
      host: '127.0.0.1',
      ALPNProtocols: ['h2', 'http/1.1'],
      rejectUnauthorized: false,
    });
    await once(socket, 'secureConnect');
    const { alpnProtocol } = socket;
    socket.destroy();
    return alpnProtocol;
  });
  expect(agreed).toBe('http/1.1');
});

describe('targets of version HTTP2', () => {
  let target: Awaited<ReturnType<typeof h2Target>>;
  let stand: Stand;
  const healthCheck = { ...targetGroup(GROUP).healthCheck, path: '/up', matcher: '200,205-210' };
  beforeAll(async () => {
    target = await h2Target();
    stand = await loadBalancerStand({
      tls: true,
      ports: [target.port],
      group: { protocolVersion: 'HTTP2', healthCheck },
    });
    await untilHealthy(stand);
  });
  afterAll(async () => {
    await stand.stop();
    target.stop();
  });

  test('are checked by HTTP/2, by a list and a range of codes', () => {
    expect(target.asked[0]).toMatchObject({ ':path': '/up', 'user-agent': 'ELB-HealthChecker/2.0' });
  });

  test('get HTTP/2', async () => {
    expect(await askH2(stand.port, { ':path': '/two' })).toMatchObject({ status: 207, text: 'two' });
    expect(target.asked.at(-1)).toMatchObject({ ':path': '/two' });
  });

  test('464 for HTTP/1.1 to them', async () => {
    const socket = connectTls({ port: stand.port, host: '127.0.0.1', rejectUnauthorized: false });
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    const [said] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();
    expect(said.toString()).toMatch(/^HTTP\/1\.1 464 /);
  });
});

describe('targets of version GRPC', () => {
  let target: Awaited<ReturnType<typeof grpcTarget>>;
  const grpc = (path: string, matcher: string) => ({
    protocolVersion: 'GRPC' as const,
    healthCheck: { ...targetGroup(GROUP).healthCheck, path, matcher },
  });
  beforeAll(async () => {
    target = await grpcTarget();
  });
  afterAll(() => {
    target.stop();
  });

  test.each([
    ['that lack the method of the check are healthy by the usual code 12', '/AWS.ALB/healthcheck', '12'],
    ['whose method answers are healthy by the code 0 of a range', METHOD, '0-5'],
    ['are healthy by a code of a list', METHOD, '12,0'],
  ])('%s', async (_, path, matcher) => {
    await onStand({ tls: true, ports: [target.port], group: grpc(path, matcher) }, untilHealthy);
  });

  test('are unhealthy by another code, which the log of the checks has', async () => {
    await onStand({ tls: true, ports: [target.port], group: grpc(METHOD, '12') }, async ({ admin, checkLog }) => {
      await pWaitFor(() => readFileSync(checkLog, 'utf8').includes('"http_status_code":400'), BOUNDED);
      expect(await admin('/clusters')).toContain('health_flags::/failed_active_hc');
    });
  });

  test('are called by a gRPC client through the listener, and HTTP/2 without POST gets 464', async () => {
    await onStand({ tls: true, ports: [target.port], group: grpc(METHOD, '0') }, async (stand) => {
      await untilHealthy(stand);
      const client = new Client(
        `127.0.0.1:${String(stand.port)}`,
        credentials.createSsl(null, null, null, { checkServerIdentity: () => undefined, rejectUnauthorized: false }),
      );
      const answer = await new Promise<Buffer>((resolve, reject) => {
        client.makeUnaryRequest(
          METHOD,
          bytes.requestSerialize,
          bytes.responseDeserialize,
          Buffer.from('hi'),
          (error, got) => {
            if (error) reject(error);
            else resolve(got ?? Buffer.alloc(0));
          },
        );
      });
      expect(answer.toString()).toBe('hi');
      const refused = await new Promise<ServiceError | null>((resolve) => {
        client.makeUnaryRequest(
          '/shop.Shop/None',
          bytes.requestSerialize,
          bytes.responseDeserialize,
          Buffer.from(''),
          resolve,
        );
      });
      expect(refused?.code).toBe(status.UNIMPLEMENTED);
      client.close();
      expect(await askH2(stand.port)).toMatchObject({ status: 464 });
    });
  });
});

test('a WebSocket client sends and gets messages', async () => {
  const accept = (head: string): string => {
    const [, key = ''] = /^Sec-WebSocket-Key: (.*)\r?$/im.exec(head) ?? [];
    // https://datatracker.ietf.org/doc/html/rfc6455#section-1.3
    const hash = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    const message = '\x81\x05hello';
    return `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${hash}\r\n\r\n${message}`;
  };
  await onStand({ answer: accept }, async ({ port }) => {
    const program = `const socket = new WebSocket('ws://127.0.0.1:${String(port)}/ws');
      socket.onmessage = ({ data }) => { console.log(data); process.exit(0); };
      socket.onerror = () => process.exit(1);`;
    const { stdout } = await run(process.execPath, ['--experimental-websocket', '-e', program]);
    expect(stdout).toBe('hello\n');
  });
});

test('a client of HTTP/1.0 is served', async () => {
  await onStand({}, async ({ port }) => {
    const program = `import http.client
connection = http.client.HTTPConnection("127.0.0.1", ${String(port)})
connection._http_vsn, connection._http_vsn_str = 10, "HTTP/1.0"
connection.request("GET", "/")
answer = connection.getresponse()
print(answer.status, answer.read().decode())`;
    expect((await run(python, ['-c', program])).stdout).toBe('200 ok\n');
  });
});

test('504 for a target that no connection reaches in 10 seconds', async () => {
  // A socket that never accepts: what comes beyond its backlog is not answered.
  const program = `import socket, sys
listening = socket.socket(); listening.bind(("127.0.0.1", 0)); listening.listen(0)
port = listening.getsockname()[1]
clients = []
for _ in range(4):
    client = socket.socket(); client.setblocking(False); client.connect_ex(("127.0.0.1", port)); clients.append(client)
print(port, flush=True); sys.stdin.read()`;
  const child = execFile(python, ['-c', program]);
  try {
    const [said] = (await once(child.stdout ?? process.stdin, 'data')) as [string];
    const soon = (text: string): string => text.replaceAll('"connect_timeout":"5s"', '"connect_timeout":"0.3s"');
    await onStand({ ports: [Number(said)], unchecked: true, rewrite: soon }, async (stand) => {
      const answer = await stand.send('GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 60_000);
      expect(answer).toMatch(/^HTTP\/1\.1 504 Gateway Timeout\r\n[^]*<h1>504 Gateway Time-out<\/h1>/);
    });
  } finally {
    child.kill();
  }
});

test('a target gets the Host with the port of a listener that is not the usual one, or as it was', async () => {
  const hostOf = (attributes: StandOptions['attributes']) =>
    onStand({ ...(attributes && { attributes }) }, async (stand) => {
      await stand.send('GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n');
      return { host: /^Host: (.*)\r?$/m.exec(stand.heads[0] ?? '')?.[1], port: stand.port };
    });
  const usual = await hostOf({});
  expect(usual.host).toBe(`shop.test:${String(usual.port)}`);
  expect((await hostOf({ preservesHost: true })).host).toBe('shop.test');
});

test('rules go by the address of the connection, and not by what a header says', async () => {
  const rule = (index: number, values: string[], body: string) => ({
    arn: `rule ${String(index)}`,
    priority: index,
    conditions: [{ field: 'source-ip' as const, values }],
    action: { type: 'fixed-response' as const, status: 200, contentType: 'text/plain', body },
  });
  const rules = [
    rule(1, ['203.0.113.0/24', '2001:db8::/32'], 'office'),
    rule(2, ['10.0.0.0/8', '127.0.0.1/32'], 'here'),
    rule(3, ['0.0.0.0/0'], 'anybody'),
  ];
  await onStand({ rules }, async (stand) => {
    const said = await stand.send('GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n');
    expect(said.endsWith('here')).toBe(true);
  });
});

/** Which group and target answer requests in turn, whose client keeps the cookies that it is given. */
async function visits(options: StandOptions, count: number, path = '/') {
  return onStand(options, async (stand) => {
    const jar = new Map<string, string>();
    const seen: string[] = [];
    const given: string[] = [];
    const groups = new Set<string>();
    for (let visit = 0; visit < count; visit++) {
      const cookie = jar.size === 0 ? '' : `Cookie: ${[...jar].map((pair) => pair.join('=')).join('; ')}\r\n`;
      const said = await stand.send(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${cookie}\r\n`, 20_000);
      seen.push(said.at(-1) ?? '');
      for (const [, name = '', value = '', more = ''] of said.matchAll(/^set-cookie: ([^=]+)=([^;\r]*)([^\r]*)/gim)) {
        jar.set(name, value);
        if (name === 'AWSALBTG') groups.add(value);
        given.push(`${name}${more}`);
      }
    }
    return { seen, jar, given, groups };
  });
}
const indexed =
  (extra = '') =>
  (_: string, __: unknown, index: number): string =>
    `HTTP/1.1 200 OK\r\n${extra}content-length: 1\r\n\r\n${String(index)}`;

test('a sticky client gets AWSALB and, for other sites, AWSALBCORS, with their end', async () => {
  const attributes = { ...USUAL_TARGET_GROUP, stickySeconds: 60 };
  const { jar, given } = await visits({ group: { attributes }, answer: indexed('Set-Cookie: own=1; Path=/\r\n') }, 2);
  expect([...jar.keys()].sort()).toEqual(['AWSALB', 'AWSALBCORS', 'own']);
  expect(jar.get('AWSALB')).toBe(jar.get('AWSALBCORS'));
  const date = '[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT';
  expect(given).toContainEqual(expect.stringMatching(new RegExp(`^AWSALB; Expires=${date}; Path=/$`)));
  expect(given).toContainEqual(
    expect.stringMatching(new RegExp(`^AWSALBCORS; Expires=${date}; Path=/; SameSite=None$`)),
  );
  expect(given).toContain('own; Path=/');
});

test('a client of an application cookie stays with its target, by AWSALBAPP-0 as well', async () => {
  const attributes = { ...USUAL_TARGET_GROUP, stickySeconds: 60, stickyCookie: 'session' };
  const sticky = await visits({ targets: 3, group: { attributes }, answer: indexed('Set-Cookie: session=1\r\n') }, 6);
  expect([...sticky.jar.keys()].sort()).toEqual(['AWSALBAPP-0', 'session']);
  expect(new Set(sticky.seen).size).toBe(1);
});

test('without the application cookie nobody stays, and no other is given', async () => {
  const attributes = { ...USUAL_TARGET_GROUP, stickySeconds: 60, stickyCookie: 'session' };
  const free = await visits({ targets: 3, group: { attributes }, answer: indexed() }, 6);
  expect(free.jar.size).toBe(0);
  expect(new Set(free.seen).size).toBe(3);
});

const SHARED = [
  { arn: GROUP, weight: 1 },
  { arn: OTHER, weight: 1 },
] as const;
const groupsOf = (stickySeconds: number | undefined): StandOptions => {
  const action = { type: 'forward', targetGroups: SHARED, stickySeconds } as const;
  return { others: [targetGroup(OTHER)], rules: [{ arn: 'rule', priority: undefined, conditions: [], action }] };
};

test('a client stays with its target group by AWSALBTG, and AWSALBTGCORS', async () => {
  const { given, jar, groups } = await visits(groupsOf(60), 12);
  expect([...jar.keys()].sort()).toEqual(['AWSALBTG', 'AWSALBTGCORS']);
  // By chance alone twelve visits reach one of two groups once in two thousand times.
  expect(groups.size).toBe(1);
  expect(given).toHaveLength(24);
  expect((await visits(groupsOf(undefined), 2)).given).toEqual([]);
});
