"""What is a change of a stack: outputs alone are, its description and its metadata alone are not.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html says the latter ("... by itself").
"""

from collections.abc import Callable
from typing import Any

from ministack.services.cloudformation import changesets, handlers

from .replacing import replace
from .template_calls import calls_in, named_by

Record = dict[str, Any]
_NO_CHANGE_ALONE = ("Description", "Metadata")


def _values(parameters: Record, names: set[str]) -> Record:
    return {name: one.get("Value") for name, one in parameters.items() if name in names}


def outputs_differ(stack: Record, template: Record, parameters: Record) -> bool:
    """Whether the outputs, or parameters that they name, are other ones."""
    before, now = ((one or {}).get("Outputs") or {} for one in (stack.get("_template"), template))
    if before != now:
        return True
    named = {name for call, argument in calls_in(now) for name in named_by(call, argument)}
    return _values(stack.get("_resolved_params") or {}, named) != _values(parameters, named)


def allow_outputs(stack: Record, change_set: Record) -> None:
    """A change set that ministack takes for an empty one can be executed when it has other outputs."""
    empty = change_set["Status"] == "FAILED" and "didn't contain changes" in change_set["StatusReason"]
    if empty and outputs_differ(stack, change_set["_template"], change_set["_resolved_params"]):
        change_set |= {"Status": "CREATE_COMPLETE", "ExecutionStatus": "AVAILABLE", "StatusReason": ""}


def _without(template: Any) -> Any:
    return {name: one for name, one in template.items() if name not in _NO_CHANGE_ALONE}


def _looking_at_what_counts(has_no_updates: Callable[..., bool]) -> Callable[..., bool]:
    def call(stack: Record, template: Record, *arguments: Any, **options: Any) -> bool:
        known = {**stack, "_template": _without(stack.get("_template") or {})}
        return has_no_updates(known, _without(template), *arguments, **options)

    return call


def find(change_set: str, stack: str) -> Record | None:
    found: Record | None = changesets._find_change_set(change_set, stack)[1]
    return found


def register() -> None:
    """UpdateStack with nothing but another description is no update."""
    replace(handlers, "_stack_has_no_updates", _looking_at_what_counts(handlers._stack_has_no_updates))
