"""Exports of stacks: each name once, and none that is in use is changed or goes away.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-exports.html
"""

from typing import Any

from ministack.services import cloudformation
from ministack.services.cloudformation import engine, handlers, stacks

from . import template_references

Record = dict[str, Any]

# Bytes: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
_LONGEST = 1024
_STACK = "AWS::CloudFormation::Stack"
# Of these nothing is there, or nothing any more.
_EMPTY = frozenset({"DELETE_COMPLETE", "REVIEW_IN_PROGRESS", "ROLLBACK_COMPLETE"})


def _users(export: str, but: str) -> list[str]:
    """The stacks that import it."""
    return sorted(
        name
        for name, stack in cloudformation._stacks.items()
        if stack.get("StackId") != but and stack.get("StackStatus") not in _EMPTY and export in _imported(stack, name)
    )


def _imported(stack: Record, name: str) -> set[str]:
    arguments = template_references.imported_by(stack.get("_template") or {}, stack.get("_conditions") or {})
    return {
        _name(
            one,
            stack.get("_template") or {},
            stack.get("_resolved_params") or {},
            stack.get("_conditions") or {},
            stack,
        )
        for one in arguments
    }


def _name(argument: Any, template: Record, parameters: Record, conditions: Record, stack: Record) -> str:
    mappings = template.get("Mappings", {})
    return str(
        engine._resolve_refs(
            argument,
            stack.get("_resources", {}),
            parameters,
            conditions,
            mappings,
            stack["StackName"],
            stack["StackId"],
        )
    )


def _listed(names: list[str]) -> str:
    """As https://github.com/aws/aws-cdk/issues/604 quotes two of them."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def exported_by(stack_id: str) -> Record:
    """By name the exports of a stack."""
    return {name: one for name, one in cloudformation._exports.items() if one.get("StackId") == stack_id}


def missing(template: Record, parameters: Record, conditions: Record, stack: Record) -> str | None:
    """CloudFormation's sentence for an import that does not exist."""
    for argument in template_references.imported_by(template, conditions):
        name = _name(argument, template, parameters, conditions, stack)
        if name not in cloudformation._exports:
            # https://github.com/aws-cloudformation/aws-cloudformation-templates/issues/263
            return f"No export named {name} found"
    return None


def too_long(outputs: list[Record]) -> str | None:
    """The refusal of a value that can't be exported: https://github.com/badmintoncryer/cdk-preflight pf-cfn-export-value-max"""
    for output in outputs:
        size = len(str(output.get("OutputValue")).encode())
        if output.get("ExportName") and size > _LONGEST:
            return f"Cannot export output {output['OutputKey']} with length {size}. Max length of {_LONGEST} exceeded."
    return None


def refused(stack_id: str, exports: Record) -> str | None:
    """The refusals of the exports that an operation ends with."""
    for name in exports:
        owner = cloudformation._exports.get(name, {}).get("StackId", stack_id)
        if owner != stack_id:
            # https://github.com/aws-amplify/amplify-js/issues/5811
            return f"Export with name {name} is already exported by stack {owner.split('/')[1]}"
    for name, before in exported_by(stack_id).items():
        now = exports.get(name)
        if (now is None or now["Value"] != before["Value"]) and (users := _users(name, stack_id)):
            return _in_use(name, "deleted" if now is None else "updated", users)
    return None


def _in_use(name: str, done: str, users: list[str]) -> str:
    return f"Export {name} cannot be {done} as it is in use by {_listed(users)}"


def keep(stack_id: str, exports: Record) -> None:
    """The exports of a stack are these, and no other."""
    for name in exported_by(stack_id).keys() - exports.keys():
        cloudformation._exports.pop(name, None)
    cloudformation._exports.update(exports)


def kept_by_others(stack: Record) -> str | None:
    """Why a stack can't be deleted."""
    for name in exported_by(stack["StackId"]):
        if users := _users(name, stack["StackId"]):
            return _in_use(name, "deleted", users)
    return None


def delete_canceled(stack: Record, why: str) -> Any:
    """The request is taken, and the stack is what it was a moment later, with the reason: https://github.com/boto/boto3/issues/4192"""
    name, stack_id = stack["StackName"], stack["StackId"]
    stacks._add_event(stack_id, name, name, _STACK, "DELETE_IN_PROGRESS", "User Initiated", stack_id)
    stack["StackStatusReason"] = why
    stacks._add_event(stack_id, name, name, _STACK, stack["StackStatus"], why, stack_id)
    return handlers._xml(200, "DeleteStackResponse", "")
