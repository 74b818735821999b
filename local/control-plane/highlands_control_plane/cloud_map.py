"""Cloud Map as its names need it: who is healthy, who is found, what counts as a change, and what goes before what.

https://docs.aws.amazon.com/cloud-map/latest/api/API_DiscoverInstances.html
https://docs.aws.amazon.com/cloud-map/latest/api/API_RegisterInstance.html
https://docs.aws.amazon.com/cloud-map/latest/api/API_UpdateInstanceCustomHealthStatus.html
"""

from collections.abc import Callable
from typing import Any

from ministack.core.responses import error_response_json, json_response
from ministack.services import servicediscovery

from .changes import CHANGES
from .replacing import replace

_INITIAL_HEALTH = "AWS_INIT_HEALTH_STATUS"
# https://docs.aws.amazon.com/cloud-map/latest/api/API_DiscoverInstances.html, MaxResults
_MOST_FOUND = 100
# What changes the names of a namespace with DNS. Those of Service Connect are in no DNS, and the agent makes them itself.
_CHANGES = (
    "_create_service",
    "_update_service",
    "_delete_service",
    "_register_instance",
    "_deregister_instance",
    "_update_instance_custom_health_status",
)


def _is_in_dns(service: dict[str, Any] | None) -> bool:
    return bool(service and (service.get("DnsConfig") or {}).get("DnsRecords"))


def _counted(handler: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    def call(data: dict[str, Any]) -> Any:
        key = data.get("ServiceId") or data.get("Id")
        before = servicediscovery._services.get(key)
        answer = handler(data)
        if _is_in_dns(before) or _is_in_dns(servicediscovery._services.get(key)) or _is_in_dns(data):
            CHANGES.bump()
        return answer

    return call


def _registering(handler: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    """The health that an instance begins with: only a service with a custom health check has one to begin with."""

    def call(data: dict[str, Any]) -> Any:
        service_id, instance_id = data.get("ServiceId"), data.get("InstanceId")
        statuses = servicediscovery._instance_health_status
        known = statuses.get(service_id, {}).get(instance_id)
        answer = handler(data)
        service = servicediscovery._services.get(service_id)
        if service is not None and service.get("HealthCheckCustomConfig") is not None and answer[0] < 400:
            given = (data.get("Attributes") or {}).get(_INITIAL_HEALTH, "HEALTHY")
            statuses[service_id][instance_id] = known or given
        return answer

    return call


def _health_setting(handler: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    def call(data: dict[str, Any]) -> Any:
        service = servicediscovery._services.get(data.get("ServiceId"))
        if service is not None and service.get("HealthCheckCustomConfig") is None:
            message = f"Service {service['Id']} has no HealthCheckCustomConfig."
            return error_response_json("CustomHealthNotFound", message, 404)
        return handler(data)

    return call


def _discover(data: dict[str, Any]) -> Any:
    """Takes the place of ministack's, which knows neither the answer for all when none is healthy nor the parameters."""
    namespace = data.get("NamespaceName")
    name = data.get("ServiceName")
    found = next((one for one in servicediscovery._namespaces.values() if one["Name"] == namespace), None)
    if found is None:
        return error_response_json("NamespaceNotFound", f"Namespace {namespace} not found", 404)
    services = servicediscovery._services.values()
    service = next((one for one in services if one["Name"] == name and one["NamespaceId"] == found["Id"]), None)
    if service is None:
        return error_response_json("ServiceNotFound", f"Service {name} not found", 404)
    wanted = data.get("QueryParameters") or {}
    optional = data.get("OptionalParameters") or {}
    rows = [_row(one, service, namespace) for one in servicediscovery._instances.get(service["Id"], {}).values()]
    rows = [one for one in rows if wanted.items() <= one["Attributes"].items()]
    # "If there are no results, the optional parameters are left out."
    rows = [one for one in rows if optional.items() <= one["Attributes"].items()] or rows
    revision = int(servicediscovery._instances_revision.get(service["Id"], 1))
    answered = _of_health(rows, data.get("HealthStatus"), service)[: int(data.get("MaxResults") or _MOST_FOUND)]
    return json_response({"Instances": answered, "InstancesRevision": revision})


def _row(instance: dict[str, Any], service: dict[str, Any], namespace: Any) -> dict[str, Any]:
    statuses = servicediscovery._instance_health_status.get(service["Id"], {})
    has_check = service.get("HealthCheckCustomConfig") is not None or service.get("HealthCheckConfig") is not None
    return {
        "InstanceId": instance["Id"],
        "NamespaceName": namespace,
        "ServiceName": service["Name"],
        "HealthStatus": statuses.get(instance["Id"], "HEALTHY") if has_check else "UNKNOWN",
        "Attributes": instance.get("Attributes") or {},
    }


def _of_health(rows: list[dict[str, Any]], wanted: str | None, service: dict[str, Any]) -> list[dict[str, Any]]:
    """ "Ignored for services that don't have a health check configured, and all instances are returned." """
    has_check = service.get("HealthCheckCustomConfig") is not None or service.get("HealthCheckConfig") is not None
    if not has_check or wanted in (None, "", "ALL"):
        return rows
    status = "HEALTHY" if wanted == "HEALTHY_OR_ELSE_ALL" else wanted
    chosen = [one for one in rows if one["HealthStatus"] == status]
    return chosen or rows if wanted == "HEALTHY_OR_ELSE_ALL" else chosen


def _list_services(data: dict[str, Any]) -> Any:
    """With the filter by namespace, which ministack does not look at."""
    rows = list(servicediscovery._services.values())
    for one in data.get("Filters") or []:
        if one.get("Name") == "NAMESPACE_ID":
            rows = [row for row in rows if row.get("NamespaceId") in one.get("Values", [])]
    return json_response({"Services": rows})


def register() -> None:
    """Takes the place of the actions."""
    around = {
        "_register_instance": _registering,
        "_update_instance_custom_health_status": _health_setting,
    }
    for name in _CHANGES:
        handler = getattr(servicediscovery, name)
        replace(servicediscovery, name, _counted(around[name](handler) if name in around else handler))
    replace(servicediscovery, "_discover_instances", _discover)
    replace(servicediscovery, "_list_services", _list_services)
