/** When a stack is done, and how: CDK calls a deploy done that had nothing to change, also while another one is under way. */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import pWaitFor from 'p-wait-for';

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

/** As often as CDK itself looks. */
const EVERY_MS = 200;

export class StackEnds {
  readonly #client: CloudFormationClient;

  constructor(client: CloudFormationClient) {
    this.#client = client;
  }

  async now(StackName: string): Promise<StackView | undefined> {
    try {
      const { Stacks: [stack] = [] } = await this.#client.send(new DescribeStacksCommand({ StackName }));
      if (stack === undefined) return undefined;
      const { StackStatus = '', StackStatusReason = '', LastUpdatedTime, CreationTime } = stack;
      const changedAt = (LastUpdatedTime ?? CreationTime)?.getTime() ?? 0;
      return { status: StackStatus, reason: StackStatusReason, changedAt };
    } catch (error) {
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
      if (error instanceof Error && error.name === 'ValidationError') return undefined;
      throw error;
    }
  }

  /** The stack once nothing is under way; CloudFormation itself ends what takes too long. */
  async settled(
    name: string,
    whenUnderWay: (view: StackView) => void = () => undefined,
  ): Promise<StackView | undefined> {
    const first = await this.now(name);
    if (first === undefined || !isUnderWay(first)) return first;
    whenUnderWay(first);
    return pWaitFor(
      async () => {
        const view = await this.now(name);
        return view === undefined || !isUnderWay(view) ? pWaitFor.resolveWith(view) : false;
      },
      { interval: EVERY_MS },
    );
  }
}
