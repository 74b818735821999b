"""Clusters and task definitions with every member that the API returns, not only those that ministack keeps."""

import json
from typing import Any

from ministack.core.responses import error_response_json, json_response
from ministack.services import ecs

from .refused import Refused, told_by_handler
from .replacing import replace_entry, wrap_entries
from .resources import HANDLERS, Created, Properties, camel, replace_resource, resource, tags
from .service_connect import namespace_made


def _with_service_connect(handler: Any) -> Any:
    def call(*arguments: Any) -> Created:
        # create(logical_id, properties, stack); update(physical_id, old, new, stack, logical_id)
        properties = arguments[1] if len(arguments) == 3 else arguments[2]
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


def _create_task_definition(logical_id: str, properties: Properties, stack: str) -> Created:
    body = camel({name: value for name, value in properties.items() if name != "Tags"})
    body.setdefault("family", f"{stack}{logical_id}")
    body["tags"] = tags(properties)
    status, _, text = ecs._register_task_definition(body)
    answer = json.loads(text)
    if status >= 400:
        code = str(answer.get("__type", "ClientException")).rpartition("#")[2]
        raise Refused(code, answer.get("message", str(text))).of_handler("Create TaskDefinition")
    arn = answer["taskDefinition"]["taskDefinitionArn"]
    return arn, {"TaskDefinitionArn": arn}


def _update_task_definition(
    physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str | None = None
) -> Created:
    without_tags = [{k: v for k, v in properties.items() if k != "Tags"} for properties in (old, new)]
    if without_tags[0] == without_tags[1]:
        return physical_id, {"TaskDefinitionArn": physical_id}
    return _create_task_definition(logical_id or physical_id, new, stack)


def _delete_task_definition(physical_id: str, properties: Properties) -> None:
    ecs._deregister_task_definition({"taskDefinition": physical_id})


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


def _deleted(action: Any) -> Any:
    def call(request: dict[str, Any]) -> Any:
        try:
            _check_empty(ecs._resolve_cluster_name(request.get("cluster", "default")), tasks=True)
        except Refused as refusal:
            return error_response_json(refusal.code, str(refusal), 400)
        return action(request)

    return call


def _deleted_by_stack(handler: Any) -> Any:
    """Tasks of services that are gone may end a moment later; the handler waits for them on AWS."""

    def call(physical_id: str, properties: Properties) -> None:
        with told_by_handler("DeleteCluster"):
            _check_empty(physical_id, tasks=False)
        handler(physical_id, properties)

    return call


def register() -> None:
    """Extends AWS::ECS::Cluster, adds its capacity providers and replaces AWS::ECS::TaskDefinition."""
    for action, member in (("CreateCluster", "clusterName"), ("UpdateCluster", "cluster")):
        replace_entry(ecs._ACTION_MAP, action, _with_defaults(ecs._ACTION_MAP[action], member))
    wrap_entries(HANDLERS["AWS::ECS::Cluster"], ("create", "update"), _with_service_connect)
    wrap_entries(HANDLERS["AWS::ECS::Cluster"], ("delete",), _deleted_by_stack)
    wrap_entries(ecs._ACTION_MAP, ("DeleteCluster",), _deleted)
    resource(
        "AWS::ECS::ClusterCapacityProviderAssociations",
        create=_associate_providers,
        update=_reassociate_providers,
        delete=_disassociate_providers,
    )
    replace_resource(
        "AWS::ECS::TaskDefinition",
        create=_create_task_definition,
        update=_update_task_definition,
        delete=_delete_task_definition,
    )
