/**
 * `npm run bench`: what a start costs, what a service weighs, what a proxy needs. Prints a table; asserts nothing, because
 * machines differ. Each figure is minimum, median and maximum over the runs.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const state = process.env.HIGHLANDS_STATE_DIR ?? join(root, '.highlands');
const RUNS = 3;
/** Not 8080, where a person may have something. */
const PORT = '18080';

function run(command, args, options = {}) {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8', ...options });
  if (status !== 0) {
    console.error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
    process.exit(1);
  }
  return { seconds: (performance.now() - started) / 1000, stdout };
}
const highlands = (...args) => run(process.execPath, ['script/main.mjs', ...args]);

function figures(values, digits = 1) {
  const sorted = [...values].sort((a, b) => a - b);
  const [min, median, max] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)].map((value) =>
    value.toFixed(digits),
  );
  return { min, median, max };
}

/** Seconds of the steps that are the local region's own work: tasks, proxies and load balancer ready after a deploy. */
function ownPart() {
  const log = readFileSync(join(state, 'logs/agent.log'), 'utf8');
  const starts = new Map();
  const lasts = new Map();
  for (const [, time, service, what] of log.matchAll(/^(\S+) service (\S+?): (started|all ready)/gm)) {
    if (what === 'started' && !starts.has(service)) starts.set(service, Date.parse(time));
    if (what === 'all ready') lasts.set(service, Date.parse(time));
  }
  return [...starts].map(([service, from]) => ((lasts.get(service) ?? from) - from) / 1000);
}

/** Proportional set size of every Envoy, in MiB: shared pages are counted once over all of them. */
function envoyPss() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('envoy/_bin/envoy')) return [];
        return [Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? NaN) / 1024];
      } catch {
        return [];
      }
    })
    .filter((value) => value > 1);
}

highlands('down');
const rows = {};
const starts = [];
const own = [];
let pss = [];
for (let index = 0; index < RUNS; index++) {
  starts.push(highlands('up', '--port', PORT).seconds);
  own.push(...ownPart());
  pss = envoyPss();
  highlands('down');
}
rows['npm start, everything built (s)'] = figures(starts);
rows['a service from deploy to all tasks ready (s)'] = figures(own, 2);
rows['Envoy memory, Pss (MiB)'] = figures(pss);
const synths = Array.from(
  { length: RUNS },
  () =>
    run('node', ['--import', 'tsx', 'bin/app.ts'], {
      cwd: join(root, 'service-a'),
      env: { ...process.env, CDK_VALIDATION: 'false', CDK_OUTDIR: join(state, 'bench-synth') },
    }).seconds,
);
rows['synth of one project (s)'] = figures(synths);
const target = join(root, 'services-rust/target');
const release = readdirSync(target)
  .map((name) => join(target, name, 'release'))
  .find((path) => path.includes('linux-gnu'));
rows['static service binary = image (MiB)'] = figures(
  ['service-a', 'service-b', 'service-c'].map((name) => statSync(join(release, name)).size / 1024 / 1024),
  2,
);
console.table(rows);
