"""What ECS refuses of the order in which the containers of a task start.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
"""

from graphlib import CycleError, TopologicalSorter
from typing import Any

from .given_values import is_true
from .refused import Refused

CODE = "ClientException"


def is_essential(container: dict[str, Any]) -> bool:
    return is_true(container.get("essential", True))


def _check_condition(dependency: dict[str, Any], containers: dict[str, dict[str, Any]]) -> None:
    name, condition = dependency.get("containerName") or "", dependency.get("condition")
    # As read in what others have seen of the API, with its plus sign.
    if name not in containers:
        raise Refused(CODE, f"Cannot depend on container + '{name}' because it does not exist")
    # https://github.com/boto/boto3/issues/2436
    if condition in ("SUCCESS", "COMPLETE") and is_essential(containers[name]):
        message = "A dependency container with SUCCESS or COMPLETE condition cannot be an essential container"
        raise Refused(CODE, message)
    # https://github.com/badmintoncryer/cdk-preflight quotes it
    if condition == "HEALTHY" and not containers[name].get("healthCheck"):
        raise Refused(CODE, "A dependency container with HEALTHY condition must have health check configured")


def check(definitions: list[dict[str, Any]]) -> None:
    """Raises Refused. The containers have names of their own."""
    containers = {container["name"]: container for container in definitions}
    waited_for: dict[str, set[str]] = {}
    for name, container in containers.items():
        for dependency in container.get("dependsOn") or []:
            _check_condition(dependency, containers)
        volumes = [str(one.get("sourceContainer")) for one in container.get("volumesFrom") or []]
        waited_for[name] = {*(one["containerName"] for one in container.get("dependsOn") or []), *volumes}
    try:
        TopologicalSorter(waited_for).prepare()
    except CycleError as circle:
        # Ours: no source has AWS's sentence.
        raise Refused(CODE, f"Containers depend on each other in a circle: {' -> '.join(circle.args[1])}.") from circle
