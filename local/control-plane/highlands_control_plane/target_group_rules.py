"""What Elastic Load Balancing refuses of target groups.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
Sentences: https://github.com/getmoto/moto/blob/master/moto/elbv2/models.py, and the rules
pf-elbv2-tg-* of https://github.com/badmintoncryer/cdk-preflight, which both try them on AWS, but where it says "ours".
"""

import re
from typing import Any

from ministack.services import ec2

from . import attribute_rules, load_balancer_use
from .aws_sentences import refusal
from .given_values import number
from .load_balancer_rules import CODE, Request, check_name
from .refused import Refused

_NEEDED = {"Protocol": "protocol", "Port": "port", "VpcId": "VPC ID"}
# From, to, and what AWS's page calls it; the defaults are those of HTTP.
_RANGES = {
    "Port": (1, 65_535),
    "HealthCheckIntervalSeconds": (5, 300),
    "HealthCheckTimeoutSeconds": (2, 120),
    "HealthyThresholdCount": (2, 10),
    "UnhealthyThresholdCount": (2, 10),
}
_INTERVAL, _TIMEOUT = 30, 5
_HTTP = ("HTTP", "HTTPS")
_CODES = re.compile(r"\s*(\d{1,3})(?:-(\d{1,3}))?\s*", re.ASCII)


def _are_codes(matcher: str, least: int, most: int) -> bool:
    """`200,202` or `200-299`: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Matcher.html"""
    found = [_CODES.fullmatch(part) for part in matcher.split(",")]
    return all(one is not None and least <= int(one[1]) <= int(one[2] or one[1]) <= most for one in found)


def check_health_check(request: Request, protocol: str) -> None:
    """Raises Refused."""
    for name, (least, most) in _RANGES.items():
        value = number(request.get(name))
        if value is not None and not least <= value <= most:
            raise refusal("healthCheckRange", name=name, value=value, least=least, most=most)  # ours
    interval = number(request.get("HealthCheckIntervalSeconds")) or _INTERVAL
    timeout = number(request.get("HealthCheckTimeoutSeconds")) or _TIMEOUT
    if protocol in ("HTTP", "HTTPS") and timeout >= interval:
        raise refusal("healthCheckTimeout", timeout=timeout, interval=interval)
    allowed = _HTTP if protocol in _HTTP else (*_HTTP, "TCP")
    checked = request.get("HealthCheckProtocol")
    if checked and checked not in allowed:
        raise Refused(CODE, f"Health check protocol '{checked}' must be one of '{', '.join(allowed)}'")
    path = request.get("HealthCheckPath")
    if path and not str(path).startswith("/"):
        raise refusal("healthCheckPath", path=path)  # ours
    port = request.get("HealthCheckPort")
    if port not in (None, "", "traffic-port") and not 1 <= (number(port) or 0) <= 65_535:
        raise refusal("healthCheckPort", port=port)
    _check_matcher(request.get("Matcher") or {}, str(request.get("ProtocolVersion") or "HTTP1"))


def _check_matcher(matcher: dict[str, Any], version: str) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Matcher.html"""
    http, grpc = matcher.get("HttpCode"), matcher.get("GrpcCode")
    if http not in (None, "") and version == "GRPC":
        raise refusal("httpMatcher")  # ours
    if grpc not in (None, "") and version != "GRPC":
        raise refusal("grpcMatcher")  # ours
    if http not in (None, "") and not _are_codes(str(http), 200, 499):
        raise refusal("httpCode", code=http)
    if grpc not in (None, "") and not _are_codes(str(grpc), 0, 99):
        raise refusal("grpcCode", code=grpc)  # after the other one


def check(request: Request) -> None:
    """A new group. Raises Refused."""
    check_name("Target group", request.get("Name"))
    kind = request.get("TargetType", "instance")
    for name, said in _NEEDED.items():
        if kind != "lambda" and not request.get(name):
            raise refusal("needed", what=said)
        if kind == "lambda" and request.get(name):
            said = said if said == "VPC ID" else said.capitalize()
            raise Refused(CODE, f"{said} cannot be specified for target groups with target type 'lambda'")
    check_health_check(request, str(request.get("Protocol", "HTTP")))
    _check_network(request, kind)
    attribute_rules.check_group(request.get("TargetGroupAttributes") or [], str(request.get("Protocol", "HTTP")))


def _check_network(request: Request, kind: str) -> None:
    protocol, vpc = str(request.get("Protocol", "HTTP")), request.get("VpcId")
    if kind != "lambda" and vpc not in ec2._vpcs:
        # From memory.
        raise Refused(CODE, f"The VPC ID '{vpc}' is not found")
    if request.get("ProtocolVersion") and protocol not in _HTTP:
        sentence = f"You cannot specify the protocol version for a target group with the '{protocol}' protocol"
        raise Refused(CODE, sentence)
    if kind == "alb" and protocol != "TCP":
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html; ours
        raise Refused(CODE, f"Protocol '{protocol}' is not supported for target groups with target type 'alb'")


def check_deletable(arn: str) -> None:
    """Raises Refused. https://github.com/cloudposse/terraform-aws-alb-ingress/issues/24"""
    if load_balancer_use.balancers_of(arn):
        raise Refused("ResourceInUse", f"Target group '{arn}' is currently in use by a listener or a rule")


def differs(request: Request, record: dict[str, Any], names: tuple[str, ...]) -> bool:
    """Whether one of that name has other settings; what a request leaves out is as it is."""
    return any(request.get(name) not in (None, "") and str(request[name]) != str(record.get(name)) for name in names)
