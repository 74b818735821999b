"""Values of a request or of a template: CloudFormation may have text where the API has others."""

import json
from typing import Any


def number(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None


def is_true(value: Any) -> bool:
    return str(value).lower() == "true"


def is_json_object(text: Any) -> bool:
    try:
        return isinstance(json.loads(str(text)), dict)
    except ValueError:
        return False
