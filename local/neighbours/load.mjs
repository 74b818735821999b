/**
 * A bounded load from wherever it is started, by autocannon; prints one JSON object.
 * usage: node load.mjs '{"url": …, "connections": …, "duration": seconds, "overallRate"?: …, "timeout"?: seconds}'
 */
import autocannon from 'autocannon';

const options = JSON.parse(process.argv[2] ?? '{}');
const statuses = {};
const instance = autocannon(options, (error, result) => {
  if (error) {
    console.error(error.message);
    process.exit(1);
  }
  const { p50, p97_5, p99, max } = result.latency;
  const total = Object.values(statuses).reduce((sum, count) => sum + count, 0);
  console.log(
    JSON.stringify({
      answered: total,
      statuses,
      failed: result.errors,
      seconds: result.duration,
      milliseconds: { p50, p97_5, p99, max },
      acceptedMilliseconds: accepted.length === 0 ? null : quantiles(accepted),
    }),
  );
});
// Durations of accepted requests apart: what is refused at once would make the others look fast.
const accepted = [];
instance.on('response', (_client, status, _bytes, duration) => {
  statuses[status] = (statuses[status] ?? 0) + 1;
  if (status < 300) accepted.push(duration);
});

function quantiles(values) {
  values.sort((a, b) => a - b);
  const at = (share) => values[Math.min(values.length - 1, Math.floor(share * values.length))];
  return { p50: at(0.5), p99: at(0.99), max: values.at(-1) };
}
