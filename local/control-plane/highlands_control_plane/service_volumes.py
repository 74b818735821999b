"""What ECS refuses of a service's volumes.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceVolumeConfiguration.html
Sentences: the rules pf-ecs-svc-ebs-* of https://github.com/badmintoncryer/cdk-preflight, which tries
them on AWS, but where it says "ours".
"""

from typing import Any

from .given_values import is_true
from .refused import Refused

CODE = "InvalidParameterException"


def check(configurations: list[dict[str, Any]], definition: dict[str, Any]) -> None:
    """Raises Refused."""
    volumes = definition.get("volumes") or []
    at_launch = {one.get("name") for one in volumes if is_true(one.get("configuredAtLaunch"))}
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
