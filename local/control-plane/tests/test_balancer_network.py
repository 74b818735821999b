"""The subnets and security groups of load balancers: when they are made, and when others are set."""

import re
from collections.abc import Callable

import pytest
from in_process import query
from test_load_balancer_refusals import Fields, arn_of, balancer, elb, subnets, vpc

_GONE = ("SubnetNotFound", "InvalidSubnetID.NotFound")
_FEW = ("ValidationError", "At least two subnets in two different Availability Zones must be specified")
_ZONE = ("InvalidConfigurationRequest", "multiple subnets in the same Availability Zone")
_VPC = ("InvalidConfigurationRequest", "All subnets of a load balancer must belong to the same VPC")


def listed(*ids: str) -> Fields:
    return {f"Subnets__member__{number}": one for number, one in enumerate(ids, 1)}


def mapped(*ids: str) -> Fields:
    return {f"SubnetMappings__member__{number}__SubnetId": one for number, one in enumerate(ids, 1)}


def far_subnets() -> list[str]:
    network = re.search(r"<vpcId>([^<]+)<", query("ec2", "2016-11-15", "CreateVpc", CidrBlock="10.6.0.0/16")[1])
    assert network is not None
    found = []
    for number, zone in enumerate("ab"):
        block = {"VpcId": network[1], "CidrBlock": f"10.6.{number}.0/24", "AvailabilityZone": f"us-east-1{zone}"}
        found += re.findall(r"<subnetId>([^<]+)<", query("ec2", "2016-11-15", "CreateSubnet", **block)[1])
    return found


@pytest.fixture(scope="module")
def ids() -> dict[str, str]:
    near, far = subnets(*"aab"), far_subnets()
    group = {"GroupName": "near", "GroupDescription": "near", "VpcId": vpc()}
    made = re.search(r"<groupId>([^<]+)<", query("ec2", "2016-11-15", "CreateSecurityGroup", **group)[1])
    assert made is not None
    return {"a": near[0], "a2": near[1], "b": near[2], "far": far[1], "gone": "subnet-gone", "group": made[1]}


@pytest.fixture(scope="module")
def made() -> str:
    return arn_of(balancer("network"), "LoadBalancer")


@pytest.mark.parametrize("how", [listed, mapped])
@pytest.mark.parametrize(
    ("wanted", "kind", "refused"),
    [
        (("a", "gone"), "application", _GONE),
        (("a",), "application", _FEW),
        (("a", "a2"), "application", _ZONE),
        (("a", "far"), "application", _VPC),
        (("gone",), "network", _GONE),
        (("a", "a2"), "network", _ZONE),
        (("a", "b"), "application", None),
        (("a",), "network", None),
    ],
)
def test_subnets(
    how: Callable[..., Fields], wanted: tuple[str, ...], kind: str, refused: tuple[str, str] | None, ids: dict[str, str]
) -> None:
    given = how(*(ids[one] for one in wanted))
    answer = elb("CreateLoadBalancer", Name="new", Type=kind, **given)
    if refused is None:
        elb("DeleteLoadBalancer", LoadBalancerArn=arn_of(answer, "LoadBalancer"))
    else:
        assert f"<Code>{refused[0]}</Code>" in answer
        assert refused[1] in answer


@pytest.mark.parametrize("how", [listed, mapped])
@pytest.mark.parametrize(
    ("wanted", "refused"),
    [
        (("a", "gone"), _GONE),
        (("a",), _FEW),
        (("a", "a2"), _ZONE),
        (("a", "far"), _VPC),
        (("a", "b"), None),
    ],
)
def test_other_subnets(
    how: Callable[..., Fields], wanted: tuple[str, ...], refused: tuple[str, str] | None, made: str, ids: dict[str, str]
) -> None:
    answer = elb("SetSubnets", LoadBalancerArn=made, **how(*(ids[one] for one in wanted)))
    assert (refused[1] in answer and refused[0] in answer) if refused else ("<Error>" not in answer)


@pytest.mark.parametrize(("group", "fits"), [("group", True), ("gone", False)])
def test_other_security_groups(group: str, fits: bool, made: str, ids: dict[str, str]) -> None:
    answer = elb("SetSecurityGroups", LoadBalancerArn=made, SecurityGroups__member__1=ids[group])
    assert ("One or more security groups are invalid" in answer) != fits
    assert ("<Error>" in answer) != fits
