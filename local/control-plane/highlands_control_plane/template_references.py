"""Names that a template refers to and does not have, or leaves out by a condition, and resources that need each other. Pure.

What CloudFormation answers a template with before anything is made of it:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html#troubleshooting-errors-validation-error
The check before a deploy has the same in local/support/references.ts.
"""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any

from .template_calls import calls_in, check_call, named_by
from .template_errors import MalformedError, Members, format_error, is_loop
from .template_sections import check_conditions, check_export, check_import, check_mapping

Conditions = dict[str, bool] | None


def check(template: Members, conditions: Conditions) -> None:
    """Raises MalformedError for what leads nowhere.

    `conditions`: by name which hold; None where values of parameters are not known, so that only names are looked at.
    """
    if template.get("Transform") or any(is_loop(name) for name in (*template, *template.get("Resources", {}))):
        # A transform that is not run yet makes something else of it.
        return
    check_conditions(template)
    if not template.get("Conditions"):
        conditions = {}
    for section in ("Resources", "Outputs"):
        for name, argument in calls_in(template.get(section, {})):
            check_call(name, argument)
            _check_named(template, name, argument)
    for name, output in template.get("Outputs", {}).items():
        check_export(template, name, output)
    resources, parameters = template.get("Resources", {}), template.get("Parameters", {})
    _check_block(template, None, {*resources, *parameters})
    if conditions is not None:
        made = {name for name, resource in resources.items() if _holds(resource, conditions)}
        _check_block(template, conditions, {*made, *parameters})
        _check_circle({name: resources[name] for name in made}, conditions)


def _holds(member: Members, conditions: Conditions) -> bool:
    return conditions is None or bool(conditions.get(member.get("Condition", ""), True))


def _check_named(template: Members, name: str, argument: Any) -> None:
    """A condition, a mapping or a resource that a function names and the template does not have at all."""
    if name == "Fn::If" and argument[0] not in template.get("Conditions", {}):
        # Quoted in comments of CDK apps; no page of AWS has it.
        raise MalformedError(f"Template error: unresolved condition dependency {argument[0]} in Fn::If")
    if name == "Fn::FindInMap":
        check_mapping(template, argument)
    if name == "Fn::ImportValue":
        check_import(template, argument)
    if name == "Fn::GetAtt":
        of = argument.split(".", 1)[0] if isinstance(argument, str) else argument[0]
        if isinstance(of, str) and of not in template.get("Resources", {}):
            # https://github.com/aws-quickstart/quickstart-cloud9-ide/issues/20
            raise MalformedError(f"Template error: instance of Fn::GetAtt references undefined resource {of}")


def _needed(node: Any, conditions: Conditions) -> Iterator[str]:
    for name, argument in calls_in(node, conditions):
        yield from named_by(name, argument)


def _check_block(template: Members, conditions: Conditions, there: set[str]) -> None:
    # The sentence is on AWS's page above; https://github.com/aws-solutions/media-insights-on-aws/issues/145 has it of what a condition
    # leaves out. That DependsOn is refused then too is what cfn-lint's E3005 says; no page of AWS does.
    for section in ("Resources", "Outputs"):
        missing: dict[str, None] = {}
        for member in template.get(section, {}).values():
            if not _holds(member, conditions):
                continue
            after = member.get("DependsOn", []) if section == "Resources" else []
            names = [*([after] if isinstance(after, str) else after)]
            values = (
                (member.get("Properties", {}), {})
                if section == "Resources"
                else (member["Value"], member.get("Export"))
            )
            names += [one for value in values for one in _needed(value, conditions)]
            missing |= {one: None for one in names if one not in there}
        if missing:
            listed = ", ".join(missing)
            raise format_error(f"Unresolved resource dependencies [{listed}] in the {section} block of the template")


def _check_circle(resources: Members, conditions: Conditions) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html#troubleshooting-errors-dependence-error"""
    needs = {}
    for name, resource in resources.items():
        after = resource.get("DependsOn", [])
        names = [*([after] if isinstance(after, str) else after), *_needed(resource.get("Properties", {}), conditions)]
        needs[name] = [one for one in names if one in resources]
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as circle:
        names = circle.args[1]
        # https://github.com/aws/serverless-application-model/issues/258 quotes it.
        raise MalformedError(f"Circular dependency between resources: [{', '.join(reversed(names[1:]))}]") from None


def imported_by(template: Members, conditions: Conditions) -> list[Any]:
    """The arguments of `Fn::ImportValue` in what is made."""
    return [
        argument
        for section in ("Resources", "Outputs")
        for member in template.get(section, {}).values()
        if isinstance(member, dict) and _holds(member, conditions)
        for name, argument in calls_in(member, conditions)
        if name == "Fn::ImportValue"
    ]
