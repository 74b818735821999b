/** When a stack is done, and how. Pure. */

export interface StackView {
  readonly status: string;
  readonly reason: string;
  /** Epoch milliseconds of the last change. */
  readonly changedAt: number;
}

/** As CDK has it; a stack in review has nothing yet, and nothing happens to it. */
export const isUnderWay = ({ status }: StackView): boolean =>
  status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS';

const COMPLETE = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE']);

/**
 * Why a deploy that CDK calls done is not; nothing if it is.
 * @param before the stack before the deploy, when nothing was under way; undefined when it was not there
 */
export function notDone(name: string, before: StackView | undefined, after: StackView | undefined): string | undefined {
  if (after === undefined) return `stack ${name} is gone`;
  if (COMPLETE.has(after.status)) return undefined;
  // Nothing was to be changed: what is deployed is what was wanted, since an update that failed left it so.
  if (after.status === 'UPDATE_ROLLBACK_COMPLETE' && before?.changedAt === after.changedAt) return undefined;
  return `stack ${name} is ${after.status}${after.reason === '' ? '' : `: ${after.reason}`}`;
}
