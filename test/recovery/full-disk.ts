/**
 * The disk of a region's state becomes full, and has room again. Its state is on a small disk of its own, in a mount namespace
 * that goes with this process. Nothing that runs may end, `status` has to say it, and work has to go on by itself.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmdirSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ROOT, STATE } from '../../local/region/paths.ts';
import { requireRegion } from '../../local/region/region-file.ts';
import { runningTasks } from '../../local/region/tasks.ts';
import { command, eventually } from '../region.ts';

const PORT = process.env['HIGHLANDS_TEST_PORT'] ?? '18080';
/** More than a start wants to see. */
const SIZE = '1g';
/** What the filler takes: it lies in memory. */
const ROOM_BYTES = 8 * 1024 * 1024;
const REQUESTS = 100;
const INSIDE = 'inside';
const NO_SPACE = 'there is no space on it';

const highlands = (...args: string[]) => command({ cwd: ROOT }, process.execPath, ['script/main.mjs', ...args]);

function fill(file: string): void {
  const open = openSync(file, 'w');
  try {
    for (const size of [1024 * 1024, 4096]) {
      try {
        for (;;) writeSync(open, Buffer.alloc(size));
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      }
    }
  } finally {
    closeSync(open);
  }
}

/** What must be the same before and after. */
function running(): unknown {
  const { supervisorPid, agentPid, holderPid } = requireRegion();
  const tasks = runningTasks().map(({ taskId, pausePid }) => `${taskId} ${String(pausePid)}`);
  return { supervisorPid, agentPid, holderPid, tasks: tasks.sort() };
}

const status = async (): Promise<string> => {
  const { code, output } = await highlands('status');
  if (code !== 0) throw new Error(`status failed: ${output}`);
  return output;
};

async function failedRequests(): Promise<string[]> {
  const failed: string[] = [];
  for (let count = 0; count < REQUESTS; count++) {
    const answer = await fetch(`http://127.0.0.1:${PORT}/`, { signal: AbortSignal.timeout(10_000) }).then(
      (response) => response.status,
      (error: unknown) => String(error),
    );
    if (answer !== 200) failed.push(String(answer));
    // Health checks come and logs are written meanwhile.
    await setTimeout(50);
  }
  return failed;
}

async function play(): Promise<string[]> {
  const up = await highlands('up', '--port', PORT);
  if (up.code !== 0) return [up.output];
  const before = JSON.stringify(running());
  const used = statfsSync(STATE);
  const size = (used.blocks - used.bfree) * used.bsize + ROOM_BYTES;
  const smaller = await command({ cwd: ROOT }, 'mount', ['-o', `remount,size=${String(size)}`, STATE]);
  if (smaller.code !== 0) return [smaller.output];
  const filler = join(STATE, 'filler');
  fill(filler);
  const { bfree } = statfsSync(STATE);
  const complaints: string[] = bfree === 0 ? [] : [`the disk is not full: ${String(bfree)} blocks`];
  await eventually('status says that the disk is full', async () => (await status()).includes(NO_SPACE));
  const failed = await failedRequests();
  if (failed.length > 0) complaints.push(`${String(failed.length)} of ${String(REQUESTS)} failed: ${failed[0] ?? ''}`);
  if (JSON.stringify(running()) !== before)
    complaints.push(`something ended: before ${before}, then ${JSON.stringify(running())}`);
  rmSync(filler);
  await eventually('status does not complain any more', async () => !(await status()).includes(NO_SPACE));
  const scaled = await highlands('scale', 'service-a', '3');
  if (scaled.code !== 0) complaints.push(`afterwards: ${scaled.output}`);
  return complaints;
}

async function inside(): Promise<string[]> {
  const complaints = await play().catch((error: unknown) => [String(error)]);
  const down = await highlands('down');
  return down.code === 0 ? complaints : [...complaints, down.output];
}

/** @returns whether all went well; what did not is on the screen */
export function fullDisk(): boolean {
  // A short one, for the sockets below it.
  const state = join(STATE, 'full');
  mkdirSync(state, { recursive: true });
  const script = 'mount -t tmpfs -o size="$1" tmpfs "$2" && shift 2 && exec "$@"';
  const self = [process.execPath, '--import', 'tsx', import.meta.filename, INSIDE];
  const { status: code } = spawnSync(
    'unshare',
    ['-m', '--propagation', 'private', 'sh', '-c', script, 'sh', SIZE, state, ...self],
    { cwd: ROOT, stdio: 'inherit', env: { ...process.env, HIGHLANDS_STATE_DIR: state } },
  );
  rmdirSync(state);
  return code === 0;
}

if (process.argv[2] === INSIDE) {
  const complaints = await inside();
  for (const complaint of complaints) console.log(`full disk: ${complaint}`);
  process.exit(complaints.length === 0 ? 0 : 1);
}
