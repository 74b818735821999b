/** Reads scalable targets and their policies. */
import {
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  type ApplicationAutoScalingClient,
} from '@aws-sdk/client-application-auto-scaling';
import { z } from 'zod';
import type { Complain } from '../../region/complaints.ts';
import type { TrackingPolicy } from '../core/metrics/target-tracking.ts';
import { MOST_TASKS } from './limits.ts';
import { number, truth, whole } from './loose.ts';
import { readEach } from './read-each.ts';

export interface ScalableService {
  /** `service/<cluster>/<service>`. */
  readonly resourceId: string;
  readonly min: number;
  readonly max: number;
  readonly policies: readonly (TrackingPolicy & { readonly targetGroup: string | undefined })[];
}

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

export async function readScaling(
  client: ApplicationAutoScalingClient,
  complain: Complain,
): Promise<ScalableService[]> {
  const { ScalableTargets } = await client.send(new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs' }));
  const targets = readEach(Target, ScalableTargets, 'scalable target', ['ResourceId'], complain);
  if (targets.length === 0) return [];
  const { ScalingPolicies } = await client.send(new DescribeScalingPoliciesCommand({ ServiceNamespace: 'ecs' }));
  const policies = readEach(Policy, ScalingPolicies, 'scaling policy', ['PolicyARN', 'PolicyName'], complain);
  return targets.map(({ ResourceId, MinCapacity, MaxCapacity }) => ({
    resourceId: ResourceId,
    min: MinCapacity,
    max: MaxCapacity,
    policies: policies.filter(({ resourceId }) => resourceId === ResourceId),
  }));
}
