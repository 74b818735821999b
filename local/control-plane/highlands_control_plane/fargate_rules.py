"""What RegisterTaskDefinition refuses for Fargate.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
Sentences without another link are quoted in https://github.com/badmintoncryer/cdk-preflight, which tries them on AWS.
"""

import re
from typing import Any

from .container_logs import check_fargate
from .fargate_sizes import exists, units
from .given_values import is_true, number
from .refused import Refused

CODE = "ClientException"
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EphemeralStorage.html: GiB
_STORAGE = (21, 200)
# https://docs.aws.amazon.com/AmazonECR/latest/userguide/registries.html: of one's own account
_ECR = re.compile(r"\d{12}\.dkr\.ecr\.")
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinuxParameters.html
_LINUX = ("devices", "maxSwap", "sharedMemorySize", "swappiness")
# Of a container in awsvpc. The sentences of the last three are ours, after the others.
_NOT_IN_AWSVPC = {
    "links": "Links are not supported when networkMode=awsvpc",
    "dnsServers": "DNS servers are not supported on container when networkMode=awsvpc",
    "disableNetworking": "Disable Networking is not supported on container when networkMode=awsvpc",
    "dnsSearchDomains": "DNS search domains are not supported on container when networkMode=awsvpc",
    "extraHosts": "Extra hosts are not supported on container when networkMode=awsvpc",
    "hostname": "Hostname is not supported on container when networkMode=awsvpc",
}


def _given(value: Any) -> bool:
    return value not in (None, "", [], {}) and str(value).lower() != "false"


def _unsupported(member: str) -> Refused:
    return Refused(CODE, f"Fargate compatible task definitions do not support {member}")


def check_size(definition: dict[str, Any]) -> None:
    """Raises Refused."""
    # https://github.com/aws/amazon-ecs-cli/issues/982
    for member in ("cpu", "memory"):
        if not definition.get(member):
            raise Refused(CODE, f"Fargate requires that '{member}' be defined at the task level.")
    cpu, memory = units(definition["cpu"]), units(definition["memory"])
    for member, value in (("cpu", cpu), ("memory", memory)):
        # https://github.com/oranmoshai/ecsServiceRestart/issues/2
        if value is None:
            raise Refused("InvalidParameterException", f"Invalid '{member}' setting for task.")
    # https://github.com/aws-games/cloud-game-development-toolkit/issues/737
    if cpu is not None and memory is not None and not exists(cpu, memory):
        message = (
            f"No Fargate configuration exists for given values: {cpu} CPU, {memory} memory. "
            "See the Amazon ECS documentation for the valid values."
        )
        raise Refused(CODE, message)
    storage = number((definition.get("ephemeralStorage") or {}).get("sizeInGiB"))
    if storage is not None and not _STORAGE[0] <= storage <= _STORAGE[1]:
        rule = f"at least {_STORAGE[0]}" if storage < _STORAGE[0] else f"at most {_STORAGE[1]}"
        raise Refused(CODE, f"EphemeralStorage size should be {rule}")


def _check_task(definition: dict[str, Any]) -> None:
    # It quotes with these marks: https://github.com/docker/compose-cli/blob/main/ecs/convert.go
    if definition.get("networkMode") != "awsvpc":
        raise Refused(CODE, "Fargate only supports network mode \u2018awsvpc\u2019.")
    if definition.get("ipcMode"):
        raise _unsupported("ipcMode")
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#other_task_definition_params
    if definition.get("pidMode") not in (None, "", "task"):
        raise _unsupported("pidMode")
    if definition.get("placementConstraints"):
        raise _unsupported("constraints")
    for volume in definition.get("volumes") or []:
        if _given((volume.get("host") or {}).get("sourcePath")):
            raise _unsupported("sourcePath")
        if volume.get("dockerVolumeConfiguration"):
            raise _unsupported("dockerVolumeConfiguration")


def _check_container(container: dict[str, Any]) -> None:
    for member, message in _NOT_IN_AWSVPC.items():
        if _given(container.get(member)):
            raise Refused(CODE, message)
    if is_true(container.get("privileged")):
        raise Refused(CODE, "Fargate requires that the 'privileged' setting be 'false'.")
    if container.get("dockerSecurityOptions"):
        raise _unsupported("dockerSecurityOptions")
    linux = container.get("linuxParameters") or {}
    for member in _LINUX:
        if linux.get(member) not in (None, []):
            raise _unsupported(member)
    for capability in (linux.get("capabilities") or {}).get("add") or []:
        if capability != "SYS_PTRACE":
            raise Refused(CODE, f"{capability} is not allowed on Fargate.")
    if any(one.get("type") == "GPU" for one in container.get("resourceRequirements") or []):
        raise Refused(CODE, "Tasks using the Fargate launch type do not support GPU resource requirements.")


def _check_image(container: dict[str, Any], definition: dict[str, Any]) -> None:
    if definition.get("executionRoleArn"):
        return
    needs = "Fargate requires task definition to have execution role ARN to support"
    # From memory.
    if _ECR.match(container["image"]):
        raise Refused(CODE, f"{needs} ECR images.")
    if container.get("repositoryCredentials"):
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/private-auth.html; after the others
        raise Refused(CODE, f"{needs} private registry authentication.")


def _check_sums(definition: dict[str, Any], containers: list[dict[str, Any]]) -> None:
    memory, cpu = units(definition["memory"]) or 0, units(definition["cpu"]) or 0
    for container in containers:
        # https://github.com/pulumi/pulumi-awsx/issues/1220
        if (number(container.get("memory")) or 0) > memory:
            raise Refused(
                CODE, f"The 'memory' setting for container '{container['name']}' is greater than for the task."
            )
    # "must be lower than the task memory value": https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
    # of which the reservation counts, where there is one; the sentences are ours.
    reserved = [number(one.get("memoryReservation")) or number(one.get("memory")) or 0 for one in containers]
    for member, total, limit in (
        ("memory", sum(reserved), memory),
        ("cpu", sum(number(one.get("cpu")) or 0 for one in containers), cpu),
    ):
        if total > limit:
            message = (
                f"The sum of all container '{member}' values cannot be greater than the value of the task '{member}'."
            )
            raise Refused(CODE, message)


def check(definition: dict[str, Any], containers: list[dict[str, Any]]) -> None:
    """Raises Refused."""
    _check_task(definition)
    check_size(definition)
    for container in containers:
        _check_container(container)
        _check_image(container, definition)
        check_fargate(container.get("logConfiguration") or {}, definition)
    _check_sums(definition, containers)


def fits(definition: dict[str, Any]) -> bool:
    """Whether a definition that is registered runs on Fargate, whatever it says that it requires: ECS looks at its values.

    `compatibilities` in https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html
    """
    try:
        check(definition, definition["containerDefinitions"])
    except Refused:
        return False
    return True
