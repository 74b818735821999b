"""The description of a stack is that of its template, also when it came by a change set, as CDK has it, or by an update.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Stack.html
"""

from collections.abc import Callable
from typing import Any

from ministack.services import cloudformation
from ministack.services.cloudformation import handlers

from .replacing import wrap_entries


def _described(action: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any, **options: Any) -> Any:
        for stack in cloudformation._stacks.values():
            # Of a stack under review there is none yet.
            if template := stack.get("_template"):
                stack["Description"] = template.get("Description", "")
        return action(*arguments, **options)

    return call


def register() -> None:
    """Where ministack only has what CreateStack was given."""
    wrap_entries(handlers._ACTION_HANDLERS, ("DescribeStacks",), _described)
