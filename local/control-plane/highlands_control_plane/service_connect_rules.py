"""What ECS refuses of Service Connect: names, aliases, ports and protocols, within a service and across a namespace.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectService.html
Sentences without another link are ours: AWS's page has the rule.
"""

import re
from typing import Any

from ministack.services import ecs

from .container_logs import LOG_DRIVERS
from .given_values import number
from .refused import Refused
from .service_connect import namespace_arn, namespace_made, namespace_name, other_service

CODE = "InvalidParameterException"
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectService.html
_DISCOVERY_NAME = re.compile(r"[a-z0-9_][a-z0-9_-]{0,63}")
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectClientAlias.html
_DNS_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,125}[A-Za-z0-9])?")
_MOST_ALIASES = 1
_LAST_PORT = 65_535
_Mapping = dict[str, Any]


def mappings_of(definition: dict[str, Any]) -> list[_Mapping]:
    return [mapping for one in definition.get("containerDefinitions") or [] for mapping in one.get("portMappings", [])]


def _check_namespace(reference: str) -> None:
    if not reference:
        # https://github.com/badmintoncryer/cdk-preflight quotes it
        raise Refused(CODE, "Namespace is missing")
    if namespace_made(reference) is None:
        remedy = "create it first, or give the name of a new one"
        message = f"Service Connect namespace {reference} was not found: {remedy}"
        raise Refused("NamespaceNotFoundException", message)


def _check_aliases(entry: dict[str, Any]) -> None:
    aliases = entry.get("clientAliases") or []
    # Both quoted in https://github.com/badmintoncryer/cdk-preflight
    if len(aliases) > _MOST_ALIASES:
        raise Refused(CODE, f"{len(aliases)} clientAliases exceeds the max limit of {_MOST_ALIASES}")
    for alias in aliases:
        if not 1 <= (number(alias.get("port")) or 0) <= _LAST_PORT:
            # The model has 0 too, at which nobody can listen.
            raise Refused(CODE, f"The port {alias.get('port')} of a clientAlias must be between 1 and {_LAST_PORT}.")
        name = alias.get("dnsName")
        if name is not None and not _DNS_NAME.fullmatch(name):
            raise Refused(CODE, "The DNS name that you provided is invalid")


def _check_port(entry: dict[str, Any], mappings: list[_Mapping]) -> None:
    name = entry.get("portName")
    mapping = next((one for one in mappings if name and one.get("name") == name), None)
    if mapping is None:
        # https://github.com/badmintoncryer/cdk-preflight quotes it
        message = f"portName({name}) does not refer to any named PortMapping in the container definitions"
        raise Refused(CODE, message)
    # "... can only be set if the appProtocol isn't TCP", which it is by default:
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TimeoutConfiguration.html
    seconds = number((entry.get("timeout") or {}).get("perRequestTimeoutSeconds")) or 0
    if seconds > 0 and not mapping.get("appProtocol"):
        message = f"perRequestTimeoutSeconds can only be set if the port {name} has an appProtocol that isn't TCP."
        raise Refused(CODE, message)
    tls = entry.get("tls")
    if tls is not None and not (tls.get("issuerCertificateAuthority") or {}).get("awsPcaAuthorityArn"):
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/enable-service-connect-tls.html
        raise Refused(CODE, f"TLS of the port {name} has no awsPcaAuthorityArn of an issuerCertificateAuthority.")


def _check_together(entries: list[dict[str, Any]], mappings: list[_Mapping], namespace: str) -> None:
    """Entries of one service: each has a name, a port and an alias of its own."""
    taken = {number(one.get("containerPort")) for one in mappings}
    overrides = [number(one.get("ingressPortOverride")) for one in entries if one.get("ingressPortOverride")]
    for override in overrides:
        # The proxy listens at it, in the network of the task's containers.
        if override in taken or overrides.count(override) > 1:
            raise Refused(CODE, f"ingressPortOverride {override} is already used by another port of the task.")
    for what, values in (
        ("portName", [str(one.get("portName")) for one in entries]),
        ("discoveryName", [str(one["discoveryName"]) for one in entries]),
        ("ClientAlias", [alias for one in entries for alias in sorted(_aliases(one, namespace))]),
    ):
        for value in values:
            if values.count(value) > 1:
                raise Refused(CODE, f"{what} {value} is there more than once in the service.")


def check(connect: dict[str, Any], service: dict[str, Any], definition: dict[str, Any]) -> None:
    """Raises Refused. Fills in the discovery names that are those of ports."""
    namespace = connect["namespace"]
    entries, mappings = connect.get("services") or [], mappings_of(definition)
    for entry in entries:
        _check_port(entry, mappings)
        name = entry.setdefault("discoveryName", entry["portName"])
        if not _DISCOVERY_NAME.fullmatch(name):
            message = f"discoveryName {name} has up to 64 small letters, digits, hyphens and underscores, and begins with no hyphen."
            raise Refused(CODE, message)
        _check_aliases(entry)
    # "When you use the Fargate launch type": https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html
    driver = (connect.get("logConfiguration") or {}).get("logDriver")
    if driver is not None and driver not in LOG_DRIVERS:
        raise Refused(CODE, f"{driver} is not a valid log driver. Must be one of [{','.join(LOG_DRIVERS)}]")
    _check_namespace(namespace)
    _check_together(entries, mappings, namespace)
    for entry in entries:
        _check_others(entry, service, namespace)


def _used(entry: dict[str, Any], namespace: str, by: str) -> Refused:
    """The beginning is AWS's: https://github.com/krunalijain/aws-bootcamp-cruddur-2023 has it from a stack's event."""
    beginning = f"SC service is already used by {namespace_arn(namespace)}"
    return Refused(CODE, f"{beginning}: discovery name {entry['discoveryName']} is already used by {by}")


def _check_others(entry: dict[str, Any], service: dict[str, Any], namespace: str) -> None:
    # "The name of the new AWS Cloud Map service": https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectService.html
    if (taken := other_service(namespace, entry["discoveryName"])) is not None:
        raise _used(entry, namespace, f"Cloud Map service {taken}: choose another discoveryName")
    for other in _entries_of_others(service, namespace):
        if other["discoveryName"] == entry["discoveryName"]:
            raise _used(entry, namespace, "another service in the namespace")
        for taken in _aliases(entry, namespace) & _aliases(other, namespace):
            message = (
                f"ClientAlias {taken} is already used by service with discovery name "
                f"{other['discoveryName']}: choose another dnsName or port"
            )
            raise Refused(CODE, message)


def _aliases(entry: dict[str, Any], namespace: str) -> set[str]:
    """The names and ports that clients call; without a name of its own an alias is `<discovery name>.<namespace>`.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectClientAlias.html
    """
    default = f"{entry['discoveryName']}.{namespace_name(namespace)}"
    return {f"{alias.get('dnsName') or default}:{alias.get('port')}" for alias in entry.get("clientAliases", [])}


def _entries_of_others(service: dict[str, Any], namespace: str) -> list[dict[str, Any]]:
    return [
        {**entry, "discoveryName": entry.get("discoveryName", entry.get("portName"))}
        for other in ecs._services.values()
        if other["serviceArn"] != service["serviceArn"] and other["status"] == "ACTIVE"
        for connect in [other.get("_service_connect") or {}]
        if connect.get("enabled") and namespace_arn(connect.get("namespace", "")) == namespace_arn(namespace)
        for entry in connect.get("services", [])
    ]
