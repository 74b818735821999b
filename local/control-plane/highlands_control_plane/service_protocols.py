"""The protocols of a discovery name are for its life."""

from typing import Any

from ministack.services import ecs

from .refused import Refused
from .service_connect import namespace_arn
from .service_connect_rules import CODE, mappings_of


def check_protocols(before: dict[str, Any], after: dict[str, Any]) -> None:
    """The protocols of a discovery name are for its life. Raises Refused.

    The sentence is AWS's own: https://github.com/aws/containers-roadmap/issues/2378
    """
    now = _protocols(after)
    for name, previous in _protocols(before).items():
        current = now.get(name, previous)
        if current != previous:
            message = (
                "The following config cannot be changed for a SC service. "
                f"Previous config: {_stable(previous, before)}, current config: {_stable(current, before)}"
            )
            raise Refused(CODE, message)


def _protocols(service: dict[str, Any]) -> dict[tuple[str | None, str], tuple[str | None, str]]:
    """appProtocol and protocol of the ports that a service offers, by namespace and discovery name."""
    connect = service.get("serviceConnectConfiguration") or {}
    if not connect.get("enabled"):
        return {}
    definition = ecs._task_defs.get(ecs._resolve_td_key(service["taskDefinition"]) or "") or {}
    ports = {
        mapping.get("name"): (mapping.get("appProtocol"), mapping.get("protocol") or "tcp")
        for mapping in mappings_of(definition)
    }
    namespace = namespace_arn(connect.get("namespace", ""))
    return {
        (namespace, entry.get("discoveryName") or entry["portName"]): ports[entry["portName"]]
        for entry in connect.get("services", [])
        # A definition that is deregistered and gone says nothing.
        if entry.get("portName") in ports
    }


def _stable(protocols: tuple[str | None, str], service: dict[str, Any]) -> str:
    application, transport = protocols
    return (
        f"ScServiceStableConfig(applicationProtocol={application or 'null'}, transportProtocol={transport}, "
        f"ecsServiceArn={service['serviceArn']})"
    )
