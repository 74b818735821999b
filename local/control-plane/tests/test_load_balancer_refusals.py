"""What Elastic Load Balancing refuses, with AWS's code and sentence: by the API, and by the handlers of CloudFormation."""

import html
import itertools
import re
from functools import cache
from typing import Any

import pytest
from in_process import query, run

from highlands_control_plane.resources import HANDLERS

_TYPE = "AWS::ElasticLoadBalancingV2::"
Fields = dict[str, str]


def elb(action: str, **fields: str) -> str:
    given = {name.replace("__", "."): value for name, value in fields.items()}
    return html.unescape(query("elasticloadbalancing", "2015-12-01", action, **given)[1])


def arn_of(answer: str, kind: str) -> str:
    found = re.search(rf"<{kind}Arn>([^<]+)<", answer)
    assert found is not None, answer
    return found[1]


@cache
def vpc() -> str:
    found = re.search(r"<vpcId>([^<]+)<", query("ec2", "2016-11-15", "CreateVpc", CidrBlock="10.9.0.0/16")[1])
    assert found is not None
    return found[1]


_numbers = itertools.count()


def subnets(*zones: str) -> list[str]:
    found = []
    for zone in zones:
        block = {"CidrBlock": f"10.9.{next(_numbers)}.0/24", "AvailabilityZone": f"us-east-1{zone}"}
        one = re.search(r"<subnetId>([^<]+)<", query("ec2", "2016-11-15", "CreateSubnet", VpcId=vpc(), **block)[1])
        assert one is not None
        found.append(one[1])
    return found


def group(name: str, **more: str) -> str:
    given = {"Name": name, "Protocol": "HTTP", "Port": "80", "VpcId": vpc(), "TargetType": "ip", **more}
    return elb("CreateTargetGroup", **{key: value for key, value in given.items() if value})


def balancer(name: str, zones: str = "ab", **more: str) -> str:
    listed = {f"Subnets__member__{number}": one for number, one in enumerate(subnets(*zones), 1)}
    return elb("CreateLoadBalancer", Name=name, **listed, **more)


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """A load balancer with a listener at 80 that sends to the group `one`, and a rule of priority 1."""
    far = re.search(r"<vpcId>([^<]+)<", query("ec2", "2016-11-15", "CreateVpc", CidrBlock="10.8.0.0/16")[1])
    assert far is not None
    arns = {
        "balancer": arn_of(balancer("made"), "LoadBalancer"),
        "group": arn_of(group("one"), "TargetGroup"),
        "mate": arn_of(group("mate"), "TargetGroup"),
        "h2_group": arn_of(group("h2", ProtocolVersion="HTTP2"), "TargetGroup"),
        "tcp_group": arn_of(group("tcp", Protocol="TCP"), "TargetGroup"),
        "far_group": arn_of(group("far", VpcId=far[1]), "TargetGroup"),
    }
    forward = {"DefaultActions__member__1__Type": "forward", "DefaultActions__member__1__TargetGroupArn": arns["group"]}
    answer = elb("CreateListener", LoadBalancerArn=arns["balancer"], Protocol="HTTP", Port="80", **forward)
    arns["listener"] = arn_of(answer, "Listener")
    arns["rule"] = arn_of(rule(arns), "Rule")
    return arns


def values(*listed: str, field: str = "path-pattern", number: int = 1) -> Fields:
    base = f"Conditions__member__{number}__"
    return {f"{base}Field": field, **{f"{base}Values__member__{n}": one for n, one in enumerate(listed, 1)}}


ANSWER = {
    "Actions__member__1__Type": "fixed-response",
    "Actions__member__1__FixedResponseConfig__StatusCode": "200",
}


def rule(
    made: dict[str, str], priority: str = "1", conditions: Fields | None = None, actions: Fields | None = None
) -> str:
    fields = {**(conditions or values("/x")), **(actions or ANSWER)}
    return elb("CreateRule", ListenerArn=made["listener"], Priority=priority, **fields)


def redirect(**config: str) -> Fields:
    base = "Actions__member__1__"
    listed = {f"{base}RedirectConfig__{name}": value for name, value in {"StatusCode": "HTTP_301", **config}.items()}
    return {f"{base}Type": "redirect", **listed}


def forward(*arns: str, weight: str = "1") -> Fields:
    base = "Actions__member__1__"
    groups = {
        f"{base}ForwardConfig__TargetGroups__member__{n}__{name}": value
        for n, arn in enumerate(arns, 1)
        for name, value in (("TargetGroupArn", arn), ("Weight", weight))
    }
    return {f"{base}Type": "forward", **groups}


STICKY = "Actions__member__1__ForwardConfig__TargetGroupStickinessConfig__"
HEADER = "Conditions__member__1__HttpHeaderConfig__"
RULES: list[tuple[Fields, Fields, str, str]] = [
    (values(*"abcdef"), ANSWER, "ValidationError", "A rule can only have '5' condition values and regex values"),
    (values("*a*", "*b*", "*c*d*"), ANSWER, "ValidationError", "A rule can only have '6' condition wildcards"),
    (values("/" + "x" * 128), ANSWER, "ValidationError", "The 'path-pattern' value is too long; the limit is '128'"),
    (values("a_b^c", field="host-header"), ANSWER, "ValidationError", "contains a character that is not valid"),
    (values("a", field="cookie"), ANSWER, "ValidationError", "Condition field 'cookie' must be one of"),
    (values(field="path-pattern"), ANSWER, "ValidationError", "A condition value must be specified"),
    (
        {**values("/a"), **values("/b", number=2)},
        ANSWER,
        "ValidationError",
        "A rule can only have one 'path-pattern' condition",
    ),
    (
        {**values(field="http-header"), f"{HEADER}HttpHeaderName": "Host", f"{HEADER}Values__member__1": "x"},
        ANSWER,
        "ValidationError",
        "You cannot specify 'host' as an HTTP header name",
    ),
    (
        {**values(field="source-ip"), "Conditions__member__1__SourceIpConfig__Values__member__1": "10.0.0.1"},
        ANSWER,
        "ValidationError",
        "The specified value '10.0.0.1' is not a valid CIDR block",
    ),
    (values("/x"), redirect(), "InvalidLoadBalancerAction", "is not valid because it creates a loop."),
    (
        values("/x"),
        redirect(Port="0"),
        "ValidationError",
        "The Port parameter must be either an integer between 1 and 65535 or '#{port}'.",
    ),
    (
        values("/x"),
        redirect(Path="x"),
        "ValidationError",
        "The Path parameter must be a valid path, should start with a '/'",
    ),
    (values("/x"), forward("arn:none"), "TargetGroupNotFound", "Target group 'arn:none' not found"),
    (
        values("/x"),
        forward("{h2_group}"),
        "InvalidLoadBalancerAction",
        "Listener protocol 'HTTP' is not supported with a target group with the protocol-version 'HTTP2'",
    ),
    (
        values("/x"),
        forward("{group}", weight="1000"),
        "ValidationError",
        "The weight for the target group must be between 1 and 999, inclusive",
    ),
    (
        values("/x"),
        forward(*["{group}"] * 6),
        "TooManyTargetGroups",
        "You cannot specify more than 5 target groups per action",
    ),
    (
        values("/x"),
        {**ANSWER, **forward("{group}"), "Actions__member__2__Type": "redirect"},
        "ValidationError",
        "not '2'",
    ),
]


@pytest.mark.parametrize(("conditions", "actions", "code", "sentence"), RULES, ids=[one[3] for one in RULES])
def test_a_rule_is_refused(made: dict[str, str], conditions: Fields, actions: Fields, code: str, sentence: str) -> None:
    filled = {
        name: value.format(**made) if "{" in value and "#" not in value else value for name, value in actions.items()
    }
    answer = rule(made, "7", conditions, filled)
    assert f"<Code>{code}</Code>" in answer
    assert sentence in answer


def test_a_priority_is_there_once(made: dict[str, str]) -> None:
    for answer in (rule(made), rule(made, conditions=values("/other"))):
        assert "<Code>PriorityInUse</Code><Message>Priority '1' is currently in use</Message>" in answer
    assert "Member must have value less than or equal to 50000" in rule(made, "50001")
    second = arn_of(rule(made, "2"), "Rule")
    pair = {"RulePriorities__member__1__RuleArn": made["rule"], "RulePriorities__member__1__Priority": "2"}
    assert "Priority '2' is currently in use" in elb("SetRulePriorities", **pair)
    swapped = {"RulePriorities__member__2__RuleArn": second, "RulePriorities__member__2__Priority": "1"}
    assert "<Error>" not in elb("SetRulePriorities", **pair, **swapped)
    pair["RulePriorities__member__1__Priority"] = "1"
    assert "Priority '1' was provided multiple times" in elb("SetRulePriorities", **pair, **swapped)
    assert "<Error>" not in elb("DeleteRule", RuleArn=second)
    back = {"RulePriorities__member__1__RuleArn": made["rule"], "RulePriorities__member__1__Priority": "1"}
    elb("SetRulePriorities", **back)


def test_by_cloudformation_it_is_the_same_sentence(made: dict[str, str]) -> None:
    properties: dict[str, Any] = {
        "ListenerArn": made["listener"],
        "Priority": 1,
        "Conditions": [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/y"]}}],
        "Actions": [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}],
    }

    async def create(**more: Any) -> Any:
        return HANDLERS[f"{_TYPE}ListenerRule"]["create"]("Rule", {**properties, **more}, "stack")

    handled = (
        r'Resource handler returned message: "Priority \'1\' is currently in use \(Service: ElasticLoadBalancingV2'
    )
    with pytest.raises(ValueError, match=handled):
        run(create())
    with pytest.raises(ValueError, match="creates a loop"):
        run(create(Priority="9", Actions=[{"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_301"}}]))
    arn, _ = run(create(Priority="9"))

    async def update(**more: Any) -> Any:
        handler = HANDLERS[f"{_TYPE}ListenerRule"]["update"]
        return handler(arn, properties, {**properties, "Priority": "9", **more}, "stack", "Rule")

    assert run(update())[0] == arn
    with pytest.raises(ValueError, match="Priority '1' is currently in use"):
        run(update(Priority=1))
    elb("DeleteRule", RuleArn=arn)


GROUPS: list[tuple[Fields, str, str]] = [
    ({"Name": "x" * 33}, "ValidationError", "cannot be longer than '32' characters"),
    ({"Name": "a_b"}, "ValidationError", "Target group name 'a_b' can only contain characters that are alphanumeric"),
    ({"Name": "a-"}, "ValidationError", "Target group name 'a-' cannot begin or end with '-'"),
    (
        {"Name": "one", "Port": "81"},
        "DuplicateTargetGroupName",
        "with the same name 'one' exists, but with different settings",
    ),
    ({"VpcId": "vpc-gone"}, "ValidationError", "The VPC ID 'vpc-gone' is not found"),
    (
        {"Protocol": "TCP", "ProtocolVersion": "HTTP2"},
        "ValidationError",
        "You cannot specify the protocol version for a target group with the 'TCP' protocol",
    ),
    (
        {"HealthCheckProtocol": "TCP"},
        "ValidationError",
        "Health check protocol 'TCP' must be one of 'HTTP, HTTPS'",
    ),
    ({"TargetType": "alb"}, "ValidationError", "'HTTP' is not supported for target groups with target type 'alb'"),
    ({"VpcId": ""}, "ValidationError", "A VPC ID must be specified"),
    ({"HealthCheckTimeoutSeconds": "30"}, "ValidationError", "timeout '30' must be smaller than the interval '30'"),
    ({"HealthCheckPath": "x"}, "ValidationError", "Health check path 'x' must begin with a '/' character"),
    ({"HealthCheckPort": "0"}, "ValidationError", "Health check port '0' must be within '1-65535' or 'traffic-port'"),
    ({"Matcher__HttpCode": "200-600"}, "ValidationError", "HTTP code '200-600' must be within '200-499' inclusive"),
    (
        {"ProtocolVersion": "GRPC", "Matcher__GrpcCode": "5-100"},
        "ValidationError",
        "GRPC code '5-100' must be within '0-99' inclusive",
    ),
    (
        {"Matcher__GrpcCode": "0"},
        "ValidationError",
        "only be specified for target groups with the protocol version 'GRPC'",
    ),
    (
        {"ProtocolVersion": "GRPC", "Matcher__HttpCode": "200"},
        "ValidationError",
        "cannot be specified for target groups with the protocol version 'GRPC'",
    ),
]


@pytest.mark.parametrize(("change", "code", "sentence"), GROUPS, ids=[one[2] for one in GROUPS])
def test_a_target_group_is_refused(made: dict[str, str], change: Fields, code: str, sentence: str) -> None:
    answer = group(**{"name": change.get("Name", "other"), **{k: v for k, v in change.items() if k != "Name"}})
    assert f"<Code>{code}</Code>" in answer
    assert sentence in answer


def test_the_same_again_is_the_same(made: dict[str, str]) -> None:
    assert arn_of(group("one"), "TargetGroup") == made["group"]


BALANCERS: list[tuple[str, str, Fields, str, str]] = [
    ("x" * 33, "ab", {}, "ValidationError", "cannot be longer than '32' characters"),
    ("internal-x", "ab", {}, "ValidationError", "cannot begin with 'internal-'"),
    ("a.b", "ab", {}, "ValidationError", "can only contain characters that are alphanumeric characters or hyphens(-)"),
    ("made", "ab", {"Scheme": "internal"}, "DuplicateLoadBalancerName", "exists, but with different settings"),
    ("few", "a", {}, "ValidationError", "At least two subnets in two different Availability Zones must be specified"),
    ("zone", "aa", {}, "InvalidConfigurationRequest", "multiple subnets in the same Availability Zone"),
]


@pytest.mark.parametrize(("name", "zones", "more", "code", "sentence"), BALANCERS, ids=[one[4] for one in BALANCERS])
def test_a_load_balancer_is_refused(
    made: dict[str, str], name: str, zones: str, more: Fields, code: str, sentence: str
) -> None:
    answer = balancer(name, zones, **more)
    assert f"<Code>{code}</Code>" in answer
    assert sentence in answer


DEFAULT = {name.replace("Actions__", "DefaultActions__"): value for name, value in ANSWER.items()}
_DEFAULT = "DefaultActions__member__1__"
_CERTIFICATE = "Certificates__member__"
_ARN = "arn:aws:acm:us-east-1:000000000000:certificate/"
ONE = {f"{_CERTIFICATE}1__CertificateArn": f"{_ARN}1"}
CERTIFICATES = {**ONE, f"{_CERTIFICATE}2__CertificateArn": f"{_ARN}2"}
LISTENERS: list[tuple[Fields, str, str]] = [
    ({"Protocol": "HTTP", "Port": "80", **DEFAULT}, "DuplicateListener", "A listener already exists on this port"),
    (
        {"Protocol": "HTTPS", "Port": "443", **DEFAULT},
        "ValidationError",
        "A certificate must be specified for HTTPS listeners",
    ),
    (
        {"Protocol": "TCP", "Port": "81", **DEFAULT},
        "ValidationError",
        "Listener protocol 'TCP' must be one of 'HTTP, HTTPS'",
    ),
    (
        {"Protocol": "HTTPS", "Port": "81", **CERTIFICATES, **DEFAULT},
        "TooManyCertificates",
        "Up to '1' certificate ARNs can be specified, but '2' were specified",
    ),
    (
        {"Protocol": "HTTP", "Port": "81", **CERTIFICATES, **DEFAULT},
        "ValidationError",
        "A certificate cannot be specified for HTTP listeners",
    ),
    (
        {"Protocol": "HTTPS", "Port": "81", f"{_CERTIFICATE}1__CertificateArn": "arn:aws:s3:::mine", **DEFAULT},
        "CertificateNotFound",
        "Certificate 'arn:aws:s3:::mine' not found",
    ),
    (
        {"Protocol": "HTTPS", "Port": "81", **ONE, "SslPolicy": "mine", **DEFAULT},
        "SSLPolicyNotFound",
        "SSL policy 'mine' not found",
    ),
    (
        {"Protocol": "HTTPS", "Port": "81", **ONE, "SslPolicy": "ELBSecurityPolicy-2017-08", **DEFAULT},
        "SSLPolicyNotFound",
        "SSL policy 'ELBSecurityPolicy-2017-08' not found",
    ),
    (
        {"Protocol": "HTTPS", "Port": "81", **ONE, "AlpnPolicy__member__1": "HTTP2Only", **DEFAULT},
        "ValidationError",
        "You cannot set ALPN policy on load balancers of type 'application'",
    ),
    (
        {"Protocol": "HTTP", "Port": "81", "MutualAuthentication__Mode": "verify", **DEFAULT},
        "ValidationError",
        "Mutual Authentication cannot be set for non secure listeners",
    ),
    (
        {
            "Protocol": "HTTPS",
            "Port": "81",
            **ONE,
            f"{_DEFAULT}Type": "redirect",
            **{f"{_DEFAULT}RedirectConfig__{k}": v for k, v in (("Protocol", "HTTP"), ("StatusCode", "HTTP_301"))},
        },
        "InvalidLoadBalancerAction",
        "You cannot redirect HTTPS to HTTP.",
    ),
    (
        {
            "Protocol": "HTTPS",
            "Port": "81",
            **ONE,
            f"{_DEFAULT}Type": "authenticate-oidc",
            **{key.replace("1__", "2__", 1): value for key, value in DEFAULT.items()},
        },
        "ValidationError",
        "When you specify multiple actions, you must specify an order for each action",
    ),
    ({"Port": "81", **DEFAULT}, "ValidationError", "A listener protocol must be specified"),
    ({"Protocol": "HTTP", **DEFAULT}, "ValidationError", "A listener port must be specified"),
    (
        {"Protocol": "HTTP", "Port": "81", "SslPolicy": "x", **DEFAULT},
        "ValidationError",
        "An SSL policy cannot be specifed for HTTP listeners",
    ),
]


@pytest.mark.parametrize(("fields", "code", "sentence"), LISTENERS, ids=[one[2] for one in LISTENERS])
def test_a_listener_is_refused(made: dict[str, str], fields: Fields, code: str, sentence: str) -> None:
    answer = elb("CreateListener", LoadBalancerArn=made["balancer"], **fields)
    assert f"<Code>{code}</Code>" in answer
    assert sentence in answer


def test_what_is_in_use_or_protected_stays(made: dict[str, str]) -> None:
    answer = elb("DeleteTargetGroup", TargetGroupArn=made["group"])
    assert "<Code>ResourceInUse</Code>" in answer
    assert "is currently in use by a listener or a rule" in answer
    described = elb("DescribeRules", ListenerArn=made["listener"])
    default = next(one for one in re.findall(r"<RuleArn>([^<]+)<", described) if one != made["rule"])
    assert "<Code>OperationNotPermitted</Code>" in elb("DeleteRule", RuleArn=default)
    attribute = {"Attributes__member__1__Key": "deletion_protection.enabled", "Attributes__member__1__Value": "true"}
    elb("ModifyLoadBalancerAttributes", LoadBalancerArn=made["balancer"], **attribute)
    answer = elb("DeleteLoadBalancer", LoadBalancerArn=made["balancer"])
    assert "cannot be deleted because deletion protection is enabled" in answer
    attribute["Attributes__member__1__Value"] = "false"
    elb("ModifyLoadBalancerAttributes", LoadBalancerArn=made["balancer"], **attribute)


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("idle_timeout.timeout_seconds", "4001", "must be between '1-4000' inclusive"),
        ("nonsense", "1", "Load balancer attribute key 'nonsense' is not recognized"),
        (
            "load_balancing.cross_zone.enabled",
            "false",
            "The value for 'load_balancing.cross_zone.enabled' must always be 'true' for an Application Load Balancer",
        ),
        (
            "access_logs.s3.enabled",
            "true",
            "The key 'access_logs.s3.bucket' must set in order to enable access logs",
        ),
        ("routing.http.xff_header_processing.mode", "keep", "must be one of [append, preserve, remove]"),
    ],
)
def test_an_attribute_is_refused(made: dict[str, str], key: str, value: str, sentence: str) -> None:
    fields = {"Attributes__member__1__Key": key, "Attributes__member__1__Value": value}
    answer = elb("ModifyLoadBalancerAttributes", LoadBalancerArn=made["balancer"], **fields)
    assert sentence in answer


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"stickiness.duration_seconds": "5"}, "Target group attribute key 'stickiness.duration_seconds' is not recog"),
        (
            {"stickiness.enabled": "true", "stickiness.type": "app_cookie"},
            "You must set an application cookie name to enable stickiness of type 'app_cookie'",
        ),
        (
            {"stickiness.enabled": "true", "stickiness.type": "source_ip"},
            "Stickiness type 'source_ip' is not supported",
        ),
        (
            {"slow_start.duration_seconds": "30", "load_balancing.algorithm.type": "least_outstanding_requests"},
            "Slow start cannot be enabled with",
        ),
        ({"slow_start.duration_seconds": "29"}, "value '29' must be between '30-900' inclusive"),
        (
            {"load_balancing.algorithm.anomaly_mitigation": "on"},
            "Anomaly mitigation cannot be enabled with the load balancing algorithm 'round_robin'",
        ),
        ({"stickiness.app_cookie.cookie_name": "AWSALBX"}, "begins with AWSALB, which is reserved"),
        ({"unhealthy.draining": "1"}, "Target group attribute key 'unhealthy.draining' is not recognized"),
        (
            {"target_group_health.dns_failover.minimum_healthy_targets.percentage": "0"},
            "must be between '1-100' inclusive, or one of [off]",
        ),
    ],
)
def test_attributes_of_a_group_are_refused(made: dict[str, str], given: dict[str, str], sentence: str) -> None:
    fields = {}
    for number, (key, value) in enumerate(given.items(), 1):
        fields |= {f"Attributes__member__{number}__Key": key, f"Attributes__member__{number}__Value": value}
    assert sentence in elb("ModifyTargetGroupAttributes", TargetGroupArn=made["group"], **fields)


def test_security_groups_and_subnets_are_of_one_vpc(made: dict[str, str]) -> None:
    answer = balancer("far", SecurityGroups__member__1="sg-gone")
    assert "<Code>InvalidSecurityGroup</Code>" in answer
    assert "One or more security groups are invalid" in answer
    far = re.search(r"<vpcId>([^<]+)<", query("ec2", "2016-11-15", "CreateVpc", CidrBlock="10.7.0.0/16")[1])
    assert far is not None
    block = {"VpcId": far[1], "CidrBlock": "10.7.0.0/24", "AvailabilityZone": "us-east-1b"}
    one = re.search(r"<subnetId>([^<]+)<", query("ec2", "2016-11-15", "CreateSubnet", **block)[1])
    assert one is not None
    listed = {"Subnets__member__1": subnets("a")[0], "Subnets__member__2": one[1]}
    assert "must belong to the same VPC" in elb("CreateLoadBalancer", Name="far", **listed)


def test_a_group_has_one_load_balancer_and_is_free_when_that_goes(made: dict[str, str]) -> None:
    other = arn_of(balancer("second"), "LoadBalancer")
    mine = arn_of(group("mine"), "TargetGroup")

    def listen(arn: str, target: str) -> str:
        to = {"DefaultActions__member__1__Type": "forward", "DefaultActions__member__1__TargetGroupArn": target}
        return elb("CreateListener", LoadBalancerArn=arn, Protocol="HTTP", Port="8080", **to)

    assert "<Code>TargetGroupAssociationLimit</Code>" in listen(other, made["group"])
    assert "<Error>" not in listen(other, mine)
    assert "<Error>" not in elb("DeleteLoadBalancer", LoadBalancerArn=other)
    assert "<Error>" not in elb("DeleteTargetGroup", TargetGroupArn=mine)
