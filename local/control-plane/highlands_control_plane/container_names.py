"""What a task calls its containers: they tell them apart, so each name is there once."""

from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import ecs

from .replacing import replace, replace_entry


def register() -> None:
    """RegisterTaskDefinition refuses two containers of one name, in the words of Amazon ECS."""
    registered = ecs._register_task_definition

    def call(request: dict[str, Any]) -> Any:
        containers = request.get("containerDefinitions") or []
        names = [container.get("name") for container in containers]
        if len(set(names)) < len(names) and None not in names:
            message = "Container names must be unique within a Task Definition."
            return error_response_json("ClientException", message, 400)
        return registered(request)

    replace(ecs, "_register_task_definition", call)
    replace_entry(ecs._ACTION_MAP, "RegisterTaskDefinition", call)
