"""Requests of the JSON protocols, held against the shapes that AWS publishes and botocore carries.

So that the handlers get what the API promises them, and a client hears what is odd in one line:
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html
"""

import json
from functools import cache
from typing import Any

from botocore.loaders import Loader
from botocore.model import ServiceModel, Shape
from botocore.validate import ParamValidator

# By the part of X-Amz-Target before the action. Not the telemetry: it comes all the time, and from the agent only.
_SERVICES = {
    "AmazonEC2ContainerServiceV20141113": "ecs",
    "AnyScaleFrontendService": "application-autoscaling",
    "Route53AutoNaming_v20170314": "servicediscovery",
    "AmazonSSM": "ssm",
    "secretsmanager": "secretsmanager",
}


class OddRequest(ValueError):  # noqa: N818 - the client's error, not ours
    """A request that does not have the shape of its action: one line."""


@cache
def model(service: str) -> ServiceModel:
    # Not by a session, which reads settings of a user and takes a quarter of a second to import.
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


def checked(target: str, body: bytes) -> bytes:
    """The body with members that the action does not have, and those that are null, left out, as AWS ignores them.

    A request for a service or an action that is not known here comes back as it is. Raises OddRequest.
    """
    prefix, _, action = target.rpartition(".")
    service = _SERVICES.get(prefix)
    if service is None or action not in model(service).operation_names:
        return body
    try:
        request = json.loads(body or b"{}")
    except ValueError as error:
        raise OddRequest(f"{action}: the body is no JSON: {error}") from error
    if not isinstance(request, dict):
        raise OddRequest(f"{action}: the body is no JSON object")
    shape = model(service).operation_model(action).input_shape
    fitting = _fitting(request, shape)
    if found := faults(fitting, shape):
        raise OddRequest(f"{action}: {found}")
    return json.dumps(fitting).encode()


def faults(value: Any, shape: Shape) -> str:
    """What does not have the shape, in one line; nothing when all is well."""
    # A value may be long, and have lines of its own.
    lines = [
        " ".join(line.split())[:300] for line in ParamValidator().validate(value, shape).generate_report().split("\n")
    ]
    return "; ".join(line for line in lines if line)


def _fitting(value: Any, shape: Shape) -> Any:
    if shape.type_name == "structure" and isinstance(value, dict):
        members = [(key, value[key], inner) for key, inner in shape.members.items() if value.get(key) is not None]
        return {key: _fitting(one, inner) for key, one, inner in members}
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: _fitting(one, shape.value) for key, one in value.items()}
    if shape.type_name == "list" and isinstance(value, list):
        return [_fitting(one, shape.member) for one in value]
    return value
