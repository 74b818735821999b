"""Requests that CloudFormation refuses for the state that a stack or a change set is in.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html has the states.
"""

from collections.abc import Callable
from typing import Any

from ministack.services import cloudformation
from ministack.services.cloudformation import changesets, handlers

from . import stack_changes, stack_exports, template_checks
from .replacing import wrap_entries

Handler = Callable[[Any], Any]
Record = dict[str, Any]

# A stack that failed with its resources kept may be updated: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-failure-options.html
_UPDATABLE = frozenset(
    {
        "CREATE_COMPLETE", "CREATE_FAILED", "UPDATE_COMPLETE", "UPDATE_FAILED", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE",
        "IMPORT_ROLLBACK_COMPLETE",
    }
)  # fmt: skip
_GONE = "DELETE_COMPLETE"


def _stack(params: Any) -> Record | None:
    """The stack that is named, if it was not deleted."""
    found: Record | None = handlers._resolve_stack(handlers._p(params, "StackName"))
    return None if found is None or found.get("StackStatus") == _GONE else found


def _refused(message: str, code: str = "ValidationError") -> Any:
    return handlers._error(code, message)


def _not_updatable(stack: Record) -> Any:
    """https://github.com/rails-lambda/lamby/issues/132 quotes it."""
    if stack["StackStatus"] in _UPDATABLE:
        return None
    return _refused(f"Stack:{stack['StackId']} is in {stack['StackStatus']} state and can not be updated.")


def _update(handler: Handler) -> Handler:
    def call(params: Any) -> Any:
        stack = _stack(params)
        if stack is not None and (refusal := _not_updatable(stack)):
            return refusal
        return _changing(handler, params, stack)

    return call


def _changing(handler: Handler, params: Any, stack: Record | None) -> Any:
    token = template_checks.CHANGED.set(stack)
    try:
        return handler(params)
    finally:
        template_checks.CHANGED.reset(token)


def _create(handler: Handler) -> Handler:
    def call(params: Any) -> Any:
        stack = _stack(params)
        if stack is not None:
            # One that was rolled back is deleted first, which `cdk deploy` does.
            return _refused(f"Stack [{stack['StackName']}] already exists", "AlreadyExistsException")
        return handler(params)

    return call


def _create_change_set(handler: Handler) -> Handler:
    def call(params: Any) -> Any:
        stack, kind = _stack(params), handlers._p(params, "ChangeSetType", "UPDATE")
        if stack is None or kind == "IMPORT":
            return handler(params)
        if kind == "CREATE":
            if stack["StackStatus"] == "REVIEW_IN_PROGRESS":
                return handler(params)
            # The tests of Amazon's ecs-cli and of SAM quote it.
            name = handlers._p(params, "ChangeSetName")
            sentence = f"already exists and cannot be created again with the changeSet [{name}]."
            return _refused(f"Stack [{stack['StackName']}] {sentence}")
        if (refusal := _not_updatable(stack)) is not None:
            return refusal
        answer = _changing(handler, params, stack)
        made = stack_changes.find(handlers._p(params, "ChangeSetName"), handlers._p(params, "StackName"))
        if made is not None:
            stack_changes.allow_outputs(stack, made)
        return answer

    return call


def _execute(handler: Handler) -> Handler:
    def call(params: Any) -> Any:
        _, change_set = changesets._find_change_set(
            handlers._p(params, "ChangeSetName"), handlers._p(params, "StackName")
        )
        if change_set is None:
            return handler(params)
        if change_set["ExecutionStatus"] != "AVAILABLE":
            # LocalStack has it as AWS's.
            sentence = f"cannot be executed in its current status of [{change_set['Status']}]"
            return _refused(f"ChangeSet [{change_set['ChangeSetId']}] {sentence}", "InvalidChangeSetStatus")
        stack = cloudformation._stacks.get(change_set["StackName"])
        if stack is not None and change_set.get("ChangeSetType") == "UPDATE" and (refusal := _not_updatable(stack)):
            return refusal
        return handler(params)

    return call


def _delete(handler: Handler) -> Handler:
    def call(params: Any) -> Any:
        stack = _stack(params)
        if stack is None:
            return handler(params)
        status = stack["StackStatus"]
        # An update is cancelled with CancelUpdateStack first.
        if status.startswith("UPDATE_") and status.endswith("_IN_PROGRESS"):
            return _refused(f"Stack [{stack['StackId']}] cannot be deleted while in status {status}")
        if stack.get("EnableTerminationProtection"):
            # Tools that turn the protection off look for this sentence.
            return _refused(f"Stack [{stack['StackName']}] cannot be deleted while TerminationProtection is enabled")
        if (why := stack_exports.kept_by_others(stack)) is not None:
            return stack_exports.delete_canceled(stack, why)
        return handler(params)

    return call


def register() -> None:
    """Around ministack's handlers."""
    stack_changes.register()
    table = handlers._ACTION_HANDLERS
    wrap_entries(table, ("UpdateStack",), _update)
    wrap_entries(table, ("CreateStack",), _create)
    wrap_entries(table, ("CreateChangeSet",), _create_change_set)
    wrap_entries(table, ("ExecuteChangeSet",), _execute)
    wrap_entries(table, ("DeleteStack",), _delete)
