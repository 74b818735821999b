"""RunTask: tasks of no service are records that the agent makes real, and lets come to their own end.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/standalone-tasks.html
"""

import json
import secrets
import time
from typing import Any

from ministack.core.responses import error_response_json, get_account_id, get_region, json_response
from ministack.services import ec2, ecs

from . import run_task_rules
from .changes import CHANGES
from .refused import Refused
from .replacing import add_entry, replace_entry
from .security_group_rules import default_groups
from .service_records import LOCK, task_definition_arn

CODE = "InvalidParameterException"


def run(request: dict[str, Any]) -> list[dict[str, Any]]:
    """Makes the records, and the agent hears of them. Raises Refused."""
    with LOCK:
        name = ecs._resolve_cluster_name(request.get("cluster", "default")) or ""
        cluster = ecs._clusters.get(name)
        if cluster is None:
            raise Refused("ClusterNotFoundException", "Cluster not found.")
        definition = ecs._task_defs[ecs._resolve_td_key(task_definition_arn(request.get("taskDefinition", "")))]
        if not request.get("launchType") and not request.get("capacityProviderStrategy"):
            request = {**request, "capacityProviderStrategy": cluster.get("defaultCapacityProviderStrategy") or []}
        run_task_rules.check(request, definition, cluster)
        if (known := _by_token(request)) is not None:
            return known
        count = int(request.get("count", 1))
        tasks = [_record(request, definition, cluster, index) for index in range(count)]
        for task in tasks:
            ecs._tasks[task["taskArn"]] = task
            ecs._tags[task["taskArn"]] = task["tags"]
        ecs._recount_cluster(name)
        CHANGES.bump()
        return tasks


def _by_token(request: dict[str, Any]) -> list[dict[str, Any]] | None:
    """The tasks that the same request has started.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html. Raises Refused.
    """
    token = request.get("clientToken")
    if not token:
        return None
    known = [task for task in ecs._tasks.values() if task.get("_order", {}).get("token") == token]
    if any(task["_order"]["request"] != _fingerprint(request) for task in known):
        raise Refused("ConflictException", f"The clientToken {token} was used with another request.")  # ours
    return known or None


def _fingerprint(request: dict[str, Any]) -> str:
    return json.dumps(request, sort_keys=True)


def _record(request: dict[str, Any], definition: dict[str, Any], cluster: dict[str, Any], index: int) -> dict[str, Any]:
    name = cluster["clusterName"]
    task_id = secrets.token_hex(16)
    arn = f"arn:aws:ecs:{get_region()}:{get_account_id()}:task/{name}/{task_id}"
    overrides = request.get("overrides") or {}
    network = request["networkConfiguration"]["awsvpcConfiguration"]
    given = {one["name"]: one for one in overrides.get("containerOverrides") or []}
    return {
        "taskArn": arn,
        "clusterArn": cluster["clusterArn"],
        "taskDefinitionArn": definition["taskDefinitionArn"],
        "group": request.get("group") or f"family:{definition['family']}",
        **({"startedBy": request["startedBy"]} if request.get("startedBy") else {}),
        "launchType": "FARGATE",
        "platformVersion": "1.4.0",
        "platformFamily": "Linux",
        "desiredStatus": "RUNNING",
        "lastStatus": "PROVISIONING",
        "healthStatus": "UNKNOWN",
        "cpu": str(overrides.get("cpu") or definition.get("cpu")),
        "memory": str(overrides.get("memory") or definition.get("memory")),
        "createdAt": time.time(),
        "attachments": [
            {
                "id": task_id,
                "type": "ElasticNetworkInterface",
                "status": "PRECREATED",
                "details": [{"name": "subnetId", "value": network["subnets"][0]}],
            }
        ],
        "containers": [
            {
                "containerArn": f"{arn.replace(':task/', ':container/')}/{one['name']}",
                "taskArn": arn,
                "name": one["name"],
                "image": one["image"],
                "lastStatus": "PENDING",
                "networkInterfaces": [],
                "cpu": str(one.get("cpu") or 0),
            }
            for one in definition["containerDefinitions"]
        ],
        "overrides": {
            **overrides,
            "containerOverrides": [
                given.get(one["name"], {"name": one["name"]}) for one in definition["containerDefinitions"]
            ],
            "inferenceAcceleratorOverrides": [],
        },
        "enableExecuteCommand": bool(request.get("enableExecuteCommand")),
        "tags": _tags(request, definition, cluster),
        "attributes": [],
        "version": 1,
        # What only the agent is told.
        "_order": {
            "index": index,
            "strategy": request.get("capacityProviderStrategy") or [],
            "network": {**network, "securityGroups": _groups(network)},
            "token": request.get("clientToken"),
            "request": _fingerprint(request),
        },
    }


def _groups(network: dict[str, Any]) -> list[str]:
    """ "If you don't specify a security group, the default security group for the VPC is used."

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html
    """
    given: list[str] = network.get("securityGroups") or []
    return given or default_groups(ec2._subnets[network["subnets"][0]]["VpcId"])


def _tags(request: dict[str, Any], definition: dict[str, Any], cluster: dict[str, Any]) -> list[dict[str, str]]:
    """https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-using-tags.html"""
    tags = {one["key"]: one.get("value", "") for one in request.get("tags") or []}
    if request.get("propagateTags") == "TASK_DEFINITION":
        inherited = ecs._tags.get(definition["taskDefinitionArn"]) or []
        tags = {**{one["key"]: one.get("value", "") for one in inherited}, **tags}
    if request.get("enableECSManagedTags"):
        tags["aws:ecs:clusterName"] = cluster["clusterName"]
    return [{"key": key, "value": value} for key, value in tags.items()]


def orders() -> list[dict[str, Any]]:
    """Tasks of no service that have not come to their end."""
    with LOCK:
        # One that was restored after a restart of this process says STOPPED, and has no time of it.
        return [
            {**ecs._sanitize(task), "order": {key: one for key, one in task["_order"].items() if key != "request"}}
            for _, task in sorted(ecs._tasks.all_items(), key=lambda one: one[1].get("createdAt", 0))
            if task.get("_order") and not task.get("stoppedAt")
        ]


def not_started(arn: str, code: str, reason: str) -> None:
    """A task that the agent could not even begin, or one that was stopped before it was."""
    with LOCK:
        task = ecs._tasks[arn]
        task |= {
            "lastStatus": "STOPPED",
            "desiredStatus": "STOPPED",
            "stopCode": task.get("stopCode") or code,
            "stoppedReason": task.get("stoppedReason") or reason,
            "stoppedAt": time.time(),
            "containers": [{**one, "lastStatus": "STOPPED"} for one in task["containers"]],
        }
        ecs._recount_cluster(ecs._cluster_name_from_arn(task["clusterArn"]))
    CHANGES.bump()


def _run(request: dict[str, Any]) -> Any:
    try:
        return json_response({"tasks": [ecs._sanitize(one) for one in run(request)], "failures": []})
    except Refused as refusal:
        return error_response_json(refusal.code, str(refusal), 400)


def _start(request: dict[str, Any]) -> Any:
    """ "StartTask ... on the specified container instance or instances", of which there are none; ours"""
    message = "StartTask is for container instances, which the local region does not have: use RunTask with FARGATE."
    return error_response_json(CODE, message, 400)


def register() -> None:
    """Replaces RunTask, and adds StartTask."""
    replace_entry(ecs._ACTION_MAP, "RunTask", _run)
    add_entry(ecs._ACTION_MAP, "StartTask", _start)
