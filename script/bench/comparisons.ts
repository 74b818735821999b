/** Pairs that are measured in the running region. */
import { z } from 'zod';
import { changeOrders, clearOrders } from '../../local/region/orders.ts';
import type { LoadResult } from '../../local/scenarios/load-result.ts';
import type { Testbed } from '../../local/scenarios/testbed.ts';
import type { Pair, Sample } from './figures.ts';
import { CAPACITY, WORK_MS } from './testbed.ts';

type Kind = Omit<Pair, 'samples'>;
export interface Comparison {
  readonly what: string;
  /** How it is made. */
  readonly how: string;
  readonly kinds: readonly Kind[];
  /** @returns a sample for each kind */
  readonly measure: (testbed: Testbed) => Promise<readonly Sample[]>;
}

const kind = (what: string, unit: string, first: string, second: string, digits: number): Kind => ({
  ...{ what, unit, first, second, digits },
});

/** Asks service-b, then what it asks one after the other, over and over; prints both medians in milliseconds. */
const FAN_OUT = `
const [, rounds] = process.argv;
const timed = async (...urls) => {
  const started = performance.now();
  for (const url of urls) {
    const response = await fetch(url);
    await response.text();
    if (response.status !== 200) throw new Error(url + ' answered ' + response.status);
  }
  return performance.now() - started;
};
const first = [], second = [];
for (let round = 0; round < Number(rounds); round++) {
  first.push(await timed('http://127.0.0.1:3000/'));
  second.push(await timed('http://service-a:8080/route', 'http://service-c:8081/time'));
}
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
console.log(JSON.stringify({ first: median(first), second: median(second) }));
`;
const SampleSchema = z.object({ first: z.number(), second: z.number() });
/** Far above what the calls themselves take on any machine. */
const DELAY_MS = 50;
const ROUNDS = 15;

async function fanOut(testbed: Testbed): Promise<Sample> {
  const delay = { milliseconds: DELAY_MS, percent: 100 };
  const fault = { abort: undefined, delay };
  try {
    await changeOrders((orders) => ({ ...orders, faults: { 'service-a': fault, 'service-c': fault } }));
    // Until the proxies have it.
    await testbed.until('both upstreams are slow', async () => {
      const { first } = SampleSchema.parse(JSON.parse((await testbed.node('service-b', FAN_OUT, '1')).stdout));
      return first > DELAY_MS;
    });
    const { stdout, stderr } = await testbed.node('service-b', FAN_OUT, String(ROUNDS));
    if (stdout === '') throw new Error(`service-b could not be asked: ${stderr.trim()}`);
    return SampleSchema.parse(JSON.parse(stdout));
  } finally {
    await clearOrders();
  }
}

const p50 = ({ acceptedMilliseconds }: LoadResult): number => acceptedMilliseconds?.p50 ?? NaN;
const p99 = ({ acceptedMilliseconds }: LoadResult): number => acceptedMilliseconds?.p99 ?? NaN;
const goodput = ({ statuses, seconds }: LoadResult): number => (statuses['200'] ?? 0) / seconds;

/** One caller for latency, then several for what gets through at most. */
async function twoLoads(
  testbed: Testbed,
  sides: readonly [readonly [string, string], readonly [string, string]],
): Promise<Sample[]> {
  const both = async (connections: number, of: (result: LoadResult) => number): Promise<Sample> => {
    const [[place, url], [otherPlace, otherUrl]] = sides;
    const first = await testbed.load(place, { url, connections, duration: 2 });
    const second = await testbed.load(otherPlace, { url: otherUrl, connections, duration: 2 });
    return { first: of(first), second: of(second) };
  };
  return [await both(1, p50), await both(16, goodput)];
}

async function shedding(testbed: Testbed): Promise<Sample[]> {
  const overload = (place: string): Promise<LoadResult> =>
    testbed.load(place, {
      url: `http://127.0.0.1:3000/work?ms=${String(WORK_MS)}`,
      ...{ connections: 5 * CAPACITY, overallRate: 5 * CAPACITY, duration: 6, timeout: 2 },
    });
  const on = await overload('testbed-shedding');
  const off = await overload('testbed-open');
  return [
    { first: goodput(on), second: goodput(off) },
    { first: p99(on), second: p99(off) },
  ];
}

export const COMPARISONS: readonly Comparison[] = [
  {
    what: 'fan-out',
    how: `in the network of a task of service-b one client asks service-b (first), then service-a and service-c one after the other through the task's own proxy (second), ${String(ROUNDS)} times in turn; a fault delays both upstreams by ${String(DELAY_MS)} ms. Median time.`,
    kinds: [kind('fan-out', 'ms', 'at once', 'in sequence', 1)],
    measure: async (testbed) => [await fanOut(testbed)],
  },
  {
    what: 'mesh',
    how: 'another task asks the testbed by its Service Connect name, through two proxies (first); the same path asked on the loopback of the testbed task, where no proxy is (second). The loopback also saves the way between two network namespaces. 2 s each with one connection for the median time, with 16 for requests a second.',
    kinds: [
      kind('mesh, time', 'ms', 'through two proxies', 'direct', 2),
      kind('mesh, throughput', 'requests/s', 'through two proxies', 'direct', 0),
    ],
    measure: (testbed) =>
      twoLoads(testbed, [
        ['probe', 'http://testbed:9000/echo'],
        ['testbed', 'http://127.0.0.1:3000/echo'],
      ]),
  },
  {
    what: 'load shedding',
    how: `two tasks that can serve ${String(CAPACITY)} requests a second, one with limits and one with \`MAX_CONCURRENCY=0\`, are asked for five times as much for 6 s on their own loopback, so that only the limits differ; the client gives up after 2 s. Answers with 200 a second, and the 99th percentile of their time.`,
    kinds: [
      kind('load shedding, goodput', 'answers/s', 'on', 'off', 1),
      kind('load shedding, p99', 'ms', 'on', 'off', 0),
    ],
    measure: shedding,
  },
  {
    what: 'TLS',
    how: 'one task asks two services that differ in Service Connect TLS alone, as in the mesh pair. Connections between the proxies are kept, so handshakes are not in it.',
    kinds: [kind('TLS, time', 'ms', 'on', 'off', 2), kind('TLS, throughput', 'requests/s', 'on', 'off', 0)],
    measure: (testbed) =>
      twoLoads(testbed, [
        ['probe', 'http://testbed-tls:9010/echo'],
        ['probe', 'http://testbed:9000/echo'],
      ]),
  },
];
