"""Clusters and task definitions with every member that the API returns, not only those that ministack keeps."""

import json
from typing import Any

from ministack.services import ecs

from .resources import HANDLERS, Created, Properties, camel, resource, tags


def _with_service_connect(handler: Any) -> Any:
    def call(*arguments: Any) -> Created:
        physical_id, attributes = handler(*arguments)
        # create(logical_id, properties, stack); update(physical_id, old, new, stack, logical_id)
        properties = arguments[1] if len(arguments) == 3 else arguments[2]
        defaults = properties.get("ServiceConnectDefaults")
        if defaults:
            ecs._clusters[physical_id]["serviceConnectDefaults"] = camel(defaults)
        return physical_id, attributes

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
        raise ValueError(answer.get("message", text))
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


def register() -> None:
    """Extends AWS::ECS::Cluster, adds its capacity providers and replaces AWS::ECS::TaskDefinition."""
    handler = HANDLERS["AWS::ECS::Cluster"]
    handler.update({name: _with_service_connect(handler[name]) for name in ("create", "update")})
    resource(
        "AWS::ECS::ClusterCapacityProviderAssociations",
        create=_associate_providers,
        update=_reassociate_providers,
        delete=_disassociate_providers,
    )
    resource(
        "AWS::ECS::TaskDefinition",
        create=_create_task_definition,
        update=_update_task_definition,
        delete=_delete_task_definition,
    )
