/** What of Application Auto Scaling runs here: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html */
import { z } from 'zod';
import { Policy, Target } from '../aws-shapes/scaling.ts';
import { ignored, partOf, refused, shape, shapeOf, TAGS, warned } from './rules.ts';

const TRACKING = partOf(Policy, 'TargetTrackingScalingPolicyConfiguration');
const PREDEFINED = partOf(TRACKING, 'PredefinedMetricSpecification');

/** The control plane keeps these, and checks that the dimension is the task count. */
const SERVICE = ['ResourceId', 'ScalableDimension'];
const OF_ECS = {
  ServiceNamespace: {
    schema: z.literal('ecs'),
    rule: refused('only services of ECS are scaled', 'leave it out locally'),
  },
};
const TRACK = refused('only target tracking and steps scale', 'use TargetTrackingScaling or StepScaling');

const SUSPENDED = warned('scaling goes on: nothing is suspended', 'leave the scaling policy out');

export const SCALABLE_TARGET = shapeOf(Target, {
  reads: SERVICE,
  others: {
    ...TAGS,
    RoleARN: ignored('only permissions of task roles are enforced'),
  },
  values: OF_ECS,
  parts: {
    ScheduledActions: shape({
      reads: ['ScheduledActionName', 'Schedule', 'Timezone', 'StartTime', 'EndTime'],
      parts: { ScalableTargetAction: shape({ reads: ['MinCapacity', 'MaxCapacity'] }) },
    }),
    SuspendedState: shape({
      values: Object.fromEntries(
        ['DynamicScalingInSuspended', 'DynamicScalingOutSuspended', 'ScheduledScalingSuspended'].map((name) => [
          name,
          { schema: z.union([z.literal(false), z.string().regex(/^false$/i)]), rule: SUSPENDED },
        ]),
      ),
    }),
  },
});

export const SCALING_POLICY = shapeOf(Policy, {
  reads: [...SERVICE, 'ScalingTargetId'],
  others: { PredictiveScalingPolicyConfiguration: TRACK },
  values: { ...OF_ECS, PolicyType: { schema: z.enum(['TargetTrackingScaling', 'StepScaling']), rule: TRACK } },
  parts: {
    StepScalingPolicyConfiguration: shape({
      reads: ['AdjustmentType', 'Cooldown', 'MinAdjustmentMagnitude'],
      others: { MetricAggregationType: ignored('the statistic of the alarm counts') },
      parts: {
        StepAdjustments: shape({
          reads: ['MetricIntervalLowerBound', 'MetricIntervalUpperBound', 'ScalingAdjustment'],
        }),
      },
    }),
    TargetTrackingScalingPolicyConfiguration: shapeOf(TRACKING, {
      others: {
        CustomizedMetricSpecification: refused(
          'only the predefined metrics scale',
          'use PredefinedMetricSpecification',
        ),
      },
      parts: {
        PredefinedMetricSpecification: shapeOf(PREDEFINED, {
          values: {
            PredefinedMetricType: {
              schema: partOf(PREDEFINED, 'PredefinedMetricType'),
              rule: refused('the metric is not known', 'use CPU, memory or requests of a target'),
            },
          },
        }),
      },
    }),
  },
});
