"""What ECS refuses in one container of a task definition.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
"cdk-preflight" is https://github.com/badmintoncryer/cdk-preflight, which tries its rules on AWS.
"""

import re
from typing import Any

from .given_values import number
from .refused import Refused

CODE = "ClientException"
# From, to: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html; its model has no ranges.
_HEALTH_CHECK = {
    "interval": ("interval", 5, 300),
    "timeout": ("timeout", 2, 60),
    "retries": ("retries", 1, 10),
    "startPeriod": ("start period", 0, 300),
}
_LEAST_MEMORY = 4
_STOP = (0, 120)
_START = (2, 120)
_RESTARTS = (60, 1800)
_MOST_FILES = 10
_S3_OBJECT = re.compile(r"arn:[\w-]+:s3:::[^/]+/.+")


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
    for member, (said, least, most) in _HEALTH_CHECK.items():
        given = number(check_.get(member))
        if given is None or least <= given <= most:
            continue
        # cdk-preflight pf-ecs-healthcheck-*-range has that of the most; that of the least is made like it.
        rule = f"less than or equal to the maximum allowed value {most}"
        if given < least:
            rule = f"greater than or equal to the minimum allowed value {least}"
        raise Refused(CODE, f"Health check {said} must be {rule} for container '{container['name']}'")


def _check_files(container: dict[str, Any], definition: dict[str, Any]) -> None:
    """cdk-preflight pf-ecs-environment-files-*"""
    files = container.get("environmentFiles") or []
    if len(files) > _MOST_FILES:
        raise Refused(CODE, "The maximum number of environment files was exceeded. Specify ten or less and try again.")
    if not all(_S3_OBJECT.fullmatch(str(one.get("value"))) for one in files):
        raise Refused(CODE, "Invalid arn syntax.")
    if files and not definition.get("executionRoleArn"):
        # "You must specify the task execution role": https://docs.aws.amazon.com/AmazonECS/latest/developerguide/use-environment-file.html; ours
        message = "When you are specifying environment files, you must also specify a value for 'executionRoleArn'."
        raise Refused(CODE, message)


def _check_limits(container: dict[str, Any]) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Ulimit.html; ours"""
    for limit in container.get("ulimits") or []:
        soft, hard = number(limit.get("softLimit")), number(limit.get("hardLimit"))
        if soft is not None and hard is not None and 0 <= hard < soft:
            message = (
                f"Invalid 'ulimits' setting for container '{container['name']}': the soft limit {soft} of "
                f"'{limit.get('name')}' is above the hard limit {hard}."
            )
            raise Refused(CODE, message)
    names = [limit.get("name") for limit in container.get("ulimits") or []]
    if len(set(names)) < len(names):
        raise Refused(CODE, f"Invalid 'ulimits' setting for container '{container['name']}': a name is there twice.")


def _check_restarts(container: dict[str, Any]) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerRestartPolicy.html, cdk-preflight pf-ecs-restart-policy-*"""
    policy = container.get("restartPolicy") or {}
    period = number(policy.get("restartAttemptPeriod"))
    if period is not None and not _RESTARTS[0] <= period <= _RESTARTS[1]:
        rule = f"must be between {_RESTARTS[0]} and {_RESTARTS[1]}."
        raise Refused(CODE, f"The 'restartAttemptPeriod' setting for container '{container['name']}' {rule}")


def check(container: dict[str, Any], definition: dict[str, Any]) -> None:
    """Raises Refused."""
    _check_memory(container, definition)
    _check_secrets(container, definition)
    _check_files(container, definition)
    _check_health_check(container)
    _check_limits(container)
    _check_restarts(container)
    _in_range(f"stopTimeout of container '{container['name']}'", container.get("stopTimeout"), *_STOP)
    _in_range(f"startTimeout of container '{container['name']}'", container.get("startTimeout"), *_START)
