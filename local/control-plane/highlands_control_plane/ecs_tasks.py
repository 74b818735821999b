"""Task records: written by the agent, stopped by anyone."""

import time
from typing import Any

from ministack.core.responses import error_response_json, json_response
from ministack.services import ecs

from .changes import counted
from .replacing import replace, replace_entry
from .service_records import LOCK

# STOPPED tasks that are kept of services, and of no service: ECS keeps them for at least an hour; a test that churns must
# not fill the memory.
_STOPPED_KEPT = 200
_SAID = ("group", "startedBy", "overrides", "enableExecuteCommand", "tags", "createdAt", "_order")


def put(tasks: list[dict[str, Any]]) -> None:
    """Takes over the agent's tasks as they are."""
    with LOCK:
        for task in tasks:
            known = ecs._tasks.get(task["taskArn"])
            # A StopTask that the agent has not seen yet stays.
            asked_to_stop = known is not None and known.get("_asked_to_stop") and task["lastStatus"] != "STOPPED"
            if asked_to_stop and task.get("desiredStatus") != "STOPPED":
                task = {
                    **task,
                    **{k: known[k] for k in ("desiredStatus", "stoppedReason", "stopCode", "_asked_to_stop")},
                }
            if known is not None and "_order" in known:
                task = _as_ordered(task, known)
            ecs._tasks[task["taskArn"]] = task
        for ordered in (True, False):
            _forget([arn for arn, task in ecs._tasks.items() if _is_over(task) and ("_order" in task) == ordered])
        for cluster in {task["clusterArn"] for task in tasks}:
            ecs._recount_cluster(ecs._cluster_name_from_arn(cluster))


def _as_ordered(told: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """What RunTask said stays; the agent tells what became of it."""
    said = {name: known[name] for name in _SAID if name in known}
    return {**known, **{name: one for name, one in told.items() if name not in _SAID}, **said}


def _is_over(task: dict[str, Any]) -> bool:
    # One that was restored after a restart of this process says STOPPED, and has no time of it.
    return task["lastStatus"] == "STOPPED" and ("_order" not in task or task.get("stoppedAt") is not None)


def _forget(stopped: list[str]) -> None:
    for arn in stopped[:-_STOPPED_KEPT]:
        del ecs._tasks[arn]
        ecs._tags.pop(arn, None)


def last_stop(service: dict[str, Any]) -> str | None:
    """Why a task of the service stopped last."""
    with LOCK:
        reasons = [
            task.get("stoppedReason")
            for task in ecs._tasks.values()
            if task["clusterArn"] == service["clusterArn"] and task.get("group") == f"service:{service['serviceName']}"
        ]
    return next((reason for reason in reversed(reasons) if reason), None)


def _stop(request: dict[str, Any]) -> Any:
    task = ecs._resolve_task(request.get("task", ""), ecs._resolve_cluster_name(request.get("cluster", "default")))
    if task is None:
        return error_response_json("InvalidParameterException", "The referenced task was not found.", 400)
    with LOCK:
        if task["desiredStatus"] != "STOPPED":
            task |= {
                "desiredStatus": "STOPPED",
                "stopCode": "UserInitiated",
                "stoppedReason": request.get("reason", "Task stopped by user"),
                "stoppingAt": time.time(),
                "_asked_to_stop": True,
            }
    return json_response({"task": ecs._sanitize(task)})


def _list(request: dict[str, Any]) -> Any:
    """A service by its ARN as well as by its name, of the cluster of the request alone."""
    reference = request.get("serviceName") or ""
    found = ecs._resolve_service_ref(reference) if reference else None
    cluster = ecs._resolve_cluster_name(request.get("cluster", "default"))
    if reference and (found is None or found[1] not in (None, cluster)):
        return error_response_json(
            "ServiceNotFoundException", f"Service not found: {reference} in cluster {cluster}.", 400
        )
    return _list_by_name(request if found is None else {**request, "serviceName": found[0]})


_list_by_name = ecs._list_tasks


def register() -> None:
    """Replaces StopTask: it asks, the agent acts. ListTasks takes every reference to a service."""
    replace(ecs, "_maybe_mark_stopped", lambda *_: None)
    replace_entry(ecs._ACTION_MAP, "ListTasks", _list)
    replace_entry(ecs._ACTION_MAP, "StopTask", counted(_stop))
