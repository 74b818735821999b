/** What Application Auto Scaling answers: https://docs.aws.amazon.com/autoscaling/application/APIReference/Welcome.html */
import { z } from 'zod';
import { MOST_TASKS } from './limits.ts';
import { number, truth, whole } from './loose.ts';

export const Target = z.object({
  ResourceId: z.string(),
  MinCapacity: whole(0, MOST_TASKS),
  MaxCapacity: whole(0, MOST_TASKS),
});

const METRICS = {
  ECSServiceAverageCPUUtilization: 'cpu',
  ECSServiceAverageMemoryUtilization: 'memory',
  ALBRequestCountPerTarget: 'requests',
} as const;

/** AWS's default for services of ECS: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_TargetTrackingScalingPolicyConfiguration.html */
const COOLDOWN_SECONDS = 300;

export const Policy = z
  .object({
    PolicyName: z.string(),
    ResourceId: z.string(),
    TargetTrackingScalingPolicyConfiguration: z.object({
      TargetValue: number(z.number().positive()),
      ScaleOutCooldown: whole().default(COOLDOWN_SECONDS),
      ScaleInCooldown: whole().default(COOLDOWN_SECONDS),
      DisableScaleIn: truth().default(false),
      PredefinedMetricSpecification: z.object({
        PredefinedMetricType: z.enum(Object.keys(METRICS) as (keyof typeof METRICS)[]),
        ResourceLabel: z.string().optional(),
      }),
    }),
  })
  .transform(({ PolicyName, ResourceId, TargetTrackingScalingPolicyConfiguration: raw }) => ({
    resourceId: ResourceId,
    name: PolicyName,
    metric: METRICS[raw.PredefinedMetricSpecification.PredefinedMetricType],
    targetValue: raw.TargetValue,
    scaleOutCooldownMinutes: raw.ScaleOutCooldown / 60,
    scaleInCooldownMinutes: raw.ScaleInCooldown / 60,
    scaleInDisabled: raw.DisableScaleIn,
    // app/<load balancer>/<id>/targetgroup/<target group>/<id>
    targetGroup: raw.PredefinedMetricSpecification.ResourceLabel?.split('/').slice(-3).join('/'),
  }));
