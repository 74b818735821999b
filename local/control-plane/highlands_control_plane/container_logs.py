"""What ECS refuses of where containers log to.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html
Sentences: the rules pf-ecs-aws* and pf-ecs-fargate-* of https://github.com/badmintoncryer/cdk-preflight, which tries them on AWS, but where it says "ours".
"""

from typing import Any

from .refused import Refused

CODE = "ClientException"
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html
LOG_DRIVERS = ("awslogs", "splunk", "awsfirelens")
_NEEDS = "Fargate requires task definition to have execution role ARN to support"


def _check_options(configuration: dict[str, Any], definition: dict[str, Any]) -> None:
    options, driver = configuration.get("options") or {}, configuration.get("logDriver")
    missing = [name for name in ("awslogs-group", "awslogs-region") if not options.get(name)]
    if driver == "awslogs" and missing:
        raise Refused(CODE, f"Log driver awslogs requires options: {', '.join(missing)}")
    if configuration.get("secretOptions") and not definition.get("executionRoleArn"):
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-logconfig.html; after that of a container's secrets
        message = "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'."
        raise Refused(CODE, message)


def check(containers: list[dict[str, Any]], definition: dict[str, Any]) -> None:
    """Raises Refused."""
    routers = [one["name"] for one in containers if one.get("firelensConfiguration")]
    if len(routers) > 1:
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/firelens-taskdef.html; ours
        raise Refused(CODE, f"Only one container of a task can have a firelensConfiguration: {', '.join(routers)}.")
    for container in containers:
        configuration = container.get("logConfiguration") or {}
        if configuration.get("logDriver") == "awsfirelens" and not routers:
            message = (
                "When awsfirelens log driver is specified in log configuration, a firelens configuration object must be "
                "configured in one of the containers."
            )
            raise Refused(CODE, message)
        _check_options(configuration, definition)


def check_fargate(configuration: dict[str, Any], definition: dict[str, Any]) -> None:
    """Raises Refused."""
    driver = configuration.get("logDriver")
    if driver is not None and driver not in LOG_DRIVERS:
        raise Refused(CODE, f"{driver} is not a valid log driver. Must be one of [{','.join(LOG_DRIVERS)}]")
    # https://github.com/virtual-kubelet/virtual-kubelet/issues/193
    if driver == "awslogs" and not definition.get("executionRoleArn"):
        raise Refused(CODE, f"{_NEEDS} log driver awslogs.")
    options = configuration.get("options") or {}
    if driver == "awslogs" and options.get("awslogs-group") and not options.get("awslogs-stream-prefix"):
        message = (
            "Fargate requires log configuration options to include awslogs-stream-prefix to support log driver awslogs."
        )
        raise Refused(CODE, message)
