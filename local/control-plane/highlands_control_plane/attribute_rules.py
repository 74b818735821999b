"""What Elastic Load Balancing refuses of the attributes of load balancers and target groups.

Sentences: the rules pf-elbv2-lb-attr-*, pf-elbv2-tg-attr-* and pf-elbv2-app-cookie-name of https://github.com/badmintoncryer/cdk-preflight,
which tries them on AWS; ranges as in https://github.com/getmoto/moto/blob/master/moto/elbv2/models.py; "ours" where neither has one.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from .api_models import model
from .refused import Refused

CODE = "ValidationError"
_Attributes = list[dict[str, Any]]


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

# Of the many keys, those whose values are known.
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


@cache
def _keys(shape: str) -> frozenset[str]:
    """The page of the API lists them, and the model has the text of that page."""
    text = model("elbv2").shape_for(shape).members["Key"].documentation
    return frozenset(re.findall(r"<code>([a-z0-9_]+(?:\.[a-z0-9_]+)+)</code>", text))


def _check(attributes: _Attributes, rules: Rules, shape: str, said: str) -> dict[str, str]:
    """The attributes by key, each there once. Raises Refused."""
    found: dict[str, str] = {}
    for attribute in attributes:
        key, value = str(attribute.get("Key", "")), attribute.get("Value")
        if key not in _keys(shape):
            raise Refused(CODE, f"{said} attribute key '{key}' is not recognized")
        if key in found:
            raise Refused(CODE, f"{said} attribute key '{key}' has been specified more than once")
        found[key] = str("" if value is None else value)
        why = rules[key](found[key]) if key in rules and value is not None else None
        if why is not None:
            raise Refused(CODE, f"'{key}' value '{value}' {why}")
    return found


def check_balancer(attributes: _Attributes, kind: str = "application", before: dict[str, str] | None = None) -> None:
    """With those that it has already. Raises Refused."""
    given = {**(before or {}), **_check(attributes, _OF_BALANCERS, "LoadBalancerAttribute", "Load balancer")}
    cross_zone = given.get("load_balancing.cross_zone.enabled", "true")
    if kind == "application" and cross_zone.lower() != "true":
        sentence = (
            "The value for 'load_balancing.cross_zone.enabled' must always be 'true' for an Application Load Balancer"
        )
        raise Refused(CODE, sentence)
    # That of the connection logs is made like it.
    for logs, said in (("access_logs", "access logs"), ("connection_logs", "connection logs")):
        if given.get(f"{logs}.s3.enabled") == "true" and not given.get(f"{logs}.s3.bucket"):
            raise Refused(CODE, f"The key '{logs}.s3.bucket' must set in order to enable {said}")


def check_group(attributes: _Attributes, protocol: str, before: dict[str, str] | None = None) -> None:
    """With those that it has already. Raises Refused."""
    given = {**(before or {}), **_check(attributes, _OF_GROUPS, "TargetGroupAttribute", "Target group")}
    sticky, kind = given.get("stickiness.enabled") == "true", given.get("stickiness.type", "lb_cookie")
    if sticky and kind == "app_cookie" and not given.get("stickiness.app_cookie.cookie_name"):
        raise Refused(CODE, "You must set an application cookie name to enable stickiness of type 'app_cookie'")
    if protocol in ("HTTP", "HTTPS") and sticky and kind.startswith("source_ip"):
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html; ours
        raise Refused(CODE, f"Stickiness type '{kind}' is not supported for target groups with the {protocol} protocol")
    algorithm = given.get("load_balancing.algorithm.type", "round_robin")
    if given.get("slow_start.duration_seconds", "0") != "0" and algorithm != "round_robin":
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#slow-start-mode; ours
        raise Refused(CODE, f"Slow start cannot be enabled with the load balancing algorithm '{algorithm}'")
