"""What ECS refuses about a service, with the thing, the value and the remedy in one line.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
"""

from typing import Any

from ministack.services import ecs

from . import (
    service_balancers,
    service_connect_rules,
    service_deployment_rules,
    service_placement,
    service_registries,
    service_volumes,
)
from .given_values import is_true
from .refused import Refused
from .task_definition_rules import NAME

CODE = "InvalidParameterException"


def check_new(request: dict[str, Any]) -> None:
    """What only a new service can be refused for. Raises Refused."""
    if not NAME.fullmatch(request.get("serviceName") or ""):
        name = request.get("serviceName", "")
        # https://github.com/badmintoncryer/cdk-preflight pf-ecs-service-name
        raise Refused(CODE, rf"ServiceName must match ^[a-zA-Z0-9\-_]{{1,255}}$, but was {name}")
    check_one_launch(request)
    definition = ecs._task_defs.get(ecs._resolve_td_key(request.get("taskDefinition", "")) or "") or {}
    check_active(definition)


def check_one_launch(request: dict[str, Any]) -> None:
    """https://github.com/terraform-linters/tflint-ruleset-aws/issues/349. Raises Refused."""
    if request.get("launchType") and request.get("capacityProviderStrategy"):
        message = (
            "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again."
        )
        raise Refused(CODE, message)


def check_active(definition: dict[str, Any]) -> None:
    """No new use of a definition that is deregistered: from memory, "TaskDefinition is inactive". Raises Refused.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterTaskDefinition.html
    """
    if definition.get("status") == "INACTIVE":
        raise Refused("ClientException", "TaskDefinition is inactive")


def check(service: dict[str, Any], cluster: dict[str, Any], done: str = "updated") -> None:
    """Checks a service as it would be after the request, which is `done` by it. Raises Refused."""
    definition = ecs._task_defs[ecs._resolve_td_key(service["taskDefinition"])]
    if int(service["desiredCount"]) < 0:
        # "0 or greater": https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html; ours
        raise Refused(CODE, f"desiredCount is {service['desiredCount']}: it can't be below 0.")
    service_placement.check(service, definition, cluster)
    service_balancers.check(service, definition)
    service_volumes.check(service.get("volumeConfigurations") or [], definition)
    service_registries.check(service, definition)
    service_deployment_rules.check(service)
    if is_true(service.get("enableExecuteCommand")) and not definition.get("taskRoleArn"):
        # https://repost.aws/knowledge-center/ecs-error-execute-command, and of an update where people met it
        message = (
            f"The service couldn't be {done} because a valid taskRoleArn is not being used. "
            "Specify a valid task role in your task definition and try again."
        )
        raise Refused(CODE, message)
    connect = service.get("serviceConnectConfiguration")
    if connect and connect.get("enabled"):
        connect.setdefault("namespace", (cluster.get("serviceConnectDefaults") or {}).get("namespace", ""))
        service_connect_rules.check(connect, service, definition)
