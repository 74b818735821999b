"""What the agent reads of load balancers comes back whole, by stacks and by the API."""

import json
from typing import Any

import pytest
from conftest import ControlPlane

_ANSWER = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200", "MessageBody": "a & b"}}]


def _stack(plane: ControlPlane, name: str, resources: dict[str, Any]) -> None:
    formation = plane.client("cloudformation")
    formation.create_stack(StackName=name, TemplateBody=json.dumps({"Resources": resources}))
    formation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 20})


def _listener(plane: ControlPlane, actions: list[dict[str, Any]]) -> str:
    elb = plane.client("elbv2")
    subnets = [one["SubnetId"] for one in plane.client("ec2").describe_subnets()["Subnets"]][:2]
    balancer = elb.create_load_balancer(Name="lb", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    made = elb.create_listener(LoadBalancerArn=balancer, Port=80, Protocol="HTTP", DefaultActions=actions)
    return str(made["Listeners"][0]["ListenerArn"])


@pytest.mark.parametrize(
    ("version", "matcher", "path", "wanted"),
    [
        (None, None, None, ("HTTP1", {"HttpCode": "200"}, "/")),
        ("HTTP2", {"HttpCode": "200-299"}, "/up", ("HTTP2", {"HttpCode": "200-299"}, "/up")),
        ("GRPC", None, None, ("GRPC", {"GrpcCode": "12"}, "/AWS.ALB/healthcheck")),
        ("GRPC", {"GrpcCode": "0-99"}, "/a.B/C", ("GRPC", {"GrpcCode": "0-99"}, "/a.B/C")),
    ],
)
def test_a_target_group_keeps_its_protocol_version_and_matcher(
    plane: ControlPlane, version: str | None, matcher: dict[str, str] | None, path: str | None, wanted: Any
) -> None:
    elb = plane.client("elbv2")
    given = {"ProtocolVersion": version, "Matcher": matcher, "HealthCheckPath": path}
    properties = {key: value for key, value in given.items() if value is not None}
    common = {"Protocol": "HTTP", "Port": 80, "VpcId": "vpc-00000001", "TargetType": "ip"}
    [made] = elb.create_target_group(Name="api", **common, **properties)["TargetGroups"]
    _stack(plane, "s", {"G": {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": common | properties}})
    described = elb.describe_target_groups()["TargetGroups"]
    assert len(described) == 2
    for one in (made, *described):
        assert (one["ProtocolVersion"], one["Matcher"], one["HealthCheckPath"]) == wanted


def test_the_codes_of_a_grpc_group_are_changed(plane: ControlPlane) -> None:
    elb = plane.client("elbv2")
    [made] = elb.create_target_group(Name="g", Protocol="HTTP", Port=80, VpcId="vpc-00000001", ProtocolVersion="GRPC")[
        "TargetGroups"
    ]
    [changed] = elb.modify_target_group(TargetGroupArn=made["TargetGroupArn"], Matcher={"GrpcCode": "0,12"})[
        "TargetGroups"
    ]
    assert changed["Matcher"] == {"GrpcCode": "0,12"}


_EXPRESSIONS = [
    {"Field": "path-pattern", "PathPatternConfig": {"RegexValues": ["^/v[0-9]+/"]}},
    {"Field": "host-header", "HostHeaderConfig": {"RegexValues": ["^api[.]"]}},
    {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Kind", "RegexValues": ["^(a|b)$"]}},
]


@pytest.mark.parametrize("condition", _EXPRESSIONS, ids=lambda one: str(one["Field"]))
def test_a_regular_expression_comes_back_as_it_was_given(plane: ControlPlane, condition: dict[str, Any]) -> None:
    elb = plane.client("elbv2")
    listener = _listener(plane, _ANSWER)
    rule = {"ListenerArn": listener, "Actions": _ANSWER}
    [made] = elb.create_rule(Priority=1, Conditions=[condition], **rule)["Rules"]
    other = {"Field": "path-pattern", "Values": ["/x"]}
    elb.create_rule(Priority=2, Conditions=[other], **rule)
    [changing] = [one for one in elb.describe_rules(ListenerArn=listener)["Rules"] if one["Priority"] == "2"]
    [changed] = elb.modify_rule(RuleArn=changing["RuleArn"], Conditions=[condition])["Rules"]
    properties = {**rule, "Priority": 3, "Conditions": [condition]}
    _stack(plane, "s", {"R": {"Type": "AWS::ElasticLoadBalancingV2::ListenerRule", "Properties": properties}})
    described = [one for one in elb.describe_rules(ListenerArn=listener)["Rules"] if one["Priority"] != "default"]
    assert len(described) == 3
    [config] = [name for name in condition if name != "Field"]
    for one in (made, changed, *described):
        [found] = one["Conditions"]
        assert (found["Field"], found[config]) == (condition["Field"], condition[config])


def test_clients_stay_with_a_target_group(plane: ControlPlane) -> None:
    elb = plane.client("elbv2")
    arns = [
        elb.create_target_group(Name=name, Protocol="HTTP", Port=80, VpcId="vpc-00000001")["TargetGroups"][0][
            "TargetGroupArn"
        ]
        for name in ("a", "b")
    ]
    forward = {
        "TargetGroups": [{"TargetGroupArn": arn, "Weight": 1} for arn in arns],
        "TargetGroupStickinessConfig": {"Enabled": True, "DurationSeconds": 60},
    }
    listener = _listener(plane, [{"Type": "forward", "ForwardConfig": forward}])
    [rule] = elb.describe_rules(ListenerArn=listener)["Rules"]
    assert rule["Actions"][0]["ForwardConfig"] == forward


def test_a_load_balancer_is_in_the_zones_of_its_subnets(plane: ControlPlane) -> None:
    elb = plane.client("elbv2")
    subnets = plane.client("ec2").describe_subnets()["Subnets"][:2]
    wanted = {one["SubnetId"]: one["AvailabilityZone"] for one in subnets}
    assert len(set(wanted.values())) == 2
    elb.create_load_balancer(Name="lb", Subnets=list(wanted))
    [balancer] = elb.describe_load_balancers()["LoadBalancers"]
    assert {one["SubnetId"]: one["ZoneName"] for one in balancer["AvailabilityZones"]} == wanted
