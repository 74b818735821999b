import { Aspects, type IAspect, RemovalPolicies, Stack } from 'aws-cdk-lib';
import { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IConstruct } from 'constructs';

export interface StageOptions {
  /**
   * Whether what users need is hard to lose: stacks and load balancers refuse to be deleted, and logs and images stay when
   * their stack goes. For a stage such as prod; give it in every project.
   * @default false - the stage goes when its stacks are deleted, with everything in it
   */
  readonly protected?: boolean;
}

/** What holds something that can't be made again; a bucket is retained anyway. */
const KEPT = ['AWS::Logs::LogGroup', 'AWS::ECR::Repository'];

class DeletionProtection implements IAspect {
  visit(node: IConstruct): void {
    if (node instanceof Stack) node.terminationProtection = true;
    // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
    if (node instanceof ApplicationLoadBalancer) node.setAttribute('deletion_protection.enabled', 'true');
  }
}

/** Protects every stack of an app or a stage. */
export function protect(scope: IConstruct): void {
  RemovalPolicies.of(scope).retain({ applyToResourceTypes: KEPT });
  Aspects.of(scope).add(new DeletionProtection());
}
