/** What the machine gives containers. Plain data; `runtime/machine.ts` looks. */
import type { Ceiling } from './rlimits.ts';

export interface Cgroups {
  /** Below it each container gets a cgroup of its own, as the runtime writes the path. */
  readonly parent: string;
  /** `cpu`, `memory`, `pids`: those in which limits can be set. */
  readonly controllers: readonly string[];
}

export interface Machine {
  readonly architecture: 'amd64' | 'arm64';
  /** As `uname -r` has it. */
  readonly kernel: string;
  /** In a user namespace with one mapped id. */
  readonly rootless: boolean;
  readonly ceiling: Ceiling;
  /** Absent where this user may make none: containers then have no limits of cpu and memory, and make no devices. */
  readonly cgroups: Cgroups | undefined;
}

/** One line for each limit that can't be set here; for the log, once. */
export function missingLimits({ cgroups }: Machine): string | undefined {
  const missing = ['cpu', 'memory', 'pids'].filter((one) => cgroups?.controllers.includes(one) !== true);
  return missing.length === 0
    ? undefined
    : `this machine lets the region set no limits of ${missing.join(', ')}: tasks share what it has`;
}
