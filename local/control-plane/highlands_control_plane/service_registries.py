"""The service registry of an ECS service: what ECS refuses of it, and what is left of it in Cloud Map.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRegistry.html
"""

from typing import Any

from ministack.services import servicediscovery

from .refused import Refused

_CODE = "InvalidParameterException"


def registry(arn: str) -> dict[str, Any] | None:
    """The Cloud Map service of an ARN."""
    found = [one for one in list(servicediscovery._services.values()) if one["Arn"] == arn]
    return found[0] if found else None


def check(service: dict[str, Any], definition: dict[str, Any]) -> None:
    """Checks the registries of a service as it would be after the request. Raises Refused. The sentences are
    those of https://github.com/badmintoncryer/cdk-preflight, pf-ecs-svc-registries-multiple, for their number, and else ours."""
    registries = service.get("serviceRegistries") or []
    if len(registries) > 1:
        # "Multiple service registries for each service are not supported."
        raise Refused(_CODE, "service registries can have at most 1 items.")
    for one in registries:
        _check(one, definition)


def _check(given: dict[str, Any], definition: dict[str, Any]) -> None:
    arn = given.get("registryArn", "")
    found = registry(arn)
    if found is None:
        raise Refused(_CODE, f"The service registry {arn} does not exist.")
    name, container_port, port = (given.get(one) for one in ("containerName", "containerPort", "port"))
    if port is not None and (name or container_port):
        raise Refused(_CODE, "serviceRegistries has either containerName and containerPort or port, and not both.")
    if bool(name) != bool(container_port):
        raise Refused(_CODE, "serviceRegistries has containerName and containerPort together.")
    containers = {one["name"]: one for one in definition.get("containerDefinitions", [])}
    if name and name not in containers:
        raise Refused(_CODE, f"The container {name} does not exist in the task definition.")
    ports = [one.get("containerPort") for one in containers.get(name or "", {}).get("portMappings") or []]
    if name and int(container_port or 0) not in ports:
        raise Refused(_CODE, f"serviceRegistries: container {name} has no port mapping of {container_port}.")
    kinds = [one["Type"] for one in (found.get("DnsConfig") or {}).get("DnsRecords") or []]
    if "SRV" in kinds and port is None and not name:
        raise Refused(_CODE, "serviceRegistries: SRV records need containerName and containerPort, or port.")


def tasks_left(service: dict[str, Any]) -> dict[str, list[str]]:
    """The tasks of a service that Cloud Map still has, by the id of the Cloud Map service."""
    cluster = service["clusterArn"].rpartition("/")[2]
    of_service = {"ECS_SERVICE_NAME": service["serviceName"], "ECS_CLUSTER_NAME": cluster}.items()
    found = [registry(one.get("registryArn", "")) for one in service.get("serviceRegistries") or []]
    left = {
        one["Id"]: [
            key
            for key, instance in list(servicediscovery._instances.get(one["Id"], {}).items())
            if of_service <= (instance.get("Attributes") or {}).items()
        ]
        for one in found
        if one is not None
    }
    return {key: ids for key, ids in left.items() if ids}


def forget(left: dict[str, list[str]]) -> None:
    """Takes them out, where no agent did."""
    for key, ids in left.items():
        for one in ids:
            servicediscovery._deregister_instance({"ServiceId": key, "InstanceId": one})
