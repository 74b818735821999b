/** Looks at a task for its metadata. */
import { readFile, readlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import type { SeenContainer, SeenTask } from '../core/task-endpoint/metadata.ts';
import type { run } from '../runtime/command.ts';
import type { Task } from '../runtime/task.ts';

const Links = z.array(z.object({ address: z.string().optional() }));

export class TaskLook {
  readonly #run: typeof run;
  readonly #macs = new WeakMap<Task, Promise<string | undefined>>();

  constructor(runCommand: typeof run) {
    this.#run = runCommand;
  }

  async at(task: Task): Promise<SeenTask> {
    const { plan, status, wanted, pullStartedAt, pullStoppedAt } = task;
    const [macAddress, usedMiB, imageIds, resolv] = await Promise.all([
      this.#mac(task),
      this.#used(plan.runDirectory),
      imageIdsOf(task),
      readFile(join(plan.runDirectory, 'resolv.conf'), 'utf8').catch(() => ''),
    ]);
    const containers = new Map(
      [...task.containers].map(([name, one]): [string, SeenContainer] => [
        name,
        {
          running: one.process.running,
          startedAt: one.startedAt,
          exitCode: one.exitCode,
          healthStatus: one.healthStatus,
        },
      ]),
    );
    return {
      ...{ plan, status, wanted, pullStartedAt, pullStoppedAt, containers, imageIds, macAddress, usedMiB },
      nameServers: wordsAfter('nameserver', resolv),
      searchList: wordsAfter('search', resolv),
    };
  }

  /** It stays what it is for the life of the task. */
  #mac(task: Task): Promise<string | undefined> {
    const known = this.#macs.get(task);
    if (known !== undefined) return known;
    const { holder } = task;
    const asked =
      holder === undefined
        ? Promise.resolve(undefined)
        : this.#run('nsenter', holder.enter(['ip', '-json', 'link', 'show', 'dev', 'eth0'], false))
            .then((text) => Links.parse(JSON.parse(text))[0]?.address)
            .catch(() => undefined);
    this.#macs.set(task, asked);
    return asked;
  }

  /** Of one file system: what is mounted below is the images', which are nobody's own. */
  async #used(directory: string): Promise<number | undefined> {
    const said = await this.#run('du', ['-smx', directory]).catch(() => '');
    const [, mebibytes] = /^(\d+)\t/.exec(said) ?? [];
    return mebibytes === undefined ? undefined : Number(mebibytes);
  }
}

/** The bundle of each container links to its image's files, which are kept by their digest. */
async function imageIdsOf({ plan }: Task): Promise<Map<string, string>> {
  const found = plan.taskDefinition.containers.map(async ({ name }, index) => {
    const files = await readlink(join(plan.runDirectory, String(index), 'image')).catch(() => undefined);
    return files === undefined ? [] : [[name, `sha256:${basename(dirname(files))}`] as const];
  });
  return new Map((await Promise.all(found)).flat());
}

/** https://man7.org/linux/man-pages/man5/resolv.conf.5.html */
const wordsAfter = (keyword: string, text: string): string[] =>
  text.split('\n').flatMap((line) => {
    const [first, ...words] = line.trim().split(/\s+/);
    return first === keyword ? words : [];
  });
