"""Service deployments: the history of a service's deployments, and how people steer one that is under way.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
"""

import time
from typing import Any

from ministack.core.responses import error_response_json, json_response
from ministack.services import ecs

from .changes import CHANGES
from .refused import Refused
from .replacing import add_entry, replace_entry

# ECS keeps them for 90 days; ten are more than a person looks back here.
_KEPT = 10
_STATES = {"IN_PROGRESS": "IN_PROGRESS", "COMPLETED": "SUCCESSFUL", "FAILED": "STOPPED"}
_OVER = ("SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL")


def began(service: dict[str, Any], deployment: dict[str, Any]) -> None:
    """Notes a new deployment; the one under way is superseded by it."""
    now = time.time()
    records = service.setdefault("_service_deployments", [])
    for record in records:
        if record["status"] not in _OVER:
            record |= {"status": "STOPPED", "statusReason": "Superseded by a newer deployment.", "finishedAt": now}
    number = deployment["id"].removeprefix("ecs-svc/")
    previous = [one for one in service["deployments"] if one is not deployment]
    record = {
        "serviceDeploymentArn": service["serviceArn"].replace(":service/", ":service-deployment/") + f"/{number}",
        "serviceArn": service["serviceArn"],
        "clusterArn": service["clusterArn"],
        "createdAt": now,
        "startedAt": now,
        "updatedAt": now,
        "status": "IN_PROGRESS",
        "targetServiceRevision": _revision(service, deployment),
        "sourceServiceRevisions": [_revision(service, one) for one in previous],
        "deploymentConfiguration": service.get("deploymentConfiguration", {}),
        "_deployment": deployment["id"],
        "_continued": [],
        "_roll_back": None,
    }
    service["_service_deployments"] = [record, *records][:_KEPT]


def _revision(service: dict[str, Any], deployment: dict[str, Any]) -> dict[str, Any]:
    number = deployment["id"].removeprefix("ecs-svc/")
    return {
        "arn": service["serviceArn"].replace(":service/", ":service-revision/") + f"/{number}",
        "requestedTaskCount": deployment["desiredCount"],
        "runningTaskCount": deployment["runningCount"],
        "pendingTaskCount": deployment["pendingCount"],
    }


def reported(service: dict[str, Any], lifecycle: dict[str, Any] | None) -> None:
    """Takes over how far the deployment under way is."""
    for record in service.get("_service_deployments", []):
        deployment = next((one for one in service["deployments"] if one["id"] == record["_deployment"]), None)
        if deployment is None or record["status"] in _OVER:
            continue
        record |= {
            "status": _STATES[deployment["rolloutState"]],
            "statusReason": deployment["rolloutStateReason"],
            "updatedAt": time.time(),
            "targetServiceRevision": _revision(service, deployment),
        }
        record.pop("lifecycleHookDetails", None)
        if record["status"] in _OVER:
            record["finishedAt"] = record["updatedAt"]
        elif lifecycle and lifecycle["deploymentId"] == record["_deployment"]:
            record["lifecycleStage"] = lifecycle["stage"]
            if lifecycle.get("pausedAt"):
                paused = {"hookId": lifecycle["pausedAt"], "targetType": "PAUSE", "status": "AWAITING_ACTION"}
                record["lifecycleHookDetails"] = [paused]


def rolled_back(service: dict[str, Any], failed: str) -> None:
    """Notes that a deployment ended by going back."""
    for record in service.get("_service_deployments", []):
        if record["_deployment"] == failed:
            record |= {"status": "ROLLBACK_SUCCESSFUL", "finishedAt": time.time()}


def under_way() -> list[dict[str, Any]]:
    """What people decided about the blue/green deployments under way, and how far each was said to be."""
    return [
        {
            "deploymentId": record["_deployment"],
            "stage": record.get("lifecycleStage"),
            "continued": record["_continued"],
            "rollBack": record["_roll_back"],
        }
        for service in ecs._services.values()
        for record in service.get("_service_deployments", [])
        if record["status"] not in _OVER and (record["_roll_back"] or "lifecycleStage" in record)
    ]


def _find(arn: str) -> dict[str, Any]:
    for service in ecs._services.values():
        records: list[dict[str, Any]] = service.get("_service_deployments", [])
        for record in records:
            if record["serviceDeploymentArn"] == arn:
                return record
    raise Refused("ServiceDeploymentNotFoundException", f"Service deployment {arn} was not found.")


def _under_way(arn: str) -> dict[str, Any]:
    record = _find(arn)
    if record["status"] in _OVER:
        raise Refused("ConflictException", f"Service deployment {arn} is over: its status is {record['status']}.")
    return record


def _list(request: dict[str, Any]) -> dict[str, Any]:
    name = request.get("service", "").rsplit("/", 1)[-1]
    cluster = ecs._resolve_cluster_name(request.get("cluster", "default"))
    service = ecs._services.get(f"{cluster}/{name}")
    if service is None:
        raise Refused("ServiceNotFoundException", f"Service not found: {name} in cluster {cluster}.")
    wanted = request.get("status") or []
    members = (
        "serviceDeploymentArn",
        "serviceArn",
        "clusterArn",
        "startedAt",
        "createdAt",
        "finishedAt",
        "status",
        "statusReason",
    )
    records = [one for one in service.get("_service_deployments", []) if not wanted or one["status"] in wanted]
    brief = [{key: record[key] for key in members if key in record} for record in records]
    for short, record in zip(brief, records, strict=True):
        short["targetServiceRevisionArn"] = record["targetServiceRevision"]["arn"]
    return {"serviceDeployments": brief}


def _describe(request: dict[str, Any]) -> dict[str, Any]:
    found, failures = [], []
    for arn in request.get("serviceDeploymentArns", []):
        try:
            found.append(ecs._sanitize(_find(arn)))
        except Refused:
            failures.append({"arn": arn, "reason": "MISSING"})
    return {"serviceDeployments": found, "failures": failures}


def _continue(request: dict[str, Any]) -> dict[str, Any]:
    arn = request.get("serviceDeploymentArn", "")
    record = _under_way(arn)
    hook = request.get("hookId", "")
    if hook not in [one["hookId"] for one in record.get("lifecycleHookDetails", [])]:
        message = f"hookId {hook} is not one that the deployment waits at: see lifecycleHookDetails of describe-service-deployments"
        raise Refused("InvalidParameterException", message)
    if request.get("action") == "ROLLBACK":
        record["_roll_back"] = "Rolled back by ContinueServiceDeployment."
    else:
        record["_continued"].append(hook)
    CHANGES.bump()
    return {"serviceDeploymentArn": arn}


def _stop(request: dict[str, Any]) -> dict[str, Any]:
    arn = request.get("serviceDeploymentArn", "")
    if request.get("stopType", "ROLLBACK") != "ROLLBACK":
        raise Refused("InvalidParameterException", "stopType ABORT is not supported in the local region: use ROLLBACK")
    _under_way(arn)["_roll_back"] = "Rolled back by StopServiceDeployment."
    CHANGES.bump()
    return {"serviceDeploymentArn": arn}


def _answer(action: Any) -> Any:
    def call(request: dict[str, Any]) -> Any:
        try:
            return json_response(action(request))
        except Refused as refusal:
            return error_response_json(refusal.code, str(refusal), 400)

    return call


def register() -> None:
    """Replaces ministack's empty answers, and adds the two actions that it lacks."""
    replace_entry(ecs._ACTION_MAP, "ListServiceDeployments", _answer(_list))
    replace_entry(ecs._ACTION_MAP, "DescribeServiceDeployments", _answer(_describe))
    add_entry(ecs._ACTION_MAP, "ContinueServiceDeployment", _answer(_continue))
    add_entry(ecs._ACTION_MAP, "StopServiceDeployment", _answer(_stop))
