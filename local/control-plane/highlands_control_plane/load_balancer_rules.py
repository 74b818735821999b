"""What Elastic Load Balancing refuses of load balancers, and of names.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
Requests are in the form of CloudFormation's properties, whose names are the API's. The sentences are AWS's where a link says
so; the others say the rule of AWS's page in our words ("ours").
"""

import re
from typing import Any

from ministack.services import alb, ec2

from . import attribute_rules
from .aws_sentences import refusal
from .given_values import is_true
from .refused import Refused

CODE = "ValidationError"
_LONGEST = 32
Request = dict[str, Any]


def check_name(what: str, name: str | None) -> None:
    """Those of load balancers as in https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html.

    Sentences: https://github.com/getmoto/moto/blob/master/tests/test_elbv2/test_elbv2_target_groups.py, tried on AWS.
    """
    if name is None:
        return
    if len(name) > _LONGEST:
        raise refusal("nameLong", what=what, name=name)
    if not re.fullmatch(r"[A-Za-z0-9-]+", name):
        raise refusal("nameSigns", what=what, name=name)
    if name.startswith("-") or name.endswith("-"):
        raise refusal("nameEnds", what=what, name=name)
    if what != "Target group" and name.startswith("internal-"):
        raise refusal("nameInternal", what=what, name=name)  # ours


def subnets_of(request: Request) -> list[str]:
    """By either way to name them."""
    mappings = [str(one.get("SubnetId")) for one in request.get("SubnetMappings") or []]
    return list(request.get("Subnets") or []) or mappings


def vpcs_of(subnets: list[str]) -> set[str]:
    """Those of the subnets that are there."""
    return {str(ec2._subnets[one]["VpcId"]) for one in subnets if one in ec2._subnets}


def _check_subnets(subnets: list[str], kind: str, vpcs: set[str]) -> None:
    """An Application Load Balancer has two zones at least, and each has of each zone one subnet."""
    if kind == "application" and len(set(subnets)) < 2:
        # https://github.com/aws/aws-cdk/issues/3588
        raise refusal("fewSubnets")
    if any(one not in ec2._subnets for one in subnets):
        # AWS names none: https://github.com/aws/aws-cdk/issues/3676, https://github.com/mozilla/fxa-dev/issues/449
        raise Refused("SubnetNotFound", "InvalidSubnetID.NotFound")
    if len(vpcs_of(subnets) | vpcs) > 1:
        # "... from the same VPC" is the rule of AWS's page; ours
        raise Refused("InvalidConfigurationRequest", "All subnets of a load balancer must belong to the same VPC")
    zones = [ec2._subnets[one].get("AvailabilityZone") for one in subnets]
    if len(set(zones)) < len(zones):
        # https://github.com/badmintoncryer/cdk-preflight quotes it
        message = "A load balancer cannot be attached to multiple subnets in the same Availability Zone"
        raise Refused("InvalidConfigurationRequest", message)


def _check_security_groups(groups: list[str], vpcs: set[str]) -> None:
    for one in groups:
        group = ec2._security_groups.get(one)
        if vpcs and (group is None or group.get("VpcId") not in vpcs):
            # cdk-preflight pf-elbv2-lb-sg-vpc-match
            raise Refused("InvalidSecurityGroup", "One or more security groups are invalid")


def check(request: Request) -> None:
    """Raises Refused."""
    check_name("The load balancer", request.get("Name"))
    kind, subnets = request.get("Type") or "application", subnets_of(request)
    _check_subnets(subnets, kind, set())
    _check_security_groups(request.get("SecurityGroups") or [], vpcs_of(subnets))
    attribute_rules.check_balancer(request.get("LoadBalancerAttributes") or [], kind)


def check_other_subnets(request: Request) -> None:
    """Of SetSubnets. Raises Refused."""
    record = alb._lbs.get(request.get("LoadBalancerArn"))
    if record is not None:
        _check_subnets(subnets_of(request), record["Type"], vpcs_of(record["Subnets"]))


def check_other_security_groups(request: Request) -> None:
    """Of SetSecurityGroups. Raises Refused."""
    record = alb._lbs.get(request.get("LoadBalancerArn"))
    if record is not None:
        _check_security_groups(request.get("SecurityGroups") or [], vpcs_of(record["Subnets"]))
        check_kept_groups(record, request.get("SecurityGroups") or [])


def check_kept_groups(record: dict[str, Any], groups: list[str]) -> None:
    """A Network Load Balancer has security groups from the beginning, or never. Raises Refused."""
    if record["Type"] == "network" and bool(groups) != bool(record["SecurityGroups"]):
        # https://github.com/kubernetes-sigs/cluster-api-provider-aws/issues/4790 quotes the first; the other is ours
        message = (
            "You cannot set security groups on a Network Load Balancer which was created without any security groups."
            if groups
            else "You cannot remove all security groups from a Network Load Balancer."
        )
        raise Refused("InvalidConfigurationRequest", message)


def check_deletable(arn: str) -> None:
    """Raises Refused. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#deletion-protection"""
    attributes = {one["Key"]: one["Value"] for one in alb._lb_attrs.get(arn) or []}
    if arn in alb._lbs and is_true(attributes.get("deletion_protection.enabled")):
        message = f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled"
        raise Refused("OperationNotPermitted", message)
