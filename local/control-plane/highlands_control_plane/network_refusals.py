"""Where EC2 refuses: by its API, and by the handlers of CloudFormation, which say the same sentence."""

from collections.abc import Callable
from typing import Any

from ministack.services import ec2

from . import gateway_rules, security_group_rules, vpc_rules
from .checks_before import before_action, before_handler
from .refused import Refused, told_by_sdk
from .replacing import wrap_entries
from .resources import HANDLERS
from .security_group_forms import flat

Request = dict[str, Any]
_LISTS = {"SubnetIds": "SubnetId", "RouteTableIds": "RouteTableId"}
# By type: what makes one, and the check of its properties.
_MADE: dict[str, tuple[str, Callable[[Request], None]]] = {
    "VPC": ("CreateVpc", vpc_rules.check_vpc),
    "Subnet": ("CreateSubnet", vpc_rules.check_subnet),
    "SecurityGroup": ("CreateSecurityGroup", security_group_rules.check_group),
    "NatGateway": ("CreateNatGateway", gateway_rules.check_nat),
    "VPCGatewayAttachment": ("AttachInternetGateway", gateway_rules.check_attachment),
    "Route": ("CreateRoute", gateway_rules.check_route),
    "VPCEndpoint": ("CreateVpcEndpoint", gateway_rules.check_endpoint),
    "FlowLog": ("CreateFlowLogs", gateway_rules.check_flow_log),
}
# The same of what deletes one; the member that names it.
_DELETED: dict[str, tuple[str, str, Callable[[str], None]]] = {
    "VPC": ("DeleteVpc", "VpcId", vpc_rules.check_vpc_deletable),
    "Subnet": ("DeleteSubnet", "SubnetId", vpc_rules.check_subnet_deletable),
    "SecurityGroup": ("DeleteSecurityGroup", "GroupId", security_group_rules.check_deletable),
}
_SOURCES = ("CidrIp", "CidrIpv6", "SourcePrefixListId", "SourceSecurityGroupId", "SourceSecurityGroupName")
_DESTINATIONS = ("CidrIp", "CidrIpv6", "DestinationPrefixListId", "DestinationSecurityGroupId")


def _request(params: Any) -> Request:
    """A request of the query protocol in the form of CloudFormation's properties."""
    plain = {name: ec2._p(params, name) for name in params if "." not in name and ec2._p(params, name) != ""}
    lists = {name: found for name, one in _LISTS.items() if (found := ec2._parse_member_list(params, one))}
    return {**plain, **lists}


def _authorized(member: str) -> Callable[[Any], None]:
    def check(params: Any) -> None:
        group = ec2._security_groups.get(ec2._p(params, "GroupId"))
        if group is not None:
            given = ec2._parse_ip_permissions(params, "IpPermissions")
            before = list(flat(group[member]))
            security_group_rules.check_new(list(flat(given)), before)

    return check


def _check_peers_of(rule: Request, names: tuple[str, ...], *, alone: bool) -> None:
    """Of a rule in a template; pf-ec2-sg-source-exclusive of cdk-preflight. Raises Refused."""
    given = [name for name in names if rule.get(name)]
    if alone and len(given) != 1:
        listed = f"{', '.join(names[:-1])}, and {names[-1]}"
        raise Refused("InvalidRequest", f"Exactly one of {listed} must be specified and not empty")
    if len(given) > 1 and names is _SOURCES:
        said = " and ".join(name.removesuffix("Id").removesuffix("Name") for name in given[:2])
        raise Refused("InvalidRequest", f"Both {said} cannot be specified")
    if len(given) > 1:
        listed = f"{', '.join(names[:-1])} or {names[-1]}"
        raise Refused("InvalidRequest", f"Only one of {listed} can be specified")


def _group_of_stack(properties: Request) -> None:
    security_group_rules.check_group(properties)
    _rules_of_stack(properties)


def _rules_of_stack(properties: Request) -> None:
    for member, names in (("SecurityGroupIngress", _SOURCES), ("SecurityGroupEgress", _DESTINATIONS)):
        rules = properties.get(member) or []
        for rule in rules:
            _check_peers_of(rule, names, alone=False)
        # One without a source was seen to be taken.
        security_group_rules.check_new([rule for rule in rules if any(rule.get(name) for name in names)], [])


def _rule_of_stack(member: str, names: tuple[str, ...], *, new: bool) -> Callable[..., None]:
    def check(*arguments: Any) -> None:
        rule = arguments[1] if new else arguments[2]
        _check_peers_of(rule, names, alone=True)
        group = ec2._security_groups.get(rule.get("GroupId"))
        if group is None:
            raise Refused("InvalidGroup.NotFound", f"The security group '{rule.get('GroupId')}' does not exist")
        # The one that is changed is among those that are there.
        before = list(flat(group[member])) if new else []
        security_group_rules.check_new([rule], before)

    return check


def _by_stack(check: Callable[..., None]) -> Callable[[Any], Any]:
    return before_handler(check, lambda: told_by_sdk("Ec2"))


def _made(check: Callable[[Request], None]) -> Callable[[Any], Any]:
    return _by_stack(lambda logical_id, properties, stack: check(properties))


def _gone(check: Callable[[str], None]) -> Callable[[Any], Any]:
    return _by_stack(lambda physical_id, properties: check(physical_id))


def _register_actions() -> None:
    for action, check in _MADE.values():
        by_api = before_action(lambda params, check=check: check(_request(params)), ec2._error)  # type: ignore[misc]
        wrap_entries(ec2._ACTION_MAP, (action,), by_api)
    for action, member, gone in _DELETED.values():
        by_api = before_action(lambda params, member=member, gone=gone: gone(ec2._p(params, member)), ec2._error)  # type: ignore[misc]
        wrap_entries(ec2._ACTION_MAP, (action,), by_api)
    for direction, member in (("Ingress", "IpPermissions"), ("Egress", "IpPermissionsEgress")):
        action = f"AuthorizeSecurityGroup{direction}"
        wrap_entries(ec2._ACTION_MAP, (action,), before_action(_authorized(member), ec2._error))


def register() -> None:
    """Puts the checks in front of the actions and of the handlers."""
    _register_actions()
    for kind, (_, check) in _MADE.items():
        of_stack = _group_of_stack if kind == "SecurityGroup" else check
        wrap_entries(HANDLERS[f"AWS::EC2::{kind}"], ("create",), _made(of_stack))
    for kind, (_, _, gone) in _DELETED.items():
        wrap_entries(HANDLERS[f"AWS::EC2::{kind}"], ("delete",), _gone(gone))
    wrap_entries(HANDLERS["AWS::EC2::SecurityGroup"], ("update",), _by_stack(lambda *given: _rules_of_stack(given[2])))
    for direction, member, names in (
        ("Ingress", "IpPermissions", _SOURCES),
        ("Egress", "IpPermissionsEgress", _DESTINATIONS),
    ):
        handler = HANDLERS[f"AWS::EC2::SecurityGroup{direction}"]
        for operation in ("create", "update"):
            check = _rule_of_stack(member, names, new=operation == "create")
            wrap_entries(handler, (operation,), _by_stack(check))
