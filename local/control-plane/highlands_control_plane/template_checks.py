"""Templates are refused in CloudFormation's words before anything is made of them, wherever a request or a nested stack has one."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from ministack.services.cloudformation import changesets, engine, handlers

from . import template_form, template_parameters, template_references, template_transforms
from .replacing import replace, replace_in
from .template_errors import PREFIX

# The stack that a request changes, while it is looked at; None when it makes one.
CHANGED: ContextVar[dict[str, Any] | None] = ContextVar("changed_stack", default=None)


def _parsing(parse: Callable[[str], Any]) -> Callable[[str], Any]:
    def call(text: str) -> Any:
        try:
            template = parse(text)
        except ValueError as odd:
            # What is no mapping at all, in ministack's words.
            if "must be a JSON or YAML mapping" in str(odd):
                template_form.check(None)
            raise
        template_form.check(template)
        template_transforms.check(template)
        template_references.check(template, None)
        return template

    return call


def _supporting(validate: Callable[..., None]) -> Callable[..., None]:
    """What takes the values of parameters, after the transforms."""

    def call(template: Any, conditions: dict[str, bool], params: dict[str, Any] | None = None) -> None:
        if not isinstance(template, engine._TransformFailed):
            template_references.check(template, None if params is None else conditions)
        validate(template, conditions, params)
        if params is not None:
            _check_exports(template, conditions, params)
            _check_types(template)

    return call


def _check_exports(template: dict[str, Any], conditions: dict[str, bool], params: dict[str, Any]) -> None:
    """Names that need what is made are refused before, so each is known here but for the stack's own name, which is the same in all."""
    names: set[str] = set()
    for output in template.get("Outputs", {}).values():
        if "Export" not in output or not conditions.get(output.get("Condition", ""), True):
            continue
        mappings = template.get("Mappings", {})
        name = str(engine._resolve_refs(output["Export"]["Name"], {}, params, conditions, mappings, "\0", "\0"))
        if name in names:
            # https://github.com/badmintoncryer/cdk-preflight pf-cfn-export-name-duplicate
            sentence = (
                f"The Outputs section contains duplicate Export names: [{name}]. Specify a unique name for each export."
            )
            raise ValueError(f"{PREFIX}{sentence}".replace("\0", "${AWS::StackName}"))
        names.add(name)


def _check_types(template: dict[str, Any]) -> None:
    before = ((CHANGED.get() or {}).get("_template") or {}).get("Resources") or {}
    changed = [
        name
        for name, resource in template.get("Resources", {}).items()
        if name in before and before[name].get("Type") != resource.get("Type")
    ]
    if changed:
        # Quoted in notes on upgrades; no page of AWS has it.
        sentence = "The new template modifies resource type of the following resources"
        raise ValueError(f"Update of resource type is not permitted. {sentence}: [{', '.join(changed)}]")


def _said_once(error: Callable[..., Any]) -> Callable[..., Any]:
    """ministack puts the prefix before whatever a parser says, also before a sentence that has its own or none."""
    others = (PREFIX, "Template error: ", "No transform ", "Invalid template ", "[/", "Circular dependency ")

    def call(code: str, message: str, status: int = 400) -> Any:
        rest = message.removeprefix(PREFIX)
        return error(code, rest if rest.startswith(others) else message, status)

    return call


def register() -> None:
    """Of stacks, change sets and nested stacks, and of their parameters."""
    replace_in((engine, handlers, changesets), "_parse_template", _parsing(engine._parse_template))
    supporting = _supporting(engine.validate_template_support)
    replace_in((engine, handlers, changesets), "validate_template_support", supporting)
    for module in (handlers, changesets):
        replace(module, "_error", _said_once(module._error))
    template_parameters.register()
