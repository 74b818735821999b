"""What EC2 refuses of security groups and of their rules.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AuthorizeSecurityGroupIngress.html
Sentences: pf-ec2-sg-* of https://github.com/badmintoncryer/cdk-preflight, which tries them on AWS, but where another source is named.
"""

import ipaddress
import re
from typing import Any

from ministack.services import alb, ec2

from . import vpc_rules
from .given_values import number
from .refused import Refused
from .security_group_forms import PORTS, key_of, said

CODE = "InvalidParameterValue"
Request = dict[str, Any]
_SIGNS = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{0,255}")
_SET = "a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*"
_NAMES = ("icmp", "icmpv6", "-1", "all", *PORTS)
_LAST_PORT, _LAST_TYPE = 65_535, 255
# https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html#vpc-limits-security-groups: of each direction
_MOST = 60


def default_groups(vpc: str) -> list[str]:
    """What a network interface gets that nobody gives a group.

    https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
    """
    groups = list(ec2._security_groups.items())
    return [key for key, one in groups if one.get("VpcId") == vpc and one.get("GroupName") == "default"]


def check_group(request: Request) -> None:
    """A new group. Raises Refused."""
    vpc = request.get("VpcId") or ec2._DEFAULT_VPC_ID
    vpc_rules.check_there(vpc)
    name, description = request.get("GroupName"), request.get("GroupDescription")
    if name == "default":
        raise Refused(CODE, "Cannot use reserved security group name: default")
    if name is not None and str(name).startswith("sg-"):
        sentence = f"Value ({name}) for parameter GroupName is invalid. Group names may not be in the format sg-*."
        raise Refused(CODE, sentence)
    # That of a description is AWS's: https://github.com/hashicorp/terraform-provider-aws/issues/9406; that of a name is made like it.
    for what, text in (("name", name), ("description", description)):
        if text is not None and not _SIGNS.fullmatch(str(text)):
            sentence = f"Valid {what}s are strings less than 256 characters from the following set:  {_SET}"
            raise Refused(CODE, f"Invalid security group {what}. {sentence}")
    if name and any(one["GroupName"] == name and one["VpcId"] == vpc for one in list(ec2._security_groups.values())):
        # https://github.com/hashicorp/terraform-provider-aws/issues/4028
        raise Refused("InvalidGroup.Duplicate", f"The security group '{name}' already exists for VPC '{vpc}'")


def check_deletable(group_id: str) -> None:
    """Raises Refused. https://github.com/hashicorp/terraform-provider-aws/issues/2445"""
    others = [one for key, one in list(ec2._security_groups.items()) if key != group_id]
    named = any(
        pair.get("GroupId") == group_id
        for one in others
        for rule in (*one["IpPermissions"], *one["IpPermissionsEgress"])
        for pair in rule.get("UserIdGroupPairs") or []
    )
    used = any(group_id in (one.get("SecurityGroups") or []) for one in list(alb._lbs.values()))
    if named or used or vpc_rules.services_in("securityGroups", group_id):
        raise Refused("DependencyViolation", f"resource {group_id} has a dependent object")


def _check_ports(rule: Request, protocol: str) -> None:
    first, last = number(rule.get("FromPort")), number(rule.get("ToPort"))
    if protocol in PORTS:
        if first is None or last is None:
            # https://github.com/hashicorp/terraform-provider-aws/issues/1920
            sentence = "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange."
            raise Refused(CODE, sentence)
        for end, port in (("from", first), ("to", last)):
            if not 0 <= port <= _LAST_PORT:
                raise Refused(CODE, f"TCP/UDP ({end}) port ({port}) out of range")
        if first > last:
            raise Refused(CODE, f"Invalid TCP/UDP port range({first}:{last})")
    elif protocol in ("icmp", "icmpv6"):
        for end, code in (("type", first), ("code", last)):
            if code is not None and not -1 <= code <= _LAST_TYPE:
                raise Refused(CODE, f"ICMP {end} ({code}) out of range")


def _check_peers(rule: Request) -> None:
    for member, kind in (("CidrIp", ipaddress.IPv4Network), ("CidrIpv6", ipaddress.IPv6Network)):
        text = rule.get(member)
        try:
            if text is not None:
                kind(str(text), strict=False)
        except ValueError as odd:
            raise Refused(CODE, f"CIDR block {text} is malformed") from odd
    description = rule.get("Description")
    if description is not None and not _SIGNS.fullmatch(str(description)):
        sentence = f"Valid descriptions are strings less than 256 characters from the following set:  {_SET}"
        raise Refused(CODE, f"Invalid rule description. {sentence}")
    for member in ("SourceSecurityGroupId", "DestinationSecurityGroupId"):
        group, owner = rule.get(member), rule.get("SourceSecurityGroupOwnerId")
        if group is not None and owner is None and group not in ec2._security_groups:
            raise Refused("InvalidGroup.NotFound", f"The security group '{group}' does not exist")


def check_rule(rule: Request) -> None:
    """One rule in the form of CloudFormation. Raises Refused."""
    protocol = str(rule.get("IpProtocol", "")).lower()
    if protocol not in _NAMES and number(protocol) not in range(_LAST_TYPE + 1):
        # https://github.com/hashicorp/terraform/issues/8663
        raise Refused(CODE, f"Invalid value '{rule.get('IpProtocol')}' for IP protocol. Unknown protocol.")
    _check_ports(rule, protocol)
    _check_peers(rule)


def check_new(rules: list[Request], before: list[Request]) -> None:
    """Rules that are put beside others. Raises Refused."""
    known = {key_of(one) for one in before}
    for rule in rules:
        check_rule(rule)
        if key_of(rule) in known:
            message = f'the specified rule "{said(rule)}" already exists'
            raise Refused("InvalidPermission.Duplicate", message)
    if len({key_of(rule) for rule in rules}) < len(rules):
        # https://github.com/hashicorp/terraform-provider-aws/issues/13170
        raise Refused(CODE, "The same permission must not appear multiple times")
    if len(rules) + len(before) > _MOST:
        sentence = "The maximum number of rules per security group has been reached."
        raise Refused("RulesPerSecurityGroupLimitExceeded", sentence)
