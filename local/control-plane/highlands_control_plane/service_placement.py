"""What ECS refuses of where the tasks of a service run: launch type, capacity providers, platform and network.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
"""

from typing import Any

from . import capacity_rules, fargate_rules, service_network
from .aws_sentences import refusal
from .refused import Refused

CODE = "InvalidParameterException"
# Of Linux: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-linux-fargate.html
_PLATFORMS = ("LATEST", "1.4.0", "1.3.0")


def _check_runs_here(service: dict[str, Any], definition: dict[str, Any]) -> None:
    launch_type = service.get("launchType") or "FARGATE"
    if launch_type != "FARGATE":
        message = f"launch type {launch_type} of service {service['serviceName']} is not supported in the local region: use FARGATE"
        raise Refused(CODE, message)
    system = (definition.get("runtimePlatform") or {}).get("operatingSystemFamily", "LINUX")
    if system != "LINUX":
        name = f"{definition['family']}:{definition['revision']}"
        message = f"operating system family {system} of task definition {name} is not supported in the local region: use LINUX"
        raise Refused(CODE, message)
    if not fargate_rules.fits(definition):
        # https://github.com/sil-org/ecs-deploy/issues/134
        raise refusal("launchType")


def check(service: dict[str, Any], definition: dict[str, Any], cluster: dict[str, Any]) -> None:
    """Raises Refused."""
    _check_runs_here(service, definition)
    for member, said in (("placementConstraints", "constraints"), ("placementStrategy", "strategies")):
        if service.get(member):
            # cdk-preflight pf-ecs-service-fargate-placement
            raise Refused(CODE, f"Placement {said} are not supported with FARGATE launch type.")
    capacity_rules.check_of_service(
        service.get("capacityProviderStrategy") or [], cluster.get("capacityProviders") or []
    )
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html#API_CreateService_Errors
    if (service.get("platformVersion") or "LATEST") not in _PLATFORMS:
        raise Refused("PlatformUnknownException", "The specified platform version doesn't exist.")
    service_network.check(service.get("networkConfiguration") or {})
