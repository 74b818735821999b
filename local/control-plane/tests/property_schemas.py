"""The types of properties, read from the resource schemas that cfn-lint carries: what `property-types.json` is made of.

A leaf is its JSON type; a list is a list of one; a map with a user's own keys has the key `*`; `#Name` is a definition of the same
type; null may be of several types. `required` has by definition what it needs, `open` those that may have more than they name; the
empty name is that of the properties themselves.
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html
"""

import json
from pathlib import Path
from typing import Any

import cfnlint

_SCHEMAS = Path(cfnlint.__file__).parent / "data" / "schemas"
_SCALARS = ("integer", "number", "boolean", "string")
_DEFINITION = "#/definitions/"


def property_types(resource_types: list[str]) -> dict[str, Any]:
    """By resource type: `properties`, and the `definitions` that they name."""
    index = json.loads((_SCHEMAS / "providers" / "us-east-1.json").read_text())
    return {
        name: _types_of(json.loads((_SCHEMAS / "resources" / f"{index[name]}.json").read_text()))
        for name in resource_types
        if name in index
    }


def _types_of(schema: dict[str, Any]) -> dict[str, Any]:
    definitions = {name: _shape(one) for name, one in schema.get("definitions", {}).items()}
    objects = {"": schema, **schema.get("definitions", {})}
    required = {name: one["required"] for name, one in objects.items() if one.get("required")}
    return {
        "properties": _members(schema["properties"]),
        "definitions": {name: shape for name, shape in definitions.items() if shape is not None},
        **({"required": required} if required else {}),
        **({"open": found} if (found := [name for name, one in objects.items() if _is_open(one)]) else {}),
    }


def _is_open(schema: dict[str, Any]) -> bool:
    """Whether an object may have members that its schema does not name."""
    return schema.get("additionalProperties") is not False and ("properties" in schema or not schema.get("type"))


def _members(schemas: dict[str, Any]) -> dict[str, Any]:
    return {name: _shape(one) for name, one in schemas.items()}


def _shape(schema: Any) -> Any:
    if not isinstance(schema, dict) or isinstance(schema.get("type"), list):
        return None
    if "$ref" in schema:
        reference = schema["$ref"]
        return (
            f"#{reference.removeprefix(_DEFINITION)}"
            if reference.startswith(_DEFINITION) and reference.count("/") == 2
            else None
        )
    if schema.get("type") in _SCALARS:
        return schema["type"]
    if schema.get("type") == "array":
        item = _shape(schema.get("items"))
        return None if item is None else [item]
    members: dict[str, Any] = {}
    for alternative in (one for key in ("oneOf", "anyOf", "allOf") for one in schema.get(key, [])):
        shape = _shape(alternative)
        members |= shape if isinstance(shape, dict) else {}
    members |= _members(schema.get("properties", {}))
    patterns = [_shape(one) for one in schema.get("patternProperties", {}).values()]
    if not members and len(patterns) == 1 and patterns[0] is not None:
        return {"*": patterns[0]}
    return members or None


def as_text(types: dict[str, Any]) -> str:
    """One resource type a line, so that a new version of the schemas can be read as a difference."""
    lines = [
        f"{json.dumps(name)}: {json.dumps(one, sort_keys=True, separators=(',', ':'))}"
        for name, one in sorted(types.items())
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"
