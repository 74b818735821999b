"""What CloudFormation is doing, written down for as long as it lasts, and gone on with after a kill.

An operation that is gone on with is the same one: what it had applied is not applied again, a failure rolls back to what was
there before it began, and the stack ends as it would have ended.
"""

import asyncio
import copy
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services.cloudformation import changesets, handlers, stacks

from .replacing import replace, replace_in

# Operations under way by number, in a form that JSON keeps.
OPEN: dict[str, dict[str, Any]] = {}
_numbers = itertools.count(1)
# What a former process was doing when it ended.
_cut_off: list[dict[str, Any]] = []
# By stack: the records of resources that the operation had made or changed before it was cut off.
_applied: dict[str, dict[str, Any]] = {}


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else copy.deepcopy(value)


@contextmanager
def _written_down(entry: dict[str, Any]) -> Iterator[None]:
    key = str(next(_numbers))
    OPEN[key] = {"account": get_account_id(), "region": get_region(), **entry}
    try:
        yield
    finally:
        OPEN.pop(key, None)


def _journaled(kind: str, operation: Callable[..., Any]) -> Callable[..., Any]:
    async def run(stack_name: str, stack_id: str, *arguments: Any, **options: Any) -> Any:
        entry = {
            "kind": kind,
            "stack": [stack_name, stack_id],
            "arguments": [_plain(one) for one in arguments],
            "options": {name: _plain(one) for name, one in options.items()},
        }
        with _written_down(entry):
            return await operation(stack_name, stack_id, *arguments, **options)

    return run


def _journaled_rollback(roll_back: Callable[..., Any]) -> Callable[..., Any]:
    """A rollback has begun: to apply anything again would be wrong from now on."""

    async def run(
        stack_name: str, stack_id: str, stack: dict[str, Any], operation: dict[str, Any], **options: Any
    ) -> Any:
        _applied.pop(stack_name, None)
        entry = {
            "kind": "rollback",
            "stack": [stack_name, stack_id],
            "operation": copy.deepcopy(operation),
            "options": options,
        }
        with _written_down(entry):
            return await roll_back(stack_name, stack_id, stack, operation, **options)

    return run


def _unless_applied(handler: Callable[..., Any], logical_id_at: int, stack_at: int) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        record = _applied.get(arguments[stack_at], {}).pop(arguments[logical_id_at], None)
        if record is None:
            return handler(*arguments)
        stacks._NAME_SEED.set(record.get("_name_seed", ""))
        return record["PhysicalResourceId"], record["Attributes"]

    return call


def register() -> None:
    """Wraps the operations of stacks."""
    deploy, delete = _journaled("deploy", stacks._deploy_stack_async), _journaled("delete", stacks._delete_stack_async)
    replace_in((stacks, handlers, changesets), "_deploy_stack_async", deploy)
    replace_in((stacks, handlers), "_delete_stack_async", delete)
    # RollbackStack has it by its own name.
    replace_in((stacks, handlers), "_roll_back_operation", _journaled_rollback(stacks._roll_back_operation))
    # (type, logical id, properties, stack) and (type, physical id, old, new, stack, logical id, attributes)
    replace(stacks, "_provision_resource", _unless_applied(stacks._provision_resource, 1, 3))
    replace(stacks, "_update_resource", _unless_applied(stacks._update_resource, 5, 4))


def cut_off(entries: dict[str, dict[str, Any]]) -> None:
    """Takes over what was under way; a rollback instead of the deploy that it belongs to."""
    rolling_back = [entry["stack"] for entry in entries.values() if entry["kind"] == "rollback"]
    _cut_off.extend(
        entry for entry in entries.values() if entry["kind"] != "deploy" or entry["stack"] not in rolling_back
    )


def resume() -> None:
    """Goes on with what a former process was doing. Called on the event loop, once the server serves."""
    for entry in _cut_off:
        name, stack_id = entry["stack"]
        with request_scope(entry["account"], entry["region"]):
            from ministack.services.cloudformation import _stacks

            stack = _stacks.get(name)
            if stack is None:
                continue
            task = asyncio.get_running_loop().create_task(_going_on(entry, name, stack_id, stack))
            _tasks.add(task)
            task.add_done_callback(_tasks.discard)
    _cut_off.clear()


def _going_on(entry: dict[str, Any], name: str, stack_id: str, stack: dict[str, Any]) -> Any:
    resources = stack.setdefault("_resources", {})
    if entry["kind"] == "delete":
        return stacks._delete_stack_async(name, stack_id, *entry["arguments"], **entry["options"])
    if entry["kind"] == "rollback":
        operation = entry["operation"]
        operation["created"] = [one for one in operation.get("created", []) if one in resources]
        return stacks._roll_back_operation(name, stack_id, stack, operation, **entry["options"])
    before = (entry["options"].get("previous_stack") or {}).get("_resources", {})
    _applied[name] = {key: copy.deepcopy(one) for key, one in resources.items() if one != before.get(key)}
    return stacks._deploy_stack_async(name, stack_id, *entry["arguments"], **entry["options"])


# The event loop itself keeps only weak references.
_tasks: set[asyncio.Task[Any]] = set()
