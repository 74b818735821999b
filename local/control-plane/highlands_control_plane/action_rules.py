"""What Elastic Load Balancing refuses of the actions of listeners and rules.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html
Sentences without another source: the rules pf-elbv2-action-* and pf-elbv2-listener-* of https://github.com/badmintoncryer/cdk-preflight,
which tries them on AWS; "ours" where AWS's page has the rule alone.
"""

from typing import Any

from .aws_sentences import refusal
from .forward_rules import check_forward
from .given_values import number
from .load_balancer_rules import CODE
from .network_balancers import PROTOCOLS
from .refused import Refused

Action = dict[str, Any]
_WANTED = {
    "forward": ("TargetGroupArn", "ForwardConfig"),
    "redirect": ("RedirectConfig",),
    "fixed-response": ("FixedResponseConfig",),
}
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RedirectActionConfig.html: what is left out is kept.
_KEPT = {"Protocol": "#{protocol}", "Host": "#{host}", "Port": "#{port}", "Path": "/#{path}", "Query": "#{query}"}
_IN_PATH = ("#{path}", "#{host}", "#{port}")
_TYPES = ("text/html", "application/json", "application/javascript", "text/css", "text/plain")


def _check_redirect(config: dict[str, Any], protocol: str) -> None:
    if all(config.get(name) in (None, kept) for name, kept in _KEPT.items()):
        # https://gateway-api.sigs.k8s.io users meet it: the controller of AWS quotes it in its tests
        raise refusal("redirectLoop")
    port, path = config.get("Port", "#{port}"), str(config.get("Path", "/"))
    if port != "#{port}" and not 1 <= (number(port) or 0) <= 65_535:
        raise refusal("redirectPort")
    # A redirect's path may be a placeholder only after its slash.
    if not path.startswith("/") or any(path.count(one) > 1 for one in _IN_PATH):
        raise refusal("redirectPath")
    if protocol == "HTTPS" and config.get("Protocol") == "HTTP":
        raise refusal("redirectBack")


def _check_answer(config: dict[str, Any]) -> None:
    kind = config.get("ContentType")
    if kind and kind not in _TYPES:
        # https://github.com/getmoto/moto/blob/master/moto/elbv2/models.py
        raise refusal("contentType", listed=", ".join(f"'{one}'" for one in _TYPES))


def check(actions: list[Action], balancer: str, protocol: str) -> None:
    """Of a listener of this protocol, or a rule of one, of this load balancer. Raises Refused."""
    if not actions:
        raise refusal("noAction")
    for action in actions:
        if str(action.get("Type", "")).startswith("authenticate-") and protocol != "HTTPS":
            # "[HTTPS listeners]" is the rule of AWS's page; ours
            raise Refused(CODE, f"Actions of type '{action['Type']}' can only be specified for HTTPS listeners")
    final = [action for action in actions if action.get("Type") in _WANTED]
    if len(final) != 1:
        raise refusal("oneAction", count=len(final))  # ours
    if len(actions) > 1 and not all(action.get("Order") for action in actions):
        raise Refused(CODE, "When you specify multiple actions, you must specify an order for each action")
    orders = [number(action.get("Order", index)) or 0 for index, action in enumerate(actions, 1)]
    if len(set(orders)) < len(orders):
        raise Refused(CODE, "Each action must have an Order of its own")  # ours
    if orders[actions.index(final[0])] != max(orders):
        raise Refused(CODE, f"An action of type '{final[0]['Type']}' must have a higher order than all other actions")
    for action in final:
        kind = action["Type"]
        if protocol in PROTOCOLS and kind != "forward":
            # https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html; ours
            message = f"Actions of type '{kind}' cannot be specified for listeners of protocol '{protocol}'"
            raise Refused("InvalidLoadBalancerAction", message)
        if not any(action.get(name) for name in _WANTED[kind]):
            raise refusal("actionFields", type=kind, fields=" or ".join(_WANTED[kind]))
        if kind == "forward":
            check_forward(action, balancer, protocol)
        elif kind == "redirect":
            _check_redirect(action["RedirectConfig"], protocol)
        else:
            _check_answer(action["FixedResponseConfig"])
