/** When a stack is done, and how: CDK calls a deploy done that had nothing to change, also while another one is under way. */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import pWaitFor from 'p-wait-for';
import { isUnderWay, type StackView } from './stack-view.ts';

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
    let view: StackView | undefined = first;
    const settled = async (): Promise<boolean> => {
      view = await this.now(name);
      return view === undefined || !isUnderWay(view);
    };
    await pWaitFor(settled, { before: false, interval: EVERY_MS });
    return view;
  }
}
