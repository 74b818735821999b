/** The awslogs driver: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html */
import type { AwsLogs } from '../../../aws-shapes/awslogs.ts';

/** `prefix/container/task`; on Fargate there is always a prefix. */
export function streamName({ streamPrefix }: AwsLogs, container: string, taskId: string): string {
  return [streamPrefix, container, taskId].filter((part) => part !== '').join('/');
}

export interface Excerpt {
  readonly lines: readonly string[];
  /** The whole lines in these bytes. */
  readonly consumed: number;
}

/** The whole lines of what was read; one that is longer than `longest` is cut there. */
export function linesOf(bytes: Buffer, longest: number): Excerpt {
  const end = bytes.lastIndexOf('\n');
  if (end < 0)
    return bytes.length < longest ? { lines: [], consumed: 0 } : { lines: [bytes.toString()], consumed: bytes.length };
  const lines = bytes
    .subarray(0, end)
    .toString()
    .split('\n')
    .filter((line) => line !== '');
  return { lines, consumed: end + 1 };
}
