"""Names of Lambda's functions, as Lambda takes them: here they are names of files and parts of ARNs too."""

import re
from typing import Any

from ministack.services import lambda_svc

from .replacing import replace, wrap_entries
from .resources import HANDLERS, Created, properties_of

# "The length constraint applies only to the full ARN. If you specify only the function name, it is limited to 64 characters":
# https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html, and so is the pattern that the sentence names.
_NAME = re.compile(r"[A-Za-z0-9_-]+")
_MOST_CHARACTERS = 64
_PATTERN = (
    r"(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?"
    r"([a-zA-Z0-9-_]+)(:(\$LATEST|[a-zA-Z0-9-_]+))?"
)


def fault(name: Any) -> str | None:
    """Lambda's sentence of a name that no function can have."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        rule = f"satisfy regular expression pattern: {_PATTERN}"
    elif len(name) > _MOST_CHARACTERS:
        rule = f"have length less than or equal to {_MOST_CHARACTERS}"
    else:
        return None
    return f"1 validation error detected: Value '{name}' at 'functionName' failed to satisfy constraint: Member must {rule}"


def _checked(action: Any) -> Any:
    def call(data: dict[str, Any]) -> Any:
        # One that is missing has a sentence of its own.
        found = fault(data["FunctionName"]) if data.get("FunctionName") else None
        return action(data) if found is None else lambda_svc.error_response_json("ValidationException", found, 400)

    return call


def _of_template(handler: Any) -> Any:
    def call(*arguments: Any) -> Created:
        properties = properties_of(arguments)
        name = properties.get("FunctionName")
        if name and (found := fault(name)):
            raise ValueError(found)
        created: Created = handler(*arguments)
        return created

    return call


def register() -> None:
    """Refuses them in requests and in templates."""
    replace(lambda_svc, "_create_function", _checked(lambda_svc._create_function))
    wrap_entries(HANDLERS["AWS::Lambda::Function"], ("create", "update"), _of_template)
