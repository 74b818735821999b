/** The way from base-infra's load balancer to a testbed service; two target groups for one with blue/green deployments. */
import { readBaseInfra } from '@highlands/connected-service';
import { CfnSecurityGroupEgress, CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2';
import type { CfnService } from 'aws-cdk-lib/aws-ecs';
import { CfnListenerRule, CfnTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-blue-green.html */
export const TEST_HEADER = 'x-amzn-ecs-blue-green-test';

export interface TestbedRouteProps {
  readonly path: string;
  /** Of the listener rule; one for tests has the number before it. */
  readonly priority: number;
  readonly vpcId: string;
  /** Security group of the tasks. */
  readonly securityGroupId: string;
  readonly tls: boolean;
  readonly blueGreen: boolean;
}

export class TestbedRoute extends Construct {
  /** For the service. */
  readonly loadBalancer: CfnService.LoadBalancerProperty;
  readonly targetGroup: CfnTargetGroup;
  /** What has to be there before the service. */
  readonly rules: readonly CfnListenerRule[];

  constructor(scope: Construct, id: string, props: TestbedRouteProps) {
    super(scope, id);
    // Once for all routes, by one name: EC2 refuses the same rule twice, and a new route comes before an old one goes.
    if (scope.node.tryFindChild('FromBalancer') === undefined) openSecurityGroups(scope, props);
    const production = this.#targetGroup('Targets', props);
    this.targetGroup = production;
    const alternate = props.blueGreen ? this.#targetGroup('Alternate', props) : undefined;
    const rule = this.#rule('Rule', props, [production, alternate], []);
    const target = { containerName: 'app', containerPort: 3000, targetGroupArn: production.ref };
    if (alternate === undefined) {
      this.loadBalancer = target;
      this.rules = [rule];
      return;
    }
    const test = this.#rule(
      'TestRule',
      { ...props, priority: props.priority - 1 },
      [production, alternate],
      [{ field: 'http-header', httpHeaderConfig: { httpHeaderName: TEST_HEADER, values: ['*'] } }],
    );
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('ecs.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonECSInfrastructureRolePolicyForLoadBalancers')],
    });
    this.loadBalancer = {
      ...target,
      advancedConfiguration: {
        alternateTargetGroupArn: alternate.ref,
        productionListenerRule: rule.ref,
        testListenerRule: test.ref,
        roleArn: role.roleArn,
      },
    };
    this.rules = [rule, test];
  }

  #targetGroup(id: string, { vpcId, tls }: TestbedRouteProps): CfnTargetGroup {
    const protocol = tls ? 'HTTPS' : 'HTTP';
    const check = { healthCheckPath: '/health', healthCheckProtocol: protocol };
    return new CfnTargetGroup(this, id, { vpcId, targetType: 'ip', port: 3000, protocol, ...check });
  }

  #rule(
    id: string,
    { path, priority }: TestbedRouteProps,
    groups: readonly (CfnTargetGroup | undefined)[],
    more: readonly CfnListenerRule.RuleConditionProperty[],
  ): CfnListenerRule {
    // A rule of a blue/green deployment names both groups: the second gets nothing until ECS moves the weights.
    const targetGroups = groups.flatMap((group, index) =>
      group === undefined ? [] : [{ targetGroupArn: group.ref, weight: index === 0 ? 1 : 0 }],
    );
    return new CfnListenerRule(this, id, {
      listenerArn: readBaseInfra(this, 'listenerArn'),
      priority,
      conditions: [{ field: 'path-pattern', values: [path] }, ...more],
      actions: [{ type: 'forward', forwardConfig: { targetGroups } }],
    });
  }
}

function openSecurityGroups(scope: Construct, { securityGroupId }: TestbedRouteProps): void {
  const balancer = readBaseInfra(scope, 'loadBalancerSecurityGroupId');
  const edge = { ipProtocol: 'tcp', fromPort: 3000, toPort: 3000 };
  const ofBalancer = { ...edge, groupId: balancer, destinationSecurityGroupId: securityGroupId };
  new CfnSecurityGroupEgress(scope, 'FromBalancer', ofBalancer);
  const ofTasks = { ...edge, groupId: securityGroupId, sourceSecurityGroupId: balancer };
  new CfnSecurityGroupIngress(scope, 'ByBalancer', ofTasks);
}
