"""The rules of security groups as EC2 keeps them, as CloudFormation has them, and as AWS writes them. Pure."""

from collections.abc import Iterator
from typing import Any

from .given_values import number

Request = dict[str, Any]
PORTS = {"tcp": "TCP", "6": "TCP", "udp": "UDP", "17": "UDP"}


def key_of(rule: Request) -> tuple[Any, ...]:
    """What makes two rules the same one: not the description."""
    protocol = str(rule.get("IpProtocol")).lower()
    ports = () if protocol == "-1" else (number(rule.get("FromPort")), number(rule.get("ToPort")))
    return (PORTS.get(protocol, protocol), ports, *peer_of(rule))


def peer_of(rule: Request) -> tuple[str, str]:
    """Of the one that a rule has, its kind and its value."""
    for member in ("CidrIp", "CidrIpv6"):
        if rule.get(member):
            return member, str(rule[member])
    group = (
        rule.get("SourceSecurityGroupId")
        or rule.get("DestinationSecurityGroupId")
        or rule.get("SourceSecurityGroupName")
    )
    prefix = rule.get("SourcePrefixListId") or rule.get("DestinationPrefixListId")
    return ("group", str(group)) if group else ("prefix", str(prefix))


def flat(permissions: list[Request]) -> Iterator[Request]:
    """Permissions as EC2 keeps them, as one rule of CloudFormation for each peer."""
    for one in permissions:
        base: Request = {name: one[name] for name in ("IpProtocol", "FromPort", "ToPort") if name in one}
        for member, name in (("IpRanges", "CidrIp"), ("Ipv6Ranges", "CidrIpv6")):
            for each in one.get(member) or []:
                yield {**base, **each, name: each[name]}
        for each in one.get("UserIdGroupPairs") or []:
            owner = {"SourceSecurityGroupOwnerId": each["UserId"]} if each.get("UserId") else {}
            yield {**base, **owner, "SourceSecurityGroupId": each.get("GroupId") or each.get("GroupName")}
        for each in one.get("PrefixListIds") or []:
            yield {**base, "SourcePrefixListId": each.get("PrefixListId")}


def said(rule: Request) -> str:
    """As AWS writes one in its error: https://github.com/hashicorp/terraform-provider-aws/issues/10011"""
    protocol = str(rule.get("IpProtocol")).lower()
    if protocol == "-1":
        return f"peer: {peer_of(rule)[1]}, ALL, ALLOW"
    name = PORTS.get(protocol, protocol.upper())
    return f"peer: {peer_of(rule)[1]}, {name}, from port: {rule.get('FromPort')}, to port: {rule.get('ToPort')}, ALLOW"
