"""What ECS refuses about a service, with the thing, the value and the remedy in one line."""

from typing import Any

from ministack.services import alb, ecs

from . import load_balancer_use
from .service_connect import namespace_arn, namespace_made, namespace_name


class Refused(Exception):  # noqa: N818 - what ECS does with such a request
    """A request that ECS answers with an error: its code and one line."""

    def __init__(self, code: str, message: str) -> None:
        # What it quotes may have lines of its own.
        super().__init__(" ".join(message.split()))
        self.code = code


def check(service: dict[str, Any], cluster: dict[str, Any]) -> None:
    """Checks a service as it would be after the request. Raises Refused."""
    definition = ecs._task_defs[ecs._resolve_td_key(service["taskDefinition"])]
    _check_runs_here(service, definition)
    _check_providers(service.get("capacityProviderStrategy") or [], cluster)
    for balancer in service.get("loadBalancers", []):
        _check_load_balancer(balancer, definition)
    _check_strategy(service.get("deploymentConfiguration") or {})
    connect = service.get("serviceConnectConfiguration")
    if connect and connect.get("enabled"):
        connect.setdefault("namespace", (cluster.get("serviceConnectDefaults") or {}).get("namespace", ""))
        _check_namespace(connect["namespace"])
        for entry in connect.get("services", []):
            _check_entry(entry, service, connect["namespace"], definition)


def check_balancers(service: dict[str, Any]) -> None:
    """A new service's target groups get traffic from somewhere. Raises Refused."""
    for arn in [one.get("targetGroupArn") for one in service.get("loadBalancers", [])]:
        if arn in alb._tgs and not load_balancer_use.balancers_of(arn):
            message = f"The target group with targetGroupArn {arn} does not have an associated load balancer."
            raise Refused("InvalidParameterException", message)


def check_protocols(before: dict[str, Any], after: dict[str, Any]) -> None:
    """The protocols of a discovery name are for its life. Raises Refused.

    The sentence is AWS's own: https://github.com/aws/containers-roadmap/issues/2378
    """
    now = _protocols(after)
    for name, previous in _protocols(before).items():
        current = now.get(name, previous)
        if current != previous:
            message = (
                "The following config cannot be changed for a SC service. "
                f"Previous config: {_stable(previous, before)}, current config: {_stable(current, before)}"
            )
            raise Refused("InvalidParameterException", message)


def _protocols(service: dict[str, Any]) -> dict[tuple[str | None, str], tuple[str | None, str]]:
    """appProtocol and protocol of the ports that a service offers, by namespace and discovery name."""
    connect = service.get("serviceConnectConfiguration") or {}
    if not connect.get("enabled"):
        return {}
    definition = ecs._task_defs.get(ecs._resolve_td_key(service["taskDefinition"]) or "") or {}
    ports = {
        mapping.get("name"): (mapping.get("appProtocol"), mapping.get("protocol") or "tcp")
        for container in definition.get("containerDefinitions", [])
        for mapping in container.get("portMappings", [])
    }
    namespace = namespace_arn(connect.get("namespace", ""))
    return {
        (namespace, entry.get("discoveryName") or entry["portName"]): ports[entry["portName"]]
        for entry in connect.get("services", [])
        # A definition that is deregistered and gone says nothing.
        if entry.get("portName") in ports
    }


def _stable(protocols: tuple[str | None, str], service: dict[str, Any]) -> str:
    application, transport = protocols
    return (
        f"ScServiceStableConfig(applicationProtocol={application or 'null'}, transportProtocol={transport}, "
        f"ecsServiceArn={service['serviceArn']})"
    )


def _check_runs_here(service: dict[str, Any], definition: dict[str, Any]) -> None:
    name = f"{definition['family']}:{definition['revision']}"
    launch_type = service.get("launchType") or "FARGATE"
    if launch_type != "FARGATE":
        message = f"launch type {launch_type} of service {service['serviceName']} is not supported in the local region: use FARGATE"
        raise Refused("InvalidParameterException", message)
    system = (definition.get("runtimePlatform") or {}).get("operatingSystemFamily", "LINUX")
    if system != "LINUX":
        message = f"operating system family {system} of task definition {name} is not supported in the local region: use LINUX"
        raise Refused("InvalidParameterException", message)
    if definition.get("networkMode") != "awsvpc":
        message = (
            f"network mode {definition.get('networkMode')} of task definition {name} does not fit FARGATE: use awsvpc"
        )
        raise Refused("InvalidParameterException", message)


def _check_providers(strategy: list[dict[str, Any]], cluster: dict[str, Any]) -> None:
    associated = cluster.get("capacityProviders") or []
    for item in strategy:
        provider = item["capacityProvider"]
        if provider not in ("FARGATE", "FARGATE_SPOT"):
            message = f"capacity provider {provider} is not supported in the local region: use FARGATE or FARGATE_SPOT"
            raise Refused("InvalidParameterException", message)
        if provider not in associated:
            name = cluster["clusterName"]
            message = f"capacity provider {provider} is not associated with cluster {name}: associate it with the cluster first"
            raise Refused("InvalidParameterException", message)
    if strategy and not any(int(item.get("weight") or 0) for item in strategy):
        raise Refused(
            "InvalidParameterException", "no capacity provider of the strategy has a weight above 0: give one"
        )


def _check_strategy(configuration: dict[str, Any]) -> None:
    strategy = configuration.get("strategy", "ROLLING")
    if strategy not in ("ROLLING", "BLUE_GREEN"):
        message = f"deployment strategy {strategy} is not supported in the local region: use ROLLING or BLUE_GREEN"
        raise Refused("InvalidParameterException", message)
    for hook in configuration.get("lifecycleHooks") or []:
        kind = hook.get("targetType", "AWS_LAMBDA")
        if kind != "PAUSE":
            message = (
                f"lifecycle hook {kind} is not supported in the local region, which runs no Lambda functions: use PAUSE"
            )
            raise Refused("InvalidParameterException", message)


def _check_load_balancer(balancer: dict[str, Any], definition: dict[str, Any]) -> None:
    container, port = balancer.get("containerName"), int(balancer.get("containerPort") or -1)
    for one in definition["containerDefinitions"]:
        if one["name"] == container:
            if any(int(mapping.get("containerPort") or 0) == port for mapping in one.get("portMappings", [])):
                return
            message = (
                f"The container {container} did not have a container port {balancer.get('containerPort')} defined."
            )
            raise Refused("InvalidParameterException", message)
    raise Refused("InvalidParameterException", f"The container {container} does not exist in the task definition.")


def _check_namespace(reference: str) -> None:
    if namespace_made(reference) is None:
        remedy = (
            "name one for the service or for its cluster"
            if not reference
            else "create it first, or give the name of a new one"
        )
        message = f"Service Connect namespace {reference or '(none)'} was not found: {remedy}"
        raise Refused("NamespaceNotFoundException", message)


def _check_entry(entry: dict[str, Any], service: dict[str, Any], namespace: str, definition: dict[str, Any]) -> None:
    mappings = [mapping for one in definition["containerDefinitions"] for mapping in one.get("portMappings", [])]
    port_name = entry.get("portName")
    if port_name not in [mapping.get("name") for mapping in mappings]:
        names = ", ".join(mapping["name"] for mapping in mappings if mapping.get("name")) or "none"
        message = f"portName {port_name} is not a named port mapping of the task definition: it has {names}"
        raise Refused("InvalidParameterException", message)
    discovery_name = entry.setdefault("discoveryName", port_name)
    aliases = entry.get("clientAliases", [])
    if len(aliases) > 1:
        message = f"discovery name {discovery_name} has {len(aliases)} client aliases: at most 1 is allowed"
        raise Refused("InvalidParameterException", message)
    for other in _entries_of_others(service, namespace):
        if other["discoveryName"] == discovery_name:
            message = (
                f"discovery name {discovery_name} is already used by another service in the namespace: choose another"
            )
            raise Refused("InvalidParameterException", message)
        for taken in _aliases(entry, namespace) & _aliases(other, namespace):
            message = (
                f"ClientAlias {taken} is already used by service with discovery name "
                f"{other['discoveryName']}: choose another dnsName or port"
            )
            raise Refused("InvalidParameterException", message)


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
