/** Where listener rules forward to, and moving them: what a blue/green deployment does behind a load balancer. */
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { forwardRule, type RuleShift } from '../aws/forward-rule.ts';
import type { PlacedLoadBalancer } from '../aws/read-load-balancers.ts';
import type { ComplaintBook } from '../reports/complaint-book.ts';
import type { Rule } from '../../aws-shapes/listener-rule.ts';

export interface ListenerRuleParts {
  readonly elbv2: ElasticLoadBalancingV2Client;
  readonly wanted: () => readonly PlacedLoadBalancer[];
  readonly log: (message: string) => void;
}

export class ListenerRules {
  readonly #parts: ListenerRuleParts;

  constructor(parts: ListenerRuleParts) {
    this.#parts = parts;
  }

  /** The target group that a rule sends everything to. */
  forwardedTo(ruleArn: string): string | undefined {
    const groups = this.#rule(ruleArn)?.action;
    if (groups?.type !== 'forward') return undefined;
    return groups.targetGroups.find(({ weight }) => weight > 0)?.arn;
  }

  /** Points rules at target groups, through the API: everybody sees it, and the next read brings it about. */
  async shift(shifts: readonly RuleShift[], book: ComplaintBook): Promise<void> {
    const act = async ({ ruleArn, targetGroupArn, otherArn }: RuleShift): Promise<void> => {
      const action = this.#rule(ruleArn)?.action;
      if (action === undefined || this.forwardedTo(ruleArn) === targetGroupArn) return;
      await forwardRule(this.#parts.elbv2, ruleArn, targetGroupArn, otherArn);
      this.#parts.log(
        `listener rule ${ruleArn.split('/').at(-1) ?? ''} now forwards to ${targetGroupArn.split('/')[1] ?? ''}`,
      );
    };
    await book.each('shifts of listener rules', shifts, ({ ruleArn }) => ruleArn, act);
  }

  #rule(ruleArn: string): Rule | undefined {
    return this.#parts
      .wanted()
      .flatMap(({ loadBalancer }) => loadBalancer.listeners)
      .flatMap(({ rules }) => rules)
      .find(({ arn }) => arn === ruleArn);
  }
}
