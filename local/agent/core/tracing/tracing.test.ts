import { containerDefinition } from '../../testing/container-definition.ts';
import fc from 'fast-check';
import { validate } from '../../testing/envoy.ts';
import { collectorConfig } from '../envoy/collector.ts';
import type { ContainerDefinition } from '../task-definition.ts';
import { collectorPorts } from './collector.ts';
import { spansOf } from './otlp.ts';
import type { Span } from '../../../region/trace.ts';
import { SpanStore } from './span-store.ts';

function container(image: string, environment: Record<string, string> = {}, command?: string[]): ContainerDefinition {
  return containerDefinition({ name: 'collector', image, essential: false, command, environment });
}

describe('collectors that are stood in for', () => {
  const both = { http: 4318, grpc: 4317 };

  test.each([
    ['public.ecr.aws/aws-observability/aws-otel-collector:v0.48.0', both],
    ['amazon/aws-otel-collector', both],
    [`otel/opentelemetry-collector-contrib:0.1@sha256:${'0'.repeat(64)}`, both],
    ['public.ecr.aws/datadog/agent:7', { http: undefined, grpc: undefined }],
    ['000000000000.dkr.ecr.us-east-1.amazonaws.com/aws-otel-collector:v1', undefined],
    ['localhost:5000/datadog/agent', undefined],
  ])('%s listens as its image does', (image, ports) => {
    expect(collectorPorts(container(image))).toEqual(ports);
  });

  test('a configuration in a variable says where, ADOT’s own or one that the command names', () => {
    const text = 'receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:9318"}}}}';
    const ports = { http: 9318, grpc: undefined };
    expect(collectorPorts(container('amazon/aws-otel-collector', { AOT_CONFIG_CONTENT: text }))).toEqual(ports);
    const named = container('otel/opentelemetry-collector', { MINE: text }, ['--config=env:MINE']);
    expect(collectorPorts(named)).toEqual(ports);
    const bare = { AOT_CONFIG_CONTENT: 'receivers: {otlp: {protocols: {grpc: }}}' };
    expect(collectorPorts(container('amazon/aws-otel-collector', bare))).toEqual({ http: undefined, grpc: 4317 });
    const none = { AOT_CONFIG_CONTENT: 'receivers: {awsxray: {}}' };
    expect(() => collectorPorts(container('amazon/aws-otel-collector', none))).toThrow(/collector.*receivers\.otlp/);
  });

  test('the Datadog agent takes OTLP only when it is told to', () => {
    const environment = { DD_OTLP_CONFIG_RECEIVER_PROTOCOLS_HTTP_ENDPOINT: '127.0.0.1:4318' };
    expect(collectorPorts(container('datadog/agent:7', environment))).toEqual({ http: 4318, grpc: undefined });
  });

  test('Envoy takes the configuration, with both receivers and with none', () => {
    const standIn = { taskId: 'task', adminSocketPath: '/tmp/x.sock', sockets: { http: '/tmp/h', grpc: '/tmp/g' } };
    validate(collectorConfig({ ...standIn, ports: both }));
    validate(collectorConfig({ ...standIn, ports: { http: undefined, grpc: undefined } }));
  });
});

test('spans in the JSON form of OTLP are narrowed', () => {
  const span = {
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    parentSpanId: '',
    name: 'GET /',
    kind: 2,
    startTimeUnixNano: '1700000000123456789',
    endTimeUnixNano: '1700000000125456789',
    attributes: [
      { key: 'http.response.status_code', value: { intValue: '503' } },
      { key: 'many', value: { arrayValue: { values: [{ stringValue: 'x' }] } } },
    ],
    status: { code: 2 },
  };
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'caller' } }] };
  expect(spansOf({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }, 'task')).toEqual([
    {
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
      parentId: undefined,
      name: 'GET /',
      kind: 'server',
      service: 'caller',
      taskId: 'task',
      startedAt: 1_700_000_000_123.456,
      milliseconds: 2,
      failed: true,
      attributes: { 'http.response.status_code': 503, many: '{"values":[{"stringValue":"x"}]}' },
    },
  ]);
  expect(() => spansOf({ resourceSpans: 'x' }, undefined)).toThrow();
});

describe('the store of spans', () => {
  const span = (traceId: string, spanId: string, overrides: Partial<Span> = {}): Span => ({
    traceId,
    spanId,
    parentId: undefined,
    name: spanId,
    kind: 'server',
    service: 'one',
    taskId: undefined,
    startedAt: 1_000,
    milliseconds: 10,
    failed: false,
    attributes: {},
    ...overrides,
  });

  test('spans of a trace that come in any order, and twice, join up', () => {
    const spans = [
      span('t', 'root', { milliseconds: 30 }),
      span('t', 'call', { parentId: 'root', startedAt: 1_005, kind: 'client' }),
      span('t', 'called', { parentId: 'call', startedAt: 1_006, service: 'two', failed: true }),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray([...spans, ...spans], { minLength: 6 }), (arrived) => {
        const store = new SpanStore();
        for (const one of arrived) store.add([one]);
        expect(store.recent()).toEqual([
          {
            traceId: 't',
            name: 'root',
            service: 'one',
            startedAt: 1_000,
            milliseconds: 30,
            spanCount: 3,
            services: ['one', 'two'],
            failedSpans: 1,
          },
        ]);
        expect(store.trace('t')?.spans.map(({ spanId }) => spanId)).toEqual(['root', 'call', 'called']);
      }),
    );
  });

  test('is bounded in traces and in spans of one trace; the oldest trace goes first', () => {
    const store = new SpanStore();
    for (let index = 0; index < 1_100; index++) {
      store.add([span(`t${String(index)}`, 'x', { startedAt: index }), span('endless', String(index))]);
    }
    expect(store.recent(2_000)).toHaveLength(1_000);
    expect(store.trace('t0')).toBeUndefined();
    expect(store.recent(1)[0]?.traceId).toBe('t1099');
    const long = new SpanStore();
    for (let index = 0; index < 1_100; index++) long.add([span('t', String(index))]);
    expect(long.trace('t')?.spanCount).toBe(1_000);
  });
});
