"""Targets that somebody registers by address: by the API, or as Targets of a template."""

import asyncio
from typing import Any

import pytest
from test_load_balancer_refusals import Fields, arn_of, elb, group, subnets, vpc

from highlands_control_plane import elbv2, registered_targets
from highlands_control_plane.resources import HANDLERS

_TYPE = "AWS::ElasticLoadBalancingV2::TargetGroup"


def addresses(*targets: tuple[str, ...]) -> Fields:
    """Each with its address, its port and its zone, as far as it has them."""
    return {
        f"Targets__member__{number}__{name}": value
        for number, target in enumerate(targets, 1)
        for name, value in zip(("Id", "Port", "AvailabilityZone"), target, strict=False)
        if value
    }


def states(arn: str) -> dict[str, str]:
    return {f"{one['Id']}:{one['Port']}": one["_health"]["State"] for one in registered_targets.described(arn)}


@pytest.fixture
def inside() -> tuple[str, str]:
    """An address of a subnet, and its zone."""
    [made] = subnets("b")
    subnet = registered_targets.ec2._subnets[made]
    return subnet["CidrBlock"].rsplit(".", 1)[0] + ".9", subnet["AvailabilityZone"]


@pytest.fixture
def made(request: pytest.FixtureRequest) -> Any:
    arn = arn_of(group(f"hand-{abs(hash(request.node.name))}", TargetType="ip"), "TargetGroup")
    yield arn
    elb("DeleteTargetGroup", TargetGroupArn=arn)


def test_a_target_is_there_beside_those_of_ecs_and_drains(made: str, inside: tuple[str, str]) -> None:
    address, zone = inside
    elb("RegisterTargets", TargetGroupArn=made, **addresses((address, "8080"), ("172.16.0.1", "", "all")))
    assert states(made) == {f"{address}:8080": "initial", "172.16.0.1:80": "initial"}
    known = [one for one in registered_targets.by_group() if one["targetGroupArn"] == made]
    assert known[0]["targets"][0] == {"id": address, "port": 8080, "availabilityZone": zone}
    task = {"id": "10.0.0.77", "port": 80, "state": "healthy"}
    own = {"id": address, "port": 8080, "state": "unhealthy"}
    elbv2.put_target_health(made, [task, own])
    assert states(made) == {f"{address}:8080": "unhealthy", "172.16.0.1:80": "initial", "10.0.0.77:80": "healthy"}
    # The port is the group's where nobody says it, and this one has another.
    elb("DeregisterTargets", TargetGroupArn=made, **addresses((address,)))
    assert states(made)[f"{address}:8080"] == "unhealthy"
    elb("DeregisterTargets", TargetGroupArn=made, **addresses((address, "8080"), ("172.16.0.1",)))
    elbv2.put_target_health(made, [])
    assert states(made) == {f"{address}:8080": "draining", "172.16.0.1:80": "draining"}
    assert made not in [one["targetGroupArn"] for one in registered_targets.by_group()]
    elb("RegisterTargets", TargetGroupArn=made, **addresses(("172.16.0.1", "", "all")))
    assert states(made)["172.16.0.1:80"] == "initial"


def test_what_has_drained_is_gone(made: str, inside: tuple[str, str]) -> None:
    delay = {"Attributes__member__1__Key": "deregistration_delay.timeout_seconds", "Attributes__member__1__Value": "0"}
    elb("ModifyTargetGroupAttributes", TargetGroupArn=made, **delay)
    elb("RegisterTargets", TargetGroupArn=made, **addresses(inside[:1]))
    elb("DeregisterTargets", TargetGroupArn=made, **addresses(inside[:1]))
    assert states(made) == {}


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        (("x",), "The IP address 'x' is not a valid IPv4 address"),
        (("8.8.8.8", "", "all"), "The IP address '8.8.8.8' must be within the VPC, or within one of 10.0.0.0/8"),
        (("172.16.0.1",), "The Availability Zone is required for IP address '172.16.0.1' because it is not in the VPC"),
        (
            ("172.16.0.1", "", "us-east-1a"),
            "The Availability Zone for IP address '172.16.0.1' must be 'all' for Application Load Balancer target groups",
        ),
        (("{inside}", "", "all"), "is within the VPC, and cannot have its Availability Zone overridden to 'all' from"),
    ],
)
def test_a_target_is_refused(made: str, inside: tuple[str, str], target: tuple[str, ...], sentence: str) -> None:
    given = tuple(part.format(inside=inside[0]) for part in target)
    answer = elb("RegisterTargets", TargetGroupArn=made, **addresses(inside[:1], given))
    assert "<Code>ValidationError</Code>" in answer
    assert sentence in answer
    assert states(made) == {}


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("instance", "Instance ID '10.0.0.1' is not valid"),
        ("lambda", "Target '10.0.0.1' can't be registered: the local region runs no functions"),
    ],
)
def test_what_does_not_run_here_is_refused(kind: str, sentence: str) -> None:
    more = {"Port": "", "VpcId": "", "Protocol": ""} if kind == "lambda" else {}
    arn = arn_of(group(f"of-{kind}", TargetType=kind, **more), "TargetGroup")
    assert sentence in elb("RegisterTargets", TargetGroupArn=arn, **addresses(("10.0.0.1",)))


def test_a_template_registers_them_too(inside: tuple[str, str]) -> None:
    properties = {"VpcId": vpc(), "Protocol": "HTTP", "Port": 80, "TargetType": "ip", "Name": "by-template"}

    def run(action: str, *arguments: Any) -> Any:
        async def call() -> Any:
            return HANDLERS[_TYPE][action](*arguments)

        return asyncio.run(call())

    first = {**properties, "Targets": [{"Id": inside[0]}]}
    arn, _ = run("create", "Group", first, "stack")
    assert states(arn) == {f"{inside[0]}:80": "initial"}
    second = {**properties, "Targets": [{"Id": inside[0], "Port": "81"}]}
    assert run("update", arn, first, second, "stack", "Group")[0] == arn
    assert states(arn) == {f"{inside[0]}:80": "draining", f"{inside[0]}:81": "initial"}
    with pytest.raises(ValueError, match="The Availability Zone is required for IP address '172.16.0.1'"):
        run("create", "Other", {**properties, "Name": "by-other", "Targets": [{"Id": "172.16.0.1"}]}, "stack")


@pytest.mark.parametrize(
    ("port", "limit"),
    [
        (70_000, "less than or equal to 65535"),
        ("70000", "less than or equal to 65535"),
        (-1, "greater than or equal to 1"),
    ],
)
def test_a_port_that_is_none_is_refused(inside: tuple[str, str], port: int | str, limit: str) -> None:
    properties = {
        "VpcId": vpc(),
        "Protocol": "HTTP",
        "Port": 80,
        "TargetType": "ip",
        "Name": f"port{port}".replace("-", ""),
    }
    targets = [{"Id": inside[0]}, {"Id": inside[0], "Port": port}]
    why = f"Value '{port}' at 'targets.2.member.port' failed to satisfy constraint: Member must have value {limit}"

    async def call() -> Any:
        return HANDLERS[_TYPE]["create"]("Group", {**properties, "Targets": targets}, "stack")

    with pytest.raises(ValueError, match=why):
        asyncio.run(call())
