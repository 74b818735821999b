/** Reads scalable targets and their policies. */
import {
  DescribeScalableTargetsCommand,
  DescribeScalingPoliciesCommand,
  type ApplicationAutoScalingClient,
} from '@aws-sdk/client-application-auto-scaling';
import type { Complain } from '../../region/complaints.ts';
import type { TrackingPolicy } from '../core/metrics/target-tracking.ts';
import { Policy, Target } from '../../aws-shapes/scaling.ts';
import { readEach } from './read-each.ts';

export interface ScalableService {
  /** `service/<cluster>/<service>`. */
  readonly resourceId: string;
  readonly min: number;
  readonly max: number;
  readonly policies: readonly (TrackingPolicy & { readonly targetGroup: string | undefined })[];
}

export async function readScaling(
  client: ApplicationAutoScalingClient,
  complain: Complain,
): Promise<ScalableService[]> {
  const { ScalableTargets } = await client.send(new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs' }));
  const targets = readEach(Target, ScalableTargets, 'scalable target', ['ResourceId'], complain);
  if (targets.length === 0) return [];
  const { ScalingPolicies } = await client.send(new DescribeScalingPoliciesCommand({ ServiceNamespace: 'ecs' }));
  // Of the others the control plane takes care, at the word of their alarms.
  const tracking = (ScalingPolicies ?? []).filter(
    ({ PolicyType = 'TargetTrackingScaling' }) => PolicyType === 'TargetTrackingScaling',
  );
  const policies = readEach(Policy, tracking, 'scaling policy', ['PolicyARN', 'PolicyName'], complain);
  return targets.map(({ ResourceId, MinCapacity, MaxCapacity }) => ({
    resourceId: ResourceId,
    min: MinCapacity,
    max: MaxCapacity,
    policies: policies.filter(({ resourceId }) => resourceId === ResourceId),
  }));
}
