"""What record-types.json is made of: the schemas of CloudFormation's registry as cfn-lint carries them.

Of each type: what `Ref` is, which form each attribute has, which properties replace it, and the shape of its properties.
"""

import json
import re
from typing import Any

import property_schemas
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

# Services by whose name in ARNs none of their permissions begins.
_SERVICES = {
    "msk": "kafka",
    "aps": "aps",
    "opensearchserverless": "aoss",
    "elasticloadbalancingv2": "elasticloadbalancing",
}
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
_PREFIXES = {
    "CustomerGateway": "cgw-", "DHCPOptions": "dopt-", "EgressOnlyInternetGateway": "eigw-", "EIPAssociation": "eipassoc-",
    "Host": "h-", "Instance": "i-", "NetworkAcl": "acl-", "NetworkInterface": "eni-",
    "NetworkInterfaceAttachment": "eni-attach-", "PrefixList": "pl-", "SubnetCidrBlock": "subnet-cidr-assoc-",
    "SubnetNetworkAclAssociation": "aclassoc-", "TransitGateway": "tgw-", "TransitGatewayAttachment": "tgw-attach-",
    "TransitGatewayRouteTable": "tgw-rtb-", "TransitGatewayVpcAttachment": "tgw-attach-", "VPCCidrBlock": "vpc-cidr-assoc-",
    "VPCEndpointService": "vpce-svc-", "VPCPeeringConnection": "pcx-", "VPNConnection": "vpn-", "VPNGateway": "vgw-",
    "Volume": "vol-",
}  # fmt: skip
_GOOD = ("ACTIVE", "Active", "active", "AVAILABLE", "Available", "available", "ENABLED", "Enabled", "READY", "CREATED")


def record_types(refused: list[str]) -> dict[str, Any]:
    """By type, without those that begin with a name of `refused`."""
    index = PROVIDER_SCHEMA_MANAGER.get_resource_types("us-east-1")
    names = [name for name in index if not any(_covers(one, name) for one in refused) and name.startswith("AWS::")]
    shapes = property_schemas.property_types(names)
    return {name: {**_record(name), **shapes[name]} for name in sorted(names) if name in shapes}


def _covers(name: str, type_name: str) -> bool:
    return type_name.startswith(name) if name.endswith(":") else type_name == name


def _record(type_name: str) -> dict[str, Any]:
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", type_name)
    raw = schema.schema
    own = type_name.split("::")[-1]
    identifiers = [path.split("/")[2] for path in raw["primaryIdentifier"] if path.count("/") == 2] or ["Id"]
    read_only = [".".join(path.split("/")[2:]) for path in raw.get("readOnlyProperties", [])]
    attributes = {name: _form(type_name, name, raw) for name in sorted(read_only) if "*" not in name}
    return {
        "service": _service(type_name, raw),
        "kind": own.lower(),
        "names": _names(own, raw, identifiers),
        "id": {name: _form(type_name, name, raw) for name in identifiers},
        "attributes": {name: form for name, form in attributes.items() if form is not None},
        "replace": sorted({path.split("/")[2] for path in raw.get("createOnlyProperties", [])}),
    }


def _names(own: str, raw: dict[str, Any], identifiers: list[str]) -> list[str]:
    """The properties that say what a resource is called, the best first."""
    of_own = [name for name in raw["properties"] if name.endswith("Name") and own.endswith(name.removesuffix("Name"))]
    given = [*of_own, *(name for name in identifiers if name in raw["properties"] and name not in of_own)]
    return [name for name in given if not re.search(r"(?:A(?:rn|RN)|Id)$", name)]


def _service(type_name: str, raw: dict[str, Any]) -> str:
    _, service, own = type_name.lower().split("::")
    permissions = [one for one in raw.get("handlers", {}).get("create", {}).get("permissions", []) if ":" in one]
    fits = [one for one in permissions if f"create{own}" in one.lower() or f":put{own}" in one.lower()]
    prefixes = [one.split(":")[0] for one in fits or permissions]
    return _SERVICES.get(service) or (service if service in prefixes or not fits else prefixes[0])


def _schema_of(name: str, raw: dict[str, Any]) -> dict[str, Any]:
    node: dict[str, Any] = raw
    for step in name.split("."):
        node = _resolved(node, raw).get("properties", {}).get(step, {})
    return _resolved(node, raw)


def _resolved(node: dict[str, Any], raw: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        found: Any = raw
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found.get(step, {})
        node = found
    return node


def _form(type_name: str, name: str, raw: dict[str, Any]) -> Any:
    """None where no form is known: there is no such attribute then until a template gives it."""
    node, last = _schema_of(name, raw), name.rsplit(".", 1)[-1]
    kinds = node.get("type", "string")
    kind = next((one for one in kinds if one != "null"), "string") if isinstance(kinds, list) else kinds
    if node.get("enum"):
        good = next((one for one in _GOOD if one in node["enum"]), node["enum"][0])
        return f"text:{good}" if isinstance(good, str) else good
    if kind in ("array", "object"):
        return [] if kind == "array" else None
    if kind == "boolean":
        return False
    if kind in ("integer", "number"):
        return 443 if last.endswith("Port") else 1 if "Version" in last else 0
    return _text_form(type_name, last)


# What a text is, by the end of its attribute's name; the first that fits.
_FORMS = (
    (r"(?:Account|Owner)(?:Id)?$", "account"),
    (r"(?:At|Time|Date|Timestamp|Created|Modified|On)$", "time"),
    (r"(?:Status|State)$", "text:ACTIVE"),
    (r"(?:DomainName|DNSName|DnsName|Host|Hostname|HostName|Domain)$", "host"),
    (r"Ip(?:v4)?(?:Address)?$", "ip"),
    (r"Address$", "host"),
    (r"Port$", "text:443"),
    (r"Version$", "text:1"),
    (r"AvailabilityZone$", "zone"),
    (r"Name$|Alias$", "name"),
)


def _text_form(type_name: str, last: str) -> str:
    _, service, own = type_name.split("::")
    if re.search(r"A(?:rn|RN)$", last):
        other = re.sub(r"A(?:rn|RN)$", "", last).lower()
        return "arn" if other in ("", own.lower(), "resource") else f"arn:{other}"
    if re.search(r"(?:Url|URL|Uri|URI|Endpoint)$", last):
        return "host" if service in _HOSTS else "url"
    form = next((form for pattern, form in _FORMS if re.search(pattern, last)), None)
    if form is not None:
        return form
    if service == "EC2" and last.endswith("Id"):
        return f"id:{_OTHERS.get(last) or _PREFIXES.get(own, 'r-')}"
    return "id:"


_OTHERS = {"VpcId": "vpc-", "SubnetId": "subnet-", "NetworkInterfaceId": "eni-"}
# What their endpoints are called is the name of a host.
_HOSTS = (
    "AppRunner",
    "DAX",
    "ElastiCache",
    "Elasticsearch",
    "MemoryDB",
    "Neptune",
    "OpenSearchService",
    "RDS",
    "Redshift",
)


def as_text(types: dict[str, Any]) -> str:
    """One type a line."""
    return property_schemas.as_text(types)


def names_as_text(types: dict[str, Any]) -> str:
    """The names alone, for the check of an app."""
    return json.dumps(sorted(types), indent=2) + "\n"
