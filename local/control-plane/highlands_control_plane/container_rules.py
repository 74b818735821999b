"""What ECS refuses in one container, and of the ports of all of a task.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
"""

import re
from typing import Any

from .numbers_given import number
from .refused import Refused

CODE = "ClientException"
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html
_PORT_NAME = re.compile(r"[a-z0-9_][a-z0-9_-]{0,63}")
# From, to: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html; its model has no ranges.
_HEALTH_CHECK = {"interval": (5, 300), "timeout": (2, 60), "retries": (1, 10), "startPeriod": (0, 300)}
_LEAST_MEMORY = 4
_LAST_PORT = 65_535
_STOP = (0, 120)
_START = (2, 120)


def _in_range(what: str, value: Any, least: int, most: int) -> None:
    given = number(value)
    if given is not None and not least <= given <= most:
        raise Refused(CODE, f"{what} is {given}: it must be between {least} and {most}.")  # ours


def _check_memory(container: dict[str, Any], definition: dict[str, Any]) -> None:
    name = container["name"]
    hard, soft = number(container.get("memory")), number(container.get("memoryReservation"))
    # https://github.com/aws/aws-cli/issues/4453
    if hard is None and soft is None and not definition.get("memory"):
        message = f"Invalid setting for container '{name}'. At least one of 'memory' or 'memoryReservation' must be specified."
        raise Refused(CODE, message)
    if hard is not None and soft is not None and hard < soft:
        message = (
            f"Invalid setting for container '{name}'. 'memory' must be greater than or equal to 'memoryReservation'."
        )
        raise Refused(CODE, message)
    if hard is not None and hard < _LEAST_MEMORY:
        raise Refused(CODE, f"Invalid setting for container '{name}'. 'memory' is {hard} MiB: 4 is the least.")  # ours


def _check_secrets(container: dict[str, Any], definition: dict[str, Any]) -> None:
    secrets = [one.get("name") for one in container.get("secrets") or []]
    variables = {one.get("name") for one in container.get("environment") or []}
    if secrets and not definition.get("executionRoleArn"):
        message = "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'."
        raise Refused(CODE, message)
    for name in secrets:
        if secrets.count(name) > 1 or name in variables:
            message = (
                "The secret name must be unique and not shared with any new or existing environment variables set on "
                f"the container, such as '{name}'."
            )
            raise Refused(CODE, message)


def _check_health_check(container: dict[str, Any]) -> None:
    check_ = container.get("healthCheck")
    if not check_:
        return
    command = check_.get("command") or []
    if len(command) < 2 or command[0] not in ("CMD", "CMD-SHELL"):
        message = f"The health check command of container '{container['name']}' is CMD or CMD-SHELL, and what to run."
        raise Refused(CODE, message)  # ours
    for member, (least, most) in _HEALTH_CHECK.items():
        _in_range(f"healthCheck.{member} of container '{container['name']}'", check_.get(member), least, most)


def _check_logs(container: dict[str, Any]) -> None:
    configuration = container.get("logConfiguration") or {}
    options = configuration.get("options") or {}
    missing = [name for name in ("awslogs-group", "awslogs-region") if not options.get(name)]
    # https://github.com/badmintoncryer/cdk-preflight quotes it
    if configuration.get("logDriver") == "awslogs" and missing:
        raise Refused(CODE, f"Log driver awslogs requires options: {', '.join(missing)}")


def check(container: dict[str, Any], definition: dict[str, Any]) -> None:
    """Raises Refused."""
    _check_memory(container, definition)
    _check_secrets(container, definition)
    _check_health_check(container)
    _check_logs(container)
    _in_range(f"stopTimeout of container '{container['name']}'", container.get("stopTimeout"), *_STOP)
    _in_range(f"startTimeout of container '{container['name']}'", container.get("startTimeout"), *_START)


def _check_mapping(mapping: dict[str, Any], network_mode: str | None) -> None:
    port, host = number(mapping.get("containerPort")), number(mapping.get("hostPort"))
    name = mapping.get("name")
    # https://github.com/badmintoncryer/cdk-preflight quotes it
    if mapping.get("containerPortRange") and (port or host):
        raise Refused(CODE, "cannot specify both single port and port range")
    if not mapping.get("containerPortRange"):
        _in_range("containerPort", port if port is not None else 0, 1, _LAST_PORT)
    if network_mode in ("awsvpc", "host") and host and host != port:
        message = f"When networkMode={network_mode}, the host ports and container ports in port mappings must match."
        raise Refused(CODE, message)
    if name is not None and not _PORT_NAME.fullmatch(name):
        message = f"The port mapping name '{name}' has up to 64 small letters, digits, hyphens and underscores, and begins with no hyphen."
        raise Refused(CODE, message)  # ours


def check_ports(containers: list[dict[str, Any]], network_mode: str | None) -> None:
    """Of all containers, which share the address of the task in awsvpc. Raises Refused."""
    mappings = [mapping for container in containers for mapping in container.get("portMappings") or []]
    ports, names = [], []
    for mapping in mappings:
        _check_mapping(mapping, network_mode)
        if network_mode == "awsvpc" and mapping.get("containerPort"):
            ports.append((str(mapping.get("protocol") or "tcp").upper(), int(mapping["containerPort"])))
        if mapping.get("name"):
            names.append(mapping["name"])
    for protocol, port in ports:
        if ports.count((protocol, port)) > 1:
            raise Refused(CODE, f"{protocol} host port '{port}' is mapped multiple times in task.")
    for name in names:
        if names.count(name) > 1:
            raise Refused(
                CODE, f"The port mapping name '{name}' is there more than once in the task definition."
            )  # ours
