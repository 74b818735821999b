"""The two CloudFormation types of Application Auto Scaling.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ApplicationAutoScaling.html
"""

from . import scheduled_actions
from .application_autoscaling import STATE, drop_target, put_policy, put_target
from .refused import told_by_sdk
from .resources import Created, Properties, resource
from .scaling_rules import DIMENSION


def _create_target(logical_id: str, properties: Properties, stack: str) -> Created:
    with told_by_sdk("ApplicationAutoScaling"):
        put_target(properties)
        scheduled_actions.replace_all(properties["ResourceId"], properties.get("ScheduledActions") or [])
    resource_id = properties["ResourceId"]
    return f"{resource_id}|{DIMENSION}|ecs", {"Id": resource_id}


def _update_target(
    physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str | None = None
) -> Created:
    if old["ResourceId"] != new["ResourceId"]:
        drop_target(old["ResourceId"])
    return _create_target(logical_id or physical_id, new, stack)


def _delete_target(physical_id: str, properties: Properties) -> None:
    drop_target(physical_id.split("|")[0])


def _create_policy(logical_id: str, properties: Properties, stack: str) -> Created:
    # A template names the target by its id: "service/cluster/name|dimension|namespace".
    target = properties.get("ScalingTargetId", "").split("|")[0] or properties.get("ResourceId", "")
    with told_by_sdk("ApplicationAutoScaling"):
        arn = put_policy({**properties, "ResourceId": target})["PolicyARN"]
    return arn, {"Arn": arn}


def _update_policy(
    physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str | None = None
) -> Created:
    STATE["policies"].pop(physical_id, None)
    return _create_policy(logical_id or physical_id, new, stack)


def _remove_policy(physical_id: str, properties: Properties) -> None:
    STATE["policies"].pop(physical_id, None)


def register() -> None:
    """Adds the two resource types."""
    kind = "AWS::ApplicationAutoScaling::"
    resource(f"{kind}ScalableTarget", create=_create_target, update=_update_target, delete=_delete_target)
    resource(f"{kind}ScalingPolicy", create=_create_policy, update=_update_policy, delete=_remove_policy)
