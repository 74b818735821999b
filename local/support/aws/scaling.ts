/** What Application Auto Scaling refuses: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html and API_PutScalingPolicy.html */
import { membersOf, numberIn, textIn, type Members } from './given.ts';
import { says, type Refusal } from './refusal.ts';
import { shown } from './schema-sentences.ts';

const CODE = 'ValidationException';
const SERVICE = /^service\/[A-Za-z0-9_-]+\/[A-Za-z0-9_-]+$/;
/** https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PredefinedMetricSpecification.html */
const LABEL = /^app\/[^/]+\/[^/]+\/targetgroup\/[^/]+\/[^/]+$/;

export function scalableTargetRefusals({ MinCapacity, MaxCapacity, ResourceId, ServiceNamespace }: Members): Refusal[] {
  const [least, most] = [numberIn(MinCapacity), numberIn(MaxCapacity)];
  const resource = textIn(ResourceId);
  return [
    ...(least === undefined || most === undefined || least <= most
      ? []
      : [says('MaxCapacity', CODE, 'Maximum capacity cannot be less than minimum capacity')]),
    ...(resource === undefined || ServiceNamespace !== 'ecs' || SERVICE.test(resource)
      ? []
      : [says('ResourceId', CODE, 'Unsupported service namespace, resource type or scalable dimension')]),
  ];
}

export function scalingPolicyRefusals({ TargetTrackingScalingPolicyConfiguration: tracking }: Members): Refusal[] {
  const path = 'TargetTrackingScalingPolicyConfiguration';
  const { TargetValue, PredefinedMetricSpecification } = membersOf(tracking);
  const { PredefinedMetricType, ResourceLabel } = membersOf(PredefinedMetricSpecification);
  const [target, label] = [numberIn(TargetValue), textIn(ResourceLabel)];
  const at = `${path}.PredefinedMetricSpecification.ResourceLabel`;
  const isOfTargets = PredefinedMetricType === 'ALBRequestCountPerTarget';
  return [
    ...(target === undefined || target > 0
      ? []
      : [says(`${path}.TargetValue`, CODE, `TargetValue ${target} must be greater than 0`)]),
    ...(isOfTargets && ResourceLabel === undefined
      ? [says(at, CODE, 'Resource label should be specified for predefined metric type ALBRequestCountPerTarget')]
      : []),
    ...(!isOfTargets && typeof PredefinedMetricType === 'string' && ResourceLabel !== undefined
      ? [says(at, CODE, `Resource label should not be specified for predefined metric type ${PredefinedMetricType}`)]
      : []),
    ...(isOfTargets && label !== undefined && !LABEL.test(label)
      ? [says(at, CODE, `Invalid resource label '${shown(label)}' for predefined metric type ALBRequestCountPerTarget`)]
      : []),
  ];
}
