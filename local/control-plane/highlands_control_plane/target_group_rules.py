"""What Elastic Load Balancing refuses of target groups.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
Sentences: https://github.com/getmoto/moto/blob/master/moto/elbv2/models.py, and the rules
pf-elbv2-tg-* of https://github.com/badmintoncryer/cdk-preflight, which both try them on AWS, but where it says "ours".
"""

import re
from typing import Any

from ministack.services import ec2

from . import attribute_rules, load_balancer_use
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
_CODES = re.compile(r"\s*(\d{3})(?:-(\d{3}))?\s*")


def _are_codes(matcher: str) -> bool:
    """`200,202` or `200-299`: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Matcher.html"""
    found = [_CODES.fullmatch(part) for part in matcher.split(",")]
    return all(one is not None and 200 <= int(one[1]) <= int(one[2] or one[1]) <= 499 for one in found)


def check_health_check(request: Request, protocol: str) -> None:
    """Raises Refused."""
    for name, (least, most) in _RANGES.items():
        value = number(request.get(name))
        if value is not None and not least <= value <= most:
            raise Refused(CODE, f"{name} '{value}' must be between '{least}' and '{most}'")  # ours
    interval = number(request.get("HealthCheckIntervalSeconds")) or _INTERVAL
    timeout = number(request.get("HealthCheckTimeoutSeconds")) or _TIMEOUT
    if protocol in ("HTTP", "HTTPS") and timeout >= interval:
        message = f"Health check timeout '{timeout}' must be smaller than the interval '{interval}'"
        raise Refused(CODE, message)
    allowed = _HTTP if protocol in _HTTP else (*_HTTP, "TCP")
    checked = request.get("HealthCheckProtocol")
    if checked and checked not in allowed:
        raise Refused(CODE, f"Health check protocol '{checked}' must be one of '{', '.join(allowed)}'")
    path = request.get("HealthCheckPath")
    if path and not str(path).startswith("/"):
        raise Refused(CODE, f"Health check path '{path}' must begin with a '/' character")  # ours
    port = request.get("HealthCheckPort")
    if port not in (None, "", "traffic-port") and not 1 <= (number(port) or 0) <= 65_535:
        raise Refused(CODE, f"Health check port '{port}' must be within '1-65535' or 'traffic-port'")
    matcher = (request.get("Matcher") or {}).get("HttpCode")
    if matcher and not _are_codes(str(matcher)):
        raise Refused(CODE, f"Health check matcher HTTP code '{matcher}' must be within '200-499' inclusive")


def check(request: Request) -> None:
    """A new group. Raises Refused."""
    check_name("Target group", request.get("Name"))
    kind = request.get("TargetType", "instance")
    for name, said in _NEEDED.items():
        if kind != "lambda" and not request.get(name):
            raise Refused(CODE, f"A {said} must be specified")
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
