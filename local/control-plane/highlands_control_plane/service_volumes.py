"""What ECS refuses of a service's registries in Cloud Map and of its volumes.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRegistry.html
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceVolumeConfiguration.html
Sentences: the rules pf-ecs-svc-registries-multiple and pf-ecs-svc-ebs-* of https://github.com/badmintoncryer/cdk-preflight, which tries
them on AWS, but where it says "ours".
"""

from typing import Any

from ministack.services import servicediscovery

from .refused import Refused

CODE = "InvalidParameterException"


def check_registries(registries: list[dict[str, Any]], definition: dict[str, Any]) -> None:
    """Raises Refused."""
    if len(registries) > 1:
        raise Refused(CODE, "service registries can have at most 1 items.")
    known = {one.get("Arn") for one in list(servicediscovery._services.values())}
    names = [one["name"] for one in definition.get("containerDefinitions") or []]
    for one in registries:
        if one.get("registryArn") not in known:
            raise Refused(CODE, f"The service registry {one.get('registryArn')} does not exist.")  # ours
        container = one.get("containerName")
        if container is not None and container not in names:
            raise Refused(CODE, f"The container {container} does not exist in the task definition.")
        if one.get("port") is not None and (container is not None or one.get("containerPort") is not None):
            # "... you must specify either a containerName and containerPort combination or a port value, but not both": ours
            raise Refused(CODE, "A service registry has either containerName and containerPort, or port.")


def check_volumes(configurations: list[dict[str, Any]], definition: dict[str, Any]) -> None:
    """Raises Refused."""
    volumes = definition.get("volumes") or []
    at_launch = {one.get("name") for one in volumes if str(one.get("configuredAtLaunch")).lower() == "true"}
    for one in configurations:
        if one.get("name") not in at_launch:
            message = (
                f"The volume name '{one.get('name')}' in your request does not have a matching volume in your Task Definition "
                "that is configurable at launch."
            )
            raise Refused(CODE, message)
    missing = at_launch - {one.get("name") for one in configurations}
    if missing:
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ebs-volumes.html; ours
        message = f"The volume {min(map(str, missing))} of the task definition is configured at launch, and the service has no volumeConfigurations for it."
        raise Refused(CODE, message)
