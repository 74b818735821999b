"""What Elastic Load Balancing refuses of load balancers, and of names and attributes.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
Requests are in the form of CloudFormation's properties, whose names are the API's. The sentences are AWS's where a link says
so; the others say the rule of AWS's page in our words ("ours").
"""

import re
from collections.abc import Callable, Iterable
from typing import Any

from ministack.services import alb, ec2

from .refused import Refused

CODE = "ValidationError"
_LONGEST = 32
Request = dict[str, Any]


def check_name(what: str, name: str | None) -> None:
    """Those of load balancers as in https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html.

    Sentences: https://github.com/getmoto/moto/blob/master/tests/test_elbv2/test_elbv2_target_groups.py, tried on AWS.
    """
    if name is None:
        return
    if len(name) > _LONGEST:
        raise Refused(CODE, f"{what} name '{name}' cannot be longer than '{_LONGEST}' characters")
    if not re.fullmatch(r"[A-Za-z0-9-]+", name):
        message = f"{what} name '{name}' can only contain characters that are alphanumeric characters or hyphens(-)"
        raise Refused(CODE, message)
    if name.startswith("-") or name.endswith("-"):
        raise Refused(CODE, f"{what} name '{name}' cannot begin or end with '-'")
    if what != "Target group" and name.startswith("internal-"):
        raise Refused(CODE, f"{what} name '{name}' cannot begin with 'internal-'")  # ours


def _check_subnets(subnets: list[str]) -> None:
    """An Application Load Balancer has two zones at least, and of each one subnet."""
    if len(set(subnets)) < 2:
        # https://github.com/aws/aws-cdk/issues/3588
        raise Refused(CODE, "At least two subnets in two different Availability Zones must be specified")
    zones = [ec2._subnets[one].get("AvailabilityZone") for one in subnets if one in ec2._subnets]
    if len(set(zones)) < len(zones):
        # https://github.com/badmintoncryer/cdk-preflight quotes it
        message = "A load balancer cannot be attached to multiple subnets in the same Availability Zone"
        raise Refused("InvalidConfigurationRequest", message)


def check(request: Request) -> None:
    """Raises Refused."""
    check_name("The load balancer", request.get("Name"))
    if request.get("Type", "application") == "application" and not request.get("SubnetMappings"):
        _check_subnets(list(request.get("Subnets") or []))
    check_attributes(request.get("LoadBalancerAttributes") or [], _OF_BALANCERS)


def check_deletable(arn: str) -> None:
    """Raises Refused. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#deletion-protection"""
    attributes = {one["Key"]: one["Value"] for one in alb._lb_attrs.get(arn) or []}
    if arn in alb._lbs and str(attributes.get("deletion_protection.enabled")).lower() == "true":
        message = f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled"
        raise Refused("OperationNotPermitted", message)


def _between(least: int, most: int) -> Callable[[str], str | None]:
    def rule(text: str) -> str | None:
        return (
            None if text.isdigit() and least <= int(text[:9]) <= most else f"must be between '{least}-{most}' inclusive"
        )

    return rule


def _one_of(*values: str) -> Callable[[str], str | None]:
    return lambda text: None if text.lower() in values else f"must be one of [{', '.join(values)}]"


_TRUTH = _one_of("true", "false")
Rules = dict[str, Callable[[str], str | None]]

# Of the many keys, which grow with the years, those whose values are known; others are taken where they look like one.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
_OF_BALANCERS: Rules = {
    "idle_timeout.timeout_seconds": _between(1, 4000),
    "client_keep_alive.seconds": _between(60, 604_800),
    "deletion_protection.enabled": _TRUTH,
    "access_logs.s3.enabled": _TRUTH,
    "routing.http2.enabled": _TRUTH,
    "routing.http.drop_invalid_header_fields.enabled": _TRUTH,
    "routing.http.preserve_host_header.enabled": _TRUTH,
    "routing.http.xff_client_port.enabled": _TRUTH,
    "routing.http.xff_header_processing.mode": _one_of("append", "preserve", "remove"),
    "routing.http.desync_mitigation_mode": _one_of("monitor", "defensive", "strictest"),
}
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
_OF_GROUPS: Rules = {
    "deregistration_delay.timeout_seconds": _between(0, 3600),
    "slow_start.duration_seconds": lambda text: None if text == "0" else _between(30, 900)(text),
    "stickiness.enabled": _TRUTH,
    "stickiness.type": _one_of("lb_cookie", "app_cookie", "source_ip", "source_ip_dest_ip", "source_ip_dest_ip_proto"),
    "stickiness.lb_cookie.duration_seconds": _between(1, 604_800),
    "stickiness.app_cookie.duration_seconds": _between(1, 604_800),
    "load_balancing.cross_zone.enabled": _one_of("true", "false", "use_load_balancer_configuration"),
    "load_balancing.algorithm.type": _one_of("round_robin", "least_outstanding_requests", "weighted_random"),
}
ATTRIBUTES = {"LoadBalancerAttributes": _OF_BALANCERS, "TargetGroupAttributes": _OF_GROUPS}
_KEY = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)+")


def check_attributes(attributes: Iterable[dict[str, Any]], rules: Rules) -> None:
    """Keys once each: https://github.com/badmintoncryer/cdk-preflight; ranges as in moto's models. Raises Refused."""
    seen: set[str] = set()
    for attribute in attributes:
        key, value = str(attribute.get("Key", "")), attribute.get("Value")
        if not _KEY.fullmatch(key):
            raise Refused(CODE, f"Attribute key '{key}' is not recognized")
        if key in seen:
            raise Refused(CODE, f"Attribute key '{key}' has been specified more than once")
        seen.add(key)
        why = rules[key](str(value)) if key in rules and value is not None else None
        if why is not None:
            raise Refused(CODE, f"'{key}' value '{value}' {why}")
