/**
 * The parent of everything that runs: the control plane, the console, the agent, and the first process of the namespaces
 * that the agent runs in. Children are killed by the kernel when this process ends, however it ends, and the namespaces go
 * with the last one. The agent's own end ends nothing else: docs/adr/0010-tasks-outlive-the-agent.md.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { cgroupName } from '../region/cgroup-name.ts';
import { identityOf, lives } from '../region/process-identity.ts';
import { AGENT_CONFIG, CONTROL_PLANE, envoyPath, LOGS, PYTHON, REGION, ROOT, RUN, STATE } from '../region/paths.ts';
import { LogWriter } from './log-writer.ts';
import { keepTrying } from './keep-trying.ts';
import { Restarts } from './restarts.ts';
import { newCredentials } from './new-credentials.ts';
import { writeConfig } from '../region/agent-config.ts';
import { isAlive, readRegion, writeRegion } from '../region/region-file.ts';

const settings = z
  .object({ id: z.string(), port: z.coerce.number(), endpointPort: z.coerce.number(), consolePort: z.coerce.number() })
  .parse(
    parseArgs({
      options: {
        id: { type: 'string' },
        port: { type: 'string' },
        endpointPort: { type: 'string' },
        consolePort: { type: 'string' },
      },
    }).values,
  );

/** What ends is started again: the agent finds everything in the control plane, the control plane on disk. */
const restarts = { 'control-plane': new Restarts(), agent: new Restarts(), console: new Restarts() };
const endpoint = `http://127.0.0.1:${String(settings.endpointPort)}`;
/** Kept by this process and the region's file; the control plane gets them in its environment, which others can't read. */
const credentials = newCredentials();
const rootless = process.getuid?.() !== 0;
const environment = { ...process.env, HIGHLANDS_REGION_ID: settings.id, NODE_ENV: 'production' };

/** SIGKILL from the kernel when the parent is gone: prctl(2), PR_SET_PDEATHSIG. */
function start(name: string, command: readonly string[], extra: Record<string, string> = {}): ChildProcess {
  const log = opened(join(LOGS, `${name}.log`));
  try {
    return spawn('setpriv', ['--pdeathsig', 'KILL', ...command], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', log],
      env: { ...environment, ...extra },
    });
  } finally {
    if (typeof log === 'number') closeSync(log);
  }
}

/** A full disk, which has no new file, must not keep anything from being started. */
function opened(file: string): number | 'ignore' {
  try {
    return openSync(file, 'a');
  } catch {
    return 'ignore';
  }
}

/** Copies the output to the log and resolves at the line that begins with `ready`. */
function ready(name: string, child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const file = join(LOGS, `${name}.log`);
    const log = new LogWriter((text) => {
      writeFileSync(file, text, { flag: 'a' });
    });
    if (child.stdout === null) return;
    createInterface({ input: child.stdout }).on('line', (line) => {
      log.line(line);
      if (line.startsWith('ready')) resolve();
    });
    child.once('exit', (code) => {
      reject(new Error(`${name} ended with exit code ${String(code)}: see ${file}`));
    });
  });
}

/** Outlives this process for a moment, so it must not be ended with it. */
function removeCgroupsAtTheEnd(): void {
  const script = join(import.meta.dirname, 'remove-cgroups.sh');
  spawn('sh', [script, cgroupName(settings.id)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: environment,
  }).unref();
}

function end(reason: string): never {
  const region = readRegion();
  try {
    if (region?.regionId === settings.id) writeRegion({ ...region, ended: reason });
  } catch {
    // The disk is full: the log may have room for it.
    console.error(reason);
  }
  process.exit(reason === '' ? 0 : 1);
}

/** Starts again what ended. @param givenUp when it ended again and again */
function again(name: keyof typeof restarts, start: () => unknown, givenUp: () => unknown): void {
  const pause = restarts[name].afterEnd(Date.now());
  if (pause === undefined) givenUp();
  else setTimeout(start, pause);
}

/** An agent that ends is missed for so long at most where its parent was stopped with it. */
const STOPPED_LOOK_MS = 1_000;

/** The only child of a process: what `unshare --fork` and `nsenter --pid` made. */
function childOf(pid: number | undefined): number | undefined {
  const children = readFileSync(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8').trim();
  return children === '' ? undefined : Number(children.split(' ')[0]);
}

async function startControlPlane(): Promise<void> {
  const command = [PYTHON, '-m', 'highlands_control_plane', '--port', String(settings.endpointPort)];
  const child = start('control-plane', [...command, '--region', REGION, '--state-dir', join(RUN, 'control-plane')], {
    PYTHONPATH: CONTROL_PLANE,
    HIGHLANDS_ACCESS_KEY_ID: credentials.accessKeyId,
    HIGHLANDS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    // Nothing may be written into the source tree.
    PYTHONDONTWRITEBYTECODE: '1',
  });
  const up = ready('control-plane', child);
  child.once('exit', (code) => {
    again(
      'control-plane',
      () => startControlPlane().catch(() => undefined),
      () =>
        end(
          `the control plane ended again and again, at last with exit code ${String(code)}: see ${join(LOGS, 'control-plane.log')}`,
        ),
    );
  });
  await up;
}

/** The process that holds the namespaces in which everything runs that the agent starts, as the host sees it. */
let holderPid: number | undefined;

/** Its first process does nothing but reap what ends in it without a parent, also when what it waits for is killed. */
async function holdNamespaces(): Promise<number> {
  if (holderPid !== undefined && isAlive(holderPid)) return holderPid;
  const user = rootless ? ['-U', '-r'] : [];
  const namespaces = [...user, '-m', '-p', '--fork', '--kill-child=KILL', '--mount-proc', '--propagation', 'private'];
  const hold = 'echo ready; while :; do sleep infinity & wait "$!"; done';
  const child = start('agent', ['unshare', ...namespaces, '--', 'sh', '-c', hold]);
  await ready('agent', child);
  holderPid = childOf(child.pid);
  if (holderPid === undefined) throw new Error('the namespaces of the region ended at once');
  return holderPid;
}

async function startAgent(): Promise<void> {
  const holder = await holdNamespaces().catch((error: unknown) =>
    end(error instanceof Error ? error.message : String(error)),
  );
  // Who enters a PID namespace is its parent from outside; it must not leave a second agent behind.
  const user = rootless ? ['-U', '--preserve-credentials'] : [];
  const enter = ['nsenter', '-t', String(holder), ...user, '-m', '-p', '--', 'setpriv', '--pdeathsig', 'KILL'];
  // Entering a mount namespace leads to its root.
  const inside = [...enter, 'env', '-C', ROOT];
  const program = ['--import', 'tsx', join(ROOT, 'local/agent/main.ts'), '--config', AGENT_CONFIG];
  const child = start('agent', [...inside, process.execPath, ...program]);
  child.once('exit', (code) => {
    again(
      'agent',
      () => startAgent().catch(() => undefined),
      () =>
        end(`the agent ended again and again, at last with exit code ${String(code)}: see ${join(LOGS, 'agent.log')}`),
    );
  });
  await ready('agent', child);
  const agentPid = childOf(child.pid);
  if (agentPid === undefined) return;
  keepTrying(() => {
    const region = readRegion();
    if (region !== undefined) writeRegion({ ...region, agentPid, holderPid: holder });
  });
  // Who stops the agent (SIGSTOP) stops nsenter, which does not go on with it: it would never tell of the agent's end.
  const agent = identityOf(agentPid);
  const looking = setInterval(() => {
    if (!lives(agent)) child.kill('SIGCONT');
  }, STOPPED_LOOK_MS);
  child.once('exit', () => {
    clearInterval(looking);
  });
}

/** What people look at; the mesh does not need it, so its end ends nothing. */
function startConsole(): void {
  const program = ['--import', 'tsx', join(ROOT, 'local/console/main.ts'), '--port', String(settings.consolePort)];
  const child = start('console', [process.execPath, ...program]);
  child.once('exit', () => {
    again('console', startConsole, () => undefined);
  });
  void ready('console', child).catch(() => undefined);
}

process.on('SIGTERM', () => {
  end('');
});
process.on('SIGINT', () => {
  end('');
});

writeRegion({
  regionId: settings.id,
  supervisorPid: process.pid,
  endpoint,
  credentials,
  port: settings.port,
  startedAt: new Date().toISOString(),
  console: { port: settings.consolePort, token: randomBytes(24).toString('base64url') },
});
writeConfig(AGENT_CONFIG, {
  endpoint,
  region: REGION,
  stateDirectory: STATE,
  envoyPath: envoyPath(),
  frontDoor: { address: '127.0.0.1', port: settings.port },
  rootless,
});
// Who may make none leaves none.
if (!rootless) removeCgroupsAtTheEnd();
try {
  await startControlPlane();
  await startAgent();
  startConsole();
  console.log('ready');
} catch (error) {
  end(error instanceof Error ? error.message : String(error));
}
