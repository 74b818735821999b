"""What the agent says of services and their deployments, and deployments that it goes back to."""

import time
from typing import Any

from ministack.core.responses import new_uuid

from . import deployment_events, service_deployments
from .refused import Refused
from .service_records import LOCK

# How many deployments that are over are kept for a rollback: the last completed one is what a rollback needs.
_PAST = 5


def roll_back(service: dict[str, Any], deployment_id: str) -> dict[str, Any]:
    """Makes an earlier deployment PRIMARY again: ECS goes back to the deployment itself, so its tasks stay."""
    with LOCK:
        candidates: list[dict[str, Any]] = [*service["deployments"], *service["_past"]]
        target = next((one for one in candidates if one["id"] == deployment_id), None)
        if target is None:
            raise Refused("InvalidParameterException", f"deployment {deployment_id} is not known")
        others = [one for one in service["deployments"] if one is not target]
        for other in others:
            other["status"] = "ACTIVE"
            service_deployments.rolled_back(service, other["id"])
        target |= {
            "status": "PRIMARY",
            "rolloutState": "IN_PROGRESS",
            "rolloutStateReason": f"ECS deployment rolling back to {deployment_id}.",
            "desiredCount": service["desiredCount"],
        }
        service["deployments"] = [target, *others]
        service["taskDefinition"] = target["taskDefinition"]
        service["networkConfiguration"] = target.get("networkConfiguration", {})
        service["loadBalancers"] = target["_load_balancers"]
        service["_service_connect"] = target.get("serviceConnectConfiguration")
        return target


def report(service: dict[str, Any], state: dict[str, Any]) -> None:
    """Takes over what the agent says of a service and its deployments."""
    with LOCK:
        for reported in state.get("deployments", []):
            for deployment in service["deployments"]:
                if deployment["id"] == reported["id"]:
                    before = deployment["rolloutState"]
                    _merge(deployment, reported)
                    if deployment["rolloutState"] != before:
                        deployment_events.changed(service["serviceArn"], deployment)
        over = [one for one in service["deployments"] if one["status"] == "INACTIVE"]
        service["_past"] = [*over, *service["_past"]][:_PAST]
        service["deployments"] = [one for one in service["deployments"] if one["status"] != "INACTIVE"]
        service_deployments.reported(service, state.get("lifecycle"))
        for member in ("runningCount", "pendingCount"):
            service[member] = int(state.get(member, service[member]))
        for event in state.get("events", []):
            service["events"].insert(0, {"id": event.get("id", new_uuid()), **event})
        if service["status"] == "DRAINING" and service["runningCount"] == 0:
            service["status"] = "INACTIVE"
            service["deployments"] = []


def _merge(deployment: dict[str, Any], reported: dict[str, Any]) -> None:
    changed = {k: v for k, v in reported.items() if v is not None and deployment.get(k) != v}
    # The agent's view may be a moment old: it must not take PRIMARY from, or give it to, a deployment.
    if changed.get("status") != "INACTIVE":
        changed.pop("status", None)
    if changed:
        deployment |= changed
        deployment["updatedAt"] = time.time()
