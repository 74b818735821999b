/** What a start costs, what a service weighs, what a proxy needs. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LOGS, ROOT, STATE } from '../../local/region/paths.ts';
import type { Measured } from './figures.ts';

/** Of this command alone: not 8080, where a person may have something. */
const PORT = '18080';

/** @returns seconds that a command took. @throws Error with what it printed when it failed */
async function seconds(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}) {
  const started = performance.now();
  await promisify(execFile)(process.execPath, args, {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, ...options.env },
    maxBuffer: 64 * 1024 * 1024,
  });
  return (performance.now() - started) / 1000;
}

export const start = (): Promise<number> => seconds(['script/main.mjs', 'up', '--port', PORT]);
export const stop = (): Promise<number> => seconds(['script/main.mjs', 'down']);

/** Without CloudFormation's own validation, which the tests do. */
export const synth = (): Promise<number> =>
  seconds(['--import', 'tsx', 'bin/app.ts'], {
    cwd: join(ROOT, 'service-a'),
    env: { CDK_VALIDATION: 'false', CDK_OUTDIR: join(STATE, 'bench-synth') },
  });

/** Seconds of the steps that are the local region's own work: tasks, proxies and load balancer ready after a deploy. */
export function deploys(): number[] {
  const log = readFileSync(join(LOGS, 'agent.log'), 'utf8');
  const starts = new Map<string, number>();
  const lasts = new Map<string, number>();
  for (const [, time = '', service = '', what] of log.matchAll(/^(\S+) service (\S+?): (started|all ready)/gm)) {
    if (what === 'started' && !starts.has(service)) starts.set(service, Date.parse(time));
    if (what === 'all ready') lasts.set(service, Date.parse(time));
  }
  return [...starts].map(([service, from]) => ((lasts.get(service) ?? from) - from) / 1000);
}

/** Proportional set size of every Envoy, in MiB: shared pages are counted once over all of them. */
export function envoyPss(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('envoy/_bin/envoy')) return [];
        return [Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024];
      } catch {
        // It ended meanwhile, or is somebody else's.
        return [];
      }
    })
    .filter((value) => value > 1);
}

export function binaries(): Measured {
  const target = join(ROOT, 'services-rust/target');
  const triple = readdirSync(target).find((name) => name.includes('linux-gnu'));
  if (triple === undefined) throw new Error(`${target} has no static binary: run \`npm start\`, which compiles them`);
  const values = ['service-a', 'service-b', 'service-c'].map(
    (name) => statSync(join(target, triple, 'release', name)).size / 1024 / 1024,
  );
  return { what: 'static service binary = image (MiB)', values, digits: 2 };
}
