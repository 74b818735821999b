"""AWS::ECS::Service: complete when its deployment is, failed when it failed."""

import time
from typing import Any

from ministack.services import ecs
from ministack.services.cloudformation import stacks

from . import ecs_tasks, service_connect, service_records, service_registries, side_by_side
from .agent_presence import AGENT
from .changes import CHANGES
from .refused import told_by_handler
from .replacing import replace
from .resources import Created, Properties, camel, replace_resource, tags
from .service_records import LOCK

# CloudFormation waits up to three hours for a service; nobody watches a screen that long. Ten minutes cover 2 tasks
# with the longest start period and every retry.
_LIMIT_SECONDS = 600
_LOOK_SECONDS = 0.05
# The agent takes names out of Cloud Map within a pass, which is a tenth of a second; a machine may be slow.
_CLOUD_MAP_SECONDS = 10

# A change of these is a new service to CloudFormation, which it makes before the old one goes. Their discovery names are the
# same, which a namespace has once, so that the update fails.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html
_REPLACED_WITH = ("Cluster", "DeploymentController", "LaunchType", "Role", "SchedulingStrategy", "ServiceName")


def _request(properties: Properties) -> dict[str, Any]:
    request: dict[str, Any] = camel({k: v for k, v in properties.items() if k not in ("Tags", "ServiceName")})
    return request


def _attributes(service: dict[str, Any]) -> Created:
    return service["serviceArn"], {"ServiceArn": service["serviceArn"], "Name": service["serviceName"]}


def _create(logical_id: str, properties: Properties, stack: str) -> Created:
    name = properties.get("ServiceName") or f"{stack}-{logical_id}"
    # A name of our making has no random part: one that is there was left by an operation that was cut off.
    if not properties.get("ServiceName") and _left(properties, name):
        request = {**_request(properties), "service": name, "cluster": properties.get("Cluster", "default")}
        with told_by_handler("UpdateService error"):
            service = service_records.update(request)
    else:
        with told_by_handler("CreateService error"):
            service = service_records.create({**_request(properties), "serviceName": name, "tags": tags(properties)})
    try:
        _wait_until_deployed(service)
    except Exception:
        # CloudFormation rolls a failed create back by deleting it, but ministack knows no id of it yet.
        _end(service)
        raise
    return _attributes(service)


def _left(properties: Properties, name: str) -> bool:
    cluster = ecs._resolve_cluster_name(properties.get("Cluster", "default"))
    service = ecs._services.get(f"{cluster}/{name}")
    return service is not None and service["status"] == "ACTIVE"


def _update(physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str | None = None) -> Created:
    _refuse_replacement(old, new, service_records.find(old.get("Cluster", "default"), physical_id))
    request = _request(new)
    with told_by_handler("UpdateService error"):
        service = service_records.update({**request, "service": physical_id, "cluster": new.get("Cluster", "default")})
    _wait_until_deployed(service)
    return _attributes(service)


def _refuse_replacement(old: Properties, new: Properties, service: dict[str, Any]) -> None:
    # A rollback sends the old properties after the refused ones, which have changed nothing.
    if service.pop("_refused", None) == old:
        return
    changed = [name for name in _REPLACED_WITH if old.get(name) != new.get(name)]
    named = all((one.get("ServiceConnectConfiguration") or {}).get("Services") for one in (old, new))
    if changed and named:
        service["_refused"] = new
        raise ValueError(
            f"a change of {' and '.join(changed)} replaces the service, and the new one can't have the Service Connect names of "
            "the one that is there: leave it as it was, or delete the service first"
        )


def _limit_seconds(configuration: dict[str, Any]) -> float:
    """A bake time comes on top; who asks for a pause takes their time, up to CloudFormation's three hours."""
    if configuration.get("lifecycleHooks"):
        return 3 * 3600
    return _LIMIT_SECONDS + 60 * float(configuration.get("bakeTimeInMinutes") or 0)


def _wait_until_deployed(service: dict[str, Any]) -> None:
    with LOCK:
        if not service["deployments"]:
            raise ValueError(_deleted(service))
        deployment = service["deployments"][0]
    limit = _limit_seconds(service.get("deploymentConfiguration") or {})
    until = time.monotonic() + limit
    while deployment["rolloutState"] == "IN_PROGRESS":
        side_by_side.look()
        with LOCK:
            current = next(iter(service["deployments"]), None)
        if current is None or service["status"] != "ACTIVE":
            raise ValueError(_deleted(service))
        if current is not deployment and current["taskDefinition"] == deployment["taskDefinition"]:
            # ECS went back by itself, at the moment at which CloudFormation did.
            deployment = current
            continue
        if current is not deployment:
            raise ValueError(f"deployment {deployment['id']} was replaced by a newer one")
        if not AGENT.present():
            raise ValueError("no agent runs tasks in this region: start it with `npm start`")
        if time.monotonic() > until:
            reason = ecs_tasks.last_stop(service)
            why = "" if reason is None else f"; a task of it stopped last: {reason}"
            raise ValueError(f"service {service['serviceName']} was not steady within {limit:.0f} s{why}")
        time.sleep(_LOOK_SECONDS)
    if deployment["rolloutState"] == "FAILED":
        raise ValueError(f"ECS Deployment Circuit Breaker was triggered: {deployment['rolloutStateReason']}")


def _deleted(service: dict[str, Any]) -> str:
    return f"service {service['serviceName']} was deleted while its deployment was under way: deploy again"


def _end(service: dict[str, Any]) -> None:
    cluster, name = service["clusterArn"], service["serviceName"]
    service_records.delete({"cluster": cluster, "service": name, "force": True})
    until = time.monotonic() + _LIMIT_SECONDS
    while service["status"] != "INACTIVE" and time.monotonic() < until and AGENT.present():
        time.sleep(_LOOK_SECONDS)
    with LOCK:
        service |= {"status": "INACTIVE", "deployments": []}
        ecs._services.pop(f"{ecs._cluster_name_from_arn(cluster)}/{name}", None)
    CHANGES.bump()
    _leave_namespace(service)


def _leave_namespace(service: dict[str, Any]) -> None:
    """The names of a service go with it, before anything deletes their namespace; the agent does it, and is waited for."""
    until = time.monotonic() + _CLOUD_MAP_SECONDS
    while (left := service_connect.names_left(service)) and time.monotonic() < until and AGENT.present():
        time.sleep(_LOOK_SECONDS)
    service_connect.forget(left)
    while (tasks := service_registries.tasks_left(service)) and time.monotonic() < until and AGENT.present():
        time.sleep(_LOOK_SECONDS)
    service_registries.forget(tasks)


def _delete(physical_id: str, properties: Properties) -> None:
    key = "/".join(physical_id.split("/")[-2:])
    service = ecs._services.get(key)
    if service is not None and service["status"] != "INACTIVE":
        _end(service)


def register() -> None:
    """Replaces the type, and lets it wait on a thread of its own so that the server goes on serving."""
    replace_resource("AWS::ECS::Service", create=_create, update=_update, delete=_delete)
    runs_on_worker_thread = stacks._runs_on_worker_thread
    replace(stacks, "_runs_on_worker_thread", lambda name: name == "AWS::ECS::Service" or runs_on_worker_thread(name))
