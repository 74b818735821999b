"""AWS::ECS::TaskDefinition: every member that the API takes, and what the API refuses in the words of the handler."""

import json

from ministack.services import ecs

from .refused import Refused
from .resources import Created, Properties, camel, replace_resource, tags


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


def register() -> None:
    """Replaces the type."""
    replace_resource(
        "AWS::ECS::TaskDefinition",
        create=_create_task_definition,
        update=_update_task_definition,
        delete=_delete_task_definition,
    )
