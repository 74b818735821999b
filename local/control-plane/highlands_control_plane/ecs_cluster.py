"""Clusters with every member that the API returns, not only those that ministack keeps."""

from typing import Any

from ministack.core.responses import error_response_json, json_response
from ministack.services import ecs

from . import cluster_rules
from .checks_before import before_action
from .refused import Refused, told_by_handler
from .replacing import replace_entry, wrap_entries
from .resources import HANDLERS, Created, Properties, camel, properties_of, resource
from .service_connect import namespace_made


def _with_service_connect(handler: Any) -> Any:
    def call(*arguments: Any) -> Created:
        properties = properties_of(arguments)
        with told_by_handler("CreateCluster"):
            cluster_rules.check(camel(properties))
        defaults = _defaults(camel(properties.get("ServiceConnectDefaults") or {"Namespace": ""}))
        physical_id, attributes = handler(*arguments)
        ecs._clusters[physical_id]["serviceConnectDefaults"] = defaults
        return physical_id, attributes

    return call


def _defaults(given: dict[str, str]) -> dict[str, str]:
    """A new name makes a namespace, an empty one takes the default away. Raises Refused when there is no such namespace."""
    reference = given.get("namespace", "")
    if reference == "":
        return {}
    arn = namespace_made(reference)
    if arn is None:
        message = f"Service Connect namespace {reference} was not found: create it first, or give the name of a new one"
        raise Refused("NamespaceNotFoundException", message)
    return {"namespace": arn}


def _with_defaults(action: Any, member: str) -> Any:
    """CreateCluster and UpdateCluster with the default namespace, which ministack leaves out."""

    def call(request: dict[str, Any]) -> Any:
        if "serviceConnectDefaults" not in request:
            return action(request)
        try:
            defaults = _defaults(request["serviceConnectDefaults"])
        except Refused as refusal:
            return error_response_json(refusal.code, str(refusal), 400)
        answer = action(request)
        cluster = ecs._clusters.get(ecs._resolve_cluster_name(request.get(member, "default")))
        if answer[0] >= 400 or cluster is None:
            return answer
        cluster["serviceConnectDefaults"] = defaults
        return json_response({"cluster": cluster})

    return call


def _associate_providers(logical_id: str, properties: Properties, stack: str) -> Created:
    name = properties["Cluster"].rsplit("/", 1)[-1]
    with told_by_handler("PutClusterCapacityProviders"):
        cluster_rules.check_left({**camel(properties), "cluster": name})
    _set_providers(name, properties["CapacityProviders"], camel(properties["DefaultCapacityProviderStrategy"]))
    return name, {}


def _reassociate_providers(
    physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str | None = None
) -> Created:
    return _associate_providers(logical_id or physical_id, new, stack)


def _disassociate_providers(physical_id: str, properties: Properties) -> None:
    if physical_id in ecs._clusters:
        _set_providers(physical_id, [], [])


def _set_providers(cluster: str, providers: list[str], strategy: list[dict[str, Any]]) -> None:
    ecs._clusters[cluster] |= {"capacityProviders": providers, "defaultCapacityProviderStrategy": strategy}


def _check_empty(name: str | None, *, tasks: bool) -> None:
    """A cluster with services or tasks stays. Raises Refused.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html, and for the sentences
    https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ecs/cluster.go
    """
    arn = (ecs._clusters.get(name or "") or {}).get("clusterArn")
    if any(one["clusterArn"] == arn and one["status"] == "ACTIVE" for one in list(ecs._services.values())):
        message = "The Cluster cannot be deleted while Services are active."
        raise Refused("ClusterContainsServicesException", message)
    if tasks and any(one["clusterArn"] == arn and one["lastStatus"] != "STOPPED" for one in list(ecs._tasks.values())):
        raise Refused("ClusterContainsTasksException", "The Cluster cannot be deleted while Tasks are active.")


def _check_deleted(request: dict[str, Any]) -> None:
    _check_empty(ecs._resolve_cluster_name(request.get("cluster", "default")), tasks=True)


def _deleted_by_stack(handler: Any) -> Any:
    """Tasks of services that are gone may end a moment later; the handler waits for them on AWS."""

    def call(physical_id: str, properties: Properties) -> None:
        with told_by_handler("DeleteCluster"):
            _check_empty(physical_id, tasks=False)
        handler(physical_id, properties)

    return call


def register() -> None:
    """Extends AWS::ECS::Cluster, and adds its capacity providers."""
    for action, member in (("CreateCluster", "clusterName"), ("UpdateCluster", "cluster")):
        replace_entry(ecs._ACTION_MAP, action, _with_defaults(ecs._ACTION_MAP[action], member))
    wrap_entries(HANDLERS["AWS::ECS::Cluster"], ("create", "update"), _with_service_connect)
    wrap_entries(HANDLERS["AWS::ECS::Cluster"], ("delete",), _deleted_by_stack)
    for action, check in (
        ("CreateCluster", cluster_rules.check),
        ("UpdateCluster", cluster_rules.check),
        ("PutClusterCapacityProviders", cluster_rules.check_left),
        ("DeleteCluster", _check_deleted),
    ):
        wrap_entries(ecs._ACTION_MAP, (action,), before_action(check, error_response_json))
    resource(
        "AWS::ECS::ClusterCapacityProviderAssociations",
        create=_associate_providers,
        update=_reassociate_providers,
        delete=_disassociate_providers,
    )
