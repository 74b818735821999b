"""Requests of the JSON protocols, held against the models that AWS publishes and botocore carries.

So that the handlers get what the API promises them, and a client hears what AWS would say.
https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
"""

import json
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from .api_models import BY_TARGET, OddRequest, input_shape
from .model_constraints import Fault, faults, sentence

# The agent's own telemetry: it comes all the time, ten thousand events at once.
_NOT_LOOKED_AT = frozenset({"Logs_20140328.PutLogEvents", "GraniteServiceVersion20100801.PutMetricData"})
# What the parser of AWS's services calls what it found, and what it wanted.
_FOUND = {str: "STRING_VALUE", int: "NUMBER_VALUE", float: "NUMBER_VALUE"}
_WANTED: dict[str, tuple[str, tuple[type, ...]]] = {
    "string": ("a String", (str,)),
    "character": ("a String", (str,)),
    "boolean": ("a Boolean", (bool,)),
    "integer": ("an Integer", (int,)),
    "long": ("a Long", (int,)),
    "float": ("a Float", (int, float)),
    "double": ("a Double", (int, float)),
    "blob": ("a Blob", (str,)),
    "timestamp": ("a Timestamp", (int, float, str)),
}


def checked(target: str, body: bytes) -> bytes:
    """The body with members that the action does not have, and those that are null, left out, as AWS ignores them.

    A request for a service or an action that is not known here comes back as it is. Raises OddRequest.
    """
    prefix, _, action = target.rpartition(".")
    api = BY_TARGET.get(prefix)
    shape = input_shape(api.name, action) if api is not None and target not in _NOT_LOOKED_AT else None
    if api is None or shape is None:
        return body
    try:
        request = json.loads(body or b"{}")
    except ValueError as error:
        raise OddRequest("SerializationException", f"{action}: the body is no JSON: {error}") from error
    if not isinstance(request, dict):
        raise OddRequest("SerializationException", f"{action}: the body is no JSON object")
    fitting = _fitting(request, shape)
    if found := list(faults(fitting, shape)):
        # ECR has a form of its own.
        said = "; ".join(_of_ecr(one) for one in found) if api.name == "ecr" else sentence(found)
        raise OddRequest(api.code, said)
    return body if fitting == request else json.dumps(fitting).encode()


def _of_ecr(fault: Fault) -> str:
    """https://github.com/aws-actions/amazon-ecr-login/issues/225 quotes one."""
    return f"Invalid parameter at '{fault.path}' failed to satisfy constraint: '{fault.constraint}'"


def _fitting(value: Any, shape: Shape) -> Any:
    """The value without what its shape does not have. Raises OddRequest for a value of another type."""
    if isinstance(shape, StructureShape):
        if shape.metadata.get("document"):
            return value
        if not isinstance(value, dict):
            raise _other_type(value, "a structure")
        members = [(key, value[key], inner) for key, inner in shape.members.items() if value.get(key) is not None]
        return {key: _fitting(one, inner) for key, one, inner in members}
    if isinstance(shape, MapShape):
        if not isinstance(value, dict):
            raise _other_type(value, "a map")
        return {key: None if one is None else _fitting(one, shape.value) for key, one in value.items()}
    if isinstance(shape, ListShape):
        if not isinstance(value, list):
            raise _other_type(value, "a list")
        return [_fitting(one, shape.member) for one in value]
    wanted, types = _WANTED.get(shape.type_name, ("", ()))
    if wanted and (not isinstance(value, types) or (isinstance(value, bool) and types != (bool,))):
        raise _other_type(value, wanted)
    return value


def _other_type(value: Any, wanted: str) -> OddRequest:
    """https://github.com/aws/aws-cdk/pull/27087 quotes one."""
    if isinstance(value, dict):
        said = "Start of structure or map found where not expected."
    elif isinstance(value, list):
        said = "Start of list found where not expected."
    else:
        found = f"{str(value).upper()}_VALUE" if isinstance(value, bool) else _FOUND.get(type(value), "NULL_VALUE")
        said = f"{found} can not be converted to {wanted}"
    return OddRequest("SerializationException", said)
