"""What ECS refuses of the ports of a task's containers, which share its address in awsvpc.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html
"cdk-preflight" is https://github.com/badmintoncryer/cdk-preflight, which tries its rules on AWS.
"""

import re
from typing import Any

from .given_values import number
from .refused import Refused

CODE = "ClientException"
_NAME = re.compile(r"[a-z0-9_][a-z0-9_-]{0,63}")
_RANGE = re.compile(r"(\d{1,5})-(\d{1,5})")
_LAST = 65_535
Mapping = dict[str, Any]


def _invalid_range(container: str) -> Refused:
    """cdk-preflight pf-ecs-port-range-reversed"""
    return Refused(CODE, f"Invalid 'containerPortRange' setting for container '{container}'.")


def _ports(mapping: Mapping, container: str) -> range:
    """What a mapping takes. Raises Refused."""
    given = mapping.get("containerPortRange")
    if not given:
        port = number(mapping.get("containerPort")) or 0
        if not 1 <= port <= _LAST:
            raise Refused(CODE, f"containerPort is {port}: it must be between 1 and {_LAST}.")  # ours
        return range(port, port + 1)
    # cdk-preflight pf-ecs-port-range-with-host-port
    if mapping.get("containerPort") or mapping.get("hostPort"):
        raise Refused(CODE, "cannot specify both single port and port range")
    found = _RANGE.fullmatch(str(given))
    if found is None or not 1 <= int(found[1]) <= int(found[2]) <= _LAST:
        raise _invalid_range(container)
    return range(int(found[1]), int(found[2]) + 1)


def _check_mapping(mapping: Mapping, network_mode: str | None) -> None:
    port, host = number(mapping.get("containerPort")), number(mapping.get("hostPort"))
    # cdk-preflight pf-ecs-host-network-host-port-mismatch
    if network_mode in ("awsvpc", "host") and host and host != port:
        message = f"When networkMode={network_mode}, the host ports and container ports in port mappings must match."
        raise Refused(CODE, message)
    name = mapping.get("name")
    if name is not None and not _NAME.fullmatch(name):
        message = f"The port mapping name '{name}' has up to 64 small letters, digits, hyphens and underscores, and begins with no hyphen."
        raise Refused(CODE, message)  # ours


def _check_taken(taken: set[tuple[str, int]], mapping: Mapping, ports: range) -> None:
    protocol = str(mapping.get("protocol") or "tcp").upper()
    for port in ports:
        if (protocol, port) in taken:
            # Each as cdk-preflight quotes it, of a port and of a range: pf-ecs-port-range-overlap
            if mapping.get("containerPortRange"):
                message = f"{protocol} container port '{port}' is used multiple times in task when networkMode=awsvpc."
                raise Refused(CODE, message)
            raise Refused(CODE, f"{protocol} host port '{port}' is mapped multiple times in task.")
        taken.add((protocol, port))


def check(containers: list[dict[str, Any]], network_mode: str | None) -> None:
    """Raises Refused."""
    taken: set[tuple[str, int]] = set()
    names: set[str] = set()
    for container in containers:
        for mapping in container.get("portMappings") or []:
            ports = _ports(mapping, container["name"])
            _check_mapping(mapping, network_mode)
            if network_mode == "awsvpc":
                _check_taken(taken, mapping, ports)
            if mapping.get("name") in names:
                # cdk-preflight pf-ecs-port-mapping-duplicate-name
                raise Refused(CODE, f"When networkMode={network_mode}, port mapping name is already used")
            names |= {mapping["name"]} if mapping.get("name") else set()
