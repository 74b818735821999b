"""Security-group rules as resources of their own: how one stack adds an edge to another stack's group."""

from typing import Any

from ministack.services import ec2
from ministack.services.cloudformation import provisioners

from .changes import counted
from .replacing import wrap_entries
from .resources import Created, Properties, new_id, resource

_MUTATIONS = (
    "AuthorizeSecurityGroupIngress",
    "AuthorizeSecurityGroupEgress",
    "RevokeSecurityGroupIngress",
    "RevokeSecurityGroupEgress",
)


def _rules(direction: str, group_id: str) -> list[dict[str, Any]]:
    group = ec2._security_groups.get(group_id)
    if group is None:
        raise ValueError(f"The security group '{group_id}' does not exist")
    rules: list[dict[str, Any]] = group[direction]
    return rules


def _register_rules(type_name: str, direction: str) -> None:
    def create(logical_id: str, properties: Properties, stack: str) -> Created:
        [permission] = provisioners._ec2_sg_permissions([properties])
        rule_id = new_id("sgr-")
        _rules(direction, properties["GroupId"]).append({**permission, "_rule_id": rule_id})
        return rule_id, {"Id": rule_id}

    def delete(rule_id: str, properties: Properties) -> None:
        group = ec2._security_groups.get(properties.get("GroupId", ""))
        if group is not None:
            group[direction][:] = [rule for rule in group[direction] if rule.get("_rule_id") != rule_id]

    def update(rule_id: str, old: Properties, new: Properties, stack: str, logical_id: str | None = None) -> Created:
        created = create(logical_id or rule_id, new, stack)
        delete(rule_id, old)
        return created

    resource(type_name, create=create, delete=delete, update=update)


def register() -> None:
    """Adds AWS::EC2::SecurityGroupIngress and ...Egress."""
    _register_rules("AWS::EC2::SecurityGroupIngress", "IpPermissions")
    _register_rules("AWS::EC2::SecurityGroupEgress", "IpPermissionsEgress")
    wrap_entries(ec2._ACTION_MAP, _MUTATIONS, counted)
