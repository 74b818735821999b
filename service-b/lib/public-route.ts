import { type BlueGreenOptions, type IConnectedService, readBaseInfra, testHeader } from '@highlands/connected-service';
import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { AlternateTarget, ListenerRuleConfiguration } from 'aws-cdk-lib/aws-ecs';
import {
  ApplicationListener,
  ApplicationListenerRule,
  ApplicationTargetGroup,
  type IApplicationListener,
  ListenerAction,
  ListenerCondition,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { targetGroupProps } from './target-group-props.ts';

export interface PublicRouteProps {
  /** The service that the load balancer forwards to. */
  readonly service: IConnectedService;
  /**
   * Requests a minute that each task gets before more tasks are started; the service has `scaling`.
   * @default - the number of requests does not count
   */
  readonly requestsPerTarget?: number;
}

/** Leaves room before it for narrower routes of other services; this one takes every path. */
const PRIORITY = 1000;
const TEST_PRIORITY = PRIORITY - 1;

/** The way from base-infra's load balancer to service-b. */
export class PublicRoute extends Construct {
  constructor(scope: Construct, id: string, props: PublicRouteProps) {
    super(scope, id);
    const { service } = props;
    // With the load balancer's group at hand the imported listener adds the edge by itself, on the container port:
    // egress of the load balancer, which may otherwise send nothing, and ingress of service-b. The dependency below
    // makes the service wait for it.
    const securityGroup = SecurityGroup.fromSecurityGroupId(
      this,
      'LoadBalancerSecurityGroup',
      readBaseInfra(this, 'loadBalancerSecurityGroupId'),
      { allowAllOutbound: false },
    );
    const listener = ApplicationListener.fromApplicationListenerAttributes(this, 'Listener', {
      listenerArn: readBaseInfra(this, 'listenerArn'),
      securityGroup,
    });
    service.fargateService.node.addDependency(securityGroup);

    const targetGroup = new ApplicationTargetGroup(this, 'Targets', targetGroupProps(service));
    const alternate =
      service.blueGreen && new ApplicationTargetGroup(this, 'AlternateTargets', targetGroupProps(service));
    const action = alternate ? blueOverGreen(targetGroup, alternate) : ListenerAction.forward([targetGroup]);
    // The same id with and without blue/green: another one would be made while this one still has the priority.
    const rule = new ApplicationListenerRule(this, 'Rule', {
      listener,
      priority: PRIORITY,
      conditions: [ListenerCondition.pathPatterns(['/*'])],
      action,
    });
    const target =
      alternate && this.alternateTarget(alternate, rule, this.testRule(listener, action, service.blueGreen));
    targetGroup.addTarget(service.loadBalancerTarget(target));

    service.observability?.watchUnhealthyTargets(
      unhealthyTargets(alternate ? [targetGroup, alternate] : [targetGroup]),
    );
    if (props.requestsPerTarget !== undefined) scaleOnRequests(service, targetGroup, props.requestsPerTarget);
  }

  /** Where tests go during a deployment; between two deployments its requests get the only version there is. */
  private testRule(
    listener: IApplicationListener,
    action: ListenerAction,
    options: BlueGreenOptions,
  ): ApplicationListenerRule {
    const { name, value } = testHeader(options);
    return new ApplicationListenerRule(this, 'TestRule', {
      listener,
      priority: TEST_PRIORITY,
      conditions: [ListenerCondition.httpHeader(name, [value ?? '*'])],
      action,
    });
  }

  private alternateTarget(
    alternateTargetGroup: ApplicationTargetGroup,
    productionRule: ApplicationListenerRule,
    testRule: ApplicationListenerRule,
  ): AlternateTarget {
    const role = new Role(this, 'Role', {
      description: 'ECS infrastructure role: target groups and rules of blue/green deployments',
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForLoadBalancers.html
      assumedBy: new ServicePrincipal('ecs.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonECSInfrastructureRolePolicyForLoadBalancers')],
    });
    return new AlternateTarget('Alternate', {
      alternateTargetGroup,
      role,
      productionListener: ListenerRuleConfiguration.applicationListenerRule(productionRule),
      testListener: ListenerRuleConfiguration.applicationListenerRule(testRule),
    });
  }
}

/**
 * Both rules name both groups, as ECS asks for. From the first deployment on ECS moves the weights, and the groups change
 * roles each time: CloudFormation does not touch them as long as this stays as it is.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html
 */
function blueOverGreen(blue: ApplicationTargetGroup, green: ApplicationTargetGroup): ListenerAction {
  return ListenerAction.weightedForward([
    { targetGroup: blue, weight: 1 },
    { targetGroup: green, weight: 0 },
  ]);
}

/** Of the groups together: with blue/green either may have the tasks. */
function unhealthyTargets(targetGroups: readonly ApplicationTargetGroup[]): IMetric {
  const usingMetrics = Object.fromEntries(
    targetGroups.map(({ metrics }, index) => [
      `unhealthy${index}`,
      // The largest of a zone's counts in the minute: their mean would hide a single target.
      metrics.unhealthyHostCount({ statistic: 'Maximum', period: Duration.minutes(1) }),
    ]),
  );
  const expression = Object.keys(usingMetrics)
    .map((id) => `FILL(${id}, 0)`)
    .join(' + ');
  return new MathExpression({ label: 'Unhealthy targets', expression, usingMetrics, period: Duration.minutes(1) });
}

function scaleOnRequests(
  { scaling, blueGreen }: IConnectedService,
  targetGroup: ApplicationTargetGroup,
  requestsPerTarget: number,
): void {
  if (!scaling) throw new Error('requestsPerTarget needs scaling, which says how many tasks run at most');
  // The metric is that of one group, which has no tasks after every other deployment.
  if (blueGreen)
    throw new Error(
      'requestsPerTarget does not go with blueGreen, which has two target groups: give scaling.cpuPercent',
    );
  scaling.onRequests(requestsPerTarget, targetGroup);
}
