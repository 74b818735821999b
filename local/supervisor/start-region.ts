/** Starts the supervisor and waits until the region takes orders. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import pWaitFor from 'p-wait-for';
import { lookAtPort, portComplaint } from '../../script/setup/ports.mjs';
import { CONSOLE_PORT, ENDPOINT_PORT, LOGS, longerThanSockets, ROOT, RUN, STATE } from '../region/paths.ts';
import { NOTHING_OUTSIDE, writeOutside } from '../region/outside.ts';
import { Complaint } from '../region/complaint.ts';
import { freePort } from '../region/free-port.ts';
import { commandOf } from '../region/programs.ts';
import { isAlive, readRegion, runningRegion, urlOf, type Region } from '../region/region-file.ts';
import { removeLogs } from './region-logs.ts';
import { stopRegion } from './stop-region.ts';

/** The control plane takes about a second, the agent another; a busy machine gets much more. */
const READY_WITHIN_MS = 180_000;

/** What this process started last: its own file comes a moment later, and Ctrl-C does not wait for it. */
let started: Pick<Region, 'regionId' | 'supervisorPid'> | undefined;
/** What ends while it is taken away did not fail. */
let removing = false;

/**
 * Clears away what a region that ended by itself left, and says what happened.
 * @param again the commands that deploy the same into a region that runs
 * @throws Complaint when one runs
 */
export async function makeRoom(port: number, again: readonly string[]): Promise<string | undefined> {
  const running = runningRegion();
  if (running !== undefined) {
    throw new Complaint(
      `Highlands is already running at ${urlOf(running)} (pid ${String(running.supervisorPid)}): deploy into it with \`${again.join(' && ')}\`, or stop it with \`npm stop\``,
    );
  }
  const excess = longerThanSockets(RUN);
  if (excess > 0) {
    throw new Complaint(
      `the path ${STATE} is ${String(excess)} bytes too long for the sockets in it: set HIGHLANDS_STATE_DIR to a shorter one, or move the checkout`,
    );
  }
  const former = readRegion();
  if (former !== undefined) await stopRegion(former);
  // The start looked at it before anything else; since then somebody may have taken it.
  const inTheWay = portComplaint(
    await lookAtPort({
      port,
      reserved: [CONSOLE_PORT, ENDPOINT_PORT],
      choose: (free) => `\`npm start -- --port ${String(free)}\``,
    }),
  );
  if (inTheWay !== undefined) throw new Complaint(inTheWay);
  return former?.ended === undefined || former.ended === ''
    ? undefined
    : `the last run ended by itself: ${former.ended}`;
}

/** @throws Complaint when a port that was asked for is taken */
async function consolePortFor(asked: number | undefined, front: number): Promise<number> {
  const found = asked === front ? undefined : await freePort(asked ?? (front === CONSOLE_PORT ? 0 : CONSOLE_PORT));
  if (found !== undefined) return found;
  if (asked !== undefined)
    throw new Complaint(`port ${String(asked)} is in use: choose another with \`--console-port\`, or leave it out`);
  return (await freePort(0)) ?? 0;
}

/** @param outside what it opens beyond itself */
export async function startRegion(port: number, askedConsolePort?: number, outside = NOTHING_OUTSIDE): Promise<Region> {
  mkdirSync(RUN, { recursive: true });
  await writeOutside(outside);
  removeLogs(LOGS);
  mkdirSync(LOGS, { recursive: true });
  const endpointPort = (await freePort(ENDPOINT_PORT)) ?? (await freePort(0));
  const consolePort = await consolePortFor(askedConsolePort, port);
  const log = openSync(join(LOGS, 'supervisor.log'), 'a');
  const id = randomUUID();
  const [program, ...args] = [
    ...commandOf('supervisor'),
    '--id',
    id,
    '--port',
    String(port),
    '--endpointPort',
    String(endpointPort),
    '--consolePort',
    String(consolePort),
  ];
  const child = spawn(program, args, {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, HIGHLANDS_STATE_DIR: STATE, HIGHLANDS_REGION_ID: id },
  });
  child.unref();
  const { pid } = child;
  if (pid !== undefined) started = { regionId: id, supervisorPid: pid };
  await pWaitFor(
    () => {
      // By Ctrl-C, which also ends this process.
      if (removing) return false;
      const region = readRegion();
      if (region?.regionId === id && region.ended !== undefined) throw new Complaint(region.ended);
      if (pid === undefined || !isAlive(pid))
        throw new Complaint(`the supervisor ended while starting: see ${join(LOGS, 'supervisor.log')}`);
      return region?.regionId === id && region.agentPid !== undefined;
    },
    {
      interval: 50,
      timeout: {
        milliseconds: READY_WITHIN_MS,
        message: new Complaint(`the region was not ready within ${String(READY_WITHIN_MS / 1000)} s: see ${LOGS}`),
      },
    },
  );
  const region = readRegion();
  if (region === undefined) throw new Complaint(`the region's file is gone: see ${LOGS}`);
  return region;
}

/** Removes the region, also one that this process has just begun to start. */
export async function removeRegion(): Promise<void> {
  removing = true;
  const region = readRegion() ?? started;
  if (region !== undefined) await stopRegion(region);
}
