"""The ECS service actions of the API, over our records instead of ministack's scheduler."""

from collections.abc import Callable
from typing import Any

from ministack.core.responses import error_response_json, json_response
from ministack.services import ecs

from . import service_connect, service_records, service_validation
from .refused import Refused
from .replacing import add_entry, replace, replace_entry


def _answer(action: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[dict[str, Any]], Any]:
    def call(request: dict[str, Any]) -> Any:
        try:
            return json_response({"service": ecs._sanitize(action(request))})
        except Refused as refusal:
            return error_response_json(refusal.code, str(refusal), 400)

    return call


def _update(request: dict[str, Any]) -> dict[str, Any]:
    """Not a rule of CloudFormation's here, which goes back to a definition that it may have deregistered."""
    definition = ecs._task_defs.get(ecs._resolve_td_key(request.get("taskDefinition") or "") or "") or {}
    service_validation.check_active(definition)
    _check_forced(request)
    return service_records.update(request)


def _check_forced(request: dict[str, Any]) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html, whose SDKs quote the sentence. Raises Refused."""
    strategy = request.get("capacityProviderStrategy")
    service = service_records.find(request.get("cluster", "default"), request.get("service", ""))
    if (
        strategy is None
        or request.get("forceNewDeployment")
        or strategy == (service.get("capacityProviderStrategy") or [])
    ):
        return
    message = (
        "When switching from launch type to capacity provider strategy on an existing service, or making a change to a capacity "
        "provider strategy on a service that is already using one, you must force a new deployment."
    )
    raise Refused("InvalidParameterException", message)


def _refuse_task_sets(request: dict[str, Any]) -> Any:
    """ "... only for the EXTERNAL deployment controller": https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateTaskSet.html; ours"""
    message = "task sets are for services with the EXTERNAL deployment controller, which the local region does not support: use ECS"
    return error_response_json("InvalidParameterException", message, 400)


def _list(request: dict[str, Any]) -> Any:
    """DRAINING services are still there, ministack leaves them out."""
    prefix = f"{ecs._resolve_cluster_name(request.get('cluster', 'default'))}/"
    services = [service for key, service in ecs._services.items() if key.startswith(prefix)]
    arns = [service["serviceArn"] for service in services if service["status"] != "INACTIVE"]
    first = int(request.get("nextToken") or 0)
    last = first + int(request.get("maxResults") or 10)
    more = {"nextToken": str(last)} if last < len(arns) else {}
    return json_response({"serviceArns": arns[first:last], **more})


def _list_in_namespace(request: dict[str, Any]) -> Any:
    """By the name or the ARN of a namespace, in every cluster."""
    arns = [one["serviceArn"] for one in service_connect.services_in(request.get("namespace", ""))]
    first = int(request.get("nextToken") or 0)
    last = first + int(request.get("maxResults") or 10)
    more = {"nextToken": str(last)} if last < len(arns) else {}
    return json_response({"serviceArns": arns[first:last], **more})


def register() -> None:
    """Takes ministack's scheduler out and puts the records in."""
    # Nothing may start a container or touch a target group but the agent, even where a Docker daemon answers.
    replace(ecs, "_get_docker", lambda: None)
    replace(ecs, "_start_restored_service_reconciler", lambda: None)
    replace(ecs, "_reconcile_service_tasks", lambda *_: None)
    replace(ecs, "_sync_service_targets", lambda *_: None)
    for action, handler in (
        ("CreateService", _answer(service_records.create)),
        ("UpdateService", _answer(_update)),
        ("DeleteService", _answer(service_records.delete)),
        ("ListServices", _list),
        ("ListServicesByNamespace", _list_in_namespace),
    ):
        replace_entry(ecs._ACTION_MAP, action, handler)
    for action in ("CreateTaskSet", "UpdateTaskSet", "DeleteTaskSet", "UpdateServicePrimaryTaskSet"):
        add_entry(ecs._ACTION_MAP, action, _refuse_task_sets)
