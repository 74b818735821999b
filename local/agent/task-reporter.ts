/** Tells the control plane and the command line what each task is doing, and forgets tasks that are over. */
import type { ControlPlaneChannel } from './aws/control-plane-channel.ts';
import type { Task } from './runtime/task.ts';
import type { TaskFiles } from './task-files.ts';
import { taskReport } from './task-report.ts';

export interface TaskListener {
  /** Once for each task that ended by itself. */
  failed(task: Task): void;
  /** Once for each task that is STOPPED and reported. */
  over(task: Task): void;
}

export class TaskReporter {
  readonly #channel: ControlPlaneChannel;
  readonly #files: TaskFiles;
  readonly #listener: TaskListener;
  readonly #reported = new Map<string, string>();
  readonly #counted = new Set<string>();

  constructor(channel: ControlPlaneChannel, files: TaskFiles, listener: TaskListener) {
    this.#channel = channel;
    this.#files = files;
    this.#listener = listener;
  }

  /** Lets every task be reported again. */
  tellAnew(): void {
    this.#reported.clear();
  }

  async report(tasks: ReadonlyMap<string, Task>): Promise<void> {
    const looked = [...tasks].map(([id, task]) => ({ id, task, report: taskReport(task) }));
    for (const { id, task } of looked) {
      await this.#files.write(task);
      if (task.failed && !this.#counted.has(id)) {
        this.#counted.add(id);
        this.#listener.failed(task);
      }
    }
    const changed = looked
      .map((one) => ({ ...one, text: JSON.stringify(one.report) }))
      .filter(({ id, text }) => this.#reported.get(id) !== text);
    if (changed.length > 0) await this.#channel.putTasks(changed.map(({ report }) => report));
    for (const { id, text } of changed) this.#reported.set(id, text);
    // A task that got to STOPPED only while this was told is over when that has been told too.
    for (const { id, task } of looked.filter(({ report }) => report['lastStatus'] === 'STOPPED')) {
      for (const memory of [this.#reported, this.#counted]) memory.delete(id);
      this.#listener.over(task);
    }
  }
}
