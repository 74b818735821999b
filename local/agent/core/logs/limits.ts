/** How much of all logs is kept on disk. Pure. */

const MIB = 1024 * 1024;

export interface LogLimits {
  /** Of everything that one task's containers and proxy wrote. */
  readonly taskBytes: number;
  /** Of all tasks, those that run and those that are over. */
  readonly regionBytes: number;
  /** Tasks that are over and whose logs are kept. */
  readonly stoppedTasks: number;
  /** Of one of the region's own: the agent's, the control plane's, a load balancer's. */
  readonly ownBytes: number;
}

export const LOG_LIMITS: LogLimits = {
  // A request of three services costs 2.6 kB in six files: the last 90,000 or so of a service's task with its proxy, which is
  // more than a person goes back through. Docker's own rotating driver keeps 100 MB a container by default.
  taskBytes: 40 * MIB,
  // As much as the images of a small app take; about 200,000 requests of all that was ever asked.
  regionBytes: 512 * MIB,
  // A list of logs reads a file for each; a service whose tasks end at once leaves one a minute, so this is half a day.
  stoppedTasks: 500,
  // Some 50,000 complaints.
  ownBytes: 20 * MIB,
};

/** A log is the file that is written to and the part before it, which is as large. */
const PARTS = 2;

/** How large one file of a task may become before it is moved on, so that no number of tasks or containers exceeds a limit. */
export function largestFile(runningTasks: number, filesOfTask: number, limits = LOG_LIMITS): number {
  // A half for those that run: who scales out wants to see why a task ended before.
  const ofTask = Math.min(limits.taskBytes, limits.regionBytes / 2 / Math.max(1, runningTasks));
  return Math.floor(ofTask / PARTS / Math.max(1, filesOfTask));
}

export interface TaskLogs {
  readonly directory: string;
  readonly bytes: number;
  /** Epoch milliseconds of the last line. */
  readonly changedAt: number;
  readonly running: boolean;
}

/** Which tasks' logs go, the oldest first; never those of a task that runs. */
export function tooMuch(tasks: readonly TaskLogs[], limits = LOG_LIMITS): string[] {
  const stopped = tasks.filter(({ running }) => !running).sort((a, b) => a.changedAt - b.changedAt);
  let bytes = tasks.reduce((sum, one) => sum + one.bytes, 0);
  let count = stopped.length;
  const gone: string[] = [];
  for (const one of stopped) {
    if (bytes <= limits.regionBytes && count <= limits.stoppedTasks) break;
    gone.push(one.directory);
    bytes -= one.bytes;
    count -= 1;
  }
  return gone;
}
