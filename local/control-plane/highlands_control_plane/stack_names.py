"""Names that a template gives to resources: each can be had once, and a resource that has one is not replaced under it.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-name.html
"""

from collections.abc import Callable
from typing import Any

from ministack.services import cloudformation
from ministack.services.cloudformation import provisioners

from .replacing import add_entry

Properties = dict[str, Any]

# The types whose id is their name, or a part of it: the properties that must differ. Of load balancers, their groups and namespaces
# the service itself says it, in its own words.
_NAMED: dict[str, tuple[str, ...]] = {
    "AWS::CloudWatch::Alarm": ("AlarmName",),
    "AWS::DynamoDB::Table": ("TableName",),
    "AWS::ECR::Repository": ("RepositoryName",),
    "AWS::ECS::Cluster": ("ClusterName",),
    "AWS::ECS::Service": ("ServiceName", "Cluster"),
    "AWS::Events::Rule": ("Name", "EventBusName"),
    "AWS::IAM::InstanceProfile": ("InstanceProfileName",),
    "AWS::IAM::ManagedPolicy": ("ManagedPolicyName",),
    "AWS::IAM::Role": ("RoleName",),
    "AWS::IAM::User": ("UserName",),
    "AWS::Lambda::Function": ("FunctionName",),
    "AWS::Logs::LogGroup": ("LogGroupName",),
    "AWS::SSM::Parameter": ("Name",),
}
# What ministack's table lacks of them: the name, and what replaces a resource beside it, by the types' pages of
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html and the like.
_REPLACED: dict[str, tuple[str, tuple[str, ...]]] = {
    "AWS::EC2::SecurityGroup": ("GroupName", ("GroupDescription", "VpcId")),
    "AWS::ECS::Service": ("ServiceName", ("Cluster", "Role", "SchedulingStrategy")),
    "AWS::ServiceDiscovery::PrivateDnsNamespace": ("Name", ("Vpc",)),
}
_CUSTOM = ("Custom::", "AWS::CloudFormation::CustomResource")


def _key(resource_type: str, properties: Properties) -> tuple[str, ...] | None:
    first, *others = _NAMED.get(resource_type, ("",))
    name = properties.get(first)
    # A cluster is named by its name or its ARN.
    return None if not name else (str(name), *(str(properties.get(one, "")).rpartition("/")[2] for one in others))


def check_free(resource_type: str, properties: Properties, stack_id: str, logical_id: str) -> None:
    """Raises ValueError where a resource of a stack has the name: https://github.com/aws-samples/eb-php-wordpress/issues/25 quotes it."""
    key = _key(resource_type, properties)
    if key is None:
        return
    for stack in cloudformation._stacks.values():
        for name, record in stack.get("_resources", {}).items():
            is_itself = stack["StackId"] == stack_id and name == logical_id
            if is_itself or record.get("ResourceType") != resource_type:
                continue
            if _key(resource_type, record.get("Properties", {})) == key:
                raise ValueError(f"{key[0]} already exists in stack {stack['StackId']}")


def check_change(resource_type: str, old: Properties, new: Properties, stack_id: str, logical_id: str) -> None:
    """The same for a resource that gets another name. Raises ValueError for what never changes."""
    if _key(resource_type, old) != _key(resource_type, new):
        check_free(resource_type, new, stack_id, logical_id)
    if resource_type.startswith(_CUSTOM) and old.get("ServiceToken") != new.get("ServiceToken"):
        # Quoted by people who met it; no page of AWS has it.
        raise ValueError("Modifying service token is not allowed.")


def _replaces(properties: tuple[str, ...]) -> Callable[[Properties, Properties], bool]:
    def call(old: Properties, new: Properties) -> bool:
        return any(_last(old.get(one)) != _last(new.get(one)) for one in properties)

    return call


def _last(value: Any) -> Any:
    """An ARN and the name in it are the same one; a default that is given changes nothing."""
    if value in ("REPLICA", "default"):
        return None
    return value.rpartition("/")[2] if isinstance(value, str) and value.startswith("arn:") else value


def register() -> None:
    """Completes ministack's table of the resources that are not replaced under the same name."""
    for resource_type, (name, properties) in _REPLACED.items():
        entry = {"name": name, "requires_replacement": _replaces(properties)}
        add_entry(provisioners._CUSTOM_NAME_REPLACEMENT, resource_type, entry)
