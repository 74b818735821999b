/** A process by its id and its birth: ids are used again. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import pWaitFor from 'p-wait-for';
import { z } from 'zod';

/** `born` in clock ticks since the machine's start: an id alone may be another process by now. */
export const Identity = z.object({ pid: z.number().int().positive(), born: z.number() });
export type ProcessIdentity = Readonly<z.infer<typeof Identity>>;

/** A process gets no event when a process ends that is not its child. */
const LOOK_EVERY_MS = 100;

/** State, parent and birth of a process, whatever its name has in it. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
export function statOf(
  pid: number,
): { readonly state: string; readonly parent: number; readonly born: number } | undefined {
  try {
    // After the command's name in brackets: the third field and those after it.
    const fields =
      readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
        .split(') ')
        .at(-1)
        ?.split(' ') ?? [];
    return { state: fields[0] ?? '', parent: Number(fields[1]), born: Number(fields[19]) };
  } catch {
    return undefined; // it ended
  }
}

/** @param pid of a process that was just started, so that it is at least not buried yet */
export function identityOf(pid: number): ProcessIdentity {
  return { pid, born: statOf(pid)?.born ?? 0 };
}

/** A zombie is dead, only not buried yet. */
export function lives({ pid, born }: ProcessIdentity): boolean {
  const stat = statOf(pid);
  return stat !== undefined && stat.born === born && !['Z', 'X'].includes(stat.state);
}

/** @returns once it ended, the exit code that it left in a file, if it did */
export async function ended(identity: ProcessIdentity, exitFile?: string): Promise<number | undefined> {
  await pWaitFor(() => !lives(identity), { interval: LOOK_EVERY_MS });
  const text = exitFile === undefined ? '' : await readFile(exitFile, 'utf8').catch(() => '');
  return /^\d+\n?$/.test(text) ? Number(text) : undefined;
}
