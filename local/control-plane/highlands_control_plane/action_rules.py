"""What Elastic Load Balancing refuses of the actions of listeners and rules.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html
Sentences without a link are ours: AWS's page has the rule.
"""

from typing import Any

from ministack.services import alb

from . import load_balancer_use
from .load_balancer_rules import CODE
from .numbers_given import number
from .refused import Refused

Action = dict[str, Any]
_WANTED = {
    "forward": ("TargetGroupArn", "ForwardConfig"),
    "redirect": ("RedirectConfig",),
    "fixed-response": ("FixedResponseConfig",),
}
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
_MOST_GROUPS = 5
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupTuple.html
_HEAVIEST = 999
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html: what is left out is kept.
_KEPT = {"Protocol": "#{protocol}", "Host": "#{host}", "Port": "#{port}", "Path": "/#{path}", "Query": "#{query}"}
_TYPES = ("text/html", "application/json", "application/javascript", "text/css", "text/plain")


def groups_of(action: Action) -> list[dict[str, Any]]:
    """The target groups with their weights, by either way to name them."""
    named: list[dict[str, Any]] = (action.get("ForwardConfig") or {}).get("TargetGroups") or []
    return named or ([{"TargetGroupArn": action["TargetGroupArn"]}] if action.get("TargetGroupArn") else [])


def _check_forward(action: Action, balancer: str) -> None:
    groups = groups_of(action)
    if not groups:
        raise Refused(CODE, "A forward action must specify at least one target group")
    if len(groups) > _MOST_GROUPS:
        message = f"A forward action can have up to '{_MOST_GROUPS}' target groups, but '{len(groups)}' were specified"
        raise Refused("TooManyTargetGroups", message)
    for group in groups:
        arn, weight = str(group.get("TargetGroupArn")), number(group.get("Weight"))
        if weight is not None and not 0 <= weight <= _HEAVIEST:
            raise Refused(CODE, f"Weight '{weight}' must be between '0-{_HEAVIEST}' inclusive")
        if arn not in alb._tgs:
            # https://github.com/getmoto/moto/blob/master/moto/elbv2/exceptions.py
            raise Refused("TargetGroupNotFound", f"Target group '{arn}' not found")
        # https://github.com/aws/aws-cdk/issues/16530, and of the limit load-balancer-limits.html
        if any(other != balancer for other in load_balancer_use.balancers_of(arn)):
            message = f"The following target groups cannot be associated with more than one load balancer: {arn}"
            raise Refused("TargetGroupAssociationLimit", message)
    arns = [group["TargetGroupArn"] for group in groups]
    if len(set(arns)) < len(arns):
        raise Refused(CODE, "A forward action has each target group once")


def _check_redirect(config: dict[str, Any]) -> None:
    if all(config.get(name) in (None, kept) for name, kept in _KEPT.items()):
        # https://gateway-api.sigs.k8s.io users meet it: the controller of AWS quotes it in its tests
        message = "The redirect configuration is not valid because it creates a loop."
        raise Refused("InvalidLoadBalancerAction", message)
    port, path = config.get("Port", "#{port}"), str(config.get("Path", "/"))
    if port != "#{port}" and not 1 <= (number(port) or 0) <= 65_535:
        raise Refused(CODE, f"The redirect port '{port}' must be in the range '1-65535' or be #{{port}}")
    if not path.startswith("/"):
        raise Refused(CODE, f"The redirect path '{path}' must begin with a '/' character")


def _check_answer(config: dict[str, Any]) -> None:
    kind = config.get("ContentType")
    if kind and kind not in _TYPES:
        # https://github.com/getmoto/moto/blob/master/moto/elbv2/models.py
        listed = ", ".join(f"'{one}'" for one in _TYPES)
        raise Refused("InvalidLoadBalancerAction", f"The ContentType must be one of:{listed}")


def check(actions: list[Action], balancer: str) -> None:
    """Of a listener or a rule of this load balancer. Raises Refused."""
    if not actions:
        raise Refused(CODE, "An action must be specified")
    final = [action for action in actions if action.get("Type") in _WANTED]
    if len(final) != 1:
        raise Refused(CODE, f"Exactly one action must be forward, redirect or fixed-response, and not '{len(final)}'")
    orders = [number(action.get("Order", index)) or 0 for index, action in enumerate(actions, 1)]
    if len(set(orders)) < len(orders):
        raise Refused(CODE, "Each action must have an Order of its own")
    if orders[actions.index(final[0])] != max(orders):
        raise Refused(CODE, f"The action of type '{final[0]['Type']}' must be performed last")
    for action in final:
        kind = action["Type"]
        if not any(action.get(name) for name in _WANTED[kind]):
            raise Refused(CODE, f"An action of type '{kind}' must have {' or '.join(_WANTED[kind])}")
        if kind == "forward":
            _check_forward(action, balancer)
        elif kind == "redirect":
            _check_redirect(action["RedirectConfig"])
        else:
            _check_answer(action["FixedResponseConfig"])
