"""ECS's lists take the tokens that they gave, and refuse others as AWS does; ministack reads each as a number.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTaskDefinitions.html
"""

from collections.abc import Callable
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import ecs

from .replacing import wrap_entries


def _with_a_known_token(action: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    def call(request: dict[str, Any]) -> Any:
        token = request.get("nextToken") or "0"
        # A longer one is of no list that is kept here.
        if not (token.isascii() and token.isdigit() and len(token) < 10):
            return error_response_json("InvalidParameterException", "Invalid token.", 400)
        return action(request)

    return call


def register() -> None:
    """Every list of ECS."""
    lists = tuple(name for name in ecs._ACTION_MAP if name.startswith("List"))
    wrap_entries(ecs._ACTION_MAP, lists, _with_a_known_token)
