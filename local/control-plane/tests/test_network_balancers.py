"""Network Load Balancers: their records, by stacks and by the API, and what Elastic Load Balancing refuses of them."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from conftest import ControlPlane

_TYPE = "AWS::ElasticLoadBalancingV2::"
_GROUP = {"Protocol": "TCP", "Port": 80, "VpcId": "vpc-00000001", "TargetType": "ip"}


def _subnets(plane: ControlPlane) -> list[str]:
    return [one["SubnetId"] for one in plane.client("ec2").describe_subnets()["Subnets"]][:2]


def _balancer(plane: ControlPlane, **more: Any) -> dict[str, Any]:
    made = plane.client("elbv2").create_load_balancer(Name="nlb", Type="network", Subnets=_subnets(plane), **more)
    return dict(made["LoadBalancers"][0])


def _forward(plane: ControlPlane, **more: Any) -> list[dict[str, Any]]:
    [made] = plane.client("elbv2").create_target_group(Name="g", **{**_GROUP, **more})["TargetGroups"]
    return [{"Type": "forward", "TargetGroupArn": made["TargetGroupArn"]}]


def test_a_stack_has_names_and_checks_of_a_network_load_balancer(plane: ControlPlane) -> None:
    resources = {
        "Lb": {
            "Type": f"{_TYPE}LoadBalancer",
            "Properties": {"Type": "network", "SubnetMappings": [{"SubnetId": one} for one in _subnets(plane)]},
        },
        "G": {"Type": f"{_TYPE}TargetGroup", "Properties": _GROUP},
        "L": {
            "Type": f"{_TYPE}Listener",
            "Properties": {
                "LoadBalancerArn": {"Ref": "Lb"},
                "Port": 80,
                "Protocol": "TCP",
                "DefaultActions": [{"Type": "forward", "TargetGroupArn": {"Ref": "G"}}],
                "ListenerAttributes": [{"Key": "tcp.idle_timeout.seconds", "Value": "60"}],
            },
        },
    }
    outputs = {"Name": {"Value": {"Fn::GetAtt": ["Lb", "LoadBalancerFullName"]}}}
    formation, elb = plane.client("cloudformation"), plane.client("elbv2")
    formation.create_stack(StackName="s", TemplateBody=json.dumps({"Resources": resources, "Outputs": outputs}))
    formation.get_waiter("stack_create_complete").wait(StackName="s", WaiterConfig={"Delay": 1, "MaxAttempts": 20})
    [balancer] = elb.describe_load_balancers()["LoadBalancers"]
    arn = balancer["LoadBalancerArn"]
    full = arn.split(":loadbalancer/")[1]
    assert full.startswith("net/")
    assert formation.describe_stacks(StackName="s")["Stacks"][0]["Outputs"][0]["OutputValue"] == full
    assert ".elb.us-east-1.amazonaws.com" in balancer["DNSName"]
    assert sorted(one["SubnetId"] for one in balancer["AvailabilityZones"]) == sorted(_subnets(plane))
    [listener] = elb.describe_listeners(LoadBalancerArn=arn)["Listeners"]
    assert ":listener/net/" in listener["ListenerArn"]
    attributes = elb.describe_listener_attributes(ListenerArn=listener["ListenerArn"])["Attributes"]
    assert attributes == [{"Key": "tcp.idle_timeout.seconds", "Value": "60"}]
    [rule] = elb.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]
    assert ":listener-rule/net/" in rule["RuleArn"]
    [group] = elb.describe_target_groups()["TargetGroups"]
    assert (group["HealthCheckProtocol"], group["HealthCheckTimeoutSeconds"]) == ("TCP", 10)
    assert "HealthCheckPath" not in group
    assert "Matcher" not in group
    assert "ProtocolVersion" not in group


@pytest.mark.parametrize(("check", "timeout"), [("HTTP", 6), ("HTTPS", 10)])
def test_checks_of_http_have_the_usual_values(plane: ControlPlane, check: str, timeout: int) -> None:
    [made] = plane.client("elbv2").create_target_group(Name="g", HealthCheckProtocol=check, **_GROUP)["TargetGroups"]
    assert (made["HealthCheckTimeoutSeconds"], made["HealthCheckPath"]) == (timeout, "/")
    assert made["Matcher"] == {"HttpCode": "200-399"}


def test_a_listener_of_tls_keeps_its_alpn_policy(plane: ControlPlane) -> None:
    certificate = plane.client("acm").request_certificate(DomainName="a.test")["CertificateArn"]
    given = {"Certificates": [{"CertificateArn": certificate}], "AlpnPolicy": ["HTTP2Preferred"]}
    made = plane.client("elbv2").create_listener(
        LoadBalancerArn=_balancer(plane)["LoadBalancerArn"],
        Port=443,
        Protocol="TLS",
        DefaultActions=_forward(plane),
        **given,
    )
    [listener] = made["Listeners"]
    assert listener["AlpnPolicy"] == ["HTTP2Preferred"]
    assert ":listener/net/" in listener["ListenerArn"]


def _refusal(caught: pytest.ExceptionInfo[ClientError]) -> tuple[str, str]:
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


_FIXED = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}]


@pytest.mark.parametrize(
    ("listener", "group", "code", "said"),
    [
        (
            {"Protocol": "HTTP"},
            {},
            "ValidationError",
            "Listener protocol 'HTTP' must be one of 'TCP, TLS, UDP, TCP_UDP'",
        ),
        ({"Protocol": "TLS"}, {}, "ValidationError", "A certificate must be specified for TLS listeners"),
        ({"Protocol": "UDP"}, {}, "IncompatibleProtocols", "have incompatible protocols"),
        ({"Protocol": "TCP"}, {"Protocol": "HTTP"}, "IncompatibleProtocols", "have incompatible protocols"),
        ({"Protocol": "TCP", "DefaultActions": _FIXED}, {}, "InvalidLoadBalancerAction", "'fixed-response' cannot be"),
        ({"Protocol": "TCP", "SslPolicy": "ELBSecurityPolicy-2016-08"}, {}, "ValidationError", "for TCP listeners"),
    ],
)
def test_a_listener_is_refused(
    plane: ControlPlane, listener: dict[str, Any], group: dict[str, str], code: str, said: str
) -> None:
    given = {"Port": 80, "DefaultActions": _forward(plane, **group), **listener}
    with pytest.raises(ClientError) as caught:
        plane.client("elbv2").create_listener(LoadBalancerArn=_balancer(plane)["LoadBalancerArn"], **given)
    assert _refusal(caught)[0] == code
    assert said in _refusal(caught)[1]


def test_it_has_no_rules(plane: ControlPlane) -> None:
    elb = plane.client("elbv2")
    [listener] = elb.create_listener(
        LoadBalancerArn=_balancer(plane)["LoadBalancerArn"], Port=80, Protocol="TCP", DefaultActions=_forward(plane)
    )["Listeners"]
    conditions = [{"Field": "path-pattern", "Values": ["/a"]}]
    with pytest.raises(ClientError) as caught:
        elb.create_rule(ListenerArn=listener["ListenerArn"], Priority=1, Conditions=conditions, Actions=_FIXED)
    assert _refusal(caught) == ("ValidationError", "Rules are unsupported for Network Load Balancer listeners")


def test_one_without_security_groups_gets_none_later(plane: ControlPlane) -> None:
    groups = plane.client("ec2").describe_security_groups()["SecurityGroups"]
    own = next(one["GroupId"] for one in groups if one.get("VpcId") == "vpc-00000001")
    with pytest.raises(ClientError) as caught:
        plane.client("elbv2").set_security_groups(
            LoadBalancerArn=_balancer(plane)["LoadBalancerArn"], SecurityGroups=[own]
        )
    said = "You cannot set security groups on a Network Load Balancer which was created without any security groups."
    assert _refusal(caught) == ("InvalidConfigurationRequest", said)
