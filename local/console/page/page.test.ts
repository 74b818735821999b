import { bytes, milliseconds, rate, share } from './format.ts';
import { statusOf } from './logs/status.ts';
import { targetsFrom } from './play/targets.ts';
import { jsonLines, within } from './service/json-lines.ts';
import { changed, href, parseRoute } from './state/address.ts';
import { columnsOf } from './state/series.ts';
import { rowsOf } from '../span-rows.ts';
import type { EdgePoint, Region, Span } from '../protocol.ts';
import { region } from '../testing/region.ts';

test('numbers are short and have their unit', () => {
  expect([rate(0), rate(12.345), rate(1234.5)]).toEqual(['0/s', '12.3/s', '1,230/s']);
  expect([milliseconds(undefined), milliseconds(0.4216), milliseconds(12), milliseconds(1234)]).toEqual([
    '–',
    '0.422 ms',
    '12 ms',
    '1.23 s',
  ]);
  expect([share(0), share(0.0004), share(0.234), share(1)]).toEqual(['0 %', '<0.1 %', '23.4 %', '100 %']);
  expect(bytes(1234)).toBe('1.23KB');
});

test('lines of a JSON document know their place', () => {
  const value = { a: [1, { 'b/c': 'text' }], d: {}, e: null };
  const lines = jsonLines(value);
  expect(lines.map(({ key, text }) => `${key === undefined ? '' : `"${key}": `}${text}`).join('')).toBe(
    '{"a": [1,{"b/c": "text"}],"d": {},"e": null}',
  );
  expect(
    JSON.parse(lines.map(({ key, text }) => `${key === undefined ? '' : `${JSON.stringify(key)}:`}${text}`).join('')),
  ).toEqual(value);
  expect(lines.find(({ text }) => text.startsWith('"text"'))?.pointer).toBe('/a/1/b~1c');
  expect(lines.filter(({ pointer }) => within(pointer, '/a/1'))).toHaveLength(3);
  expect(within('/a/10', '/a/1')).toBe(false);
});

const span = (spanId: string, startMs: number, parentSpanId?: string): Span => ({
  spanId,
  ...(parentSpanId === undefined ? {} : { parentSpanId }),
  service: 's',
  name: spanId,
  kind: 'server',
  startMs,
  durationMs: 1,
  error: false,
  attributes: {},
});

test('a waterfall has each span below what caused it, by start', () => {
  const spans = [
    span('b', 3, 'root'),
    span('root', 0),
    span('a', 1, 'root'),
    span('a1', 2, 'a'),
    span('lost', 5, 'gone'),
    span('egg', 7, 'hen'),
    span('hen', 6, 'egg'),
  ];
  expect(rowsOf(spans).map(({ span: { spanId }, depth }) => `${String(depth)} ${spanId}`)).toEqual([
    '0 root',
    '1 a',
    '2 a1',
    '1 b',
    '0 lost',
    '0 hen',
    '1 egg',
  ]);
});

test('a column of a chart has a gap where there was nothing', () => {
  const point = (requestsPerSecond: number): EdgePoint => ({
    requestsPerSecond,
    '2xx': 0,
    '3xx': 0,
    '4xx': 0,
    '5xx': 0,
    p50Ms: null,
    p99Ms: null,
    retries: 0,
    newConnections: 0,
    activeConnections: 0,
  });
  const seconds = [
    { at: 1000, edges: { x: point(2) } },
    { at: 2000, edges: {} },
  ];
  const columns = columnsOf(seconds, 'x');
  expect(columns.times).toEqual([1, 2]);
  expect(columns.of(({ requestsPerSecond }) => requestsPerSecond)).toEqual([2, null]);
  expect(columns.of(({ p50Ms }) => p50Ms)).toEqual([null, null]);
});

test.each([
  [href('map', 'a>b/100 %'), 'map', 'a>b/100 %'],
  [href('services'), 'services', undefined],
  ['#/services/%', 'map', undefined],
  ['#/map/%E0%A4%A', 'map', undefined],
  ['#/nothing', 'map', undefined],
])('%s leads to %s %s', (address, view, name) => {
  expect(parseRoute(address)).toMatchObject({ view, name });
});

test('from a task one reaches names of Service Connect, first those that it calls; from this machine the load balancer', () => {
  const named = (id: string) => ({ id, aliases: [{ dnsName: id, port: 80, discoveryName: id }] });
  const parts = {
    loadBalancers: [{ url: 'http://localhost:8080' }],
    services: ['alone', 'front', 'left', 'right'].map(named),
    edges: region([]).edges,
  } as unknown as Region;
  expect(targetsFrom('', parts)).toEqual(['http://localhost:8080/']);
  expect(targetsFrom('front', parts).map((url) => new URL(url).hostname)).toEqual(['left', 'right', 'alone', 'front']);
});

test.each([
  [{}, undefined],
  [{ status: 0 }, { text: 'none', tone: 'bad' }],
  [{ status: 404 }, { text: '404', tone: 'warn' }],
  [
    { status: 200, grpcStatus: 'OK' },
    { text: 'gRPC OK', tone: 'ok' },
  ],
  [
    { status: 200, grpcStatus: 'Unavailable' },
    { text: 'gRPC Unavailable', tone: 'bad' },
  ],
])('what came of %j', (line, said) => {
  expect(statusOf(line)).toEqual(said);
});

test('other settings of a view leave the rest of its address as it is', () => {
  const route = parseRoute('#/logs?side=egress&text=x');
  expect(changed(route, { text: '', request: '7' })).toBe('#/logs?side=egress&request=7');
  expect(changed(parseRoute('#/services/a%3Eb'), { tab: undefined })).toBe('#/services/a%3Eb');
});
