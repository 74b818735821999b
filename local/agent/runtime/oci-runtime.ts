/** Calls the OCI runtime, runc or crun: https://github.com/opencontainers/runc/blob/main/man/runc.8.md */
import { basename, join } from 'node:path';
import type { Machine } from '../core/oci/machine.ts';
import { run } from './command.ts';

/** Debian has it where a user's PATH does not reach. */
const MORE_PLACES = '/usr/local/sbin:/usr/sbin:/sbin';

/** @throws Error with the remedy */
export async function findRuntime(): Promise<string> {
  const look = `PATH="$PATH:${MORE_PLACES}"; command -v runc || command -v crun`;
  const found = await run('sh', ['-c', look]).catch(() => {
    throw new Error('runc is missing: install the package runc');
  });
  return found.trim();
}

/** What comes before the runtime's own command. @param directory where it keeps what it knows of the task's containers */
export function runtimeCommand(runtime: string, directory: string, bundle: string, machine: Machine): string[] {
  // runc then goes on where it can make no cgroup; in a user namespace it knows by itself.
  const withoutCgroups = !machine.rootless && machine.cgroups === undefined;
  const name = basename(runtime);
  return [
    ...[runtime, '--root', directory, '--log', join(bundle, 'runtime.log'), '--log-format', 'json'],
    ...(withoutCgroups && name === 'runc' ? ['--rootless', 'true'] : []),
    ...(machine.cgroups === undefined && name === 'crun' ? ['--cgroup-manager', 'disabled'] : []),
  ];
}
