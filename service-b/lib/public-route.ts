import { CONTAINER_PORT, type IConnectedService, readBaseInfra } from '@highlands/connected-service';
import { Duration } from 'aws-cdk-lib';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationListener,
  ApplicationListenerRule,
  ApplicationProtocol,
  ApplicationTargetGroup,
  ListenerCondition,
  Protocol,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';

export interface PublicRouteProps {
  /** The service that the load balancer forwards to. */
  readonly service: IConnectedService;
  /**
   * Requests a minute that each task gets before more tasks are started; the service has `scaling`.
   * @default - the number of requests does not count
   */
  readonly requestsPerTarget?: number;
}

/** The way from base-infra's load balancer to service-b. */
export class PublicRoute extends Construct {
  constructor(scope: Construct, id: string, props: PublicRouteProps) {
    super(scope, id);
    const { fargateService, ingressProtocol, scaling } = props.service;
    const targetGroup = new ApplicationTargetGroup(this, 'Targets', {
      vpc: fargateService.cluster.vpc,
      targetType: TargetType.IP,
      // With Service Connect TLS the proxy on the container port takes nothing else, health checks included.
      // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-tls.html
      protocol: ingressProtocol,
      port: CONTAINER_PORT,
      targets: [fargateService],
      healthCheck: {
        ...(ingressProtocol === ApplicationProtocol.HTTPS && { protocol: Protocol.HTTPS }),
        path: '/health',
        healthyHttpCodes: '200',
        // A new task takes traffic after 2 x 10 s (the defaults, 5 x 30 s, would hold each rollout for 150 s); a
        // hanging one loses it after 3 x 10 s, as in the container health check, so that both agree.
        // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
        interval: Duration.seconds(10),
        timeout: Duration.seconds(3),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 3,
      },
      // A request lasts 10 s at most and the task is killed 30 s after SIGTERM: longer waiting helps no one. The
      // default is 300 s, which every rollout would spend.
      // https://docs.aws.amazon.com/AmazonECS/latest/bestpracticesguide/load-balancer-connection-draining.html
      deregistrationDelay: Duration.seconds(30),
    });

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
    fargateService.node.addDependency(securityGroup);
    new ApplicationListenerRule(this, 'Rule', {
      listener,
      // Leaves room before it for narrower routes of other services; this one takes every path.
      priority: 1000,
      conditions: [ListenerCondition.pathPatterns(['/*'])],
      targetGroups: [targetGroup],
    });

    if (props.requestsPerTarget !== undefined) {
      if (!scaling) throw new Error('requestsPerTarget needs scaling, which says how many tasks run at most');
      scaling.onRequests(props.requestsPerTarget, targetGroup);
    }
  }
}
