"""Custom resources that CDK makes by itself, done without their functions.

https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_ec2.Vpc.html, restrictDefaultSecurityGroup
"""

from ministack.services import ec2

from .resources import Created, Properties, new_id, resource


def _restrict(logical_id: str, properties: Properties, stack: str) -> Created:
    group = ec2._security_groups.get(properties.get("DefaultSecurityGroupId", ""))
    if group is not None:
        group["IpPermissions"], group["IpPermissionsEgress"] = [], []
    return new_id("default-sg-"), {}


def _nothing(logical_id: str, properties: Properties, stack: str) -> Created:
    return new_id("custom-"), {}


def _forget(physical_id: str, properties: Properties) -> None:
    pass


def register() -> None:
    """Adds them; what a custom resource clears away at the end of a stack is gone with the region anyway."""
    resource("Custom::VpcRestrictDefaultSG", create=_restrict, delete=_forget)
    for name in ("LogRetention", "S3AutoDeleteObjects", "ECRAutoDeleteImages"):
        resource(f"Custom::{name}", create=_nothing, delete=_forget)
