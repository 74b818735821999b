"""State that survives a kill: saved a moment after every change, and what CloudFormation was doing goes on.

ministack saves its state when it is shut down; a process that is killed is not.
"""

import asyncio
import copy
import itertools
import json
import threading
import time
from collections.abc import Callable
from typing import Any

from ministack import app
from ministack.core import persistence
from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import ecr
from ministack.services.cloudformation import changesets, handlers, stacks

from . import application_autoscaling, service_records

# A kill loses at most this much, and what was lost is made again: agents report anew, operations go on.
_EVERY_SECONDS = 0.1
_OPERATIONS = "highlands-operations"
_SCALING = "highlands-application-autoscaling"

_open: dict[str, dict[str, Any]] = {}
_ids = itertools.count(1)
_dirty = threading.Event()
_saved: dict[str, Any] = {}
# What a former process was doing when it ended.
_cut_off: list[dict[str, Any]] = []


def changed() -> None:
    """Something may have changed: it is saved in a moment."""
    _dirty.set()


def _journaled(kind: str, operation: Callable[..., Any]) -> Callable[..., Any]:
    """An operation on a stack that is written down for as long as it lasts."""

    async def run(stack_name: str, stack_id: str, *arguments: Any, **options: Any) -> Any:
        entry = {"kind": kind, "account": get_account_id(), "region": get_region(), "stack": [stack_name, stack_id]}
        if kind == "deploy":
            template, parameters, disable_rollback, tags = arguments[:4]
            entry["deploy"] = [template, parameters, disable_rollback, tags]
        key = str(next(_ids))
        _open[key] = copy.deepcopy(entry)
        changed()
        try:
            return await operation(stack_name, stack_id, *arguments, **options)
        finally:
            _open.pop(key, None)
            changed()

    return run


def register() -> None:
    """Wraps the operations of stacks, and takes up what a former process left."""
    deploy, delete = _journaled("deploy", stacks._deploy_stack_async), _journaled("delete", stacks._delete_stack_async)
    for module in (stacks, handlers, changesets):
        for name, operation in (("_deploy_stack_async", deploy), ("_delete_stack_async", delete)):
            if hasattr(module, name):
                setattr(module, name, operation)
    application_autoscaling.STATE.update(persistence.load_state(_SCALING) or {})
    _cut_off.extend((persistence.load_state(_OPERATIONS) or {}).values())
    threading.Thread(target=_keep_saving, daemon=True).start()


def _keep_saving() -> None:
    while True:
        # While an operation is under way its stack changes without a request.
        if _dirty.wait(_EVERY_SECONDS) or _open:
            _dirty.clear()
            _save()
            time.sleep(_EVERY_SECONDS)


def _save() -> None:
    states = {**app._build_persistence_save_dict(), _SCALING: lambda: application_autoscaling.STATE}
    # Operations last: what they say is done has to be there.
    states[_OPERATIONS] = lambda: dict(_open)
    for name, get_state in states.items():
        try:
            with service_records.LOCK:
                state = _state_unless_same(name, get_state)
        except RuntimeError:
            changed()  # it was changed while it was copied: a moment later it is not
            continue
        if state is not None:
            persistence.save_state(name, state)


def _state_unless_same(name: str, get_state: Callable[[], Any]) -> Any:
    # Images are large and never change: their number is enough.
    if name == "ecr":
        mark: Any = tuple(len(store._data) for store in (ecr._images, ecr._layer_blobs, ecr._manifest_blobs, ecr._repositories))
        if _saved.get(name) == mark:
            return None
        _saved[name] = mark
        return get_state()
    state = get_state()
    if state is None:
        return None
    mark = hash(json.dumps(state, default=persistence._json_default))
    if _saved.get(name) == mark:
        return None
    _saved[name] = mark
    return state


def resume() -> None:
    """Goes on with what a former process was doing. Called on the event loop, once the server serves."""
    for entry in _cut_off:
        name, stack_id = entry["stack"]
        with request_scope(entry["account"], entry["region"]):
            from ministack.services.cloudformation import _stacks

            stack = _stacks.get(name)
            if stack is None:
                continue
            if entry["kind"] == "delete":
                operation = stacks._delete_stack_async(name, stack_id)
            else:
                # What is there already is brought up to date, what is missing is made.
                done = {"_resources": copy.deepcopy(stack.get("_resources", {})), "_template": {}}
                operation = stacks._deploy_stack_async(name, stack_id, *entry["deploy"], is_update=True, previous_stack=done)
            task = asyncio.get_running_loop().create_task(operation)
            _tasks.add(task)
            task.add_done_callback(_tasks.discard)
    _cut_off.clear()


# The event loop itself keeps only weak references.
_tasks: set[asyncio.Task[Any]] = set()
