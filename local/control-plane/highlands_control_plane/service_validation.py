"""What ECS refuses about a service, with the thing, the value and the remedy in one line.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
"""

from typing import Any

from ministack.services import ecs

from . import service_balancers, service_connect_rules, service_deployment_rules, service_placement
from .refused import Refused
from .task_definition_rules import NAME

CODE = "InvalidParameterException"


def check_new(request: dict[str, Any]) -> None:
    """What only a new service can be refused for. Raises Refused."""
    if not NAME.fullmatch(request.get("serviceName") or ""):
        name = request.get("serviceName", "")
        # Ours: no source has AWS's sentence.
        raise Refused(CODE, f"serviceName '{name}' has 1 to 255 letters, digits, hyphens and underscores.")
    # https://github.com/terraform-linters/tflint-ruleset-aws/issues/349
    if request.get("launchType") and request.get("capacityProviderStrategy"):
        message = (
            "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again."
        )
        raise Refused(CODE, message)
    definition = ecs._task_defs.get(ecs._resolve_td_key(request.get("taskDefinition", "")) or "") or {}
    check_active(definition)


def check_active(definition: dict[str, Any]) -> None:
    """No new use of a definition that is deregistered: from memory, "TaskDefinition is inactive". Raises Refused.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeregisterTaskDefinition.html
    """
    if definition.get("status") == "INACTIVE":
        raise Refused("ClientException", "TaskDefinition is inactive")


def check(service: dict[str, Any], cluster: dict[str, Any]) -> None:
    """Checks a service as it would be after the request. Raises Refused."""
    definition = ecs._task_defs[ecs._resolve_td_key(service["taskDefinition"])]
    if int(service["desiredCount"]) < 0:
        # "0 or greater": https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html; ours
        raise Refused(CODE, f"desiredCount is {service['desiredCount']}: it can't be below 0.")
    service_placement.check(service, definition, cluster)
    service_balancers.check(service, definition)
    service_deployment_rules.check(service)
    connect = service.get("serviceConnectConfiguration")
    if connect and connect.get("enabled"):
        connect.setdefault("namespace", (cluster.get("serviceConnectDefaults") or {}).get("namespace", ""))
        service_connect_rules.check(connect, service, definition)
