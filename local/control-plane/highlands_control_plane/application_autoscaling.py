"""Application Auto Scaling for ECS services: records of targets, policies and activities. The agent does the scaling.

https://docs.aws.amazon.com/autoscaling/application/APIReference/Welcome.html
"""

import json
import time
from collections.abc import Callable
from typing import Any

from ministack.core.responses import get_account_id, get_region

from .changes import CHANGES
from .refused import Refused
from .scaling_rules import DIMENSION, check_policy, check_target, not_registered, resource_of

TARGET_PREFIX = "AnyScaleFrontendService."
# Enough to see what happened and why; AWS keeps six weeks.
_ACTIVITIES_KEPT = 100

# The region has one account, so resource ids are enough as keys.
STATE: dict[str, Any] = {"targets": {}, "policies": {}, "scheduled": {}, "activities": []}


def arn_of(kind: str, name: str) -> str:
    """The ARN of a target, a policy or a scheduled action."""
    return f"arn:aws:application-autoscaling:{get_region()}:{get_account_id()}:{kind}/{name}"


def put_target(body: dict[str, Any]) -> dict[str, Any]:
    resource_id = resource_of(body)
    former = STATE["targets"].get(resource_id, {})
    check_target(body, former)
    target = {
        "ServiceNamespace": "ecs",
        "ResourceId": resource_id,
        "ScalableDimension": DIMENSION,
        "MinCapacity": int(body.get("MinCapacity", former.get("MinCapacity"))),
        "MaxCapacity": int(body.get("MaxCapacity", former.get("MaxCapacity"))),
        "RoleARN": body.get("RoleARN", former.get("RoleARN", "")),
        "CreationTime": former.get("CreationTime", time.time()),
        "ScalableTargetARN": arn_of("scalable-target", resource_id),
    }
    STATE["targets"][resource_id] = target
    return {"ScalableTargetARN": target["ScalableTargetARN"]}


def put_policy(body: dict[str, Any]) -> dict[str, Any]:
    resource_id, name = resource_of(body), body.get("PolicyName", "")
    if resource_id not in STATE["targets"]:
        raise not_registered(resource_id)
    kind = body.get("PolicyType", "TargetTrackingScaling")
    configuration = check_policy(body)
    policy = {
        "PolicyARN": arn_of("scaling-policy", f"{resource_id}:policyName/{name}"),
        "PolicyName": name,
        "ServiceNamespace": "ecs",
        "ResourceId": resource_id,
        "ScalableDimension": DIMENSION,
        "PolicyType": kind,
        f"{kind}PolicyConfiguration": configuration,
        "Alarms": [],
        "CreationTime": time.time(),
    }
    STATE["policies"][policy["PolicyARN"]] = policy
    return {"PolicyARN": policy["PolicyARN"], "Alarms": []}


def drop_target(resource_id: str) -> None:
    STATE["targets"].pop(resource_id, None)
    for arn in [arn for arn, one in STATE["policies"].items() if one["ResourceId"] == resource_id]:
        del STATE["policies"][arn]
    for key in [key for key, one in STATE["scheduled"].items() if one["ResourceId"] == resource_id]:
        del STATE["scheduled"][key]


def _deregister(body: dict[str, Any]) -> dict[str, Any]:
    resource_id = resource_of(body)
    if resource_id not in STATE["targets"]:
        raise not_registered(resource_id)
    drop_target(resource_id)
    return {}


def _delete_policy(body: dict[str, Any]) -> dict[str, Any]:
    resource_id, name = resource_of(body), body.get("PolicyName")
    if STATE["policies"].pop(arn_of("scaling-policy", f"{resource_id}:policyName/{name}"), None) is None:
        # From memory.
        where = f"service namespace: ecs, resource ID: {resource_id}, scalable dimension: {DIMENSION}"
        raise Refused("ObjectNotFoundException", f"No scaling policy found for {where}: {name}")
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
    """Keeps what was done, newest first, or why it could not be."""
    failure = activity.get("failure")
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
        "StatusCode": "Failed" if failure else "Successful",
        "StatusMessage": failure or activity["description"],
    }
    STATE["activities"] = [record, *STATE["activities"]][:_ACTIVITIES_KEPT]


ACTIONS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
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
    handler = ACTIONS.get(action)
    if handler is None:
        return 400, {"__type": "ValidationException", "message": f"{action} is not supported in the local region"}
    try:
        result = handler(json.loads(body or b"{}"))
    except Refused as refusal:
        return 400, {"__type": refusal.code, "message": str(refusal)}
    if not action.startswith("Describe"):
        CHANGES.bump()
    return 200, result
