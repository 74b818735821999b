"""What ECS refuses of where the tasks of a service run: launch type, capacity providers, platform and network.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
"""

from typing import Any

from .refused import Refused

CODE = "InvalidParameterException"
# Of Linux: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/platform-linux-fargate.html
_PLATFORMS = ("LATEST", "1.4.0", "1.3.0")
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html
_MOST = {"subnets": 16, "securityGroups": 5}


def _check_runs_here(service: dict[str, Any], definition: dict[str, Any]) -> None:
    name = f"{definition['family']}:{definition['revision']}"
    launch_type = service.get("launchType") or "FARGATE"
    if launch_type != "FARGATE":
        message = f"launch type {launch_type} of service {service['serviceName']} is not supported in the local region: use FARGATE"
        raise Refused(CODE, message)
    system = (definition.get("runtimePlatform") or {}).get("operatingSystemFamily", "LINUX")
    if system != "LINUX":
        message = f"operating system family {system} of task definition {name} is not supported in the local region: use LINUX"
        raise Refused(CODE, message)
    if definition.get("networkMode") != "awsvpc":
        message = (
            f"network mode {definition.get('networkMode')} of task definition {name} does not fit FARGATE: use awsvpc"
        )
        raise Refused(CODE, message)


def _check_providers(strategy: list[dict[str, Any]], cluster: dict[str, Any]) -> None:
    associated = cluster.get("capacityProviders") or []
    for item in strategy:
        provider = item["capacityProvider"]
        if provider not in ("FARGATE", "FARGATE_SPOT"):
            message = f"capacity provider {provider} is not supported in the local region: use FARGATE or FARGATE_SPOT"
            raise Refused(CODE, message)
        if provider not in associated:
            name = cluster["clusterName"]
            message = f"capacity provider {provider} is not associated with cluster {name}: associate it with the cluster first"
            raise Refused(CODE, message)
    if strategy and not any(int(item.get("weight") or 0) for item in strategy):
        raise Refused(CODE, "no capacity provider of the strategy has a weight above 0: give one")
    if len([item for item in strategy if int(item.get("base") or 0)]) > 1:
        # https://github.com/badmintoncryer/cdk-preflight quotes it
        message = "There are multiple capacity providers in the specified capacity provider strategy with a base value defined"
        raise Refused(CODE, message)


def _check_network(configuration: dict[str, Any]) -> None:
    awsvpc = configuration.get("awsvpcConfiguration")
    if not awsvpc:
        # https://github.com/tryretool/retool-onpremise/pull/84
        raise Refused(CODE, "Network Configuration must be provided when networkMode 'awsvpc' is specified.")
    if not awsvpc.get("subnets"):
        raise Refused(CODE, "subnets can not be empty.")
    for member, most in _MOST.items():
        if len(awsvpc.get(member) or []) > most:
            raise Refused(CODE, f"{member} can have at most {most} items.")


def check(service: dict[str, Any], definition: dict[str, Any], cluster: dict[str, Any]) -> None:
    """Raises Refused."""
    _check_runs_here(service, definition)
    _check_providers(service.get("capacityProviderStrategy") or [], cluster)
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html#API_CreateService_Errors
    if (service.get("platformVersion") or "LATEST") not in _PLATFORMS:
        raise Refused("PlatformUnknownException", "The specified platform version doesn't exist.")
    _check_network(service.get("networkConfiguration") or {})
