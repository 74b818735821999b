/** Starts the agent in its namespaces, and again when it ends: it finds everything in the control plane. */
import type { ChildProcess } from 'node:child_process';
import { AGENT_CONFIG, ROOT } from '../region/paths.ts';
import { identityOf, lives } from '../region/process-identity.ts';
import { commandOf } from '../region/programs.ts';
import { readRegion, writeRegion } from '../region/region-file.ts';
import { onlyChildOf, ready, startChild } from './child.ts';
import { endedTooOften, type End } from './end.ts';
import { keepTrying } from './keep-trying.ts';
import { holdNamespaces } from './namespaces.ts';
import { Restarts, startAgain } from './restarts.ts';

const NAME = 'agent';
const restarts = new Restarts();

/** An agent that ends is missed for so long at most where its parent was stopped with it. */
const STOPPED_LOOK_MS = 1_000;

export async function startAgent(rootless: boolean, end: End): Promise<void> {
  const holderPid = await holdNamespaces(rootless).catch((error: unknown) =>
    end(error instanceof Error ? error.message : String(error)),
  );
  const child = startChild(NAME, commandIn(holderPid, rootless));
  child.once('exit', (code) => {
    startAgain(
      restarts,
      () => startAgent(rootless, end),
      () => end(endedTooOften('the agent', NAME, code)),
    );
  });
  await ready(NAME, child);
  const agentPid = onlyChildOf(child.pid);
  if (agentPid === undefined) return;
  keepTrying(() => {
    const region = readRegion();
    if (region !== undefined) writeRegion({ ...region, agentPid, holderPid });
  });
  wakeAtTheEndOf(agentPid, child);
}

function commandIn(holderPid: number, rootless: boolean): string[] {
  // A process that enters a PID namespace is its parent from outside; it must not leave a second agent behind.
  const user = rootless ? ['-U', '--preserve-credentials'] : [];
  const enter = ['nsenter', '-t', String(holderPid), ...user, '-m', '-p', '--', 'setpriv', '--pdeathsig', 'KILL'];
  // Entering a mount namespace leads to its root.
  const inside = [...enter, 'env', '-C', ROOT];
  return [...inside, ...commandOf('agent'), '--config', AGENT_CONFIG];
}

/** A SIGSTOP to the agent stops nsenter too, which does not go on with it and would never tell of the agent's end. */
function wakeAtTheEndOf(agentPid: number, nsenter: ChildProcess): void {
  const agent = identityOf(agentPid);
  const looking = setInterval(() => {
    if (!lives(agent)) nsenter.kill('SIGCONT');
  }, STOPPED_LOOK_MS);
  nsenter.once('exit', () => {
    clearInterval(looking);
  });
}
