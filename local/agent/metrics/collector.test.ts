import type { EnvoyProcess } from '../runtime/envoy-process.ts';
import { MetricsCollector, type Interval, type WatchedProxy } from './collector.ts';

/** A proxy that has sent so many requests to service-b, or does not answer. */
function proxy(id: string, requests: () => number | Promise<number>): WatchedProxy {
  const admin = async (): Promise<string> => {
    const value = await requests();
    return JSON.stringify({ stats: [{ name: 'cluster.service-b.upstream_rq_total', value }] });
  };
  // The collector asks for nothing else.
  const envoy = { adopted: false, admin } as unknown as EnvoyProcess;
  return { id, envoy, caller: `arn:${id}`, clusters: new Map([['service-b', 'b.ns']]), ingress: new Map() };
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

function collector(proxies: readonly WatchedProxy[]) {
  const intervals: Interval[] = [];
  const one = new MetricsCollector(
    () => proxies,
    () => [],
    (interval) => intervals.push(interval),
  );
  const requests = (id: string) => intervals.map(({ edges }) => edges.get(`arn:${id}`)?.get('b.ns')?.requests);
  return { intervals, one, requests };
}

test('it looks once a second from its start to its stop', async () => {
  const { intervals, one } = collector([]);
  await jest.advanceTimersByTimeAsync(3_000);
  expect(intervals).toHaveLength(0);
  one.start();
  await jest.advanceTimersByTimeAsync(3_000);
  expect(intervals).toHaveLength(3);
  one.stop();
  await jest.advanceTimersByTimeAsync(3_000);
  expect(intervals).toHaveLength(3);
});

test('a proxy that does not answer costs itself alone, and what it counts comes with a later look', async () => {
  let isBusy = false;
  let sent = 10;
  const busy = proxy('busy', () => (isBusy ? Promise.reject(new Error('socket hang up')) : sent));
  const { one, requests } = collector([busy, proxy('other', () => sent)]);
  one.start();
  await jest.advanceTimersByTimeAsync(1_000);
  [isBusy, sent] = [true, 15];
  await jest.advanceTimersByTimeAsync(1_000);
  [isBusy, sent] = [false, 17];
  await jest.advanceTimersByTimeAsync(1_000);
  one.stop();
  expect(requests('busy')).toEqual([10, undefined, 7]);
  expect(requests('other')).toEqual([10, 5, 2]);
});

test('a look that takes longer than a second is the only one under way', async () => {
  let answer: (value: number) => void = () => undefined;
  let asked = 0;
  const slow = proxy('slow', () => {
    asked += 1;
    return new Promise<number>((resolve) => (answer = resolve));
  });
  const { intervals, one } = collector([slow]);
  one.start();
  await jest.advanceTimersByTimeAsync(5_000);
  expect(asked).toBe(1);
  answer(1);
  await jest.advanceTimersByTimeAsync(0);
  expect(intervals.map(({ milliseconds }) => milliseconds)).toEqual([5_000]);
  one.stop();
});
