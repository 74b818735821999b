/**
 * Something of the region is killed with SIGKILL at a moment that a seed decides, while a deploy or the like is under way.
 * Afterwards everything that the AWS APIs say has to be true again, without anybody's help, and nothing may be left over.
 * At last another region's disk becomes full. RECOVERY_SEED repeats a run, RECOVERY_ROUNDS makes it longer.
 */
import { setTimeout } from 'node:timers/promises';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { ServiceDiscoveryClient } from '@aws-sdk/client-servicediscovery';
import { ecsClient } from '../../local/region/ecs.ts';
import { useRegion } from '../../local/region/environment.ts';
import { REGION, ROOT, STATE } from '../../local/region/paths.ts';
import { readRegion, requireRegion, runningRegion, type Region } from '../../local/region/region-file.ts';
import { table } from '../../local/terminal/tables.ts';
import { command, machine } from '../region.ts';
import { Actions, type Word } from './actions.ts';
import { disagreements, type Clients } from './agreement.ts';
import { fullDisk } from './full-disk.ts';
import { rounds, type Round } from './plan.ts';
import { processes } from './processes.ts';

/** Two rounds of each kind of action. */
const ROUNDS = Number(process.env['RECOVERY_ROUNDS'] ?? 12);
const SEED = Number(process.env['RECOVERY_SEED'] ?? 20_240_707);
const PORT = process.env['HIGHLANDS_TEST_PORT'] ?? '18080';
/** No command may take longer: what waits then, hangs. A broken deploy takes the circuit breaker's retries. */
const HANGS_AFTER_MS = 120_000;
/** A restart of the agent with everything takes about five seconds; a busy machine gets much more. */
const AGREED_WITHIN_MS = 60_000;

const highlands = (...args: string[]) => command({ cwd: ROOT }, process.execPath, ['script/main.mjs', ...args]);

/** Kills one process of the kind, if there is one just now. @returns its id */
function kill({ regionId }: Region, { victim, pick }: Round): number | undefined {
  const candidates = processes(regionId).filter(({ kind }) => kind === victim);
  const chosen = candidates[pick % Math.max(1, candidates.length)];
  if (chosen !== undefined) process.kill(chosen.pid, 'SIGKILL');
  return chosen?.pid;
}

/** Waits until everything agrees, twice in a row. @returns what still does not when the time is over */
async function settled(region: Region, clients: Clients, actions: Actions): Promise<string[]> {
  const until = Date.now() + AGREED_WITHIN_MS;
  let complaints: string[] = [];
  for (let agreed = 0; agreed < 2 && Date.now() < until;) {
    complaints = await disagreements(region, clients, actions.expected).catch((error: unknown) => [String(error)]);
    agreed = complaints.length === 0 ? agreed + 1 : 0;
    await setTimeout(200);
  }
  return complaints;
}

function bounded<T>(what: string, promise: Promise<T>): Promise<T> {
  return Promise.race([
    promise,
    setTimeout(HANGS_AFTER_MS, undefined, { ref: false }).then(() => {
      throw new Error(`${what} hangs: it did not end within ${String(HANGS_AFTER_MS / 1000)} s`);
    }),
  ]);
}

/** A failure has to say why, in a line and without a stack trace. */
function unclear({ done, ...rest }: Word): string[] {
  if (done || !('reason' in rest)) return [];
  return /\n\s+at |this should not happen/.test(rest.reason) || rest.reason.trim() === ''
    ? [`unclear: ${rest.reason}`]
    : [];
}

async function play(round: Round, region: Region, clients: Clients, actions: Actions): Promise<string[]> {
  const killing = setTimeout(round.afterMs).then(() => kill(region, round));
  const acting = actions.act(
    round.action,
    killing.then(() => undefined),
  );
  acting.catch(() => undefined);
  const pid = await killing;
  const word = await bounded(round.action, acting);
  const broken = round.action === 'broken deploy';
  console.log(
    `  ${round.action}: ${word.done ? 'done' : `failed: ${word.reason.slice(0, 300)}`}; killed ${round.victim} ${pid === undefined ? '(none there)' : String(pid)} after ${String(round.afterMs)} ms`,
  );
  const complaints = [...unclear(word), ...(broken && word.done ? ['a broken version was called deployed'] : [])];
  if (!word.done && !broken) {
    const again = await bounded(`${round.action} again`, actions.repair(round.action));
    if (!again.done) complaints.push(`${round.action} failed again: ${again.reason}`);
  }
  return [...complaints, ...(await settled(region, clients, actions))];
}

async function main(): Promise<number> {
  if (runningRegion() !== undefined) throw new Error('a local region is running: stop it with `npm stop`');
  console.log(`seed ${String(SEED)}, ${String(ROUNDS)} rounds: repeat it with RECOVERY_SEED=${String(SEED)}`);
  const before = machine(STATE);
  const up = await highlands('up', '--port', PORT);
  if (up.code !== 0) throw new Error(up.output);
  const region = requireRegion();
  useRegion(region);
  const settings = { endpoint: region.endpoint, region: REGION, maxAttempts: 10 };
  const clients: Clients = {
    ecs: ecsClient(region),
    cloudFormation: new CloudFormationClient(settings),
    elb: new ElasticLoadBalancingV2Client(settings),
    // DiscoverInstances has a host name of its own, here as everywhere: data-….
    cloudMap: new ServiceDiscoveryClient({ ...settings, disableHostPrefix: true }),
  };
  const actions = new Actions(clients);
  await actions.prepare();
  const rows: (readonly string[])[] = [];
  let failed = 0;
  for (const [index, round] of rounds(SEED, ROUNDS).entries()) {
    const started = Date.now();
    const complaints = await play(round, region, clients, actions).catch((error: unknown) => [String(error)]);
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    const { action, victim, afterMs } = round;
    rows.push([String(index + 1), action, victim, String(afterMs), seconds, complaints.join('\n') || 'converged']);
    if (complaints.length === 0) continue;
    failed += 1;
    // What comes after would say nothing.
    break;
  }
  // The parent of everything dies too; what is left then is for `down`.
  const supervisor = readRegion()?.supervisorPid;
  if (supervisor !== undefined && failed === 0) process.kill(supervisor, 'SIGKILL');
  const down = await highlands('down');
  const after = machine(STATE);
  const left = [
    ...(down.code === 0 ? [] : [down.output]),
    ...after.processes,
    ...after.interfaces.filter((name) => !before.interfaces.includes(name)),
    ...after.mounts.filter((line) => !before.mounts.includes(line)),
  ];
  rows.push(['', 'down', 'supervisor', '', '', left.join('\n') || 'nothing is left']);
  console.log(table(['round', 'action', 'killed', 'after ms', 'seconds', 'afterwards'], rows));
  failed += left.length === 0 ? 0 : 1;
  // It has a region of its own.
  const isWell = fullDisk();
  console.log(`full disk: ${isWell ? 'nothing ended, and work went on' : 'see above'}`);
  rows.push(['', 'full disk', 'nothing', '', '', isWell ? 'converged' : 'see above']);
  failed += isWell ? 0 : 1;
  console.log(`${String(rows.length - failed)} passed, ${String(failed)} failed (seed ${String(SEED)})`);
  return failed;
}

process.exit((await main()) === 0 ? 0 : 1);
