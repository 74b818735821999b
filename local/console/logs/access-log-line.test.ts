import { matchesAccess } from './filters.ts';
import { parseAccessLog, type LineOrigin } from './access-log-line.ts';

const ORIGIN: LineOrigin = {
  id: '1',
  service: 'b',
  taskId: 't',
  zone: 'us-east-1a',
  owners: new Map([
    ['10.0.0.4', 'a'],
    ['10.0.0.9', 'load-balancer/x'],
  ]),
};
const JSON_LINE = {
  ...{
    start_time: '2026-11-25T01:22:37.153Z',
    method: 'GET',
    path: '/route',
    protocol: 'HTTP/1.1',
    response_code: 200,
  },
  ...{ bytes_received: 0, bytes_sent: 51, duration_ms: 3, upstream_service_time: '2', forwarded_for: null },
  ...{ user_agent: null, request_id: 'id-1', authority: 'a:8080', upstream_host: '10.0.0.4:3000' },
};

test('a JSON line of the caller, and one of the called', () => {
  expect(parseAccessLog(JSON.stringify(JSON_LINE), ORIGIN)).toMatchObject({
    ...{ direction: 'egress', peer: 'a', status: 200, durationMs: 3, upstreamServiceMs: 2, requestId: 'id-1' },
  });
  const called = { ...JSON_LINE, upstream_host: '127.0.0.1:3000', forwarded_for: '203.0.113.10,10.0.0.9' };
  expect(parseAccessLog(JSON.stringify(called), ORIGIN)).toMatchObject({
    direction: 'ingress',
    peer: 'load-balancer/x',
  });
});

test('text lines, of HTTP and of TCP', () => {
  const http =
    '[2026-11-25T01:22:37.153Z] "GET /route HTTP/1.1" 503 0 51 3 - "-" "curl/8.1 (x y)" "id-1" "a:8080" "10.0.0.4:3000"';
  expect(parseAccessLog(http, ORIGIN)).toMatchObject({
    ...{ method: 'GET', path: '/route', status: 503, bytesSent: 51, durationMs: 3, userAgent: 'curl/8.1 (x y)' },
    ...{ direction: 'egress', peer: 'a', upstreamServiceMs: undefined, forwardedFor: undefined },
  });
  const tcp = '[2026-11-25T01:22:37.153Z] 10.0.0.4 40000 1 2 3 - 17';
  expect(parseAccessLog(tcp, ORIGIN)).toMatchObject({
    direction: 'ingress',
    peer: 'a',
    bytesReceived: 1,
    durationMs: 3,
  });
});

test("the proxy's own words are no access log", () => {
  expect(parseAccessLog('[2026-11-25 01:22:37.153][7][warning][main] no limit', ORIGIN)).toBeUndefined();
  expect(parseAccessLog('{"cluster_name":"a","enforced":true}', ORIGIN)).toBeUndefined();
});

test.each<[object, boolean]>([
  [{ status: '2', minMs: 3, text: 'ROUTE', service: 'b' }, true],
  [{ status: '5' }, false],
  [{ minMs: 4 }, false],
  [{ text: 'nowhere' }, false],
  [{ requestId: 'id-2' }, false],
])('%j: %s', (filter, matches) => {
  const line = parseAccessLog(JSON.stringify(JSON_LINE), ORIGIN);
  expect(line !== undefined && matchesAccess(line, { tail: 0, ...filter })).toBe(matches);
});
