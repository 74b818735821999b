/** Reads scalable targets and their policies. */
import {
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  type ApplicationAutoScalingClient,
} from '@aws-sdk/client-application-auto-scaling';
import { z } from 'zod';
import type { TrackingPolicy } from '../core/metrics/target-tracking.ts';

export interface ScalableService {
  /** `service/<cluster>/<service>`. */
  readonly resourceId: string;
  readonly min: number;
  readonly max: number;
  readonly policies: readonly (TrackingPolicy & { readonly targetGroup: string | undefined })[];
}

export const Target = z.object({ ResourceId: z.string(), MinCapacity: z.number(), MaxCapacity: z.number() });

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
      TargetValue: z.number(),
      ScaleOutCooldown: z.number().default(COOLDOWN_SECONDS),
      ScaleInCooldown: z.number().default(COOLDOWN_SECONDS),
      DisableScaleIn: z.boolean().default(false),
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

export async function readScaling(client: ApplicationAutoScalingClient): Promise<ScalableService[]> {
  const targets = z
    .array(Target)
    .parse((await client.send(new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs' }))).ScalableTargets ?? []);
  if (targets.length === 0) return [];
  const policies = z
    .array(Policy)
    .parse((await client.send(new DescribeScalingPoliciesCommand({ ServiceNamespace: 'ecs' }))).ScalingPolicies ?? []);
  return targets.map(({ ResourceId, MinCapacity, MaxCapacity }) => ({
    resourceId: ResourceId,
    min: MinCapacity,
    max: MaxCapacity,
    policies: policies.filter(({ resourceId }) => resourceId === ResourceId),
  }));
}
