"""Stacks made, changed and deleted as CloudFormation does it: side by side where nothing ties the resources.

In the place of ministack's `stacks._deploy_stack_async`, with its rollback, its outputs and its events.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
"""

from collections.abc import Callable
from typing import Any

from ministack.core.concurrency import run_reentrant
from ministack.core.responses import now_iso
from ministack.services import cloudformation
from ministack.services.cloudformation import changesets, engine, handlers, stacks

from .replacing import replace, replace_in, wrap_entries
from .stack_resources import Record, Resources

# By stack id: what is under way.
_UNDER_WAY: dict[str, Resources] = {}
_DELETING: set[str] = set()
_STACK = "AWS::CloudFormation::Stack"


def _ends(resources: Resources, status: str, reason: str = "") -> None:
    resources.stack["StackStatus"] = status
    if reason:
        resources.stack["StackStatusReason"] = reason
    stacks._add_event(resources.stack_id, resources.name, resources.name, _STACK, status, reason, resources.stack_id)


async def _deploy(
    stack_name: str,
    stack_id: str,
    template: Record,
    param_values: Record,
    disable_rollback: bool,
    tags: list[Any],
    is_update: bool = False,
    previous_stack: Record | None = None,
    retain_except_on_create: bool = False,
    imports: Record | None = None,
) -> None:
    stack = cloudformation._stacks[stack_name]
    stack.pop("_failed_operation", None)
    stack.pop("_cancel_requested", None)
    stack.pop("_cancel_token", None)
    resources = Resources(stack, template, param_values, (previous_stack or {}) if is_update else None, imports or {})
    _UNDER_WAY[stack_id] = resources
    try:
        try:
            ordered = stacks._topological_sort(resources.definitions, resources.conditions)
        except ValueError as circle:
            stack["_failed_operation"] = _operation(resources, previous_stack, retain_except_on_create)
            _ends(resources, f"{'UPDATE' if is_update else 'CREATE'}_FAILED", str(circle))
            return
        if not stack.get("_disable_validation") and stacks._fail_property_validation(
            stack, stack_id, stack_name, resources.definitions, ordered, param_values, resources.conditions,
            template.get("Mappings", {}), disable_rollback, previous_stack=(previous_stack or {}) if is_update else None,
        ):  # fmt: skip
            return
        await resources.run(ordered)
        if not resources.abandoned:
            await _finish(resources, set(ordered), previous_stack, disable_rollback, retain_except_on_create)
    finally:
        resources.over.set()
        _UNDER_WAY.pop(stack_id, None)


async def _finish(
    resources: Resources,
    kept: set[str],
    previous_stack: Record | None,
    disable_rollback: bool,
    retain_except_on_create: bool,
) -> None:
    stack, prefix = resources.stack, "UPDATE" if resources.is_update else "CREATE"
    removed = resources.previous.keys() - kept
    outputs: list[Any] = []
    exports: Record = {}
    if not resources.stop.is_set():
        try:
            outputs, exports = _outputs(resources, removed)
        except Exception as error:  # noqa: BLE001 - an output that can't be made fails the operation, whatever the reason
            resources.reason = str(error)
            resources.stop.set()
            stacks._add_event(
                resources.stack_id,
                resources.name,
                resources.name,
                _STACK,
                f"{prefix}_FAILED",
                str(error),
                resources.stack_id,
            )
    if resources.stop.is_set():
        operation = _operation(resources, previous_stack, retain_except_on_create)
        if disable_rollback:
            stack["_failed_operation"] = operation
            _ends(resources, f"{prefix}_FAILED", resources.reason)
        else:
            await stacks._roll_back_operation(resources.name, resources.stack_id, stack, operation)
        return
    for replaced in reversed(resources.replaced):
        await _delete_replaced(resources, *replaced)
    await _remove(resources, removed)
    stack |= {"_template": resources.template, "_resolved_params": resources.parameters, "Outputs": outputs}
    cloudformation._exports.update(exports)
    _ends(resources, f"{prefix}_COMPLETE")


def _outputs(resources: Resources, removed: set[str]) -> tuple[list[Any], Record]:
    # What the update removes is still recorded: an output that reads it must fail.
    there = {key: record for key, record in resources.records.items() if key not in removed}
    template = resources.template
    found: tuple[list[Any], Record] = stacks._resolve_stack_outputs(
        template.get("Outputs", {}), resources.conditions, there, resources.parameters,
        template.get("Mappings", {}), resources.name, resources.stack_id,
    )  # fmt: skip
    return found


def _operation(resources: Resources, previous_stack: Record | None, retain_except_on_create: bool) -> Record:
    """What a rollback needs, now or later."""
    operation: Record = stacks._failed_operation(
        resources.is_update, previous_stack, resources.made, resources.failed_update, resources.failed,
        [entry[0] for entry in resources.replaced], resources.cancelled, resources.template, resources.parameters,
        retain_except_on_create, resources.tags, resources.previous_tags, resources.imports,
    )  # fmt: skip
    return operation


async def _call_delete(type_name: str, *arguments: Any) -> None:
    if stacks._runs_on_worker_thread(type_name):
        await run_reentrant(stacks._delete_resource, type_name, *arguments)
    else:
        stacks._delete_resource(type_name, *arguments)


async def _delete_replaced(
    resources: Resources,
    logical_id: str,
    type_name: str,
    old_id: str,
    new_id: str,
    properties: Record,
    deletes: list[Any],
) -> None:
    """The predecessor of a replaced resource: not before the update is complete, so that a rollback still has it."""
    if resources.policy(logical_id, "UpdateReplacePolicy") in stacks._RETAINING_POLICIES:
        if new_id != old_id:
            resources.event(logical_id, "DELETE_SKIPPED", physical_id=old_id)
        return
    try:
        for delete, arguments, options in deletes:
            delete(*arguments, **options)
        if new_id != old_id:
            await _call_delete(type_name, old_id, properties, resources.name, logical_id)
    except Exception as error:  # noqa: BLE001 - a cleanup that fails does not fail the update
        resources.event(logical_id, "DELETE_FAILED", str(error), old_id)


async def _remove(resources: Resources, removed: set[str]) -> None:
    """What the template does not have any more, dependents first. A resource that can't be deleted stays in the stack."""
    before = resources.previous_stack
    template = before.get("_template") or {}
    definitions = template.get("Resources") or {}
    conditions = before.get("_conditions", resources.conditions)
    try:
        order = [name for name in stacks._topological_sort(definitions, conditions) if name in removed]
    except ValueError:
        order = []
    for logical_id in reversed([*order, *(removed - set(order))]):
        record = resources.previous.get(logical_id, {})
        type_name, old_id = record.get("ResourceType", ""), record.get("PhysicalResourceId", "")
        properties = record.get("Properties", {})

        def event(status: str, reason: str = "", of: tuple[str, str, str] = (logical_id, type_name, old_id)) -> None:
            stacks._add_event(resources.stack_id, resources.name, of[0], of[1], status, reason, of[2])

        policy = stacks._resource_policy(
            definitions.get(logical_id), "DeletionPolicy", resources.previous, before.get("_resolved_params", {}),
            conditions, template.get("Mappings", {}), resources.name, resources.stack_id,
        )  # fmt: skip
        if policy in stacks._RETAINING_POLICIES:
            event("DELETE_SKIPPED")
            resources.records.pop(logical_id, None)
            continue
        event("DELETE_IN_PROGRESS")
        try:
            if policy == "Snapshot":
                stacks._snapshot_resource(type_name, old_id, properties)
            await _call_delete(type_name, old_id, properties, resources.name, logical_id)
        except Exception as error:  # noqa: BLE001 - a cleanup that fails does not fail the update
            event("DELETE_FAILED", str(error))
            if logical_id in resources.records:
                failed = {"ResourceStatus": "DELETE_FAILED", "ResourceStatusReason": str(error), "Timestamp": now_iso()}
                resources.records[logical_id] |= failed
            continue
        event("DELETE_COMPLETE")
        resources.records.pop(logical_id, None)


def _after_what_is_under_way(delete: Callable[..., Any]) -> Callable[..., Any]:
    """A stack that is being made is deleted at once: what is under way is cancelled, and what is there goes."""

    async def run(stack_name: str, stack_id: str, *arguments: Any, **options: Any) -> None:
        if stack_id in _DELETING:
            return
        _DELETING.add(stack_id)
        try:
            if (resources := _UNDER_WAY.get(stack_id)) is not None:
                resources.abandoned = True
                resources.stop.set()
                await resources.over.wait()
            await delete(stack_name, stack_id, *arguments, **options)
        finally:
            _DELETING.discard(stack_id)

    return run


def _unless_updating(delete: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """CloudFormation refuses it: an update is cancelled with CancelUpdateStack first."""

    def call(params: Any) -> Any:
        stack = handlers._resolve_stack(handlers._p(params, "StackName"))
        status = "" if stack is None else stack.get("StackStatus", "")
        if status.startswith("UPDATE_") and status.endswith("_IN_PROGRESS"):
            message = f"Stack [{stack['StackId']}] cannot be deleted while in status {status}"
            return handlers._error("ValidationError", message)
        return delete(params)

    return call


def _with_what_waits_last(sort: Callable[..., list[str]]) -> Callable[..., list[str]]:
    """The order of a nested stack, whose resources are made in a row: what another resource may be needed for comes late."""

    def call(resources: Record, conditions: Record) -> list[str]:
        ordered = sort(resources, conditions)
        late: set[str] = set()
        for name in ordered:
            waits = stacks._runs_on_worker_thread(resources[name].get("Type", ""))
            if waits or engine._extract_deps(resources[name], late):
                late.add(name)
        return [one for one in ordered if one not in late] + [one for one in ordered if one in late]

    return call


def register() -> None:
    """Takes the place of ministack's, before anything else wraps them."""
    delete = _after_what_is_under_way(stacks._delete_stack_async)
    replace_in((stacks, handlers, changesets), "_deploy_stack_async", _deploy)
    replace_in((stacks, handlers), "_delete_stack_async", delete)
    wrap_entries(handlers._ACTION_HANDLERS, ("DeleteStack",), _unless_updating)
    # Nested stacks look it up when they are made.
    replace(engine, "_topological_sort", _with_what_waits_last(engine._topological_sort))
    sends_back = stacks._sends_back_failed_update
    replace(stacks, "_sends_back_failed_update", lambda name: name == "AWS::ECS::Service" or sends_back(name))
