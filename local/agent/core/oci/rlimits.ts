/** The limits of a container's processes: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Ulimit.html */
import type { Ulimit } from '../task-definition.ts';
import type { OciRlimit } from './config.ts';

/** What the machine allows at most; Infinity where it has no limit. */
export type Ceiling = (name: string) => number;

/** Fargate's default: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-resource-limits */
const DEFAULT_NOFILE: Ulimit = { name: 'nofile', soft: 65_535, hard: 65_535 };

/** The largest number of a double that 64 bits without a sign hold: JSON has no infinity, and no process gets there. */
const UNLIMITED = 2 ** 64 - 2048;

/** What applies, and a line for each limit that the machine does not allow. */
export function rlimitsOf(
  ulimits: readonly Ulimit[],
  ceiling: Ceiling,
): { readonly rlimits: OciRlimit[]; readonly clamped: string[] } {
  const asked = ulimits.map((one) => ({ ...one, soft: finite(one.soft), hard: finite(one.hard) }));
  const withDefault = asked.some(({ name }) => name === 'nofile') ? asked : [DEFAULT_NOFILE, ...asked];
  const rlimits = withDefault.map(({ name, soft, hard }) => {
    const most = Math.min(hard, ceiling(name));
    return { type: `RLIMIT_${name.toUpperCase()}`, soft: Math.min(soft, most), hard: most };
  });
  // The default is a limit that nobody asked for: the machine's own serves as well.
  const clamped = asked
    .filter(({ name, soft, hard }) => Math.max(soft, hard) > ceiling(name))
    .map(
      ({ name, soft, hard }) =>
        `ulimit ${name} ${shown(soft)}:${shown(hard)} is above what this machine allows, and is ${shown(ceiling(name))} here`,
    );
  return { rlimits, clamped };
}

/** -1 is without a limit. */
const finite = (limit: number): number => (limit < 0 ? UNLIMITED : Math.min(limit, UNLIMITED));
const shown = (limit: number): string => (limit === UNLIMITED ? 'unlimited' : String(limit));

/**
 * @param limits content of /proc/self/limits
 * @param mayRaise whether this process may go above its own limits
 * @param nrOpen /proc/sys/fs/nr_open: nobody gets more descriptors
 */
export function ceilingOf(limits: string, mayRaise: boolean, nrOpen: number): Ceiling {
  const hard = new Map(
    limits.split('\n').flatMap((line) => {
      const [, title = '', most = ''] = /^(Max .*?)\s{2,}\S+\s+(\S+)/.exec(line) ?? [];
      const name = LIMITS[title];
      return name === undefined ? [] : [[name, most === 'unlimited' ? Infinity : Number(most)] as const];
    }),
  );
  return (name) => {
    const own = mayRaise ? Infinity : (hard.get(name) ?? Infinity);
    return name === 'nofile' ? Math.min(own, nrOpen) : own;
  };
}

/** The kernel's titles: https://man7.org/linux/man-pages/man5/proc_pid_limits.5.html */
const LIMITS: Readonly<Record<string, string>> = {
  'Max cpu time': 'cpu',
  'Max file size': 'fsize',
  'Max data size': 'data',
  'Max stack size': 'stack',
  'Max core file size': 'core',
  'Max resident set': 'rss',
  'Max processes': 'nproc',
  'Max open files': 'nofile',
  'Max locked memory': 'memlock',
  'Max file locks': 'locks',
  'Max pending signals': 'sigpending',
  'Max msgqueue size': 'msgqueue',
  'Max nice priority': 'nice',
  'Max realtime priority': 'rtprio',
  'Max realtime timeout': 'rttime',
};
