"""What Application Auto Scaling refuses of the targets and policies of ECS services.

https://docs.aws.amazon.com/autoscaling/application/APIReference/API_PutScalingPolicy.html
Sentences: pf-appautoscaling-* of https://github.com/badmintoncryer/cdk-preflight, which tries them on AWS, but where another source is
named; what the local region has not is said in its own words.
"""

import itertools
import math
import re
from typing import Any

from .given_values import number
from .refused import Refused

CODE = "ValidationException"
Body = dict[str, Any]
DIMENSION = "ecs:service:DesiredCount"
_OF_TYPE = {
    "TargetTrackingScaling": "TargetTrackingScalingPolicyConfiguration",
    "StepScaling": "StepScalingPolicyConfiguration",
    "PredictiveScaling": "PredictiveScalingPolicyConfiguration",
}
_PER_TARGET = "ALBRequestCountPerTarget"
_METRICS = ("ECSServiceAverageCPUUtilization", "ECSServiceAverageMemoryUtilization", _PER_TARGET)
_RESOURCE = re.compile(r"service/[^/]+/[^/]+")
_LABEL = re.compile(r"app/[^/]+/[^/]+/targetgroup/[^/]+/[^/]+")


def resource_of(body: Body) -> str:
    """The resource id, of a service of ECS. Raises Refused."""
    resource_id: str = body.get("ResourceId", "")
    dimension = body.get("ScalableDimension", DIMENSION)
    if body.get("ServiceNamespace", "ecs") != "ecs" or dimension != DIMENSION:
        sentence = (
            f"scalable dimension {dimension} of {resource_id} is not supported in the local region: use {DIMENSION}"
        )
        raise Refused(CODE, sentence)
    if not _RESOURCE.fullmatch(resource_id):
        raise Refused(CODE, "Unsupported service namespace, resource type or scalable dimension")
    return resource_id


def not_registered(resource_id: str) -> Refused:
    """https://github.com/hashicorp/terraform-provider-aws/issues/4857"""
    sentence = f"No scalable target registered for service namespace: ecs, resource ID: {resource_id}, scalable dimension: {DIMENSION}"
    return Refused("ObjectNotFoundException", sentence)


def check_target(body: Body, former: Body) -> None:
    """Raises Refused."""
    least, most = (number(body.get(name, former.get(name))) for name in ("MinCapacity", "MaxCapacity"))
    if least is None or most is None:
        # "Required if the scalable target doesn't already exist": API_RegisterScalableTarget.html; ours
        raise Refused(CODE, "MinCapacity and MaxCapacity are required for a new scalable target")
    if least < 0:
        raise Refused(CODE, "Minimum capacity cannot be less than 0")  # ours
    if most < least:
        raise Refused(CODE, "Maximum capacity cannot be less than minimum capacity")


def _check_kind(body: Body) -> None:
    kind = body.get("PolicyType", "TargetTrackingScaling")
    given = [name for name in _OF_TYPE.values() if body.get(name)]
    wanted = _OF_TYPE.get(kind)
    if wanted is not None and wanted not in given:
        raise Refused(CODE, f"{kind} policy configuration must be specified")
    if len(given) > 1:
        sentence = "You must only provide a single scaling policy configuration, which must match the scaling policy type specified."
        raise Refused(CODE, sentence)
    if kind == "PredictiveScaling":
        name = body.get("PolicyName", "")
        sentence = f"policy type {kind} of {name} is not supported in the local region: use TargetTrackingScaling"
        raise Refused(CODE, sentence)


def _check_label(metric: str, label: Any) -> None:
    if metric != _PER_TARGET and label:
        raise Refused(CODE, f"Resource label should not be specified for predefined metric type {metric}")
    if metric == _PER_TARGET and not label:
        raise Refused(CODE, f"Resource label should be specified for predefined metric type {metric}")
    if metric == _PER_TARGET and not _LABEL.fullmatch(str(label)):
        raise Refused(CODE, f"Invalid resource label '{label}' for predefined metric type {metric}")


_ADJUSTMENTS = ("ChangeInCapacity", "PercentChangeInCapacity", "ExactCapacity")


def _check_steps(configuration: Body) -> Body:
    """Sentences of the ranges are of the same rules; the others are ours.

    https://docs.aws.amazon.com/autoscaling/application/userguide/step-scaling-policy-overview.html#as-scaling-steps
    """
    kind, steps = configuration.get("AdjustmentType"), configuration.get("StepAdjustments") or []
    if kind not in _ADJUSTMENTS:
        raise Refused(CODE, f"AdjustmentType {kind} must be one of {', '.join(_ADJUSTMENTS)}")
    if not steps:
        raise Refused(CODE, "At least one step adjustment must be specified for step scaling.")
    if configuration.get("MinAdjustmentMagnitude") and kind != "PercentChangeInCapacity":
        raise Refused(CODE, "MinAdjustmentMagnitude is only for the adjustment type PercentChangeInCapacity.")
    bounds = sorted((_bound(one, "Lower", -math.inf), _bound(one, "Upper", math.inf)) for one in steps)
    if any(lower >= upper for lower, upper in bounds):
        raise Refused(CODE, "The lower bound of a step adjustment must be below its upper bound.")
    if any(upper != lower for (_, upper), (lower, _) in itertools.pairwise(bounds)):
        raise Refused(CODE, "The ranges of step adjustments can't overlap, and can't have a gap between them.")
    return configuration


def _bound(step: Body, side: str, default: float) -> float:
    value = step.get(f"MetricInterval{side}Bound")
    return default if value is None else float(value)


def check_policy(body: Body) -> Body:
    """Its configuration. Raises Refused."""
    _check_kind(body)
    if body.get("PolicyType") == "StepScaling":
        return _check_steps(body[_OF_TYPE["StepScaling"]])
    configuration: Body = body[_OF_TYPE["TargetTrackingScaling"]]
    given, own = configuration.get("PredefinedMetricSpecification"), configuration.get("CustomizedMetricSpecification")
    both = "PredefinedMetricSpecification or CustomizedMetricSpecification"
    if given and own:
        raise Refused(CODE, f"Only one of {both} can be set for target tracking scaling.")
    if not given and not own:
        raise Refused(CODE, f"{both} must be set for target tracking scaling.")
    metric = (given or {}).get("PredefinedMetricType")
    if own:
        sentence = f"metric of its own of policy {body.get('PolicyName', '')} is not supported in the local region: use {', '.join(_METRICS)}"
        raise Refused(CODE, sentence)
    if metric not in _METRICS:
        sentence = (
            f"Scalable dimension {DIMENSION} only supports the following predefined metric types: {', '.join(_METRICS)}"
        )
        raise Refused(CODE, sentence)
    _check_label(metric, (given or {}).get("ResourceLabel"))
    return configuration
