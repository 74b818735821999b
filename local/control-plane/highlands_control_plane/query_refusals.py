"""What the query protocols say of a request that breaks its model, beyond the sentences that all services have."""

from typing import Any

from botocore.model import Shape
from botocore.validate import ParamValidator

from .api_models import OddRequest
from .model_constraints import Fault, printed

# Of botocore's validation: the constraints of the model are said in AWS's own words.
_OF_CONSTRAINTS = ("Missing required parameter", "Invalid length", "Invalid value for parameter")


def mistyped(value: Any, shape: Shape) -> str:
    """What is not of the type of its shape, in one line; nothing when all is."""
    # A value may be long, and have lines of its own.
    report = ParamValidator().validate(value, shape).generate_report().split("\n")
    lines = [" ".join(line.split())[:300] for line in report]
    return "; ".join(line for line in lines if line and not line.startswith(_OF_CONSTRAINTS))


def in_words_of_ec2(fault: Fault) -> OddRequest:
    """EC2 tells of one thing at a time: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html"""
    name = fault.path.replace(".member", "")
    if fault.missing:
        return OddRequest("MissingParameter", f"The request must contain the parameter {name[:1].upper()}{name[1:]}")
    said = f"Value ({printed(fault.value)}) for parameter {name} is invalid."
    for words, than in (("value greater than or equal to", "greater"), ("value less than or equal to", "less")):
        if words in fault.constraint:
            limit = fault.constraint.rpartition(" ")[2]
            # https://github.com/aws/aws-sdk-ruby/pull/2575 quotes one.
            said = f"Value ( {printed(fault.value)} ) for parameter {name} is invalid. Expecting a value {than} than {limit}."
    return OddRequest("InvalidParameterValue", said)
