/** What of Application Auto Scaling runs here: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-auto-scaling.html */
import { z } from 'zod';
import { Policy, Target } from '../agent/aws/read-scaling.ts';
import { ignored, partOf, propertiesOf, refused, shape, TAGS } from './rules.ts';

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
const TRACK = refused('only target tracking scales', 'use TargetTrackingScaling');

export const SCALABLE_TARGET = shape({
  reads: [...propertiesOf(Target), ...SERVICE],
  others: {
    ...TAGS,
    RoleARN: ignored('permissions are not enforced'),
    ScheduledActions: ignored('nothing is scaled by the clock'),
    SuspendedState: ignored('nothing is suspended'),
  },
  values: OF_ECS,
});

export const SCALING_POLICY = shape({
  reads: [...propertiesOf(Policy), ...SERVICE, 'ScalingTargetId'],
  others: { StepScalingPolicyConfiguration: TRACK, PredictiveScalingPolicyConfiguration: TRACK },
  values: { ...OF_ECS, PolicyType: { schema: z.literal('TargetTrackingScaling'), rule: TRACK } },
  parts: {
    TargetTrackingScalingPolicyConfiguration: shape({
      reads: propertiesOf(TRACKING),
      others: {
        CustomizedMetricSpecification: refused(
          'only the predefined metrics scale',
          'use PredefinedMetricSpecification',
        ),
      },
      parts: {
        PredefinedMetricSpecification: shape({
          reads: propertiesOf(PREDEFINED),
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
