/** Moves a listener rule's requests from one target group to another, as ECS does in a blue/green deployment. */
import { ModifyRuleCommand, type ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';

export interface RuleShift {
  readonly ruleArn: string;
  readonly targetGroupArn: string;
  /** Stays in the rule with weight 0, so that its targets keep being checked. */
  readonly otherArn: string;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html: all or nothing */
export async function forwardRule(
  elbv2: ElasticLoadBalancingV2Client,
  ruleArn: string,
  targetGroupArn: string,
  otherArn: string,
): Promise<void> {
  const TargetGroups = [
    { TargetGroupArn: targetGroupArn, Weight: 100 },
    { TargetGroupArn: otherArn, Weight: 0 },
  ];
  await elbv2.send(
    new ModifyRuleCommand({ RuleArn: ruleArn, Actions: [{ Type: 'forward', ForwardConfig: { TargetGroups } }] }),
  );
}
