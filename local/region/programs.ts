/** How the programs of the region are started: as they were built (script/setup/programs.mjs), or from their sources. */
import { join } from 'node:path';
import { ROOT } from './paths.ts';
// Where each begins; the build reads the same list.
import SOURCES from './programs.json' with { type: 'json' };

export type Program = keyof typeof SOURCES;

/** The folder of the built ones, which each program gives to those that it starts; without it they run from their sources. */
const BUILT = process.env['HIGHLANDS_PROGRAMS'];

/** @returns the command that starts it, to which its own arguments come */
export function commandOf(program: Program): [string, ...string[]] {
  if (BUILT !== undefined) return [process.execPath, join(BUILT, `${program}.mjs`)];
  return [process.execPath, '--import', 'tsx', join(ROOT, SOURCES[program])];
}

/** Whether a process that was started by this command line runs the program, built or from its sources. */
export function isProgram(program: Program, commandLine: readonly string[]): boolean {
  const starts = [`/${program}.mjs`, `/${SOURCES[program]}`];
  return commandLine.some((word) => starts.some((end) => word.endsWith(end)));
}
