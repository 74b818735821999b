"""What Elastic Load Balancing refuses of the target groups that a listener or a rule sends to.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ForwardActionConfig.html
Sentences without another source: the rules pf-elbv2-action-forward-* and pf-elbv2-listener-tg-* of
https://github.com/badmintoncryer/cdk-preflight, which tries them on AWS; "ours" where AWS's page has the rule alone.
"""

from typing import Any

from ministack.services import alb

from . import load_balancer_use
from .aws_sentences import refusal
from .given_values import is_true, number
from .load_balancer_rules import CODE, vpcs_of
from .refused import Refused

Action = dict[str, Any]
# https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-listeners.html: which groups a listener may have.
_FITTING = {"TCP": ("TCP", "TCP_UDP"), "TLS": ("TCP", "TLS"), "UDP": ("UDP", "TCP_UDP"), "TCP_UDP": ("TCP_UDP",)}
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
_MOST_GROUPS = 5
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupTuple.html
_HEAVIEST = 999
# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupStickinessConfig.html: seconds
_WEEK = 604_800


def _groups_of(action: Action) -> list[dict[str, Any]]:
    """The target groups with their weights, by either way to name them."""
    named: list[dict[str, Any]] = (action.get("ForwardConfig") or {}).get("TargetGroups") or []
    return named or ([{"TargetGroupArn": action["TargetGroupArn"]}] if action.get("TargetGroupArn") else [])


def _check_weights(groups: list[dict[str, Any]]) -> None:
    weights = [number(group.get("Weight")) for group in groups]
    if len(groups) == 1 and weights[0] is not None and not 1 <= weights[0] <= _HEAVIEST:
        raise refusal("weight")
    if len(groups) > 1 and any(weight is None or not 0 <= weight <= _HEAVIEST for weight in weights):
        raise refusal("weights")


def _check_stickiness(config: dict[str, Any]) -> None:
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupStickinessConfig.html"""
    seconds = number(config.get("DurationSeconds"))
    if is_true(config.get("Enabled")) and seconds is None:
        raise refusal("noDuration")
    if seconds is not None and not 1 <= seconds <= _WEEK:
        raise refusal("duration")


def _check_fits(arn: str, balancer: str, protocol: str) -> None:
    """A group of the protocol and the network of the load balancer."""
    group = alb._tgs[arn]
    version = group.get("ProtocolVersion") or "HTTP1"
    if protocol == "HTTP" and version != "HTTP1":
        # https://github.com/aws/copilot-cli/issues/4551
        raise refusal("protocolVersion", protocol=protocol, version=version)
    fitting = _FITTING.get(protocol, ("HTTP", "HTTPS"))
    if group.get("Protocol", "HTTP") not in fitting and group.get("TargetType") != "lambda":
        sentence = f"The listener and the following target groups have incompatible protocols: {arn}"
        raise Refused("IncompatibleProtocols", sentence)
    vpcs = vpcs_of(list(alb._lbs[balancer].get("Subnets") or []))
    if vpcs and group.get("VpcId") and group["VpcId"] not in vpcs:
        sentence = f"The following target groups are in a different VPC than load balancer '{balancer}': {arn}"
        raise Refused("InvalidConfigurationRequest", sentence)


def check_forward(action: Action, balancer: str, protocol: str) -> None:
    """Raises Refused."""
    groups = _groups_of(action)
    if not groups:
        raise refusal("noGroup")
    if len(groups) > _MOST_GROUPS:
        raise refusal("manyGroups")
    listed = {one.get("TargetGroupArn") for one in groups}
    if action.get("TargetGroupArn") and listed != {action["TargetGroupArn"]}:
        sentence = "You can specify both a target group list and a top-level target group ARN only if the ARNs match"
        raise Refused(CODE, sentence)
    _check_weights(groups)
    _check_stickiness((action.get("ForwardConfig") or {}).get("TargetGroupStickinessConfig") or {})
    for group in groups:
        arn = str(group.get("TargetGroupArn"))
        if arn not in alb._tgs:
            # https://github.com/getmoto/moto/blob/master/moto/elbv2/exceptions.py
            raise Refused("TargetGroupNotFound", f"Target group '{arn}' not found")
        # https://github.com/aws/aws-cdk/issues/16530, and of the limit load-balancer-limits.html
        if any(other != balancer for other in load_balancer_use.balancers_of(arn)):
            message = f"The following target groups cannot be associated with more than one load balancer: {arn}"
            raise Refused("TargetGroupAssociationLimit", message)
        _check_fits(arn, balancer, protocol)
    arns = [group["TargetGroupArn"] for group in groups]
    if len(set(arns)) < len(arns):
        raise Refused(CODE, "A forward action has each target group once")  # ours
