"""What Elastic Load Balancing refuses of the attributes of load balancers and target groups.

Sentences: the rules pf-elbv2-lb-attr-*, pf-elbv2-tg-attr-* and pf-elbv2-app-cookie-name of https://github.com/badmintoncryer/cdk-preflight,
which tries them on AWS; ranges as in https://github.com/getmoto/moto/blob/master/moto/elbv2/models.py; "ours" where neither has one.
"""

from typing import Any

from .aws_sentences import ATTRIBUTES, refusal

_Attributes = list[dict[str, Any]]


def _is_within(text: str, allowed: Any) -> bool:
    if isinstance(allowed, str):
        return text.lower() == allowed
    return text.isascii() and text.isdigit() and allowed[0] <= int(text[:9]) <= allowed[1]


def _check_value(key: str, value: str, allowed: list[Any] | None) -> None:
    """Raises Refused."""
    if allowed is None or any(_is_within(value, one) for one in allowed):
        return
    listed = ", ".join(one for one in allowed if isinstance(one, str) and not one.isdigit())
    between = next((f"{one[0]}-{one[1]}" for one in allowed if not isinstance(one, str)), None)
    name = "attributeOneOf" if between is None else "attributeEither" if listed else "attributeBetween"
    raise refusal(name, key=key, value=value, range=between, listed=listed)


def _check(attributes: _Attributes, known: dict[str, list[Any] | None], kind: str) -> dict[str, str]:
    """The attributes by key, each there once. Raises Refused."""
    found: dict[str, str] = {}
    for attribute in attributes:
        key, value = str(attribute.get("Key", "")), attribute.get("Value")
        if key not in known:
            raise refusal("attributeKey", kind=kind, key=key)
        if key in found:
            raise refusal("attributeTwice", kind=kind, key=key)
        found[key] = str("" if value is None else value)
        if value is not None:
            _check_value(key, found[key], known[key])
    return found


def check_balancer(attributes: _Attributes, kind: str = "application", before: dict[str, str] | None = None) -> None:
    """With those that it has already. Raises Refused."""
    given = {**(before or {}), **_check(attributes, ATTRIBUTES["LoadBalancerAttributes"], "Load balancer")}
    cross_zone = given.get("load_balancing.cross_zone.enabled", "true")
    if kind == "application" and cross_zone.lower() != "true":
        raise refusal("crossZone")
    # Those of the others are made like the one of the access logs.
    for logs in ("access_logs", "connection_logs", "health_check_logs"):
        if given.get(f"{logs}.s3.enabled", "").lower() == "true" and not given.get(f"{logs}.s3.bucket"):
            raise refusal("logBucket", logs=logs, said=logs.replace("_", " "))


def check_group(attributes: _Attributes, protocol: str, before: dict[str, str] | None = None) -> None:
    """With those that it has already. Raises Refused."""
    given = {**(before or {}), **_check(attributes, ATTRIBUTES["TargetGroupAttributes"], "Target group")}
    sticky, kind = given.get("stickiness.enabled", "").lower() == "true", given.get("stickiness.type", "lb_cookie")
    if sticky and kind == "app_cookie" and not given.get("stickiness.app_cookie.cookie_name"):
        raise refusal("cookieMissing")
    if (name := given.get("stickiness.app_cookie.cookie_name", "")).startswith("AWSALB"):
        # "Names that start with the following prefixes are not allowed": API_TargetGroupAttribute.html; ours
        raise refusal("cookieReserved", name=name)
    if protocol in ("HTTP", "HTTPS") and sticky and kind.startswith("source_ip"):
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html; ours
        raise refusal("stickinessType", kind=kind, protocol=protocol)
    if protocol not in ("HTTP", "HTTPS") and sticky and kind in ("lb_cookie", "app_cookie"):
        raise refusal("stickinessType", kind=kind, protocol=protocol)  # the same
    algorithm = given.get("load_balancing.algorithm.type", "round_robin")
    if given.get("slow_start.duration_seconds", "0") != "0" and algorithm != "round_robin":
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#slow-start-mode; ours
        raise refusal("slowStart", algorithm=algorithm)
    if given.get("load_balancing.algorithm.anomaly_mitigation", "off") == "on" and algorithm != "weighted_random":
        # "Only available when load_balancing.algorithm.type is weighted_random": API_TargetGroupAttribute.html; ours
        raise refusal("anomaly", algorithm=algorithm)
