"""What conditions and exports of a template may name: parameters, and no resource. Pure."""

import re
from typing import Any

from .template_calls import call_of, calls_in, check_call, named_by
from .template_errors import MalformedError, Members, format_error, is_loop

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html
_BOOLEANS = ("Condition", "Fn::And", "Fn::Equals", "Fn::If", "Fn::Not", "Fn::Or")
_EXPORT_NAME = re.compile(r"[A-Za-z0-9:-]{1,255}")


def check_export(template: Members, name: str, output: Members) -> None:
    export = output.get("Export", {"Name": "x"})
    given = export.get("Name") if isinstance(export, dict) else None
    if given is None or (isinstance(given, str) and not _EXPORT_NAME.fullmatch(given)):
        # https://github.com/badmintoncryer/cdk-preflight pf-cfn-export-name-charset
        rule = "must be specified and consist only of alphanumeric characters, colons, or hyphens."
        raise format_error(f"Output {name} is malformed. The Name field of every Export member {rule}")
    for call, argument in calls_in(given):
        made = any(one in template.get("Resources", {}) for one in named_by(call, argument))
        if made or call in ("Fn::GetAtt", "Fn::ImportValue", "Fn::GetAZs"):
            # https://github.com/aws-cloudformation/cfn-lint/issues/1632, with its two spaces.
            sentence = "The Name field of Export must not depend on any resources, imported values, or Fn::GetAZs."
            raise format_error(f"Output {name} is malformed.  {sentence}")


def check_import(template: Members, argument: Any) -> None:
    """What `Fn::ImportValue` gets: https://github.com/badmintoncryer/cdk-preflight pf-cfn-importvalue-resource-ref"""
    for call, inner in calls_in(argument):
        made = any(one in template.get("Resources", {}) for one in named_by(call, inner))
        if made or call in ("Fn::GetAtt", "Fn::ImportValue", "Fn::GetAZs"):
            sentence = (
                "the attribute in Fn::ImportValue must not depend on any resources, imported values, or Fn::GetAZs"
            )
            raise MalformedError(f"Template error: {sentence}")


def check_mapping(template: Members, argument: Any) -> None:
    """A mapping that a look-up names."""
    if isinstance(argument[0], str) and argument[0] not in template.get("Mappings", {}):
        # The documentation of Senza quotes it.
        sentence = f"Mapping named '{argument[0]}' is not present in the 'Mappings' section of template."
        raise MalformedError(f"Template error: {sentence}")


def check_conditions(template: Members) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html"""
    known = template.get("Conditions", {})
    unknown: list[str] = []
    for name, condition in known.items():
        call = call_of(condition)
        if not is_loop(name) and (call is None or call[0] not in _BOOLEANS):
            # Quoted by people who met it, as in https://github.com/aws-cloudformation/cfn-lint/issues/1010; no page of AWS has it.
            raise format_error("Conditions can only be boolean operations on parameters and other conditions")
    for name, argument in calls_in(known):
        check_call(name, argument)
        if name == "Condition" and argument not in known:
            raise _dependency(argument, "Conditions")
        if name == "Fn::FindInMap":
            check_mapping(template, argument)
        unknown += [one for one in named_by(name, argument) if one not in template.get("Parameters", {})]
    if unknown:
        # https://github.com/aws-cloudformation/cfn-lint/issues/99 quotes it.
        names = ", ".join(dict.fromkeys(unknown))
        sentence = "Cannot reference resources in the Conditions block of the template"
        raise format_error(f"Unresolved dependencies [{names}]. {sentence}")
    for section in ("Resources", "Outputs"):
        for member in template.get(section, {}).values():
            if "Condition" in member and member["Condition"] not in known:
                raise _dependency(member["Condition"], section)


def _dependency(name: Any, section: str) -> MalformedError:
    return format_error(f"Unresolved condition dependency {name} in the {section} block of the template")
