"""The agent's private line, `POST /_agent/v1/<action>`; on AWS this is the ACS/TCS connection of Fargate to ECS."""

import json
from collections.abc import Callable
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import ecs

from . import (
    alarms,
    application_autoscaling,
    deployment_reports,
    ecs_run_task,
    ecs_tasks,
    elbv2,
    functions,
    http_body,
    persistence,
    registered_targets,
    service_deployments,
    service_records,
    sqs_metrics,
)
from .agent_presence import AGENT
from .changes import CHANGES
from .local_clock import CLOCK
from .refused import Refused

PREFIX = "/_agent/v1/"


def _version(body: dict[str, Any]) -> dict[str, Any]:
    return {"version": CHANGES.version, "epoch": CHANGES.epoch}


def _heartbeat(body: dict[str, Any]) -> dict[str, Any]:
    AGENT.heartbeat()
    return {}


def _put_tasks(body: dict[str, Any]) -> dict[str, Any]:
    for task in body["tasks"]:
        with _scope_of(task["taskArn"]):
            ecs_tasks.put([task])
    return {}


def _tasks_to_run(body: dict[str, Any]) -> dict[str, Any]:
    return {"tasks": ecs_run_task.orders()}


def _fail_task(body: dict[str, Any]) -> dict[str, Any]:
    with _scope_of(body["taskArn"]):
        ecs_run_task.not_started(body["taskArn"], body["stopCode"], body["stoppedReason"])
    return {}


def _put_service_state(body: dict[str, Any]) -> dict[str, Any]:
    arn = body["serviceArn"]
    with _scope_of(arn):
        before = _rollout_of(arn)
        deployment_reports.report(_service(arn), body)
        # What decided something has to be read back: a rollout that ended changes what is done next.
        if _rollout_of(arn) != before:
            CHANGES.bump()
    return {}


def _rollout_of(arn: str) -> list[tuple[str, str]]:
    service = ecs._services.get("/".join(arn.split("/")[-2:])) or {"deployments": [], "status": ""}
    return [(service["status"], ""), *((one["id"], one["rolloutState"]) for one in service["deployments"])]


def _start_deployment(body: dict[str, Any]) -> dict[str, Any]:
    with _scope_of(body["serviceArn"]):
        deployment = deployment_reports.roll_back(_service(body["serviceArn"]), body["fromDeployment"])
        CHANGES.bump()
        return {"deployment": ecs._sanitize(deployment)}


def _under_way(body: dict[str, Any]) -> dict[str, Any]:
    # Services of every account and region; the agent has one of each.
    return {"deployments": service_deployments.under_way()}


def _note_scaling(body: dict[str, Any]) -> dict[str, Any]:
    application_autoscaling.note_activity(body)
    return {}


def _close_minute(body: dict[str, Any]) -> dict[str, Any]:
    CLOCK.close_minute(float(body["at"]))
    sqs_metrics.publish(float(body["at"]))
    alarms.close_minute(float(body["at"]))
    return {}


def _put_target_health(body: dict[str, Any]) -> dict[str, Any]:
    with _scope_of(body["targetGroupArn"]):
        elbv2.put_target_health(body["targetGroupArn"], body["targets"])
    return {}


def _functions_to_run(body: dict[str, Any]) -> dict[str, Any]:
    return {"invocations": functions.to_run(body["running"])}


def _function_ran(body: dict[str, Any]) -> dict[str, Any]:
    functions.ran(body)
    return {}


def _registered_targets(body: dict[str, Any]) -> dict[str, Any]:
    # Of the account and the region of the request: the agent has one of each.
    return {"targetGroups": registered_targets.by_group()}


def _service(arn: str) -> dict[str, Any]:
    return service_records.find(arn.split("/")[-2], arn)


def _scope_of(arn: str) -> Any:
    """Account and region of an ARN, for ministack's stores."""
    _, _, _, region, account, *_ = arn.split(":")
    return request_scope(account, region)


# Asked ten times a second.
_READS = frozenset(
    {
        "version",
        "heartbeat",
        "deployments-under-way",
        "functions-to-run",
        "function-ran",
        "tasks-to-run",
        "registered-targets",
    }
)

_ACTIONS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "version": _version,
    "heartbeat": _heartbeat,
    "put-tasks": _put_tasks,
    "tasks-to-run": _tasks_to_run,
    "fail-task": _fail_task,
    "put-service-state": _put_service_state,
    "start-deployment": _start_deployment,
    "deployments-under-way": _under_way,
    "note-scaling": _note_scaling,
    "close-minute": _close_minute,
    "put-target-health": _put_target_health,
    "functions-to-run": _functions_to_run,
    "function-ran": _function_ran,
    "registered-targets": _registered_targets,
}


async def serve(scope: Any, receive: Any, send: Any) -> None:
    """Answers one request of the channel; what it can't read is 400 with one line."""
    body = await http_body.read(receive)
    status, answer = _answer(scope["path"].removeprefix(PREFIX), body)
    await http_body.answer_json(send, status, answer)


def _answer(action: str, body: bytes) -> tuple[int, dict[str, Any]]:
    handler = _ACTIONS.get(action)
    if handler is None:
        return 404, {"message": f"no action {action}: choose from {', '.join(_ACTIONS)}"}
    if action not in _READS:
        persistence.changed()
    try:
        return 200, handler(json.loads(body or b"{}"))
    except Refused as refusal:
        return 400, {"message": f"{action}: {refusal}"}
    except (AttributeError, KeyError, RecursionError, ValueError, TypeError) as error:
        return 400, {"message": f"{action}: bad body: {type(error).__name__}: {error}"}
