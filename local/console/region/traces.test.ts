import { traceOf, type Span } from '../../region/trace.ts';
import { tracePage, traceSummary } from './traces.ts';

const span = (spanId: string, startedAt: number, parentId?: string): Span => ({
  ...{ traceId: 't', spanId, parentId, name: `GET /${spanId}`, kind: 'server', service: `service of ${spanId}` },
  ...{
    taskId: undefined,
    startedAt,
    milliseconds: 2,
    failed: spanId.startsWith('c'),
    attributes: { status: 200, ok: true },
  },
});

test('times of a page are those after the first span, and values of attributes are text', () => {
  expect(tracePage(traceOf('t', [span('b', 1004.5, 'a'), span('a', 1000)]))).toMatchObject({
    traceId: 't',
    at: 1000,
    durationMs: 6.5,
    spans: [
      { spanId: 'a', startMs: 0, durationMs: 2, error: false, attributes: { status: '200', ok: 'true' } },
      { spanId: 'b', parentSpanId: 'a', startMs: 4.5 },
    ],
  });
});

test('a span comes after its parent, even where the clock of another machine says otherwise', () => {
  const spans = [
    span('child', 999, 'root'),
    span('root', 1000),
    span('early', 998, 'later'),
    span('later', 1003, 'root'),
  ];
  const page = tracePage(traceOf('t', spans));
  expect(page.spans.map(({ spanId }) => spanId)).toEqual(['root', 'child', 'later', 'early']);
  expect(Math.min(...page.spans.map(({ startMs }) => startMs))).toBe(0);
});

test('a parent that never came leaves no span out', () => {
  const page = tracePage(traceOf('t', [span('b', 1001, 'lost'), span('a', 1000)]));
  expect(page.spans.map(({ spanId }) => spanId)).toEqual(['a', 'b']);
});

test('the list has a trace in one line', () => {
  const trace = traceOf('t', [span('a', 1000), span('c', 1001, 'a'), span('c2', 1001, 'a')]);
  expect(traceSummary(trace)).toEqual({
    ...{ traceId: 't', at: 1000, durationMs: 3, service: 'service of a', name: 'GET /a' },
    ...{ services: ['service of a', 'service of c', 'service of c2'], spans: 3, errors: 2 },
  });
});
