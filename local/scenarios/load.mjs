/**
 * A bounded load from wherever it is started, by autocannon; prints one JSON object.
 * usage: node load.mjs '{"url": …, "connections": …, "duration": seconds, "overallRate"?: …, "timeout"?: seconds}'
 */
import autocannon from 'autocannon';
import { setTimeout } from 'node:timers/promises';

/** autocannon sends what a connection may send in a second at its beginning; this many begin one after the other. */
const MOST_PHASES = 10;

const { connections, overallRate, ...options } = JSON.parse(process.argv[2] ?? '{}');
// A number of requests is for the connections together.
const phases =
  overallRate === undefined || options.amount !== undefined ? 1 : Math.min(MOST_PHASES, connections, overallRate);
/**
 * Where nobody listens an attempt fails at once, and autocannon makes the next one without a pause: it ends after as many
 * as there should be requests, or, when nobody said how many, as are enough to be sure.
 */
const mostRefused = options.amount ?? (overallRate ?? 1000) * options.duration;
let refused = 0;
const shareOf = (whole, phase) => Math.floor(whole / phases) + (phase < whole % phases ? 1 : 0);

const statuses = {};
/** Refusals that say when to come again. */
let hinted = 0;
const all = [];
// Durations of accepted requests apart: what is refused at once would make the others look fast.
const accepted = [];

async function load(phase) {
  await setTimeout((1000 / phases) * phase);
  const rate = overallRate === undefined ? {} : { overallRate: shareOf(overallRate, phase) };
  const setupClient = (client) => {
    client.on('connError', () => {
      refused += 1;
      if (refused >= mostRefused) client.destroy();
    });
    client.on('headers', ({ statusCode, headers }) => {
      const names = headers.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
      if (statusCode === 503 && Number(headers[2 * names.indexOf('retry-after') + 1]) >= 1) hinted += 1;
    });
  };
  const instance = autocannon({ ...options, ...rate, connections: shareOf(connections, phase), setupClient });
  instance.on('response', (_client, status, _bytes, duration) => {
    statuses[status] = (statuses[status] ?? 0) + 1;
    all.push(duration);
    if (status < 300) accepted.push(duration);
  });
  return instance;
}

function quantiles(values) {
  values.sort((a, b) => a - b);
  const at = (share) => values[Math.min(values.length - 1, Math.floor(share * values.length))];
  return { p50: at(0.5), p99: at(0.99), max: values.at(-1) };
}

const results = await Promise.all(Array.from({ length: phases }, (_, phase) => load(phase)));
console.log(
  JSON.stringify({
    answered: all.length,
    statuses,
    hinted,
    failed: results.reduce((sum, { errors }) => sum + errors, 0),
    timedOut: results.reduce((sum, { timeouts }) => sum + timeouts, 0),
    seconds: Math.max(...results.map(({ duration }) => duration)),
    milliseconds: all.length === 0 ? { p50: 0, p99: 0, max: 0 } : quantiles(all),
    acceptedMilliseconds: accepted.length === 0 ? null : quantiles(accepted),
  }),
);
