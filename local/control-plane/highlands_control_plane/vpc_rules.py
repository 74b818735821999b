"""What EC2 refuses of VPCs and subnets. Requests have CloudFormation's properties, whose names are the API's.

https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
Sentences: pf-ec2-vpc-* and pf-ec2-subnet-* of https://github.com/badmintoncryer/cdk-preflight, which tries them on AWS, and
https://github.com/getmoto/moto/blob/master/moto/ec2/exceptions.py. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
has the codes.
"""

import ipaddress
import re
from typing import Any

from ministack.core.responses import get_region
from ministack.services import alb, ec2, ecs

from .refused import Refused

Request = dict[str, Any]
_NETMASKS = (16, 28)
# Of all that is reserved these are refused, as cdk-preflight found: class E and 100.64.0.0/10 are not.
_RESERVED = [ipaddress.IPv4Network(one) for one in ("0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4")]


def network(text: Any) -> ipaddress.IPv4Network:
    """A block; its host bits are cleared, as AWS does. Raises Refused."""
    try:
        return ipaddress.IPv4Network(str(text), strict=False)
    except ValueError as odd:
        message = f"Value ({text}) for parameter cidrBlock is invalid. This is not a valid CIDR block."
        raise Refused("InvalidParameterValue", message) from odd


def _check_size(block: ipaddress.IPv4Network, text: Any, code: str) -> None:
    if not _NETMASKS[0] <= block.prefixlen <= _NETMASKS[1]:
        raise Refused(code, f"The CIDR '{text}' is invalid.")


def check_vpc(request: Request) -> None:
    """Raises Refused."""
    text = request.get("CidrBlock")
    if not text:
        return  # of a pool
    block = network(text)
    _check_size(block, text, "InvalidVpc.Range")
    if any(block.overlaps(one) for one in _RESERVED):
        raise Refused("InvalidVpc.Range", f"The CIDR '{text}' is invalid.")


def check_there(vpc_id: Any) -> Request:
    """The VPC. Raises Refused."""
    if vpc_id not in ec2._vpcs:
        raise Refused("InvalidVpcID.NotFound", f"The vpc ID '{vpc_id}' does not exist")
    found: Request = ec2._vpcs[vpc_id]
    return found


def check_subnet_there(subnet_id: Any) -> Request:
    """The subnet. Raises Refused."""
    if subnet_id not in ec2._subnets:
        raise Refused("InvalidSubnetID.NotFound", f"The subnet ID '{subnet_id}' does not exist")
    found: Request = ec2._subnets[subnet_id]
    return found


def _blocks(vpc: Request) -> list[ipaddress.IPv4Network]:
    more = [one.get("CidrBlock") for one in vpc.get("CidrBlockAssociationSet") or []]
    return [network(one) for one in (vpc["CidrBlock"], *more) if one]


def check_subnet(request: Request) -> None:
    """Raises Refused."""
    vpc = check_there(request.get("VpcId") or ec2._DEFAULT_VPC_ID)
    zone, region = str(request.get("AvailabilityZone") or f"{get_region()}a"), get_region()
    # Which letters a region has is its own affair, and the local one makes any of these.
    if not re.fullmatch(rf"{re.escape(region)}[a-f]", zone):
        zones = ", ".join(f"{region}{letter}" for letter in "abc")
        message = (
            f"Value ({zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following "
            f"availability zones: {zones}."
        )
        raise Refused("InvalidParameterValue", message)
    text = request.get("CidrBlock")
    if not text:
        return
    block = network(text)
    _check_size(block, text, "InvalidSubnet.Range")
    if not any(block.subnet_of(one) for one in _blocks(vpc)):
        raise Refused("InvalidSubnet.Range", f"The CIDR '{text}' is invalid.")
    for other in list(ec2._subnets.values()):
        if other["VpcId"] == vpc["VpcId"] and other.get("CidrBlock") and block.overlaps(network(other["CidrBlock"])):
            raise Refused("InvalidSubnet.Conflict", f"The CIDR '{text}' conflicts with another subnet")


def services_in(member: str, wanted: str) -> bool:
    """Whether tasks of a service may have an interface with this subnet or security group."""
    return any(
        wanted in (service.get("networkConfiguration", {}).get("awsvpcConfiguration") or {}).get(member, [])
        for service in list(ecs._services.values())
        if service["status"] != "INACTIVE" and (service["desiredCount"] or service["runningCount"])
    )


def check_subnet_deletable(subnet_id: str) -> None:
    """Raises Refused."""
    gateways = [one for one in list(ec2._nat_gateways.values()) if one.get("State") != "deleted"]
    used = services_in("subnets", subnet_id) or any(one.get("SubnetId") == subnet_id for one in gateways)
    if used or any(subnet_id in (one.get("Subnets") or []) for one in list(alb._lbs.values())):
        message = f"The subnet '{subnet_id}' has dependencies and cannot be deleted."
        raise Refused("DependencyViolation", message)


def check_vpc_deletable(vpc_id: str) -> None:
    """As ministack's action does, in the form of CloudFormation too. Raises Refused."""
    inside = [one for one in list(ec2._subnets.values()) if one["VpcId"] == vpc_id]
    groups = [one for one in list(ec2._security_groups.values()) if one["VpcId"] == vpc_id]
    attached = [each for one in list(ec2._internet_gateways.values()) for each in one.get("Attachments", [])]
    if (
        inside
        or any(one["GroupName"] != "default" for one in groups)
        or any(one.get("VpcId") == vpc_id for one in attached)
    ):
        raise Refused("DependencyViolation", f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")
