import { CONTAINER_PORT, type IConnectedService } from '@highlands/connected-service';
import { Duration } from 'aws-cdk-lib';
import {
  ApplicationProtocol,
  type ApplicationTargetGroupProps,
  Protocol,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';

/** How the load balancer reaches the tasks of a service, and finds out which of them are healthy. */
export function targetGroupProps({ fargateService, ingressProtocol }: IConnectedService): ApplicationTargetGroupProps {
  return {
    vpc: fargateService.cluster.vpc,
    targetType: TargetType.IP,
    // With Service Connect TLS the proxy on the container port takes nothing else, health checks included.
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-connect-tls.html
    protocol: ingressProtocol,
    port: CONTAINER_PORT,
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
  };
}
