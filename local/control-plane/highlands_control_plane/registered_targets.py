"""Targets that somebody registers by address, beside those that ECS registers: by the API, or as `Targets` of a template.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-register-targets.html
The agent sends requests to them and checks them; how long one that leaves is `draining` is known here.
"""

import ipaddress
import time
from typing import Any

from ministack.services import alb, ec2

from .api_models import input_shape
from .given_values import number
from .load_balancer_rules import CODE, Request
from .model_constraints import faults, sentence
from .refused import Refused
from .replacing import replace_entry, wrap_entries
from .resources import HANDLERS, Created, Properties, properties_of

Target = dict[str, Any]
_Key = tuple[str, int]
# "RFC 1918 and RFC 6598": https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetDescription.html
_PRIVATE = [ipaddress.ip_network(one) for one in ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16")]
_DELAY, _DEFAULT_DELAY = "deregistration_delay.timeout_seconds", 300
_INITIAL = {
    "State": "initial",
    "Reason": "Elb.RegistrationInProgress",
    "Description": "Target registration is in progress",
}
_DRAINING = {
    "State": "draining",
    "Reason": "Target.DeregistrationInProgress",
    "Description": "Target deregistration is in progress",
}


def _zone_of(address: ipaddress.IPv4Address, vpc: Any) -> str | None:
    """The zone of the subnet that an address is in; it is these, and not the ranges of the VPC, that AWS looks at.

    https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/3714
    """
    for subnet in list(ec2._subnets.values()):
        if subnet.get("VpcId") == vpc and address in ipaddress.ip_network(subnet["CidrBlock"]):
            return str(subnet.get("AvailabilityZone"))
    return None


def _zone(text: str, given: Any, vpc: Any) -> str:
    """Raises Refused."""
    try:
        address = ipaddress.IPv4Address(text)
    except ValueError:
        raise Refused(CODE, f"The IP address '{text}' is not a valid IPv4 address") from None  # from memory
    zone = _zone_of(address, vpc)
    if zone is None and not any(address in one for one in _PRIVATE):
        # "You can't specify publicly routable IP addresses": API_TargetDescription.html; ours
        ranges = ", ".join(str(one) for one in _PRIVATE)
        raise Refused(CODE, f"The IP address '{text}' must be within the VPC, or within one of {ranges}")
    if zone is None and not given:
        # https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/3714
        raise Refused(CODE, f"The Availability Zone is required for IP address '{text}' because it is not in the VPC")
    if zone is None and given != "all":
        # https://github.com/aws/containers-roadmap/issues/1107
        sentence = (
            f"The Availability Zone for IP address '{text}' must be 'all' for Application Load Balancer target groups, "
            "when not within the VPC"
        )
        raise Refused(CODE, sentence)
    if zone is not None and given and given != zone:
        # https://github.com/kubernetes-sigs/aws-load-balancer-controller/issues/561
        sentence = (
            f"The IP address '{text}' is within the VPC, and cannot have its Availability Zone overridden to '{given}' "
            f"from '{zone}'"
        )
        raise Refused(CODE, sentence)
    return zone or "all"


def _checked(target: Target, group: Request) -> Target:
    """A target with its port and its zone. Raises Refused."""
    text, kind = str(target.get("Id", "")), group.get("TargetType", "instance")
    if kind == "lambda":
        raise Refused("InvalidTarget", f"Target '{text}' can't be registered: the local region runs no functions")
    if kind != "ip":
        # https://github.com/getmoto/moto/blob/master/moto/elbv2/models.py: none is there
        raise Refused("InvalidTarget", f"Instance ID '{text}' is not valid")
    port = number(target.get("Port")) or number(group.get("Port")) or 0
    return {
        "Id": text,
        "Port": port,
        "AvailabilityZone": _zone(text, target.get("AvailabilityZone"), group.get("VpcId")),
    }


def _all_checked(targets: list[Target], group: Request) -> list[Target]:
    """Those of a template too, which calls no RegisterTargets whose model would be held. Raises Refused."""
    shape = input_shape("elbv2", "RegisterTargets")
    request = {"Targets": [{"Port": number(one.get("Port"))} for one in targets]}
    if shape is not None and (found := list(faults(request, shape, required=False))):
        raise Refused(CODE, sentence(found))
    return [_checked(target, group) for target in targets]


def check(group: Request) -> None:
    """Of a template's target group with its Targets. Raises Refused."""
    _all_checked(group.get("Targets") or [], group)


def _key(target: Target) -> _Key:
    return str(target["Id"]), int(target["Port"])


def _kept(arn: str) -> list[Target]:
    """What is in a group, without what has drained."""
    now = time.time()
    return [one for one in alb._targets.get(arn) or [] if not one.get("_until") or one["_until"] > now]


def _register(arn: str, targets: list[Target]) -> None:
    """Raises Refused, and then none is registered."""
    new = {_key(one): one for one in _all_checked(targets, alb._tgs[arn])}
    before = {_key(one): one for one in _kept(arn)}
    for key, one in new.items():
        known = before.get(key, {})
        health = _INITIAL if known.get("_until") else known.get("_health", _INITIAL)
        before[key] = {**one, "_by_hand": True, "_health": health}
    alb._targets[arn] = list(before.values())


def _deregister(arn: str, targets: list[Target]) -> None:
    attributes = {one["Key"]: one["Value"] for one in alb._tg_attrs.get(arn) or []}
    delay = number(attributes.get(_DELAY, _DEFAULT_DELAY))
    until = time.time() + (_DEFAULT_DELAY if delay is None else delay)
    port = number(alb._tgs[arn].get("Port"))
    left = {(str(one["Id"]), number(one.get("Port")) or port) for one in targets}
    alb._targets[arn] = [
        {**one, "_until": until} if one.get("_by_hand") and not one.get("_until") and _key(one) in left else one
        for one in _kept(arn)
    ]


def described(arn: str) -> list[Target]:
    """What is in a group, with its health."""
    return [{**one, "_health": _DRAINING} if one.get("_until") else one for one in _kept(arn)]


def merged(arn: str, reported: list[Target]) -> list[Target]:
    """Those that the agent reports, which are those of ECS too, and those that somebody registered."""
    seen = {_key(one): one for one in reported}
    own = [one for one in _kept(arn) if one.get("_by_hand")]
    mine = [one if one.get("_until") else {**one, "_health": seen.get(_key(one), one)["_health"]} for one in own]
    return mine + [one for key, one in seen.items() if key not in {_key(one) for one in own}]


def by_group() -> list[dict[str, Any]]:
    """For the agent: those that get requests."""
    found = []
    for arn in list(alb._tgs):
        own = [one for one in _kept(arn) if one.get("_by_hand") and not one.get("_until")]
        members = [{"id": one["Id"], "port": one["Port"], "availabilityZone": one["AvailabilityZone"]} for one in own]
        if members:
            found.append({"targetGroupArn": arn, "targets": members})
    return found


def _targets_of(params: Any) -> list[Target]:
    targets: list[Target] = []
    while identity := alb._p(params, f"Targets.member.{len(targets) + 1}.Id"):
        at = f"Targets.member.{len(targets) + 1}"
        found = {name: alb._p(params, f"{at}.{name}") for name in ("Port", "AvailabilityZone")}
        targets.append({"Id": identity, **{name: value for name, value in found.items() if value}})
    return targets


def _action(name: str, act: Any) -> Any:
    def call(params: Any) -> Any:
        arn = alb._p(params, "TargetGroupArn")
        if arn not in alb._tgs:
            return alb._error("TargetGroupNotFound", f"Target group '{arn}' not found")
        try:
            act(arn, _targets_of(params))
        except Refused as refused:
            return alb._error(refused.code, str(refused))
        return alb._empty(name)

    return call


def _by_stack(handler: Any) -> Any:
    def call(*arguments: Any, **options: Any) -> Created:
        arn, attributes = handler(*arguments, **options)
        new = properties_of(arguments)
        old: Properties = {} if len(arguments) == 3 or arn != arguments[0] else arguments[1]
        wanted = new.get("Targets") or []
        _deregister(arn, [one for one in old.get("Targets") or [] if one not in wanted])
        _register(arn, wanted)
        return arn, attributes

    return call


def register() -> None:
    """In the place of ministack's, which know neither ports nor zones; before changes are counted."""
    replace_entry(alb._ACTION_MAP, "RegisterTargets", _action("RegisterTargets", _register))
    replace_entry(alb._ACTION_MAP, "DeregisterTargets", _action("DeregisterTargets", _deregister))
    wrap_entries(HANDLERS["AWS::ElasticLoadBalancingV2::TargetGroup"], ("create", "update"), _by_stack)
