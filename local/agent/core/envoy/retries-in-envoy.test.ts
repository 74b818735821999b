/**
 * What retries, ejection and zone-aware routing of Service Connect's proxies see and do not see, measured on a real Envoy with
 * the configuration that the agent makes: docs/architecture.md says what follows from it.
 */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { connect, createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { connectStand, type ConnectOptions, type ConnectStand } from '../../testing/service-connect-stand.ts';

const MIB = 1024 * 1024;
const UNAVAILABLE = 14;

interface Backend {
  readonly port: number;
  /** How often it was asked. */
  readonly asked: () => number;
  readonly stop: () => void;
}

/** A task that takes the whole request before it answers. */
async function httpTask(status: number, text: string): Promise<Backend> {
  let asked = 0;
  const server = createServer((incoming, answer) => {
    incoming.resume().on('end', () => {
      asked += 1;
      answer.writeHead(status).end(text);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, asked: () => asked, stop: () => server.close() };
}

/** A task whose calls all end the same way. */
async function grpcTask(answer: (stream: ServerHttp2Stream) => void): Promise<Backend> {
  let asked = 0;
  const server = createHttp2Server().on('stream', (stream) => {
    asked += 1;
    stream.on('error', () => undefined);
    answer(stream);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, asked: () => asked, stop: () => server.close() };
}
const HEADERS = { ':status': 200, 'content-type': 'application/grpc' };
/** Fails after it began to answer, as servers do that have sent a message. */
const inTrailers = (stream: ServerHttp2Stream): void => {
  stream.respond(HEADERS, { waitForTrailers: true });
  stream.on('wantTrailers', () => {
    stream.sendTrailers({ 'grpc-status': String(UNAVAILABLE) });
  });
  stream.end();
};
/** https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md: "Trailers-Only", headers that end the stream. */
const trailersOnly = (stream: ServerHttp2Stream): void => {
  stream.respond({ ...HEADERS, 'grpc-status': String(UNAVAILABLE) }, { endStream: true });
};

async function calling<T>(
  tasks: readonly Backend[],
  options: Omit<ConnectOptions, 'backends'> & { readonly zones?: readonly string[] },
  act: (stand: ConnectStand) => Promise<T>,
): Promise<T> {
  const backends = tasks.map(({ port }, index) => ({ port, zone: options.zones?.[index] ?? 'a' }));
  const stand = await connectStand({ ...options, backends });
  try {
    return await act(stand);
  } finally {
    await stand.stop();
    for (const task of tasks) task.stop();
  }
}

function post({ host, port }: ConnectStand, bytes = 0): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const asking = request({ host, port, method: 'POST', path: '/' }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => (text += String(chunk)));
      answer.on('end', () => {
        resolve({ status: answer.statusCode, text });
      });
    });
    asking.on('error', reject).end(Buffer.alloc(bytes));
  });
}

/** @returns the gRPC status, wherever it came */
async function call({ host, port }: ConnectStand): Promise<number> {
  const session = connect(`http://${host}:${String(port)}`);
  const headers = { ':method': 'POST', ':path': '/shop.Shop/Get', 'content-type': 'application/grpc', te: 'trailers' };
  const stream = session.request(headers);
  let status = NaN;
  const take = (got: Readonly<Record<string, unknown>>): void => {
    if (got['grpc-status'] !== undefined) status = Number(got['grpc-status']);
  };
  stream.on('response', take).on('trailers', take).end(Buffer.alloc(5));
  stream.resume();
  await once(stream, 'close');
  session.destroy();
  return status;
}

const sum = (tasks: readonly Backend[]): number => tasks.reduce((all, { asked }) => all + asked(), 0);
const times = <T>(count: number, make: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, make));

test('a body over 1 MiB is never tried again: no counter of retries says so, but that of buffers does', async () => {
  const tasks = await times(3, () => httpTask(503, 'busy'));
  await calling(tasks, { protocol: 'http' }, async (stand) => {
    expect(await post(stand, MIB)).toEqual({ status: 503, text: 'busy' });
    expect(sum(tasks)).toBe(3);
    const counters = ['upstream_rq_retry', 'upstream_rq_retry_limit_exceeded', 'upstream_rq_retry_overflow'];
    const read = () => Promise.all(counters.map((name) => stand.stat(name)));
    const before = await read();
    expect(before).toEqual([2, 1, 0]);
    expect(await post(stand, MIB + 1)).toEqual({ status: 503, text: 'busy' });
    expect(sum(tasks)).toBe(4);
    expect(await read()).toEqual(before);
    expect(await stand.stat('retry_or_shadow_abandoned')).toBe(1);
  });
});

test.each([
  ['in trailers counts for neither retries nor ejection', inTrailers, 1, 0],
  ['in Trailers-Only counts for both', trailersOnly, 3, 1],
] as const)('a gRPC failure %s', async (_, answer, attempts, ejected) => {
  const tasks = await times(3, () => grpcTask(answer));
  await calling(tasks, { protocol: 'grpc' }, async (stand) => {
    // Five failures in a row of one host eject it: of three hosts one has had them after fifteen attempts at the latest.
    for (let count = 0; count < 15; count++) expect(await call(stand)).toBe(UNAVAILABLE);
    expect(sum(tasks)).toBe(15 * attempts);
    expect(await stand.stat('outlier_detection.ejections_active')).toBe(ejected);
    expect(await stand.stat('grpc.failure')).toBe(15);
  });
});

test('a gRPC call whose time is over has status 14, and not 4, and is not tried again', async () => {
  const tasks = await times(3, () => grpcTask(() => undefined));
  await calling(tasks, { protocol: 'grpc', perRequestSeconds: 1 }, async (stand) => {
    expect(await call(stand)).toBe(UNAVAILABLE);
    expect(sum(tasks)).toBe(1);
  });
});

test('ejection can come between two attempts of a request, whose client gets "no healthy upstream"', async () => {
  const task = await httpTask(503, 'busy');
  await calling([task], { protocol: 'http' }, async (stand) => {
    // Three attempts fail, and two of the next request: the third of these finds nobody.
    expect(await post(stand)).toEqual({ status: 503, text: 'busy' });
    expect(task.asked()).toBe(3);
    expect(await post(stand)).toEqual({ status: 503, text: 'no healthy upstream' });
    expect(task.asked()).toBe(5);
  });
});

test.each([
  // A half of the callers has a quarter of the tasks in its zone: what is too much goes where nobody calls.
  [
    'all of it, where the others have none to spare',
    ['a', 'a', 'b', 'b'],
    ['a', 'a', 'b', 'b', 'c', 'c', 'c', 'c'],
    [],
  ],
  // A third of the tasks for a quarter of the callers: b has something to spare as well.
  ['its share, where another has some to spare', ['a', 'a', 'a', 'b'], ['a', 'a', 'b', 'b', 'c', 'c'], ['b']],
  ['nothing, once it has callers of its own', ['a', 'b', 'c'], ['a', 'a', 'b', 'b', 'c', 'c'], undefined],
] as const)('a zone without callers takes of the spill of the others %s', async (_, callers, zones, beside) => {
  const tasks = await times(zones.length, () => httpTask(200, 'ok'));
  await calling(tasks, { protocol: 'http', callers, zones }, async (stand) => {
    // Envoy draws the zone: that one of a tenth of all requests is left out by chance has a chance of 1 to 10^13.
    for (let count = 0; count < 300; count++) expect((await post(stand)).status).toBe(200);
    const asked = new Set(zones.filter((_zone, index) => (tasks[index]?.asked() ?? 0) > 0));
    expect([...asked].sort()).toEqual(beside === undefined ? ['a'] : ['a', ...beside, 'c']);
  });
});
