import { CallGrowth } from './call-growth.ts';
import { consecutive, difference, NO_CALLS, together } from './call-window.ts';
import { addHistograms, countOf, quantileOf, sinceLast } from '../../../region/histogram.ts';
import { inboundData, outboundData, type Datum } from './metric-data.ts';
import { readProxyStats } from './proxy-stats.ts';
import { trackTarget, type TrackedPolicy, type TrackingInput } from './target-tracking.ts';

describe('histograms', () => {
  const histogram = new Map([
    [1, 50],
    [2, 50],
    [10, 0],
  ]);

  test('quantiles lie on straight lines within a bucket', () => {
    expect(quantileOf(histogram, 0.5)).toBe(1);
    expect(quantileOf(histogram, 0.75)).toBe(1.5);
    expect(quantileOf(histogram, 1)).toBe(2);
    expect(quantileOf(new Map(), 0.5)).toBeUndefined();
  });

  test('are added, and an interval is what came on top', () => {
    expect(countOf(addHistograms([histogram, histogram]))).toBe(200);
    expect(countOf(sinceLast(new Map([[1, 60]]), new Map([[1, 50]])))).toBe(10);
    // A proxy that was started again has counted less than before.
    expect(countOf(sinceLast(new Map([[1, 5]]), new Map([[1, 50]])))).toBe(0);
  });
});

test('statistics of clusters whose names hold dots, and of filters, are found', () => {
  const answer = JSON.stringify({
    stats: [
      { name: 'cluster.tg.X.1.upstream_rq_total', value: 7 },
      { name: 'cluster.tg.X.1.upstream_rq_5xx', value: 2 },
      { name: 'cluster.tg.X.1.ssl.fail_verify_san', value: 1 },
      { name: 'cluster.other.upstream_rq_total', value: 99 },
      { name: 'http.ingress_a.downstream_cx_total', value: 3 },
      { name: 'http.ingress_a.downstream_rq_total', value: 5 },
      { name: 'cluster.tg.X.1.version_text', value: 'abc' },
      {
        histograms: [
          {
            name: 'cluster.tg.X.1.upstream_rq_time',
            buckets: [
              { upper_bound: 5, interval: 0, cumulative: 6 },
              { upper_bound: null, interval: 0, cumulative: 1 },
            ],
          },
        ],
      },
    ],
  });
  const { outbound, inbound } = readProxyStats(answer, ['tg.X.1'], ['ingress_a']);
  expect(outbound.get('tg.X.1')).toMatchObject({ requests: 7, responses: { 5: 2 }, tlsErrors: 1 });
  expect(countOf(outbound.get('tg.X.1')?.latency ?? new Map())).toBe(7);
  expect(inbound.get('ingress_a')).toMatchObject({ requests: 5, connections: 3 });
});

test('windows: counters are differences and sums, gauges are the latest', () => {
  const before = { ...NO_CALLS, requests: 10, activeConnections: 4 };
  const now = { ...NO_CALLS, requests: 15, activeConnections: 2 };
  expect(difference(now, before)).toMatchObject({ requests: 5, activeConnections: 2 });
  expect(together([now, now])).toMatchObject({ requests: 30, activeConnections: 4 });
  expect(consecutive(before, now)).toMatchObject({ requests: 25, activeConnections: 2 });
});

test('a proxy that has started over counts from nothing', () => {
  const now = { ...NO_CALLS, requests: 3, connections: 1 };
  expect(difference(now, { ...NO_CALLS, requests: 10, connections: 4 })).toMatchObject({ requests: 3, connections: 1 });
});

test('a proxy that misses a look is asked for what came since it last answered, not for its whole life', () => {
  const growth = new CallGrowth();
  const seen = (requests: number) => growth.since('one', '> testbed', { ...NO_CALLS, requests }).requests;
  expect([seen(100), seen(140)]).toEqual([100, 40]);
  growth.keep(new Set(['one']));
  expect(seen(150)).toBe(10);
  growth.keep(new Set());
  expect(seen(150)).toBe(150);
});

describe('target tracking', () => {
  const policy = (datapoints: number[], overrides: Partial<TrackedPolicy> = {}): TrackedPolicy => ({
    name: 'cpu60',
    metric: 'cpu',
    targetValue: 60,
    scaleOutCooldownMinutes: 1,
    scaleInCooldownMinutes: 5,
    scaleInDisabled: false,
    datapoints,
    ...overrides,
  });
  const track = (policies: TrackedPolicy[], overrides: Partial<TrackingInput> = {}) =>
    trackTarget({
      ...{ current: 2, min: 2, max: 6, policies, sinceOut: Infinity, sinceIn: Infinity, deploying: false },
      ...overrides,
    })?.desired;
  const minutes = (count: number, value: number) => Array.from({ length: count }, () => value);

  test.each<[string, number[], number | undefined]>([
    ['two minutes above are not enough', minutes(2, 90), undefined],
    ['three are', minutes(3, 90), 3],
    ['the count is proportional', minutes(3, 120), 4],
    ['and bounded', minutes(3, 600), 6],
    ['one minute below in between starts again', [90, 90, 50, 90, 90], undefined],
  ])('%s', (_, datapoints, expected) => {
    expect(track([policy(datapoints)])).toBe(expected);
  });

  test('it scales in after fifteen minutes below nine tenths, and not below the minimum', () => {
    expect(track([policy(minutes(14, 10))], { current: 4 })).toBeUndefined();
    expect(track([policy(minutes(15, 10))], { current: 4 })).toBe(2);
    expect(track([policy(minutes(15, 56))], { current: 4 })).toBeUndefined();
    expect(track([policy(minutes(15, 10), { scaleInDisabled: true })], { current: 4 })).toBeUndefined();
  });

  test('cool-downs hold back', () => {
    expect(track([policy(minutes(3, 90))], { sinceOut: 0.5 })).toBeUndefined();
    expect(track([policy(minutes(15, 10))], { current: 4, sinceOut: 3 })).toBeUndefined();
  });

  test('during a deployment it scales out, and does not scale in', () => {
    expect(track([policy(minutes(3, 90))], { deploying: true })).toBe(3);
    expect(track([policy(minutes(15, 10))], { current: 4, deploying: true })).toBeUndefined();
  });

  test('with two policies the larger count wins, and both have to ask for scaling in', () => {
    const requests = policy(minutes(15, 10), { metric: 'requests', targetValue: 100 });
    expect(track([policy(minutes(3, 90)), requests])).toBe(3);
    expect(track([policy(minutes(15, 58)), requests], { current: 4 })).toBeUndefined();
  });

  test('a count outside of the bounds is brought back', () => {
    expect(track([], { current: 1 })).toBe(2);
    expect(track([], { current: 9 })).toBe(6);
  });
});

test('what a target answered comes by its name alone from its own proxies, and with names from its callers', () => {
  const names = { serviceName: 's', clusterName: 'c' };
  const calls = { ...NO_CALLS, requests: 4, responses: { 2: 3, 3: 0, 4: 0, 5: 1 }, latency: new Map([[5, 4]]) };
  const sets = (data: readonly Datum[], name: string) =>
    data.filter((datum) => datum.name === name).map(({ dimensions, values }) => [Object.keys(dimensions), values]);
  const own = inboundData({ discoveryName: 'a', protocol: 'http' }, names, calls, 2);
  expect(sets(own, 'HTTPCode_Target_5XX_Count')).toEqual([[['TargetDiscoveryName'], [[1, 1]]]]);
  expect(sets(own, 'TargetResponseTime')).toEqual([[['TargetDiscoveryName'], [[5, 4]]]]);
  expect(sets(own, 'RequestCountPerTarget')).toEqual([[['TargetDiscoveryName'], [[2, 1]]]]);
  expect(sets(own, 'RequestCount').map(([keys]) => keys)).toEqual([
    ['DiscoveryName'],
    ['DiscoveryName', 'ServiceName', 'ClusterName'],
  ]);
  expect(sets(own, 'GrpcRequestCount')).toEqual([]);
  const grpc = inboundData({ discoveryName: 'a', protocol: 'grpc' }, names, calls, 2);
  expect(sets(grpc, 'GrpcRequestCount')).toEqual([
    [['DiscoveryName'], [[4, 1]]],
    [['DiscoveryName', 'ServiceName', 'ClusterName'], [[4, 1]]],
  ]);
  const theirs = outboundData('a', names, calls, 2);
  expect(sets(theirs, 'TargetResponseTime')).toEqual([
    [['TargetDiscoveryName', 'ServiceName', 'ClusterName'], [[5, 4]]],
  ]);
});
