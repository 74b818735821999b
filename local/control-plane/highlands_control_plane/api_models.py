"""The models of AWS's APIs, as botocore carries them: which requests there are, and what each of them may say.

A model is read when the first request for its API comes: that of EC2 takes a fifth of a second and 20 MB, the others a tenth of it.
"""

from dataclasses import dataclass
from functools import cache

from botocore.loaders import Loader
from botocore.model import ServiceModel, Shape


@dataclass(frozen=True)
class Api:
    """An API by the name that botocore has for it, and the code with which AWS refuses what breaks its model."""

    name: str
    code: str


# By the part of X-Amz-Target before the action. The code is that of the service's page of common errors, or of the error that
# its operations have for a request of the wrong form:
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html#API_CreateService_Errors
# https://docs.aws.amazon.com/cloud-map/latest/api/API_CreateService.html#API_CreateService_Errors
BY_TARGET = {
    "AmazonEC2ContainerServiceV20141113": Api("ecs", "InvalidParameterException"),
    "AmazonEC2ContainerRegistry_V20150921": Api("ecr", "InvalidParameterException"),
    "AnyScaleFrontendService": Api("application-autoscaling", "ValidationException"),
    "Route53AutoNaming_v20170314": Api("servicediscovery", "InvalidInput"),
    "AmazonSSM": Api("ssm", "ValidationException"),
    "secretsmanager": Api("secretsmanager", "ValidationException"),
    "Logs_20140328": Api("logs", "InvalidParameterException"),
    "GraniteServiceVersion20100801": Api("cloudwatch", "ValidationException"),
    "CertificateManager": Api("acm", "ValidationException"),
    "AWSEvents": Api("events", "ValidationException"),
    "TrentService": Api("kms", "ValidationException"),
    "DynamoDB_20120810": Api("dynamodb", "ValidationException"),
}

# By the Version of the query protocol, which no two of these share.
BY_VERSION = {
    "2016-11-15": Api("ec2", "InvalidParameterValue"),
    "2015-12-01": Api("elbv2", "ValidationError"),
    "2010-05-15": Api("cloudformation", "ValidationError"),
    "2010-05-08": Api("iam", "ValidationError"),
    "2010-03-31": Api("sns", "ValidationError"),
    "2011-06-15": Api("sts", "ValidationError"),
    "2011-01-01": Api("autoscaling", "ValidationError"),
    "2010-08-01": Api("cloudwatch", "ValidationError"),
}


class OddRequest(ValueError):  # noqa: N818 - the client's error, not ours
    """A request that breaks the model of its API: one line, and the code that the service has for it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@cache
def model(name: str) -> ServiceModel:
    # Not by a session, which reads settings of a user and takes a quarter of a second to import.
    return ServiceModel(Loader().load_service_model(name, "service-2"), name)


@cache
def input_shape(name: str, action: str) -> Shape | None:
    """What a request for an action has; None for an action that the API does not have, or that takes nothing."""
    of = model(name)
    return of.operation_model(action).input_shape if action in of.operation_names else None
