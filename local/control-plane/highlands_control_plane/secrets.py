"""AWS::SecretsManager::Secret: values as GetRandomPassword makes them, and `Ref` is the ARN.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
"""

import json
from typing import Any

from ministack.services import secretsmanager
from ministack.services.cloudformation import provisioners

from .replacing import replace
from .resources import Created, Properties, replace_resource

_KEYS_OF_OUR_OWN = ("SecretStringTemplate", "GenerateStringKey")
_BOOLEANS = (
    "ExcludeLowercase",
    "ExcludeNumbers",
    "ExcludePunctuation",
    "ExcludeUppercase",
    "IncludeSpace",
    "RequireEachIncludedType",
)


def _typed(name: str, value: Any) -> Any:
    """A template may say `true` and `16` as text."""
    if name in _BOOLEANS:
        return value in (True, "true")
    return int(value) if name == "PasswordLength" else value


def _secret_string(properties: Properties) -> str:
    generate = properties.get("GenerateSecretString")
    if properties.get("SecretString") or generate is None:
        return str(properties.get("SecretString", ""))
    wanted = {name: _typed(name, value) for name, value in generate.items() if name not in _KEYS_OF_OUR_OWN}
    status, _, body = secretsmanager._get_random_password(wanted)
    answer = json.loads(body)
    if status >= 400:
        raise ValueError(answer.get("message", body))
    password = str(answer["RandomPassword"])
    template = generate.get("SecretStringTemplate")
    return (
        password if template is None else json.dumps({**json.loads(template), generate["GenerateStringKey"]: password})
    )


def _name_of(arn: str) -> str:
    """ministack keeps secrets by name."""
    return next((name for name, secret in secretsmanager._secrets.items() if secret["ARN"] == arn), arn)


def _create(logical_id: str, properties: Properties, stack: str) -> Created:
    _, attributes = provisioners._sm_secret_create(logical_id, properties, stack)
    return attributes["Arn"], attributes


def _update(arn: str, old: Properties, new: Properties, stack: str, logical_id: str | None = None) -> Created:
    _, attributes = provisioners._sm_secret_update(_name_of(arn), old, new, stack, logical_id)
    return attributes["Arn"], attributes


def _delete(arn: str, properties: Properties) -> None:
    provisioners._sm_secret_delete(_name_of(arn), properties)


def register() -> None:
    """Replaces the type and how it makes its value."""
    replace(provisioners, "_sm_secret_string", _secret_string)
    replace_resource("AWS::SecretsManager::Secret", create=_create, update=_update, delete=_delete)
