"""Application Auto Scaling for ECS services: records of targets, policies and activities. The agent does the scaling.

https://docs.aws.amazon.com/autoscaling/application/APIReference/Welcome.html
"""

import json
import time
from collections.abc import Callable
from typing import Any

from ministack.core.responses import get_account_id, get_region

from .changes import CHANGES

TARGET_PREFIX = "AnyScaleFrontendService."
DIMENSION = "ecs:service:DesiredCount"
_METRICS = ("ECSServiceAverageCPUUtilization", "ECSServiceAverageMemoryUtilization", "ALBRequestCountPerTarget")
# Enough to see what happened and why; AWS keeps six weeks.
_ACTIVITIES_KEPT = 100

# The region has one account, so resource ids are enough as keys.
STATE: dict[str, Any] = {"targets": {}, "policies": {}, "activities": []}


class _Refused(ValueError):  # noqa: N818 - what the API does with such a request
    """A request that is answered with ValidationException and one line."""


def _require_ecs(body: dict[str, Any]) -> str:
    resource_id: str = body.get("ResourceId", "")
    dimension = body.get("ScalableDimension", DIMENSION)
    if body.get("ServiceNamespace", "ecs") != "ecs" or dimension != DIMENSION:
        raise _Refused(
            f"scalable dimension {dimension} of {resource_id} is not supported in the local region: use {DIMENSION}"
        )
    return resource_id


def _arn(kind: str, name: str) -> str:
    return f"arn:aws:application-autoscaling:{get_region()}:{get_account_id()}:{kind}/{name}"


def put_target(body: dict[str, Any]) -> dict[str, Any]:
    resource_id = _require_ecs(body)
    former = STATE["targets"].get(resource_id, {})
    target = {
        "ServiceNamespace": "ecs",
        "ResourceId": resource_id,
        "ScalableDimension": DIMENSION,
        "MinCapacity": int(body.get("MinCapacity", former.get("MinCapacity", 1))),
        "MaxCapacity": int(body.get("MaxCapacity", former.get("MaxCapacity", 1))),
        "RoleARN": body.get("RoleARN", former.get("RoleARN", "")),
        "CreationTime": former.get("CreationTime", time.time()),
        "ScalableTargetARN": _arn("scalable-target", resource_id),
    }
    if target["MinCapacity"] > target["MaxCapacity"]:
        raise _Refused(
            f"MinCapacity {target['MinCapacity']} of {resource_id} is above MaxCapacity {target['MaxCapacity']}"
        )
    STATE["targets"][resource_id] = target
    return {"ScalableTargetARN": target["ScalableTargetARN"]}


def put_policy(body: dict[str, Any]) -> dict[str, Any]:
    resource_id, name = _require_ecs(body), body.get("PolicyName", "")
    if resource_id not in STATE["targets"]:
        raise _Refused(f"no scalable target {resource_id}: register it first")
    if body.get("PolicyType", "TargetTrackingScaling") != "TargetTrackingScaling":
        raise _Refused(
            f"policy type {body['PolicyType']} of {name} is not supported in the local region: use TargetTrackingScaling"
        )
    configuration = body.get("TargetTrackingScalingPolicyConfiguration") or {}
    metric = (configuration.get("PredefinedMetricSpecification") or {}).get("PredefinedMetricType")
    if metric not in _METRICS:
        raise _Refused(
            f"metric {metric or 'of its own'} of policy {name} is not supported in the local region: use {', '.join(_METRICS)}"
        )
    policy = {
        "PolicyARN": _arn("scaling-policy", f"{resource_id}:policyName/{name}"),
        "PolicyName": name,
        "ServiceNamespace": "ecs",
        "ResourceId": resource_id,
        "ScalableDimension": DIMENSION,
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": configuration,
        "Alarms": [],
        "CreationTime": time.time(),
    }
    STATE["policies"][policy["PolicyARN"]] = policy
    return {"PolicyARN": policy["PolicyARN"], "Alarms": []}


def drop_target(resource_id: str) -> None:
    STATE["targets"].pop(resource_id, None)
    for arn in [arn for arn, one in STATE["policies"].items() if one["ResourceId"] == resource_id]:
        del STATE["policies"][arn]


def _deregister(body: dict[str, Any]) -> dict[str, Any]:
    drop_target(_require_ecs(body))
    return {}


def _delete_policy(body: dict[str, Any]) -> dict[str, Any]:
    STATE["policies"].pop(_arn("scaling-policy", f"{_require_ecs(body)}:policyName/{body.get('PolicyName')}"), None)
    return {}


def _wanted(records: list[dict[str, Any]], ids: list[str]) -> list[dict[str, Any]]:
    return [one for one in records if not ids or one["ResourceId"] in ids]


def _describe_targets(body: dict[str, Any]) -> dict[str, Any]:
    return {"ScalableTargets": _wanted(list(STATE["targets"].values()), body.get("ResourceIds") or [])}


def _describe_policies(body: dict[str, Any]) -> dict[str, Any]:
    ids = [body["ResourceId"]] if body.get("ResourceId") else []
    return {"ScalingPolicies": _wanted(list(STATE["policies"].values()), ids)}


def _describe_activities(body: dict[str, Any]) -> dict[str, Any]:
    ids = [body["ResourceId"]] if body.get("ResourceId") else []
    return {"ScalingActivities": _wanted(STATE["activities"], ids)}


def note_activity(activity: dict[str, Any]) -> None:
    """Keeps what the agent did, newest first."""
    now = time.time()
    record = {
        "ActivityId": f"{now:.6f}",
        "ServiceNamespace": "ecs",
        "ResourceId": activity["resourceId"],
        "ScalableDimension": DIMENSION,
        "Description": activity["description"],
        "Cause": activity["cause"],
        "StartTime": now,
        "EndTime": now,
        "StatusCode": "Successful",
        "StatusMessage": activity["description"],
    }
    STATE["activities"] = [record, *STATE["activities"]][:_ACTIVITIES_KEPT]


_ACTIONS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "RegisterScalableTarget": put_target,
    "DeregisterScalableTarget": _deregister,
    "PutScalingPolicy": put_policy,
    "DeleteScalingPolicy": _delete_policy,
    "DescribeScalableTargets": _describe_targets,
    "DescribeScalingPolicies": _describe_policies,
    "DescribeScalingActivities": _describe_activities,
}


def answer(action: str, body: bytes) -> tuple[int, dict[str, Any]]:
    """One request of the API: status and body."""
    handler = _ACTIONS.get(action)
    if handler is None:
        return 400, {"__type": "ValidationException", "message": f"{action} is not supported in the local region"}
    try:
        result = handler(json.loads(body or b"{}"))
    except _Refused as error:
        return 400, {"__type": "ValidationException", "message": str(error)}
    if not action.startswith("Describe"):
        CHANGES.bump()
    return 200, result
