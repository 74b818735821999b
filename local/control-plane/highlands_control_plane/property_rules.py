"""Which properties a resource may have and which it needs, by the schema of its type: what CloudFormation looks at before it makes one.

https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html. The sentences are those of the validator
that AWS uses, https://github.com/everit-org/json-schema; the check before a deploy has them in local/support/aws/schema-sentences.ts.
"""

from collections.abc import Iterator
from typing import Any

from ministack.services.cloudformation import provisioners

# These types are CloudFormation's own and have no schema's sentences: https://github.com/aws/aws-sdk/issues/740 quotes one; that of
# a property which is needed is from memory.
_WITHOUT_SCHEMA = ("AWS::CloudFormation::Stack", "AWS::CloudFormation::WaitCondition")
_KINDS = {list: "JSONArray", dict: "JSONObject", bool: "Boolean", int: "Integer", float: "Double", str: "String"}


def kind_of(value: Any) -> str:
    """As the validator names the type of a value."""
    return _KINDS.get(type(value), "Null")


def problem(resource_type: str, schema: dict[str, Any], properties: Any) -> str | None:
    """What is wrong, a line for each; None if nothing is.

    `schema`: as tests/property_schemas.py writes it.
    """
    # Those of the stack are put into them before a nested stack makes a resource.
    tags = provisioners._STACK_TAG_PROPERTY.get(resource_type, ("",))[0]
    given = {key: value for key, value in properties.items() if key != tags or tags in schema["properties"]}
    found = list(_found(given, "", schema, "#"))
    if not found:
        return None
    if resource_type in _WITHOUT_SCHEMA:
        path, rule, name = found[0]
        plain = {
            "extraneous": f"Encountered unsupported property {name}",
            "required": f"Property {name} cannot be empty.",
        }
        return plain.get(rule, f"{path}: {name}")
    says = {
        "extraneous": "extraneous key [{}] is not permitted",
        "required": "required key [{}] not found",
        "type": "{}",
    }
    return "\n".join(f"{path}: {says[rule].format(name)}" for path, rule, name in found)


Found = tuple[str, str, str]


def _found(value: Any, name: str, schema: dict[str, Any], path: str) -> Iterator[Found]:
    """Of an object with a definition; the empty name is that of the properties."""
    shape = schema["definitions"].get(name) if name else schema["properties"]
    yield from _of_shape(value, shape, schema, path)
    if not isinstance(shape, dict) or not isinstance(value, dict) or _is_call(value):
        return
    if name not in schema.get("open", ()) and "*" not in shape:
        yield from ((path, "extraneous", str(key)) for key in value if key not in shape)
    yield from ((path, "required", key) for key in schema.get("required", {}).get(name, ()) if key not in value)


def _of_shape(value: Any, shape: Any, schema: dict[str, Any], path: str) -> Iterator[Found]:
    if shape is None or _is_call(value):
        return
    if isinstance(shape, str) and shape.startswith("#"):
        yield from _found(value, shape[1:], schema, path)
        return
    wanted = _KINDS.get(type(shape), shape.capitalize() if isinstance(shape, str) else "")
    is_other = not isinstance(value, type(shape)) if isinstance(shape, dict | list) else isinstance(value, dict | list)
    if is_other and value is not None:
        yield path, "type", f"expected type: {wanted}, found: {kind_of(value)}"
    elif isinstance(shape, list):
        for number, item in enumerate(value):
            yield from _of_shape(item, shape[0], schema, f"{path}/{number}")
    elif isinstance(shape, dict) and isinstance(value, dict):
        for key, item in value.items():
            yield from _of_shape(item, shape.get(key, shape.get("*")), schema, f"{path}/{key}")


def _is_call(value: Any) -> bool:
    """What nobody resolves here, such as a macro."""
    return isinstance(value, dict) and any(str(key).startswith("Fn::") for key in value)
