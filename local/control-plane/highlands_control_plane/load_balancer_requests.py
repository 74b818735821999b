"""Requests of Elastic Load Balancing's API in the form of CloudFormation's properties, whose names are the same."""

from typing import Any

from ministack.services import alb

from . import target_group_rules
from .load_balancer_rules import Request
from .refused import Refused

# The members of a request that are one text each, and the lists of texts.
_TEXTS = (
    *(
        "Name",
        "Type",
        "Scheme",
        "IpAddressType",
        "Protocol",
        "Port",
        "VpcId",
        "TargetType",
        "ProtocolVersion",
        "SslPolicy",
    ),
    *("HealthCheckProtocol", "HealthCheckPort", "HealthCheckPath", "HealthCheckIntervalSeconds"),
    *("HealthCheckTimeoutSeconds", "HealthyThresholdCount", "UnhealthyThresholdCount"),
    *("LoadBalancerArn", "ListenerArn", "TargetGroupArn", "RuleArn", "Priority"),
)
# What tells two load balancers or target groups of a name apart.
_SETTINGS = {
    "LoadBalancer": ("Scheme", "Type", "IpAddressType"),
    "TargetGroup": (*("Protocol", "Port", "VpcId", "TargetType"), *_TEXTS[10:17]),
}


def pairs(params: Any, prefix: str, key: str, value: str) -> list[tuple[str, str]]:
    """The members of a list with two texts each."""
    found: list[tuple[str, str]] = []
    while name := alb._p(params, f"{prefix}.member.{len(found) + 1}.{key}"):
        found.append((name, alb._p(params, f"{prefix}.member.{len(found) + 1}.{value}")))
    return found


def _mapped(params: Any) -> list[dict[str, str]]:
    """The mappings with their subnets."""
    found: list[dict[str, str]] = []
    while subnet := alb._p(params, f"SubnetMappings.member.{len(found) + 1}.SubnetId"):
        found.append({"SubnetId": subnet})
    return found


def request_of(params: Any) -> Request:
    """A request of the query protocol in the form of CloudFormation's properties."""
    request: Request = {name: alb._p(params, name) for name in _TEXTS if alb._p(params, name) != ""}
    for name in ("Subnets", "SecurityGroups"):
        if values := alb._parse_member_list(params, name):
            request[name] = values
    if mappings := _mapped(params):
        request["SubnetMappings"] = mappings
    codes = {name: alb._p(params, f"Matcher.{name}") for name in ("HttpCode", "GrpcCode")}
    if matcher := {name: code for name, code in codes.items() if code}:
        request["Matcher"] = matcher
    if certificates := alb._parse_certificate_arns(params):
        request["Certificates"] = [{"CertificateArn": one} for one in certificates]
    if alpn := alb._parse_member_list(params, "AlpnPolicy"):
        request["AlpnPolicy"] = alpn
    if mode := alb._p(params, "MutualAuthentication.Mode"):
        request["MutualAuthentication"] = {"Mode": mode}
    request["Attributes"] = [{"Key": k, "Value": v} for k, v in pairs(params, "Attributes", "Key", "Value")]
    for name in ("DefaultActions", "Actions"):
        if actions := alb._parse_actions(params, name):
            for number, action in enumerate(actions, 1):
                # ministack fills it in.
                if not alb._p(params, f"{name}.member.{number}.Order"):
                    del action["Order"]
            request[name] = actions
    if conditions := alb._parse_conditions(params):
        request["Conditions"] = conditions
    return request


def named(request: Request, records: Any, kind: str) -> dict[str, Any] | None:
    """The one that has the name of a request. Raises Refused where it has other settings.

    "This operation is idempotent": https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
    """
    member, said = (
        ("LoadBalancerName", "load balancer") if kind == "LoadBalancer" else ("TargetGroupName", "target group")
    )
    for record in list(records.values()):
        if request.get("Name") and record[member] == request["Name"]:
            other = target_group_rules.differs(request, record, _SETTINGS[kind])
            if not other and set(request.get("Subnets") or []) == set(record.get("Subnets") or []):
                return dict(record)
            message = f"A {said} with the same name '{request['Name']}' exists, but with different settings"
            raise Refused(f"Duplicate{kind}Name", message)
    return None


def refuse_name(properties: Request, records: Any, kind: str) -> None:
    """A stack takes over nothing that is there."""
    member, said = (
        ("LoadBalancerName", "load balancer") if kind == "LoadBalancer" else ("TargetGroupName", "target group")
    )
    if any(record[member] == properties.get("Name") for record in list(records.values())):
        message = f"A {said} with the same name '{properties['Name']}' exists, but with different settings"
        raise Refused(f"Duplicate{kind}Name", message)
