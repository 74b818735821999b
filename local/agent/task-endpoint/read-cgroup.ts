/** What the kernel counted of a container, from its cgroup of either version. */
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { trafficIn, type Reading } from '../core/task-endpoint/container-stats.ts';

const CGROUPS = '/sys/fs/cgroup';
/** USER_HZ: a constant of Linux's interface to programs on the processors that we support. */
const NANOSECONDS_PER_TICK = 1e9 / 100;

const textOf = (...path: readonly string[]): Promise<string | undefined> =>
  readFile(join(...path), 'utf8').catch(() => undefined);

const numberIn = (text: string | undefined, pattern = /^(\d+)$/m): number | undefined => {
  const [, found] = pattern.exec(text ?? '') ?? [];
  return found === undefined ? undefined : Number(found);
};

/** All fields of the first line of /proc/stat but those of guests, which are in others: https://man7.org/linux/man-pages/man5/proc_stat.5.html */
async function machineNanoseconds(): Promise<number> {
  const [first = ''] = ((await textOf('/proc/stat')) ?? '').split('\n');
  const ticks = first.trim().split(/\s+/).slice(1, 9).map(Number);
  return ticks.reduce((sum, one) => sum + one, 0) * NANOSECONDS_PER_TICK;
}

interface Used {
  readonly cpu: number;
  readonly user: number;
  readonly system: number;
  readonly memory: number;
  readonly limit: number | undefined;
  readonly processes: number;
}

/** https://docs.kernel.org/admin-guide/cgroup-v2.html */
async function versionTwo(group: string): Promise<Used | undefined> {
  const stat = await textOf(CGROUPS, group, 'cpu.stat');
  if (stat === undefined) return undefined;
  const [memory, limit, processes] = await Promise.all(
    ['memory.current', 'memory.max', 'pids.current'].map((file) => textOf(CGROUPS, group, file)),
  );
  const micro = (name: string): number => (numberIn(stat, new RegExp(`^${name} (\\d+)$`, 'm')) ?? 0) * 1000;
  return {
    ...{ cpu: micro('usage_usec'), user: micro('user_usec'), system: micro('system_usec') },
    ...{ memory: numberIn(memory) ?? 0, limit: numberIn(limit), processes: numberIn(processes) ?? 0 },
  };
}

/** https://docs.kernel.org/admin-guide/cgroup-v1/cpuacct.html, https://docs.kernel.org/admin-guide/cgroup-v1/memory.html */
async function versionOne(group: string): Promise<Used | undefined> {
  const [usage, split, memory, limit, processes] = await Promise.all([
    textOf(CGROUPS, 'cpuacct', group, 'cpuacct.usage'),
    textOf(CGROUPS, 'cpuacct', group, 'cpuacct.stat'),
    textOf(CGROUPS, 'memory', group, 'memory.usage_in_bytes'),
    textOf(CGROUPS, 'memory', group, 'memory.limit_in_bytes'),
    textOf(CGROUPS, 'pids', group, 'pids.current'),
  ]);
  if (usage === undefined && memory === undefined) return undefined;
  const ticks = (name: string): number =>
    (numberIn(split, new RegExp(`^${name} (\\d+)$`, 'm')) ?? 0) * NANOSECONDS_PER_TICK;
  return {
    ...{ cpu: numberIn(usage) ?? 0, user: ticks('user'), system: ticks('system') },
    ...{ memory: numberIn(memory) ?? 0, limit: numberIn(limit), processes: numberIn(processes) ?? 0 },
  };
}

/**
 * @param group path of the container's cgroup
 * @param networkOf a process in the task's network
 * @returns undefined where there is no such cgroup: the machine lets the region make none, or the container ended
 */
export async function readCgroup(group: string, networkOf: number): Promise<Reading | undefined> {
  const used = (await versionTwo(group)) ?? (await versionOne(group));
  if (used === undefined) return undefined;
  return {
    ...{ at: Date.now(), machineNanoseconds: await machineNanoseconds(), processors: cpus().length },
    ...{ cpuNanoseconds: used.cpu, userNanoseconds: used.user, systemNanoseconds: used.system },
    ...{ memoryBytes: used.memory, memoryLimitBytes: used.limit, processes: used.processes },
    network: trafficIn((await textOf('/proc', String(networkOf), 'net/dev')) ?? '', 'eth0'),
  };
}
