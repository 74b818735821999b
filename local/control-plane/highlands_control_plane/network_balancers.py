"""What records of Network Load Balancers have otherwise than those of Application Load Balancers: names and usual checks.

https://docs.aws.amazon.com/elasticloadbalancing/latest/network/introduction.html
"""

import re
from collections.abc import Callable
from typing import Any

from markupsafe import Markup
from ministack.services import alb

from .load_balancer_requests import request_of
from .load_balancer_rules import Request, subnets_of
from .replacing import replace, wrap_entries
from .resources import HANDLERS, Created, Properties

PROTOCOLS = ("TCP", "TLS", "UDP", "TCP_UDP")
_TYPE = "AWS::ElasticLoadBalancingV2::"


def is_network(balancer: str | None) -> bool:
    """Whether it is one of these."""
    return bool((alb._lbs.get(balancer) or {}).get("Type") == "network")


def _renamed(records: Any, arn: str, member: str | None = None) -> str:
    """Their ARNs and those of what is theirs have `net` where the others have `app`.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/load-balancer-authentication-access-control.html
    """
    new = re.sub(r"(:(?:loadbalancer|listener|listener-rule))/app/", r"\1/net/", arn)
    if new != arn and arn in records:
        records[new] = records.pop(arn)
        if member is not None:
            records[new][member] = new
    return new


def _as_network(arn: str, request: Request) -> str:
    """A new load balancer, with its subnets by either way to name them."""
    record = alb._lbs[arn]
    record["Subnets"] = subnets_of(request)
    if record["Type"] != "network":
        return arn
    name, _, zone = record["DNSName"].partition(".")
    region = zone.split(".", 1)[0]
    record["DNSName"] = f"{name}.elb.{region}.amazonaws.com"
    new = _renamed(alb._lbs, arn, "LoadBalancerArn")
    for records in (alb._lb_attrs, alb._tags):
        _renamed(records, arn)
    return new


def _listener_as_network(arn: str) -> str:
    if not is_network(alb._listeners[arn]["LoadBalancerArn"]):
        return arn
    new = _renamed(alb._listeners, arn, "ListenerArn")
    _renamed(alb._tags, arn)
    for rule in [key for key, one in list(alb._rules.items()) if one["ListenerArn"] == arn]:
        alb._rules[rule]["ListenerArn"] = new
        _renamed(alb._rules, rule, "RuleArn")
    return new


def _balancer_by_stack(create: Any) -> Any:
    def call(logical_id: str, properties: Properties, stack: str) -> Created:
        arn, attributes = create(logical_id, {**properties, "Subnets": subnets_of(properties)}, stack)
        new = _as_network(arn, properties)
        full = new.split(":loadbalancer/", 1)[1]
        changed = {"Arn": new, "LoadBalancerArn": new, "LoadBalancerFullName": full}
        return new, {**attributes, **changed, "DNSName": alb._lbs[new]["DNSName"]}

    return call


def _listener_by_stack(create: Any) -> Any:
    def call(logical_id: str, properties: Properties, stack: str) -> Created:
        arn, attributes = create(logical_id, properties, stack)
        new = _listener_as_network(arn)
        _keep_members(new, properties)
        return new, {**attributes, "ListenerArn": new, "Arn": new}

    return call


def _keep_members(arn: str, properties: Properties) -> None:
    """Those of a listener that ministack drops."""
    if policy := properties.get("AlpnPolicy"):
        alb._listeners[arn]["AlpnPolicy"] = list(policy)
    if given := properties.get("ListenerAttributes"):
        alb._listener_attrs[arn] = [{"Key": str(one["Key"]), "Value": str(one["Value"])} for one in given]


def _listener_changed(update: Any) -> Any:
    def call(arn: str, before: Properties, properties: Properties, *rest: Any) -> Created:
        done: Created = update(arn, before, properties, *rest)
        _keep_members(done[0], properties)
        return done

    return call


def _made(records: Any, kind: str, xml: str, finish: Callable[[str, Any], str]) -> Callable[[Any], Any]:
    """Finishes what an action of the API has made, and answers with it."""

    def wrap(create: Any) -> Any:
        def call(params: Any) -> Any:
            before = set(records)
            answer = create(params)
            for arn in set(records) - before:
                new = finish(arn, params)
                inner = Markup("<{0}s>{1}</{0}s>").format(kind, Markup(getattr(alb, xml)(records[new])))
                answer = alb._xml(200, f"Create{kind}", inner)
            return answer

        return call

    return wrap


def _finish_balancer(arn: str, params: Any) -> str:
    return _as_network(arn, request_of(params))


def _balancer_changed(update: Any) -> Any:
    def call(arn: str, before: Properties, properties: Properties, *rest: Any) -> Created:
        done: Created = update(arn, before, {**properties, "Subnets": subnets_of(properties)}, *rest)
        return done

    return call


def _finish_listener(arn: str, params: Any) -> str:
    new = _listener_as_network(arn)
    if alpn := alb._parse_member_list(params, "AlpnPolicy"):
        alb._listeners[new]["AlpnPolicy"] = alpn
    return new


def fill_checks(group: dict[str, Any], given: Callable[[str], Any]) -> None:
    """What the checks of a group are where nobody says it.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/network/target-group-health-checks.html
    """
    if group["Protocol"] not in PROTOCOLS:
        return
    group["HealthCheckProtocol"] = given("HealthCheckProtocol") or "TCP"
    if not given("HealthCheckTimeoutSeconds"):
        group["HealthCheckTimeoutSeconds"] = 6 if group["HealthCheckProtocol"] == "HTTP" else 10
    if not given("Matcher"):
        group["Matcher"] = {"HttpCode": "200-399"}


def described_group(member: str, group: dict[str, Any]) -> str:
    """A check of TCP has neither a path nor codes."""
    if group.get("HealthCheckProtocol") != "TCP":
        return member
    return re.sub(r"<(HealthCheckPath|Matcher)>.*?</\1>", "", member)


def _described_listener(describe: Any) -> Any:
    def call(listener: dict[str, Any]) -> Markup:
        member: str = describe(listener)
        policies = Markup("").join(
            Markup("<member>{}</member>").format(one) for one in listener.get("AlpnPolicy") or []
        )
        more = Markup("<AlpnPolicy>{}</AlpnPolicy>").format(policies) if policies else Markup("")
        return Markup(member.removesuffix("</member>")) + more + Markup("</member>")

    return call


def register() -> None:
    """Before what is checked and counted."""
    wrap_entries(HANDLERS[f"{_TYPE}LoadBalancer"], ("create",), _balancer_by_stack)
    wrap_entries(HANDLERS[f"{_TYPE}LoadBalancer"], ("update",), _balancer_changed)
    wrap_entries(HANDLERS[f"{_TYPE}Listener"], ("create",), _listener_by_stack)
    wrap_entries(HANDLERS[f"{_TYPE}Listener"], ("update",), _listener_changed)
    replace(alb, "_listener_xml", _described_listener(alb._listener_xml))
    wrap_entries(alb._ACTION_MAP, ("CreateLoadBalancer",), _made(alb._lbs, "LoadBalancer", "_lb_xml", _finish_balancer))
    wrap_entries(
        alb._ACTION_MAP, ("CreateListener",), _made(alb._listeners, "Listener", "_listener_xml", _finish_listener)
    )
