/** What each task uses of the machine: all processes in its network namespace, the proxy among them, as on Fargate. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Task } from '../runtime/task.ts';

export interface Usage {
  /** Per cent of the task's CPU size. */
  readonly cpuPercent: number;
  /** Per cent of the task's memory size. */
  readonly memoryPercent: number;
}

/** Clock ticks per second and page size: constants of Linux's interface to programs on the processors that we support. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;
/** 1,024 CPU units are one processor: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html */
const UNITS_PER_CPU = 1024;

interface Use {
  readonly ticks: number;
  readonly bytes: number;
}

export class TaskUsage {
  readonly #before = new Map<string, { readonly ticks: number; readonly at: number }>();

  look(tasks: Iterable<Task>): Map<string, Usage> {
    const byNamespace = usesByNamespace();
    const usages = new Map<string, Usage>();
    const at = performance.now();
    for (const task of tasks) {
      const { pid } = task.holder ?? {};
      const use = pid === undefined ? undefined : byNamespace.get(namespaceOf(String(pid)) ?? '');
      if (use === undefined) continue;
      const { id, taskDefinition } = task.plan;
      const before = this.#before.get(id);
      this.#before.set(id, { ticks: use.ticks, at });
      const seconds = before === undefined ? 0 : (at - before.at) / 1000;
      // A process that ended takes its ticks along, so the sum may shrink.
      const used = before === undefined ? 0 : Math.max(0, use.ticks - before.ticks) / TICKS_PER_SECOND;
      const processors = (taskDefinition.cpu ?? UNITS_PER_CPU) / UNITS_PER_CPU;
      usages.set(id, {
        cpuPercent: seconds === 0 ? 0 : (100 * used) / seconds / processors,
        memoryPercent: (100 * use.bytes) / ((taskDefinition.memoryMiB ?? 2048) * 1024 * 1024),
      });
    }
    for (const id of this.#before.keys()) if (!usages.has(id)) this.#before.delete(id);
    return usages;
  }
}

function namespaceOf(pid: string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return undefined; // it ended
  }
}

function usesByNamespace(): Map<string, Use> {
  const uses = new Map<string, Use>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const namespace = namespaceOf(pid);
    if (namespace === undefined) continue;
    try {
      // After the command's name in brackets: state, ppid, … utime is the 14th field, stime the 15th, rss the 24th.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      const field = (number: number): number => Number(fields[number - 3] ?? 0);
      const sum = uses.get(namespace) ?? { ticks: 0, bytes: 0 };
      uses.set(namespace, { ticks: sum.ticks + field(14) + field(15), bytes: sum.bytes + field(24) * PAGE_BYTES });
    } catch {
      // it ended while it was looked at
    }
  }
  return uses;
}
