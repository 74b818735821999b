/** Finds the processes of the region that a scenario ends or stops. */
import { readFileSync } from 'node:fs';
import { processesOf } from '../region/processes.ts';
import { requireRegion } from '../region/region-file.ts';
import { expect } from './scenario.ts';

/** A process of the region that was started by such a command, as the machine sees it. */
export function processOf(what: string, started: (command: readonly string[]) => boolean): number {
  const found = processesOf(requireRegion().regionId).find((pid) => {
    try {
      return started(readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').split('\0'));
    } catch {
      return false; // it ended while it was looked at
    }
  });
  expect(found !== undefined, `there is no ${what}`);
  return found;
}

/** A proxy of the region whose configuration is in this directory. */
export const proxyIn = (directory: string): number =>
  processOf(
    `proxy of ${directory}`,
    ([program, ...words]) =>
      program?.endsWith('/envoy') === true && words.some((word) => word.includes(`/run/${directory}/`)),
  );
