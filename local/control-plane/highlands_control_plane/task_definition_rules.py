"""What RegisterTaskDefinition refuses, beside the shapes that AWS publishes.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
The sentences are AWS's where a link says so; the others say the rule of AWS's page in our words ("ours"). "cdk-preflight" is
https://github.com/badmintoncryer/cdk-preflight, which tries its rules on AWS.
"""

import json
import re
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import ecs

from . import container_logs, container_order, container_ports, container_rules, fargate_rules, volume_rules
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
    # cdk-preflight pf-ecs-essential-container
    if not any(container_order.is_essential(container) for container in containers):
        raise Refused(CODE, "Task definition doesn't have any essential container")


def _check_proxy(definition: dict[str, Any], containers: list[dict[str, Any]]) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ProxyConfiguration.html, cdk-preflight pf-ecs-proxy-configuration-*"""
    proxy = definition.get("proxyConfiguration")
    if proxy is None:
        return
    name = proxy.get("containerName")
    if name not in [container["name"] for container in containers]:
        raise Refused(CODE, f"Proxy container [{name}] does not exist.")
    given = {str(one.get("name")) for one in proxy.get("properties") or []}
    if "ProxyIngressPort" not in given:
        raise Refused(CODE, "Ingress port not found")


def check(definition: dict[str, Any]) -> None:
    """Raises Refused."""
    size = len(json.dumps(definition, ensure_ascii=False).encode())
    if size > _MOST_BYTES:
        raise Refused(CODE, f"Actual length: '{size}'. Max allowed length is '{_MOST_BYTES}' bytes.")
    containers = definition.get("containerDefinitions") or []
    _check_names(definition, containers)
    if "FARGATE" in (definition.get("requiresCompatibilities") or []):
        fargate_rules.check(definition, containers)
    elif definition.get("ephemeralStorage"):
        # cdk-preflight pf-ecs-fargate-ephemeral-storage-ec2
        raise Refused(CODE, "Tasks using the EC2 launch type do not support EphemeralStorage.")
    if definition.get("inferenceAccelerators"):
        # cdk-preflight pf-ecs-fargate-inference-accelerator
        raise Refused(CODE, "Unsupported field 'inferenceAccelerators'.")
    volume_rules.check(definition, containers)
    _check_proxy(definition, containers)
    container_logs.check(containers, definition)
    for container in containers:
        container_rules.check(container, definition)
    container_ports.check(containers, definition.get("networkMode"))
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
