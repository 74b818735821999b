"""What RegisterTaskDefinition refuses, beside the shapes that AWS publishes.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
The sentences are AWS's where a link says so; the others say the rule of AWS's page in our words ("ours").
"""

import json
import re
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import ecs

from . import container_order, container_rules, fargate_rules
from .refused import Refused
from .replacing import replace, replace_entry

CODE = "ClientException"
NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
_MOST_CONTAINERS = 10
_MOST_BYTES = 65_536


def _check_names(definition: dict[str, Any], containers: list[dict[str, Any]]) -> None:
    if not NAME.fullmatch(definition.get("family") or ""):
        raise Refused(CODE, "Family contains invalid characters.")
    if not containers:
        raise Refused(CODE, "Container list cannot be empty.")
    if len(containers) > _MOST_CONTAINERS:
        message = f"Too many containers: {len(containers)}, and a task has {_MOST_CONTAINERS} at most."  # ours
        raise Refused(CODE, message)
    for container in containers:
        if not NAME.fullmatch(container.get("name") or ""):
            raise Refused(CODE, "Container.name contains invalid characters.")
        if not container.get("image"):
            raise Refused(CODE, "Container.image should not be null or empty.")
    names = [container["name"] for container in containers]
    if len(set(names)) < len(names):
        raise Refused(CODE, "Container names must be unique within a Task Definition.")
    # "If the essential parameter of a container is omitted, a container is assumed to be essential":
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html; ours
    if not any(container_order.is_essential(container) for container in containers):
        raise Refused(CODE, "Task definition does not have any essential containers.")


def _check_volumes(definition: dict[str, Any], containers: list[dict[str, Any]]) -> None:
    volumes = [volume.get("name") for volume in definition.get("volumes") or []]
    for name in volumes:
        if name is not None and not NAME.fullmatch(name):
            raise Refused(CODE, "Volume.name contains invalid characters.")
        if volumes.count(name) > 1:
            raise Refused(CODE, f"The volume name {name} is there more than once.")  # ours
    for container in containers:
        for mount in container.get("mountPoints") or []:
            if mount.get("sourceVolume") not in volumes:
                raise Refused(CODE, f"Unknown volume '{mount.get('sourceVolume') or 'null'}'.")


def check(definition: dict[str, Any]) -> None:
    """Raises Refused."""
    size = len(json.dumps(definition, ensure_ascii=False).encode())
    if size > _MOST_BYTES:
        raise Refused(CODE, f"Actual length: '{size}'. Max allowed length is '{_MOST_BYTES}' bytes.")
    containers = definition.get("containerDefinitions") or []
    _check_names(definition, containers)
    if "FARGATE" in (definition.get("requiresCompatibilities") or []):
        fargate_rules.check(definition, containers)
    _check_volumes(definition, containers)
    for container in containers:
        container_rules.check(container, definition)
    container_rules.check_ports(containers, definition.get("networkMode"))
    container_order.check(containers)


def register() -> None:
    """RegisterTaskDefinition refuses, for CloudFormation too."""
    registered = ecs._register_task_definition

    def call(request: dict[str, Any]) -> Any:
        try:
            check(request)
        except Refused as refusal:
            return error_response_json(refusal.code, str(refusal), 400)
        return registered(request)

    replace(ecs, "_register_task_definition", call)
    replace_entry(ecs._ACTION_MAP, "RegisterTaskDefinition", call)
