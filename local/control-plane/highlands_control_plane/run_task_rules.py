"""What ECS refuses of RunTask.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
"""

import json
from typing import Any

from . import fargate_rules, service_placement, service_validation, service_volumes
from .given_values import is_true
from .refused import Refused

CODE = "InvalidParameterException"
# "You can specify up to 10 tasks for each call", of the page above.
_MOST = 10
# "A total of 8192 characters are allowed for overrides": the same page.
_MOST_OF_OVERRIDES = 8192
_MOST_OF_STARTED_BY = 128


def check(request: dict[str, Any], definition: dict[str, Any], cluster: dict[str, Any]) -> None:
    """A request with the strategy that it gets by its cluster. Raises Refused."""
    service_validation.check_active(definition)
    if not 1 <= int(request.get("count", 1)) <= _MOST:
        raise Refused(CODE, f"count is {request['count']}: it has to be between 1 and {_MOST}.")  # ours
    if len(request.get("startedBy") or "") > _MOST_OF_STARTED_BY:
        raise Refused(CODE, f"startedBy can have at most {_MOST_OF_STARTED_BY} characters.")  # ours
    if (request.get("group") or "").startswith("service:"):
        raise Refused(CODE, "Invalid namespace for group.")  # from memory
    service_validation.check_one_launch(request)
    service_placement.check({"serviceName": definition["family"], **request}, definition, cluster)
    service_volumes.check(request.get("volumeConfigurations") or [], definition)
    overrides = request.get("overrides") or {}
    _check_overrides(overrides, definition)
    if is_true(request.get("enableExecuteCommand")) and not (
        overrides.get("taskRoleArn") or definition.get("taskRoleArn")
    ):
        # The same rule as of a service, whose sentence people quote; this one is ours.
        message = "enableExecuteCommand needs a task role: give the task definition or the overrides a taskRoleArn."
        raise Refused(CODE, message)


def _check_overrides(overrides: dict[str, Any], definition: dict[str, Any]) -> None:
    containers = overrides.get("containerOverrides") or []
    if len(json.dumps(containers, separators=(",", ":"))) > _MOST_OF_OVERRIDES:
        # https://github.com/aws/containers-roadmap/issues/1095
        raise Refused(CODE, f"Container Overrides length must be at most {_MOST_OF_OVERRIDES}")
    known = {one["name"] for one in definition["containerDefinitions"]}
    for one in containers:
        if one.get("name") not in known:
            # https://github.com/aws/amazon-ecs-agent/issues/2112
            message = f"Override for container named {one.get('name')} is not a container in the TaskDefinition."
            raise Refused(CODE, message)
        if one.get("environmentFiles"):
            message = f"environmentFiles of container {one['name']}: files in S3 are not read in the local region: use environment"
            raise Refused(CODE, message)
        if one.get("resourceRequirements"):
            raise Refused(CODE, "Tasks using the Fargate launch type do not support GPU resource requirements.")
    sizes = {name: overrides[name] for name in ("cpu", "memory", "ephemeralStorage") if overrides.get(name)}
    if sizes:
        fargate_rules.check_size({**definition, **sizes})
