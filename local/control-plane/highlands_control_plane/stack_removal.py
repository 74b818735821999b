"""What an operation on a stack deletes at its end: the predecessors of what was replaced, and what the template has no more."""

from typing import Any

from ministack.core.concurrency import run_reentrant
from ministack.core.responses import now_iso
from ministack.services.cloudformation import stacks

from .stack_definitions import Record
from .stack_resources import Resources


async def _call_delete(type_name: str, *arguments: Any) -> None:
    if stacks._runs_on_worker_thread(type_name):
        await run_reentrant(stacks._delete_resource, type_name, *arguments)
    else:
        stacks._delete_resource(type_name, *arguments)


async def delete_replaced(
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


async def remove(resources: Resources, removed: set[str]) -> None:
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
