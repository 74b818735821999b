"""Properties of resources in the types of their schemas: a parameter is text wherever it is used, and YAML makes numbers of text.

CloudFormation takes "8080" for a number, "true" for a boolean, and a number or a boolean where text is meant.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

import functools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ministack.services.cloudformation import provisioners, stacks

from . import property_rules, records
from .replacing import replace

# Made from cfn-lint's schemas by the tests, see tests/property_schemas.py.
_FILE = Path(__file__).resolve().parent.parent / "property-types.json"
_BOOLEANS = {"true": True, "false": False}


class _OtherTypeError(ValueError):
    """A value that can't be of the type that its property has."""


@functools.cache
def _types() -> dict[str, Any]:
    types: dict[str, Any] = json.loads(_FILE.read_text())
    return types


def _shapes_of(resource_type: str) -> dict[str, Any] | None:
    return _types().get(resource_type) or records.record_types().get(resource_type)


def typed(resource_type: str, properties: Any) -> Any:
    """The properties, each in the type of its schema; what the schema does not know as it is. Raises ValueError."""
    types = _shapes_of(resource_type)
    return properties if types is None else _typed(properties, types["properties"], types["definitions"], "#")


def _typed(value: Any, shape: Any, definitions: dict[str, Any], path: str) -> Any:
    while isinstance(shape, str) and shape.startswith("#"):
        shape = definitions.get(shape[1:])
    if isinstance(shape, dict) and isinstance(value, dict):
        every = shape.get("*")
        return {key: _typed(item, shape.get(key, every), definitions, f"{path}/{key}") for key, item in value.items()}
    if isinstance(shape, list) and isinstance(value, list):
        return [_typed(item, shape[0], definitions, f"{path}/{number}") for number, item in enumerate(value)]
    if isinstance(shape, str) and isinstance(value, str | int | float):
        return _scalar(value, shape, path)
    return value


def _scalar(value: str | float, wanted: str, path: str) -> str | float:
    if wanted == "string":
        return value if isinstance(value, str) else json.dumps(value)
    if wanted == "boolean" and isinstance(value, str):
        value = _BOOLEANS.get(value.strip().lower(), value)
    elif wanted in ("integer", "number") and not isinstance(value, bool):
        value = _number(value)
    fits = (
        isinstance(value, bool)
        if wanted == "boolean"
        else isinstance(value, int | float) and not isinstance(value, bool)
    )
    if not fits or (wanted == "integer" and not isinstance(value, int)):
        found = property_rules.kind_of(value)
        raise _OtherTypeError(f"{path}: expected type: {wanted.capitalize()}, found: {found}")
    return value


def _number(value: str | float) -> str | float:
    """As a whole number where it is one: "80" and 80.0 are 80. What is none (nan and inf are none) stays as it is."""
    if isinstance(value, int):
        return value
    try:
        number = json.loads(value) if isinstance(value, str) else value
        if isinstance(number, bool) or not isinstance(number, int | float):
            return value
        return int(number) if number == int(number) else number
    except (ValueError, OverflowError):
        return value


def checked(logical_id: str, resource_type: str, properties: Any) -> Any:
    """The same; the error names the resource, as CloudFormation's does."""
    try:
        return typed(resource_type, properties)
    except _OtherTypeError as other:
        raise _failed(logical_id, str(other)) from None


def _failed(logical_id: str, why: str) -> ValueError:
    """https://github.com/aws-cloudformation/iac-model-evaluation/issues/29 quotes it."""
    # What is of CloudFormation itself names nothing.
    is_plain = not why.startswith("#")
    return ValueError(
        why if is_plain else f"Properties validation failed for resource {logical_id} with message: {why}"
    )


def check_rules(logical_id: str, resource_type: str, properties: Any) -> None:
    """Raises ValueError for a property that the type has not, and for one that it needs."""
    schema = _shapes_of(resource_type)
    why = None if schema is None else property_rules.problem(resource_type, schema, properties)
    if why is not None:
        raise _failed(logical_id, why)


def _converting(
    handler: Callable[..., Any], logical_id_at: int, *properties_at: int, is_checked: bool = False
) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        converted = list(arguments)
        if is_checked:
            check_rules(arguments[logical_id_at], arguments[0], arguments[properties_at[0]])
        for place in properties_at:
            converted[place] = checked(arguments[logical_id_at], arguments[0], arguments[place])
        return handler(*converted)

    return call


def register() -> None:
    """Every resource is made and changed with properties of the right types, in nested stacks too."""
    # (type, logical id, properties, stack) and (type, physical id, old, new, stack, logical id, attributes)
    for module in (provisioners, stacks):
        # The resources of a stack are looked at before, those of a nested one here.
        is_nested = module is provisioners
        making = _converting(module._provision_resource, 1, 2, is_checked=is_nested)
        replace(module, "_provision_resource", making)
        replace(module, "_update_resource", _converting(module._update_resource, 5, 2, 3))
