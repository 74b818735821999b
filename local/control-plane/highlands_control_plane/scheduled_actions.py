"""Scheduled actions of Application Auto Scaling: the bounds of a target change by the clock.

https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-scheduled-scaling.html
"""

import sys
import time
from typing import Any

from . import application_autoscaling
from .application_autoscaling import STATE, put_target
from .changes import CHANGES
from .refused import Refused
from .scaling_rules import CODE, DIMENSION, not_registered, resource_of
from .schedule_expressions import fault

_KEPT = ("Schedule", "Timezone", "StartTime", "EndTime", "ScalableTargetAction")
# `STATE` has them by resource id and name, beside the targets.
_PARTS = "|"


def put(body: dict[str, Any]) -> dict[str, Any]:
    """PutScheduledAction. Raises Refused."""
    resource_id, name = resource_of(body), body["ScheduledActionName"]
    if resource_id not in STATE["targets"]:
        raise not_registered(resource_id)
    known = STATE["scheduled"].get(f"{resource_id}{_PARTS}{name}", {})
    action = {**known, **{member: body[member] for member in _KEPT if body.get(member) is not None}}
    found = fault(action.get("Schedule", ""), action.get("Timezone"))
    if found is not None:
        raise Refused(CODE, found)
    bounds = action.get("ScalableTargetAction") or {}
    if bounds.get("MinCapacity") is None and bounds.get("MaxCapacity") is None:
        # "You must specify at least one of MinCapacity, MaxCapacity": API_PutScheduledAction.html; ours
        raise Refused(CODE, f"ScalableTargetAction of {name} has neither MinCapacity nor MaxCapacity")
    STATE["scheduled"][f"{resource_id}{_PARTS}{name}"] = {
        **action,
        "ScheduledActionName": name,
        "ScheduledActionARN": application_autoscaling.arn_of(
            "scheduled-action", f"{resource_id}:scheduledActionName/{name}"
        ),
        "ServiceNamespace": "ecs",
        "ResourceId": resource_id,
        "ScalableDimension": DIMENSION,
        "CreationTime": known.get("CreationTime", time.time()),
    }
    return {}


def replace_all(resource_id: str, actions: list[dict[str, Any]]) -> None:
    """Those of a template. Raises Refused."""
    for key in [key for key, one in STATE["scheduled"].items() if one["ResourceId"] == resource_id]:
        del STATE["scheduled"][key]
    for action in actions:
        put({**action, "ResourceId": resource_id})


def _delete(body: dict[str, Any]) -> dict[str, Any]:
    resource_id, name = resource_of(body), body["ScheduledActionName"]
    if STATE["scheduled"].pop(f"{resource_id}{_PARTS}{name}", None) is None:
        # From memory, as of policies.
        where = f"service namespace: ecs, resource ID: {resource_id}, scalable dimension: {DIMENSION}"
        raise Refused("ObjectNotFoundException", f"No scheduled action found for {where}: {name}")
    return {}


def _describe(body: dict[str, Any]) -> dict[str, Any]:
    names = body.get("ScheduledActionNames") or []
    resource_id = body.get("ResourceId")
    return {
        "ScheduledActions": [
            one
            for one in STATE["scheduled"].values()
            if resource_id in (None, one["ResourceId"]) and (not names or one["ScheduledActionName"] in names)
        ]
    }


def schedule_of(action: dict[str, Any]) -> dict[str, Any]:
    """An action in the words of a schedule."""
    return {
        "Name": action["ScheduledActionName"],
        "ScheduleExpression": action["Schedule"],
        "ScheduleExpressionTimezone": action.get("Timezone"),
        "StartDate": action.get("StartTime"),
        "EndDate": action.get("EndTime"),
    }


def run(key: str) -> None:
    """The bounds are those of the action now; the agent brings the count within them."""
    action = STATE["scheduled"][key]
    resource_id = action["ResourceId"]
    bounds = action["ScalableTargetAction"]
    try:
        put_target({"ResourceId": resource_id, **bounds})
    except Refused as refusal:
        print(f"scheduled action {action['ScheduledActionName']}: {refusal}", file=sys.stderr, flush=True)
        return
    cause = f"scheduled action name {action['ScheduledActionName']} was triggered"
    said = ", ".join(f"{'min' if name == 'MinCapacity' else 'max'} capacity to {one}" for name, one in bounds.items())
    application_autoscaling.note_activity({"resourceId": resource_id, "description": f"Setting {said}", "cause": cause})
    CHANGES.bump()


def register() -> None:
    """Adds the actions to the API."""
    application_autoscaling.ACTIONS.update(
        {"PutScheduledAction": put, "DeleteScheduledAction": _delete, "DescribeScheduledActions": _describe}
    )
