/** What targets and clients get from a load balancer: docs/load-balancer.md has the sources. */
import { inTable } from '../../testing/load-balancer-rows.ts';
import { loadBalancerStand, type Stand } from '../../testing/load-balancer-stand.ts';

afterEach(inTable(import.meta.filename));

let stand: Stand;
const BIG = 40_000;

beforeAll(async () => {
  stand = await loadBalancerStand({
    attributes: { idleTimeoutSeconds: 2 },
    answer: (head, socket) => {
      const [, path = ''] = head.split(' ');
      if (path === '/silent') return undefined;
      if (path === '/close') {
        socket.destroy();
        return undefined;
      }
      if (path === '/big') return `HTTP/1.1 200 OK\r\nx-big: ${'a'.repeat(BIG)}\r\ncontent-length: 0\r\n\r\n`;
      if (path === '/named') return 'HTTP/1.1 200 OK\r\nServer: ours\r\nX-MiXed: a\r\ncontent-length: 0\r\n\r\n';
      if (head.includes('Upgrade: websocket'))
        return 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello';
      return 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
    },
  });
});
afterAll(async () => {
  await stand.stop();
});

const get = (path: string, headers: readonly string[] = [], method = 'GET'): string =>
  [`${method} ${path} HTTP/1.1`, 'Host: shop.test', ...headers, '', ''].join('\r\n');

/** What the target got for a request. */
async function taken(bytes: string): Promise<string[]> {
  const before = stand.heads.length;
  await stand.send(bytes);
  return stand.heads[before]?.split('\r\n') ?? [];
}
const named = (lines: readonly string[], name: string): string[] =>
  lines
    .filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}: `))
    .map((line) => line.slice(name.length + 2));

/** Envoy takes its own address for that of the loopback. */
const ADDRESS = /^[\d.]+$/;
const ID = '1-[0-9a-f]{8}-[0-9a-f]{24}';

describe('a target gets', () => {
  test('the forwarded headers, with capitals, and nothing of Envoy', async () => {
    const lines = await taken(get('/plain?a=b'));
    expect(lines[0]).toBe('GET /plain?a=b HTTP/1.1');
    expect(
      lines
        .slice(1)
        .map((line) => line.split(':')[0])
        .sort(),
    ).toEqual(['Host', 'X-Amzn-Trace-Id', 'X-Forwarded-For', 'X-Forwarded-Port', 'X-Forwarded-Proto']);
    expect(named(lines, 'X-Forwarded-For')).toEqual([expect.stringMatching(ADDRESS)]);
    expect(named(lines, 'X-Forwarded-Proto')).toEqual(['http']);
    expect(named(lines, 'X-Forwarded-Port')).toEqual([String(stand.port)]);
  });

  test('the client’s own names as they were written, and its own request id', async () => {
    const lines = await taken(get('/', ['X-MiXed: a', 'x-low: b', 'x-request-id: mine']));
    expect(lines).toEqual(expect.arrayContaining(['X-MiXed: a', 'x-low: b', 'x-request-id: mine']));
  });

  test('the client behind those that were there already', async () => {
    expect(named(await taken(get('/', ['X-Forwarded-For: 203.0.113.7'])), 'X-Forwarded-For')).toEqual([
      expect.stringMatching(/^203\.0\.113\.7, [\d.]+$/),
    ]);
  });

  test.each([
    ['a trace id of its own', [], new RegExp(`^Root=${ID}$`)],
    [
      'Self in front of the Root of a client',
      ['X-Amzn-Trace-Id: Root=1-67891233-abcdef012345678912345678'],
      new RegExp(`^Self=${ID};Root=1-67891233-abcdef012345678912345678$`),
    ],
    [
      'the other fields of a trace id',
      ['X-Amzn-Trace-Id: Root=1-67891233-abcdef012345678912345678;CalledFrom=app'],
      new RegExp(`^Self=${ID};Root=1-67891233-abcdef012345678912345678;CalledFrom=app$`),
    ],
    [
      'a new Self in the place of the client’s',
      ['X-Amzn-Trace-Id: Self=1-67891233-12456789abcdef012345678;Root=1-67891233-abcdef012345678912345678'],
      new RegExp(`^Self=${ID};Root=1-67891233-abcdef012345678912345678$`),
    ],
    ['a Root where a client had none', ['X-Amzn-Trace-Id: CalledFrom=app'], new RegExp(`^Root=${ID};CalledFrom=app$`)],
  ])('%s', async (_, headers, wanted) => {
    const lines = await taken(get('/', headers));
    expect(named(lines, 'X-Amzn-Trace-Id')).toEqual([expect.stringMatching(wanted)]);
  });

  test('trace ids that differ, of this second', async () => {
    const ids = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const said = await stand.send(get('/'));
        return said;
      }),
    );
    expect(ids).toHaveLength(8);
    const roots = stand.heads.slice(-8).map((head) => named(head.split('\r\n'), 'X-Amzn-Trace-Id')[0] ?? '');
    expect(new Set(roots).size).toBe(8);
    const seconds = parseInt(roots[0]?.split('-')[1] ?? '', 16);
    expect(Math.abs(seconds - Date.now() / 1000)).toBeLessThan(60);
  });

  test('checks as the load balancer makes them', () => {
    const lines = stand.checks[0]?.split('\r\n') ?? [];
    expect(lines[0]).toBe('GET / HTTP/1.1');
    expect(named(lines, 'Host')).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+$/)]);
    expect(named(lines, 'User-Agent')).toEqual(['ELB-HealthChecker/2.0']);
    expect(named(lines, 'Connection')).toEqual(['close']);
    expect(named(lines, 'Accept-Encoding')).toEqual(['gzip, compressed']);
    expect(lines.filter((line) => /envoy|request-id/i.test(line))).toEqual([]);
  });
});

describe('a client gets', () => {
  test.each([
    [
      'an answer of the target, whose server and names stay',
      get('/named'),
      /^HTTP\/1\.1 200 OK(?=[^]*\r\nServer: ours\r\n)(?=[^]*\r\nX-MiXed: a\r\n)(?![^]*awselb)/,
    ],
    [
      '502 for a target that closes',
      get('/close'),
      /^HTTP\/1\.1 502 Bad Gateway(?=[^]*\r\nserver: awselb\/2\.0\r\n)[^]*<h1>502 Bad Gateway<\/h1>/,
    ],
    ['502 for headers of a target over 32 KB', get('/big'), /^HTTP\/1\.1 502 /],
    ['405 for TRACE', get('/', [], 'TRACE'), /^HTTP\/1\.1 405 [^]*\r\nserver: awselb\/2\.0\r\n/],
    [
      '463 for more than 30 addresses',
      get('/', [`X-Forwarded-For: ${Array.from({ length: 31 }, (_, index) => `10.0.0.${String(index)}`).join(', ')}`]),
      /^HTTP\/1\.1 463 /,
    ],
    [
      '200 for 30 addresses',
      get('/', [`X-Forwarded-For: ${Array.from({ length: 30 }, (_, index) => `10.0.0.${String(index)}`).join(', ')}`]),
      /^HTTP\/1\.1 200 /,
    ],
    [
      '400 for a header over 16 KB',
      get('/', [`X-A: ${'a'.repeat(17_000)}`]),
      /^HTTP\/1\.1 400 [^]*<h1>400 Bad Request<\/h1>/,
    ],
    ['200 for a header under 16 KB', get('/', [`X-A: ${'a'.repeat(15_000)}`]), /^HTTP\/1\.1 200 /],
    [
      '400 for headers over 64 KB',
      get(
        '/',
        Array.from({ length: 6 }, (_, index) => `X-${String(index)}: ${'a'.repeat(12_000)}`),
      ),
      /^HTTP\/1\.1 400 /,
    ],
    [
      '200 for 150 headers',
      get(
        '/',
        Array.from({ length: 150 }, (_, index) => `X-${String(index)}: a`),
      ),
      /^HTTP\/1\.1 200 /,
    ],
    ['400 for what is no HTTP', 'HELLO\r\n\r\n', /^HTTP\/1\.[01] 400 [^]*<h1>400 Bad Request<\/h1>/],
    [
      '414 for a request line over 16 KB',
      get(`/?${'a'.repeat(17_000)}`),
      /^HTTP\/1\.1 414 [^]*\r\nserver: awselb\/2\.0\r\n/i,
    ],
    ['200 for a request line under 16 KB', get(`/?${'a'.repeat(15_000)}`), /^HTTP\/1\.1 200 /],
    [
      '400 for a length and chunks at once',
      get('/', ['Content-Length: 3', 'Transfer-Encoding: chunked'], 'POST'),
      /^HTTP\/1\.1 400 [^]*<h1>400 Bad Request<\/h1>/,
    ],
    ['200 by HTTP/1.0', 'GET / HTTP/1.0\r\nHost: shop.test\r\n\r\n', /^HTTP\/1\.[01] 200 /],
    ['200 by HTTP/1.0 without a host', 'GET / HTTP/1.0\r\n\r\n', /^HTTP\/1\.[01] 200 /],
    ['400 by HTTP/1.1 without a host', 'GET / HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 400 [^]*<h1>400 Bad Request<\/h1>/],
    ['no HTTP/2 without TLS', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', /^HTTP\/1\.[01] 400 [^]*<h1>400 Bad Request<\/h1>/],
    [
      '101 and what follows it for a WebSocket',
      get('/ws', ['Upgrade: websocket', 'Connection: Upgrade']),
      /^HTTP\/1\.1 101 Switching Protocols\r\n[^]*hello$/,
    ],
    [
      '100 at once where it asked to be told',
      get('/', ['Expect: 100-continue', 'Content-Length: 2'], 'POST'),
      /^HTTP\/1\.1 100 Continue\r\n\r\n/,
    ],
  ])('%s', async (_, bytes, wanted) => {
    expect(await stand.send(bytes)).toMatch(wanted);
  });

  test.each([
    [
      '504 for a target that is silent for the idle timeout',
      get('/silent'),
      /^HTTP\/1\.1 504 Gateway Timeout\r\n[^]*<h1>504 Gateway Time-out<\/h1>/,
    ],
    [
      '408 for a body that does not come',
      get('/silent', ['Content-Length: 9'], 'POST') + 'abc',
      /^HTTP\/1\.1 408 Request Timeout\r\n/,
    ],
    ['408 for headers that do not end', 'GET / HTTP/1.1\r\nHos', /^HTTP\/1\.1 408 Request Timeout\r\n/],
  ])('%s', async (_, bytes, wanted) => {
    expect(await stand.send(bytes)).toMatch(wanted);
  });
});
