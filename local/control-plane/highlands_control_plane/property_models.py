"""Properties of resources against the model of the API that CloudFormation's handler of the type calls, for every type at once.

The handler of AWS::ECS::Service calls CreateService with the properties, whose names begin with a capital letter; what the service
refuses is the reason of the event. What a template leaves out may have its value from elsewhere, so nothing is missing here.
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract-errors.html
"""

import uuid
from collections.abc import Callable
from functools import cache
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape
from ministack.services.cloudformation import provisioners, stacks

from .api_models import input_shape, model
from .model_constraints import faults, sentence
from .query_refusals import in_words_of_ec2
from .replacing import replace

# By the second part of a type's name.
_APIS = {
    "ApplicationAutoScaling": "application-autoscaling",
    "AutoScaling": "autoscaling",
    "CertificateManager": "acm",
    "CloudWatch": "cloudwatch",
    "DynamoDB": "dynamodb",
    "EC2": "ec2",
    "ECR": "ecr",
    "ECS": "ecs",
    "ElasticLoadBalancingV2": "elbv2",
    "Events": "events",
    "IAM": "iam",
    "KMS": "kms",
    "Logs": "logs",
    "SNS": "sns",
    "SSM": "ssm",
    "SecretsManager": "secretsmanager",
    "ServiceDiscovery": "servicediscovery",
}
_VERBS = ("Create", "Register", "Put", "Request")
# Those whose operation has another name than the type.
_OPERATIONS = {
    "AWS::CloudWatch::Alarm": "PutMetricAlarm",
    "AWS::EC2::EIP": "AllocateAddress",
    "AWS::EC2::FlowLog": "CreateFlowLogs",
    "AWS::ElasticLoadBalancingV2::ListenerRule": "CreateRule",
    "AWS::IAM::ManagedPolicy": "CreatePolicy",
    "AWS::IAM::OIDCProvider": "CreateOpenIDConnectProvider",
    "AWS::IAM::Policy": "PutRolePolicy",
}


@cache
def operation(resource_type: str) -> tuple[str, str] | None:
    """The API and the operation that makes a resource of a type; None where there is none that the type is named after."""
    _, _, rest = resource_type.partition("AWS::")
    service, _, name = rest.partition("::")
    api = _APIS.get(service)
    if api is None:
        return None
    by_lower = {one.lower(): one for one in model(api).operation_names}
    wanted = [_OPERATIONS.get(resource_type, ""), *(f"{verb}{name}" for verb in _VERBS)]
    found = next((by_lower[one.lower()] for one in wanted if one.lower() in by_lower), None)
    return None if found is None else (api, found)


def refusal(resource_type: str, properties: Any) -> str:
    """What the handler says to properties that break the model; nothing when none does."""
    of = operation(resource_type)
    shape = input_shape(*of) if of is not None else None
    if of is None or shape is None:
        return ""
    found = list(faults(_as_request(properties, shape), shape, required=False))
    if not found:
        return ""
    said = str(in_words_of_ec2(found[0])) if of[0] == "ec2" else sentence(found)
    by = f"(Service: {_service(of[0])}, Status Code: 400, Request ID: {uuid.uuid4()}) (SDK Attempt Count: 1)"
    return f'Resource handler returned message: "{said} {by}" (RequestToken: {uuid.uuid4()}, HandlerErrorCode: InvalidRequest)'


def _service(api: str) -> str:
    """As the SDK for Java calls it, in which the handlers are written: "Ecs", "ElasticLoadBalancingV2"."""
    words = model(api).metadata["serviceId"].split()
    return "".join(word.capitalize() if word.isupper() else word[:1].upper() + word[1:] for word in words)


def _as_request(value: Any, shape: Shape) -> Any:
    """The part of the properties that the request has too, under its names; what is of another type there is none of it."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        members = {name.lower(): name for name in shape.members}
        both = {members[key.lower()]: one for key, one in value.items() if key.lower() in members}
        return {name: _as_request(one, shape.members[name]) for name, one in both.items()}
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_as_request(one, shape.member) for one in value]
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {key: _as_request(one, shape.value) for key, one in value.items()}
    return value


def _held(handler: Callable[..., Any], properties_at: int) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        if why := refusal(arguments[0], arguments[properties_at]):
            raise ValueError(why)
        return handler(*arguments)

    return call


def register() -> None:
    """Every resource is made and changed as its API would have it, in nested stacks too."""
    # (type, logical id, properties, stack) and (type, physical id, old, new, stack, logical id, attributes)
    for module in (provisioners, stacks):
        replace(module, "_provision_resource", _held(module._provision_resource, 2))
        replace(module, "_update_resource", _held(module._update_resource, 3))
