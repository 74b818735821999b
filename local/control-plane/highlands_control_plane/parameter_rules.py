"""What Systems Manager's parameters and Secrets Manager refuse.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
Sentences: pf-ssm-parameter-* and pf-secretsmanager-* of https://github.com/badmintoncryer/cdk-preflight, which tries them on AWS, but where
another source is named. The handler of CloudFormation hides those of PutParameter on AWS ("Error occurred during operation
'PutParameter'."); here it says them.
"""

import re
from typing import Any

from ministack.services import secretsmanager, ssm

from .given_values import is_json_object, is_true, number
from .refused import Refused

CODE = "ValidationException"
Request = dict[str, Any]
_NAME = re.compile(r"/?[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*")
_LEVELS = 15
_STANDARD, _ADVANCED = 4096, 8192
_SECRET_NAME = re.compile(r"[A-Za-z0-9/_+=.@!-]+")
_KINDS = ("ExcludeUppercase", "ExcludeLowercase", "ExcludeNumbers", "ExcludePunctuation")
_LENGTH = 32


def _check_name(name: str) -> None:
    # ministack refuses the reserved ones itself.
    if not _NAME.fullmatch(name):
        raise Refused(CODE, ssm._RESERVED_SSM_PATH_MSG)
    if name.strip("/").count("/") >= _LEVELS:
        # "A hierarchy can have a maximum of 15 levels": the API's page
        sentence = f"A hierarchy can have a maximum of {_LEVELS} levels."
        raise Refused("HierarchyLevelLimitExceededException", sentence)


def _check_value(request: Request, tier: str) -> None:
    value, pattern = str(request.get("Value", "")), request.get("AllowedPattern")
    if "{{" in value:
        rule = 'Parameter value can\'t nest another parameter. Do not use "{{}}" in the value.'
        raise Refused(CODE, f"Parameter value: '{value}' failed to satisfy constraint: {rule}")
    size = len(value.encode())
    if tier == "Standard" and size > _STANDARD:
        sentence = f"Standard tier parameters support a maximum parameter value of {_STANDARD} characters."
        raise Refused(CODE, sentence)
    if size > _ADVANCED:
        sentence = f"Advanced-tier parameters support a maximum parameter value of {_ADVANCED} characters."
        raise Refused(CODE, sentence)
    values = value.split(",") if request.get("Type") == "StringList" else [value]
    if pattern and not all(re.fullmatch(str(pattern), one) or re.search(str(pattern), one) for one in values):
        sentence = f"Parameter value, cannot be validated against allowedPattern: {pattern}"
        raise Refused("ParameterPatternMismatchException", sentence)


def check_parameter(request: Request) -> None:
    """PutParameter. Raises Refused."""
    name = str(request.get("Name", ""))
    _check_name(name)
    before = ssm._parameters.get(name) or {}
    tier = str(request.get("Tier") or before.get("Tier") or "Standard")
    try:
        _check_value(request, tier)
    except re.error as odd:
        # The name of the exception is that of the API's page; ours
        sentence = f"The request does not meet the regular expression requirement: {odd}"
        raise Refused("InvalidAllowedPatternException", sentence) from odd
    kind = request.get("Type")
    if before and is_true(request.get("Overwrite")) and kind and kind != before.get("Type"):
        # The description of the exception: API_PutParameter.html#API_PutParameter_Errors
        sentence = (
            "Parameter Store doesn't support changing a parameter type in a hierarchy. For example, you can't change a parameter "
            "from a String type to a SecureString type. You must create a new, unique parameter."
        )
        raise Refused("HierarchyTypeMismatchException", sentence)
    if before.get("Tier") == "Advanced" and request.get("Tier") == "Standard":
        # From memory.
        sentence = (
            "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier "
            "to the standard-parameter tier."
        )
        raise Refused(CODE, sentence)


def check_secret(request: Request) -> None:
    """CreateSecret, and the properties of one in a template. Raises Refused."""
    name = str(request.get("Name") or "x")
    if not _SECRET_NAME.fullmatch(name):
        sentence = (
            "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!"
        )
        raise Refused(CODE, sentence)
    deleted = (secretsmanager._secrets.get(name) or {}).get("DeletedDate")
    if deleted:
        # https://repost.aws/knowledge-center/delete-secrets-manager-secret
        sentence = "You can't create this secret because a secret with this name is already scheduled for deletion."
        raise Refused("InvalidRequestException", sentence)
    if request.get("SecretString") is not None and request.get("SecretBinary") is not None:
        # From memory.
        sentence = "You can't specify both a binary secret value and a string secret value in the same secret."
        raise Refused("InvalidParameterException", sentence)


def check_secret_of_stack(properties: Request) -> None:
    """Raises Refused."""
    check_secret(properties)
    if properties.get("Name") in secretsmanager._secrets:
        sentence = f"The operation failed because the secret {properties['Name']} already exists."
        raise Refused("ResourceExistsException", sentence)
    generate = properties.get("GenerateSecretString")
    if generate is None:
        return
    if properties.get("SecretString"):
        raise Refused("InvalidRequest", "Can only specify either SecretString or GenerateSecretString.")
    _check_generated(generate)


def _check_generated(generate: Request) -> None:
    kinds = [kind for kind in _KINDS if not is_true(generate.get(kind))]
    length = number(generate.get("PasswordLength"))
    if is_true(generate.get("RequireEachIncludedType", True)) and (_LENGTH if length is None else length) < len(kinds):
        raise Refused("InvalidParameterException", "Password length is too short based on the required types.")
    template, key = generate.get("SecretStringTemplate"), generate.get("GenerateStringKey")
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-secretsmanager-secret-generatesecretstring.html; ours
    if (template is None) != (key is None):
        raise Refused("InvalidRequest", "SecretStringTemplate and GenerateStringKey go together.")
    if template is not None and not is_json_object(template):
        raise Refused("InvalidRequest", "Could not parse SecretStringTemplate JSON.")
