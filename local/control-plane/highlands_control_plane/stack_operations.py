"""Stacks made, changed and deleted as CloudFormation does it: side by side where nothing ties the resources.

In the place of ministack's `stacks._deploy_stack_async`, with its rollback, its outputs and its events.
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
"""

from collections.abc import Callable
from typing import Any

from ministack.services import cloudformation
from ministack.services.cloudformation import changesets, engine, handlers, stacks

from . import stack_exports, stack_names, stack_order, stack_removal, stack_requests, template_checks
from .replacing import replace, replace_in
from .stack_definitions import Record
from .stack_resources import Resources

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
            _ends(resources, f"{resources.prefix}_FAILED", str(circle))
            return
        if not stack.get("_disable_validation") and stacks._fail_property_validation(
            stack, stack_id, stack_name, resources.definitions, ordered, param_values, resources.conditions,
            template.get("Mappings", {}), disable_rollback, previous_stack=(previous_stack or {}) if is_update else None,
        ):  # fmt: skip
            return
        if why := stack_exports.missing(template, param_values, resources.conditions, stack):
            await _fail(resources, why, previous_stack, disable_rollback, retain_except_on_create)
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
    stack = resources.stack
    removed = resources.previous.keys() - kept
    outputs: list[Any] = []
    exports: Record = {}
    why = ""
    if not resources.stop.is_set():
        try:
            outputs, exports = _outputs(resources, removed)
            why = stack_exports.too_long(outputs) or stack_exports.refused(resources.stack_id, exports) or ""
        except Exception as error:  # noqa: BLE001 - an output that can't be made fails the operation, whatever the reason
            why = str(error)
    if why or resources.stop.is_set():
        await _fail(resources, why, previous_stack, disable_rollback, retain_except_on_create)
        return
    for replaced in reversed(resources.replaced):
        await stack_removal.delete_replaced(resources, *replaced)
    await stack_removal.remove(resources, removed)
    stack |= {"_template": resources.template, "_resolved_params": resources.parameters, "Outputs": outputs}
    stack_exports.keep(resources.stack_id, exports)
    _ends(resources, f"{resources.prefix}_COMPLETE")


async def _fail(
    resources: Resources,
    why: str,
    previous_stack: Record | None,
    disable_rollback: bool,
    retain_except_on_create: bool,
) -> None:
    """`why`: of the stack as a whole, where no resource failed; it is the reason of its rollback."""
    operation = _operation(resources, previous_stack, retain_except_on_create)
    if disable_rollback:
        resources.stack["_failed_operation"] = operation
        _ends(resources, f"{resources.prefix}_FAILED", why or resources.reason)
        return
    # So https://github.com/aws-cloudformation/aws-cloudformation-templates/issues/263 quotes a stack that is made.
    reason = why if resources.is_update or not why else f"{why}. Rollback requested by user."
    await stacks._roll_back_operation(
        resources.name, resources.stack_id, resources.stack, operation, reason_override=reason
    )
    if why:
        resources.stack["StackStatusReason"] = reason


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


def register() -> None:
    """Takes the place of ministack's, before anything else wraps them."""
    delete = _after_what_is_under_way(stacks._delete_stack_async)
    replace_in((stacks, handlers, changesets), "_deploy_stack_async", _deploy)
    replace_in((stacks, handlers), "_delete_stack_async", delete)
    stack_requests.register()
    stack_names.register()
    template_checks.register()
    # Nested stacks look it up when they are made.
    replace(engine, "_topological_sort", stack_order.with_what_waits_last(engine._topological_sort))
    sends_back = stacks._sends_back_failed_update
    replace(stacks, "_sends_back_failed_update", lambda name: name == "AWS::ECS::Service" or sends_back(name))
