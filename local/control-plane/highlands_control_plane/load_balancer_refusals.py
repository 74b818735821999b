"""Where Elastic Load Balancing refuses: by its API, and by the handlers of CloudFormation, which say the same sentence."""

from collections.abc import Callable
from typing import Any

from ministack.services import alb
from ministack.services.cloudformation import provisioners

from . import listener_rules, load_balancer_changes, load_balancer_rules, target_group_rules
from .checks_before import answered, before_action, before_handler
from .load_balancer_requests import named, pairs, request_of
from .load_balancer_rules import Request
from .refused import told_by_sdk
from .replacing import wrap_entries
from .resources import HANDLERS

_TYPE = "AWS::ElasticLoadBalancingV2::"


def _by_api(check: Callable[[Request], None]) -> Callable[[Any], Any]:
    return before_action(lambda params: check(request_of(params)), alb._error)


def _create_once(check: Callable[[Request], None], records: Any, kind: str, xml: str) -> Callable[[Any], Any]:
    """Answers with what is there where it is the same."""

    def wrap(action: Any) -> Any:
        def call(params: Any) -> Any:
            request = request_of(params)
            check(request)
            existing = named(request, records, kind)
            if existing is None:
                return action(params)
            return alb._xml(200, f"Create{kind}", f"<{kind}s>{getattr(alb, xml)(existing)}</{kind}s>")

        return answered(alb._error, call)

    return wrap


def _by_stack(check: Callable[..., None]) -> Callable[[Any], Any]:
    return before_handler(check, lambda: told_by_sdk("ElasticLoadBalancingV2"))


def _made_by_stack(check: Callable[[Request, str | None], None]) -> Callable[[Any], Any]:
    def call(*arguments: Any) -> None:
        new = len(arguments) == 3
        check(arguments[1] if new else arguments[2], None if new else arguments[0])

    return _by_stack(call)


def _deleted_by_stack(check: Callable[[str], None]) -> Callable[[Any], Any]:
    return _by_stack(lambda arn, _: check(arn))


def _priorities(params: Any) -> None:
    listener_rules.check_priorities(pairs(params, "RulePriorities", "RuleArn", "Priority"))


def _with_listeners(action: Any) -> Any:
    """ "Deleting a load balancer also deletes its listeners", which ministack leaves to use target groups for ever.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeleteLoadBalancer.html
    """

    def call(params: Any) -> Any:
        provisioners._elbv2_load_balancer_delete(alb._p(params, "LoadBalancerArn"), {})
        return action(params)

    return call


def _register_actions() -> None:
    actions: dict[str, Callable[[Request], None]] = {
        "CreateListener": listener_rules.check_listener,
        "ModifyListener": load_balancer_changes.modified_listener,
        "CreateRule": listener_rules.check_rule,
        "ModifyRule": load_balancer_changes.modified_rule,
        "DeleteRule": load_balancer_changes.deleted_rule,
        "ModifyTargetGroup": load_balancer_changes.modified_group,
        "DeleteTargetGroup": lambda request: target_group_rules.check_deletable(request.get("TargetGroupArn", "")),
        "DeleteLoadBalancer": lambda request: load_balancer_rules.check_deletable(request.get("LoadBalancerArn", "")),
        "SetSubnets": load_balancer_rules.check_other_subnets,
        "SetSecurityGroups": load_balancer_rules.check_other_security_groups,
        "ModifyLoadBalancerAttributes": load_balancer_changes.modified_balancer_attributes,
        "ModifyTargetGroupAttributes": load_balancer_changes.modified_group_attributes,
    }
    wrap_entries(alb._ACTION_MAP, ("DeleteLoadBalancer",), _with_listeners)
    for name, check in actions.items():
        wrap_entries(alb._ACTION_MAP, (name,), _by_api(check))
    for kind, records, check, xml in (
        ("LoadBalancer", alb._lbs, load_balancer_rules.check, "_lb_xml"),
        ("TargetGroup", alb._tgs, target_group_rules.check, "_tg_xml"),
    ):
        wrap_entries(alb._ACTION_MAP, (f"Create{kind}",), _create_once(check, records, kind, xml))
    wrap_entries(alb._ACTION_MAP, ("SetRulePriorities",), before_action(_priorities, alb._error))


def _register_handlers() -> None:
    for kind, check in (
        ("LoadBalancer", load_balancer_changes.balancer),
        ("TargetGroup", load_balancer_changes.group),
        ("Listener", load_balancer_changes.listener),
        ("ListenerRule", load_balancer_changes.rule),
    ):
        wrap_entries(HANDLERS[f"{_TYPE}{kind}"], ("create", "update"), _made_by_stack(check))
    for kind, check_deletable in (
        ("LoadBalancer", load_balancer_rules.check_deletable),
        ("TargetGroup", target_group_rules.check_deletable),
    ):
        wrap_entries(HANDLERS[f"{_TYPE}{kind}"], ("delete",), _deleted_by_stack(check_deletable))


def register() -> None:
    """Puts the checks in front of the actions and of the handlers."""
    _register_actions()
    _register_handlers()
