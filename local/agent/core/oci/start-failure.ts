/** Why a container never ran, in the words of ECS: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html */

export interface StartFailure {
  readonly reason: string;
  /** As Docker has it: https://docs.docker.com/engine/containers/run/#exit-status */
  readonly exitCode: number;
}

/** What Fargate 1.4 puts before the runtime's own words; containerd puts the last word behind them. */
const PREFIX =
  'CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: failed to create shim task: OCI runtime create failed: ';

const NOT_FOUND = /no such file or directory|not found|not a directory/i;
const NOT_RUNNABLE = /permission denied|exec format error|is a directory/i;

/** @param said what the runtime said, as its log has it */
export function startFailure(said: string): StartFailure {
  const words = said.replace(/^runc (run|create|start) failed: /, '').trim();
  const exitCode = NOT_RUNNABLE.test(words) ? 126 : NOT_FOUND.test(words) ? 127 : 128;
  return { reason: `${PREFIX}runc create failed: ${words}: unknown`, exitCode };
}

/** The first error in the runtime's log, which has a JSON object on each line. */
export function errorIn(log: string): string | undefined {
  for (const line of log.split('\n')) {
    try {
      const entry: unknown = JSON.parse(line);
      if (typeof entry === 'object' && entry !== null && 'msg' in entry && 'level' in entry && entry.level === 'error')
        return String(entry.msg);
    } catch {
      // Half a line, or none.
    }
  }
  return undefined;
}

/**
 * Whether a container's last words are the kernel's refusal to run its program: a wrong format, or an interpreter that is
 * not there. The runtime only learns of it after it said that the container runs.
 */
export function refusedByKernel(lastLine: string | undefined, program: string): boolean {
  const [, path, complaint] =
    /^exec (\S+): (exec format error|no such file or directory|permission denied)$/.exec(lastLine ?? '') ?? [];
  return complaint !== undefined && path !== undefined && (path === program || path.endsWith(`/${program}`));
}
