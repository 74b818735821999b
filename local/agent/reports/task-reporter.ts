/** Reports to the control plane and the command line what each task does, and forgets tasks that are over. */
import type { ControlPlaneChannel, TaskReport } from '../aws/control-plane-channel.ts';
import { isControlPlaneGone } from '../aws/control-plane-gone.ts';
import type { ComplaintBook } from './complaint-book.ts';
import type { Task } from '../runtime/task.ts';
import type { TaskFiles } from './task-files.ts';
import { taskReport } from './described-task.ts';

export interface TaskListener {
  /** Once for each task that ended by itself. */
  failed(task: Task): void;
  /** Once for each task that is STOPPED and reported. */
  over(task: Task): void;
}

interface Told {
  readonly id: string;
  readonly task: Task;
  readonly report: TaskReport;
  readonly text: string;
}

export class TaskReporter {
  readonly #channel: Pick<ControlPlaneChannel, 'putTasks'>;
  readonly #files: Pick<TaskFiles, 'write'>;
  readonly #listener: TaskListener;
  readonly #reported = new Map<string, string>();
  readonly #counted = new Set<string>();

  constructor(channel: Pick<ControlPlaneChannel, 'putTasks'>, files: Pick<TaskFiles, 'write'>, listener: TaskListener) {
    this.#channel = channel;
    this.#files = files;
    this.#listener = listener;
  }

  /** Lets every task be reported again. */
  resync(): void {
    this.#reported.clear();
  }

  /** @throws Error when the control plane refuses the reports: the next pass sends them again */
  async report(tasks: ReadonlyMap<string, Task>, book: ComplaintBook): Promise<void> {
    const looked = [...tasks].map(([id, task]) => ({ id, task, report: taskReport(task) }));
    await book.each(
      'files of tasks',
      [...tasks.values()],
      ({ plan }) => plan.arn,
      (task) => this.#files.write(task),
    );
    for (const { id, task } of looked) {
      if (task.failed && !this.#counted.has(id)) {
        this.#counted.add(id);
        this.#listener.failed(task);
      }
    }
    const changed = looked
      .map((one) => ({ ...one, text: JSON.stringify(one.report) }))
      .filter(({ id, text }) => this.#reported.get(id) !== text);
    const told = await this.#tell(changed, book);
    for (const { id, text } of told) this.#reported.set(id, text);
    const untold = new Set(changed.filter((one) => !told.includes(one)).map(({ id }) => id));
    // A task that got to STOPPED only while this was told is over when that has been told too.
    for (const { id, task } of looked.filter(({ report }) => report['lastStatus'] === 'STOPPED')) {
      if (untold.has(id)) continue;
      for (const memory of [this.#reported, this.#counted]) memory.delete(id);
      this.#listener.over(task);
    }
  }

  /** All at once; when that is refused, each by itself. @returns those that were taken */
  async #tell(changed: readonly Told[], book: ComplaintBook): Promise<readonly Told[]> {
    if (changed.length === 0) return [];
    const refused = await this.#channel.putTasks(changed.map(({ report }) => report)).then(
      () => false,
      (error: unknown) => {
        if (isControlPlaneGone(error)) throw error;
        return true;
      },
    );
    const taken: Told[] = [];
    const act = async (one: Told): Promise<void> => {
      if (refused) await this.#channel.putTasks([one.report]);
      taken.push(one);
    };
    await book.each('reports of tasks', changed, ({ task }) => task.plan.arn, act);
    return taken;
  }
}
