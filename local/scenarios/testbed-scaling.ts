/** Target tracking of a testbed service: by its CPU, or by what each task gets from the load balancer. */
import { readBaseInfra } from '@highlands/connected-service';
import { Fn } from 'aws-cdk-lib';
import { CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { CfnTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';

export interface TestbedScalingOptions {
  readonly max: number;
  readonly by: 'cpu' | 'requests';
  /** Percent of the tasks' size, or requests a minute. */
  readonly target: number;
}

interface TestbedScalingProps extends TestbedScalingOptions {
  readonly serviceName: string;
  readonly min: number;
  /** Of the service's route, where there is one. */
  readonly targetGroup: CfnTargetGroup | undefined;
}

export class TestbedScaling extends Construct {
  constructor(scope: Construct, id: string, { serviceName, min, max, by, target, targetGroup }: TestbedScalingProps) {
    super(scope, id);
    const scalable = new CfnScalableTarget(this, 'Target', {
      serviceNamespace: 'ecs',
      scalableDimension: 'ecs:service:DesiredCount',
      resourceId: `service/${readBaseInfra(this, 'clusterName')}/${serviceName}`,
      minCapacity: min,
      maxCapacity: max,
    });
    new CfnScalingPolicy(this, 'Policy', {
      policyName: `${id}-${by}`,
      policyType: 'TargetTrackingScaling',
      scalingTargetId: scalable.ref,
      targetTrackingScalingPolicyConfiguration: {
        targetValue: target,
        predefinedMetricSpecification:
          by === 'cpu'
            ? { predefinedMetricType: 'ECSServiceAverageCPUUtilization' }
            : { predefinedMetricType: 'ALBRequestCountPerTarget', resourceLabel: this.#label(targetGroup) },
        // A minute each, so that a scenario sees both directions.
        scaleOutCooldown: 60,
        scaleInCooldown: 120,
      },
    });
  }

  /** https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PredefinedMetricSpecification.html */
  #label(targetGroup: CfnTargetGroup | undefined): string {
    if (targetGroup === undefined) throw new Error('requests come by a route: give the service one');
    // arn:…:listener/app/<load balancer>/<its id>/<listener's id>
    const [name, number] = [2, 3].map((index) =>
      Fn.select(index, Fn.split('/', readBaseInfra(this, 'listenerArn'))),
    ) as [string, string];
    return `app/${name}/${number}/${targetGroup.attrTargetGroupFullName}`;
  }
}
