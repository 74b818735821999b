"""Cloud Map as ECS uses it for Service Connect: namespaces that a cluster or a service names, and names that go with a service.

A name that is new makes a namespace of the HTTP type, which stays when the cluster or the service goes.
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ClusterServiceConnectDefaultsRequest.html
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectConfiguration.html
"""

import re
from typing import Any

from ministack.services import ecs, servicediscovery

from .agreed import CLOUD_MAP_DESCRIPTION
from .changes import CHANGES

# What the API takes as a name: at most 1024 characters, none of these.
_NAME = re.compile(r"[!-~]{1,1024}")
_NOT_IN_A_NAME = '<>"/'


def namespace_arn(reference: str) -> str | None:
    """The ARN of a namespace by ARN or name; None when there is none."""
    for namespace in servicediscovery._namespaces.values():
        if reference in (namespace["Arn"], namespace["Name"]):
            arn: str = namespace["Arn"]
            return arn
    return None


def namespace_name(reference: str) -> str:
    """The name of a namespace by ARN or name; what is no namespace is its own name."""
    names: list[str] = [one["Name"] for one in servicediscovery._namespaces.values() if one["Arn"] == reference]
    return names[0] if names else reference


def namespace_made(reference: str) -> str | None:
    """The ARN of a namespace, made if it is a new name. None for an ARN of none, and for what can't be a name."""
    known = namespace_arn(reference)
    if known is not None or reference.startswith("arn:"):
        return known
    if not _NAME.fullmatch(reference) or any(one in reference for one in _NOT_IN_A_NAME):
        return None
    managed = [{"Key": "AmazonECSManaged", "Value": "true"}]
    namespace, error = servicediscovery._create_namespace_record(reference, "HTTP", None, managed)
    if error:
        return None
    CHANGES.bump()
    arn: str = namespace["Arn"]
    return arn


def _names(service: dict[str, Any]) -> set[tuple[str | None, str]]:
    connect = service.get("_service_connect") or {}
    if not connect.get("enabled"):
        return set()
    arn = namespace_arn(connect.get("namespace", ""))
    return {(arn, entry.get("discoveryName") or entry.get("portName", "")) for entry in connect.get("services", [])}


def other_service(reference: str, name: str) -> str | None:
    """The id of a Cloud Map service with this name in a namespace that is not of Service Connect."""
    arn = namespace_arn(reference)
    ids = {key for key, one in list(servicediscovery._namespaces.items()) if one["Arn"] == arn}
    found = [
        key
        for key, one in list(servicediscovery._services.items())
        if one.get("NamespaceId") in ids and one.get("Name") == name and one.get("Description") != CLOUD_MAP_DESCRIPTION
    ]
    return found[0] if found else None


def names_left(service: dict[str, Any]) -> list[str]:
    """The ids of the Cloud Map services that Service Connect made for a service that is gone, where no other service has the name."""
    others = [one for one in list(ecs._services.values()) if one is not service and one["status"] != "INACTIVE"]
    gone = _names(service).difference(*(_names(one) for one in others))
    namespaces = {key: one["Arn"] for key, one in list(servicediscovery._namespaces.items())}
    return [
        key
        for key, one in list(servicediscovery._services.items())
        if (namespaces.get(one.get("NamespaceId")), one.get("Name")) in gone
        and one.get("Description") == CLOUD_MAP_DESCRIPTION
    ]


def services_in(reference: str) -> list[dict[str, Any]]:
    """The ECS services of a namespace, servers and clients."""
    wanted = namespace_arn(reference)
    connects = [
        (one, one.get("_service_connect") or {}) for one in list(ecs._services.values()) if one["status"] != "INACTIVE"
    ]
    inside = [
        one
        for one, connect in connects
        if connect.get("enabled") and namespace_arn(connect.get("namespace", "")) == wanted
    ]
    return inside if wanted is not None else []


def forget(ids: list[str]) -> None:
    """Takes Cloud Map services out, with their instances."""
    for one in ids:
        servicediscovery._instances.pop(one, None)
        servicediscovery._services.pop(one, None)
    if ids:
        CHANGES.bump()
