"""What Cloud Map refuses of services and instances.

https://docs.aws.amazon.com/cloud-map/latest/api/API_CreateService.html
Sentences: pf-servicediscovery-* of https://github.com/badmintoncryer/cdk-preflight, which tries them on AWS, but where it says "ours".
"""

from typing import Any

from ministack.services import servicediscovery

from .refused import Refused

_HAS_INSTANCES = "Service contains registered instances; delete the instances before deleting the service"
CODE = "InvalidInput"
Request = dict[str, Any]
# What an instance of a service with records of a type has.
_NEEDED = {
    "A": "AWS_INSTANCE_IPV4",
    "AAAA": "AWS_INSTANCE_IPV6",
    "CNAME": "AWS_INSTANCE_CNAME",
    "SRV": "AWS_INSTANCE_PORT",
}
# https://docs.aws.amazon.com/cloud-map/latest/api/API_RegisterInstance.html
_KNOWN = (
    *("AWS_ALIAS_DNS_NAME", "AWS_EC2_INSTANCE_ID", "AWS_INIT_HEALTH_STATUS"),
    *_NEEDED.values(),
)


def _check_records(configuration: Request) -> None:
    types = [str(one.get("Type")) for one in configuration.get("DnsRecords") or []]
    for one in types:
        if types.count(one) > 1:
            # With AWS's spaces.
            raise Refused(CODE, f"Duplicate resource record type{one}in DNS config is not expected")
    if "CNAME" in types and len(types) > 1:
        raise Refused(CODE, "DnsRecord Type CNAME cannot be combined with other types")
    if "CNAME" in types and configuration.get("RoutingPolicy") != "WEIGHTED":
        raise Refused(CODE, "WEIGHTED routing policy must be used with DNS Record Type CNAME")


def check_service(request: Request) -> None:
    """A new one. Raises Refused."""
    configuration = request.get("DnsConfig") or {}
    namespace_id = request.get("NamespaceId") or configuration.get("NamespaceId")
    namespace = servicediscovery._namespaces.get(namespace_id) or {}
    kind = namespace.get("Type")
    if configuration and request.get("Type") == "HTTP":
        raise Refused(CODE, "When you create a service with a type of HTTP, you can't include a DnsConfig element.")
    if configuration and kind == "HTTP":
        sentence = "When you create a service using a namespace that has a type of HTTP, you can't include a DnsConfig element."
        raise Refused(CODE, sentence)
    _check_records(configuration)
    if request.get("HealthCheckConfig") and kind == "DNS_PRIVATE":
        raise Refused(CODE, "Health check config cannot be applied to a service with private namespace")
    if request.get("HealthCheckConfig") and request.get("HealthCheckCustomConfig"):
        # "... but not both": AWS's page; ours
        raise Refused(CODE, "A service has either a HealthCheckConfig or a HealthCheckCustomConfig.")
    name = str(request.get("Name") or "")
    if name and name_taken(namespace_id, name):
        raise Refused("ServiceAlreadyExists", "Service already exists.")  # ours


def name_taken(namespace_id: Any, name: str) -> bool:
    """Names of DNS have no case: pf-servicediscovery-service-name-case-collision"""
    return any(
        one.get("NamespaceId") == namespace_id and str(one.get("Name")).lower() == name.lower()
        for one in list(servicediscovery._services.values())
    )


def check_service_of_stack(request: Request) -> None:
    """With the sentence of the handler for what is there. Raises Refused."""
    configuration = request.get("DnsConfig") or {}
    name = str(request.get("Name") or "")
    if name and name_taken(request.get("NamespaceId") or configuration.get("NamespaceId"), name):
        sentence = f"Resource of type 'AWS::ServiceDiscovery::Service' with identifier '{name}' already exists."
        raise Refused("AlreadyExists", sentence)
    check_service(request)


def check_instance(request: Request) -> None:
    """One that is registered. Raises Refused."""
    given = request.get("Attributes") or request.get("InstanceAttributes") or {}
    for key in given:
        if key.upper().startswith("AWS_") and key not in _KNOWN:
            sentence = f"Invalid attribute: [{key}]. [aws_] prefix is reserved for AWS attributes."
            raise Refused(CODE, sentence)
    service = servicediscovery._services.get(request.get("ServiceId")) or {}
    types = [str(one.get("Type")) for one in (service.get("DnsConfig") or {}).get("DnsRecords") or []]
    if "AWS_ALIAS_DNS_NAME" in given:
        return
    for one in types:
        if one in _NEEDED and not given.get(_NEEDED[one]):
            raise Refused(CODE, f"Required attribute(s) {_NEEDED[one]} are missing.")


def check_deletable(request: Request) -> None:
    """https://github.com/hashicorp/terraform-provider-aws/issues/4853. Raises Refused."""
    if servicediscovery._instances.get(request.get("Id")):
        raise Refused("ResourceInUse", _HAS_INSTANCES)
