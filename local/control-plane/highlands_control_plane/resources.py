"""How a CloudFormation resource type is added to ministack or replaced in it."""

import random
import string
from collections.abc import Callable
from typing import Any

from ministack.services.cloudformation import provisioners

from .changes import counted
from .replacing import add_entry, replace_entry, wrap_entries

Properties = dict[str, Any]
Created = tuple[str, dict[str, Any]]

HANDLERS: dict[str, dict[str, Any]] = provisioners._RESOURCE_HANDLERS

_OPERATIONS = ("create", "update", "delete")
# Members whose keys are a user's own data and keep their spelling.
_USER_KEYS = frozenset({"Options", "DockerLabels", "DriverOpts", "Labels"})


def resource(
    type_name: str,
    *,
    create: Callable[..., Created],
    delete: Callable[..., None],
    update: Callable[..., Created] | None = None,
) -> None:
    """Adds a resource type; an absent `update` means that ministack creates it again under its logical id."""
    handler: dict[str, Any] = {"create": counted(create), "delete": counted(delete)}
    if update is not None:
        handler |= {"update": counted(update), "update_with_logical_id": True}
    add_entry(HANDLERS, type_name, handler)


def replace_resource(
    type_name: str, *, create: Callable[..., Created], delete: Callable[..., None], update: Callable[..., Created]
) -> None:
    """Puts other handlers of a resource type in the place of ministack's."""
    handler = {"create": counted(create), "delete": counted(delete), "update": counted(update)}
    replace_entry(HANDLERS, type_name, {**handler, "update_with_logical_id": True})


def count_changes_of(prefix: str) -> None:
    """Lets every handler of the types that begin with `prefix` count as a change."""
    for type_name, handler in HANDLERS.items():
        if type_name.startswith(prefix):
            wrap_entries(handler, tuple(name for name in _OPERATIONS if name in handler), counted)


def properties_of(arguments: tuple[Any, ...]) -> Properties:
    """What a template says, of create(logical_id, properties, stack) and update(physical_id, old, new, stack, logical_id)."""
    given: Properties = arguments[1] if len(arguments) == 3 else arguments[2]
    return given


def new_id(prefix: str) -> str:
    """An EC2-style id: the prefix and 17 hexadecimal digits."""
    return prefix + "".join(random.choices("0123456789abcdef", k=17))


def new_number(digits: int) -> str:
    """A decimal number as ECS has it in its deployment ids."""
    return random.choice("123456789") + "".join(random.choices(string.digits, k=digits - 1))


def camel(value: Any) -> Any:
    """CloudFormation's PascalCase members in the API's camelCase, users' own keys left alone."""
    if isinstance(value, list):
        return [camel(item) for item in value]
    if isinstance(value, dict):
        return {key[0].lower() + key[1:]: (item if key in _USER_KEYS else camel(item)) for key, item in value.items()}
    return value


def tags(properties: Properties) -> list[dict[str, str]]:
    """A template's tags in the API's spelling."""
    return [{"key": tag["Key"], "value": tag["Value"]} for tag in properties.get("Tags", [])]
