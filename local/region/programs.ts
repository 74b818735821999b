/** How the programs of the region are started: as they were built (script/setup/programs.mjs), or from their sources. */
import { join } from 'node:path';
import { ROOT } from './paths.ts';

const SOURCES = {
  highlands: 'local/cli/highlands.ts',
  supervisor: 'local/supervisor/supervisor.ts',
  agent: 'local/agent/main.ts',
  console: 'local/console/main.ts',
} as const;

/** The folder of the built ones, which each program gives to those that it starts; without it they run from their sources. */
const BUILT = process.env['HIGHLANDS_PROGRAMS'];

/** @returns the command that starts it, to which its own arguments come */
export function commandOf(program: keyof typeof SOURCES): [string, ...string[]] {
  if (BUILT !== undefined) return [process.execPath, join(BUILT, `${program}.mjs`)];
  return [process.execPath, '--import', 'tsx', join(ROOT, SOURCES[program])];
}
