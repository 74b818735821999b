"""Where Elastic Load Balancing refuses: by its API, and by the handlers of CloudFormation, which say the same sentence."""

from collections.abc import Callable
from typing import Any

from ministack.services import alb
from ministack.services.cloudformation import provisioners

from . import listener_rules, load_balancer_rules, target_group_rules
from .load_balancer_requests import named, pairs, refuse_name, request_of
from .load_balancer_rules import ATTRIBUTES, Request
from .refused import Refused
from .replacing import wrap_entries
from .resources import HANDLERS

Check = Callable[[Request], None]
_TYPE = "AWS::ElasticLoadBalancingV2::"


def _by_api(check: Check) -> Callable[[Any], Any]:
    def wrap(action: Any) -> Any:
        def call(params: Any) -> Any:
            try:
                check(request_of(params))
            except Refused as refusal:
                return alb._error(refusal.code, str(refusal))
            return action(params)

        return call

    return wrap


def _create_once(check: Check, records: Any, kind: str, xml: str) -> Callable[[Any], Any]:
    """Answers with what is there where it is the same."""

    def wrap(action: Any) -> Any:
        def call(params: Any) -> Any:
            request = request_of(params)
            try:
                check(request)
                existing = named(request, records, kind)
            except Refused as refusal:
                return alb._error(refusal.code, str(refusal))
            if existing is None:
                return action(params)
            return alb._xml(200, f"Create{kind}", f"<{kind}s>{getattr(alb, xml)(existing)}</{kind}s>")

        return call

    return wrap


def _by_stack(check: Callable[[Request, str | None], None]) -> Callable[[Any], Any]:
    """create(logical_id, properties, stack); update(physical_id, old, new, stack, logical_id)"""

    def wrap(handler: Any) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            new = len(arguments) == 3
            try:
                check(arguments[1] if new else arguments[2], None if new else arguments[0])
            except Refused as refusal:
                raise provisioners._elbv2_handler_error(str(refusal)) from refusal
            return handler(*arguments, **options)

        return call

    return wrap


def _deleted_by_stack(check: Callable[[str], None]) -> Callable[[Any], Any]:
    def wrap(handler: Any) -> Any:
        def call(physical_id: str, properties: Request) -> Any:
            try:
                check(physical_id)
            except Refused as refusal:
                raise provisioners._elbv2_handler_error(str(refusal)) from refusal
            return handler(physical_id, properties)

        return call

    return wrap


def _balancer_of_stack(properties: Request, arn: str | None) -> None:
    load_balancer_rules.check(properties)
    if arn is None:
        refuse_name(properties, alb._lbs, "LoadBalancer")


def _group_of_stack(properties: Request, arn: str | None) -> None:
    target_group_rules.check(properties)
    if arn is None:
        refuse_name(properties, alb._tgs, "TargetGroup")


def _listener_of_stack(properties: Request, arn: str | None) -> None:
    listener = alb._listeners.get(arn)
    moved = listener is None or listener["LoadBalancerArn"] != properties.get("LoadBalancerArn")
    listener_rules.check_listener(properties, None if moved else arn)


def _rule_of_stack(properties: Request, arn: str | None) -> None:
    rule = alb._rules.get(arn)
    moved = rule is None or rule["ListenerArn"] != properties.get("ListenerArn")
    listener_rules.check_rule(properties, None if moved else arn)


def _changed_group(request: Request) -> None:
    group = alb._tgs.get(request.get("TargetGroupArn"))
    if group is not None:
        target_group_rules.check_health_check({**group, **request}, str(group.get("Protocol", "HTTP")))


def _changed_listener(request: Request) -> None:
    listener = alb._listeners.get(request.get("ListenerArn"))
    if listener is None:
        return  # which the action itself says
    before = {**listener, "Certificates": [{"CertificateArn": one} for one in listener.get("Certificates") or []]}
    if request.get("Protocol", listener["Protocol"]) == "HTTP":
        before = {name: value for name, value in before.items() if name not in ("Certificates", "SslPolicy")}
    listener_rules.check_listener({**before, **request}, request["ListenerArn"])


def _changed_rule(request: Request) -> None:
    rule = alb._rules.get(request.get("RuleArn"))
    if rule is not None and not rule["IsDefault"]:
        listener_rules.check_rule({**rule, **request, "Priority": rule["Priority"]}, rule["RuleArn"])


def _deleted_rule(request: Request) -> None:
    rule = alb._rules.get(request.get("RuleArn"))
    if rule is None:
        raise Refused("RuleNotFound", f"Rule '{request.get('RuleArn')}' not found")
    if rule["IsDefault"]:
        # https://github.com/hashicorp/terraform-provider-aws/issues/11032; from memory
        raise Refused("OperationNotPermitted", f"Default rule '{rule['RuleArn']}' cannot be deleted")


def _with_priorities(action: Any) -> Any:
    def call(params: Any) -> Any:
        try:
            listener_rules.check_priorities(pairs(params, "RulePriorities", "RuleArn", "Priority"))
        except Refused as refusal:
            return alb._error(refusal.code, str(refusal))
        return action(params)

    return call


def _with_listeners(action: Any) -> Any:
    """ "Deleting a load balancer also deletes its listeners", which ministack leaves to use target groups for ever.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html
    """

    def call(params: Any) -> Any:
        provisioners._elbv2_load_balancer_delete(alb._p(params, "LoadBalancerArn"), {})
        return action(params)

    return call


def register() -> None:
    """Puts the checks in front of the actions and of the handlers."""
    actions: dict[str, Check] = {
        "CreateListener": listener_rules.check_listener,
        "ModifyListener": _changed_listener,
        "CreateRule": listener_rules.check_rule,
        "ModifyRule": _changed_rule,
        "DeleteRule": _deleted_rule,
        "ModifyTargetGroup": _changed_group,
        "DeleteTargetGroup": lambda request: target_group_rules.check_deletable(request.get("TargetGroupArn", "")),
    }
    for name, rules in ATTRIBUTES.items():
        kind = name.removesuffix("Attributes")
        actions[f"Modify{kind}Attributes"] = lambda request, rules=rules: load_balancer_rules.check_attributes(  # type: ignore[misc]
            request["Attributes"], rules
        )
    wrap_entries(alb._ACTION_MAP, ("DeleteLoadBalancer",), _with_listeners)
    actions["DeleteLoadBalancer"] = lambda request: load_balancer_rules.check_deletable(
        request.get("LoadBalancerArn", "")
    )
    for name, check in actions.items():
        wrap_entries(alb._ACTION_MAP, (name,), _by_api(check))
    for kind, records, check, xml in (
        ("LoadBalancer", alb._lbs, load_balancer_rules.check, "_lb_xml"),
        ("TargetGroup", alb._tgs, target_group_rules.check, "_tg_xml"),
    ):
        wrap_entries(alb._ACTION_MAP, (f"Create{kind}",), _create_once(check, records, kind, xml))
    wrap_entries(alb._ACTION_MAP, ("SetRulePriorities",), _with_priorities)
    for kind, of_stack in (
        ("LoadBalancer", _balancer_of_stack),
        ("TargetGroup", _group_of_stack),
        ("Listener", _listener_of_stack),
        ("ListenerRule", _rule_of_stack),
    ):
        wrap_entries(HANDLERS[f"{_TYPE}{kind}"], ("create", "update"), _by_stack(of_stack))
    wrap_entries(HANDLERS[f"{_TYPE}LoadBalancer"], ("delete",), _deleted_by_stack(load_balancer_rules.check_deletable))
    wrap_entries(HANDLERS[f"{_TYPE}TargetGroup"], ("delete",), _deleted_by_stack(target_group_rules.check_deletable))
