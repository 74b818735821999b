/** What an image says about its process, and the command of a health check. */
import type { Machine } from './oci/machine.ts';

export interface ImageSettings {
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  /** `NAME=VALUE` */
  readonly env: readonly string[];
  readonly user: string;
  readonly workingDirectory: string;
}

/** What proxies and containers are started with. */
export interface Tools {
  readonly setpriv: string;
  /** The OCI runtime. */
  readonly runtime: string;
  readonly machine: Machine;
}

/** The command of a container health check; `NONE` turns one off. */
export function healthCheckArgv(command: readonly string[]): string[] | undefined {
  const [kind, ...rest] = command;
  if (kind === 'NONE') return undefined;
  if (kind === 'CMD-SHELL') return ['/bin/sh', '-c', rest.join(' ')];
  return kind === 'CMD' ? rest : [...command];
}
