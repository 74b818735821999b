"""The form of a template: what CloudFormation refuses before it reads what a resource is of. Pure, on the parsed document.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html has the members. Where no page of AWS has a
sentence, its comment says who quotes it. The check before a deploy has the same in local/support/template-form.ts.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from . import model_patterns
from .template_errors import MalformedError, Members, format_error, is_loop
from .template_values import check_mappings, check_nulls

# Which members there are, for the check too.
_KNOWN: dict[str, Any] = json.loads((Path(__file__).resolve().parent.parent / "template-members.json").read_text())
_SECTIONS = ("Conditions", "Mappings", "Outputs", "Parameters", "Resources")
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html
_LOGICAL_ID = re.compile(r"[A-Za-z0-9]+")
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html: of AWS's own types there are dozens.
_TYPE = re.compile(r"String|Number|CommaDelimitedList|List<(?:String|Number|AWS::[\w:]+)>|AWS::[\w:]+(?:<.+>)?")
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
_SNAPSHOTS = (
    *(
        "AWS::DocDB::DBCluster",
        "AWS::EC2::Volume",
        "AWS::ElastiCache::CacheCluster",
        "AWS::ElastiCache::ReplicationGroup",
    ),
    *("AWS::Neptune::DBCluster", "AWS::RDS::DBCluster", "AWS::RDS::DBInstance", "AWS::Redshift::Cluster"),
)
_VERSION = "2010-09-09"


def check(template: Any) -> None:
    """Raises MalformedError for the first thing that is wrong."""
    if not isinstance(template, dict):
        raise format_error("unsupported structure.")
    odd = [str(name) for name in template if name not in _KNOWN["sections"] and not is_loop(name)]
    if odd:
        # Quoted by people who met it; no page of AWS has it.
        raise MalformedError(f"Invalid template property or properties [{', '.join(odd)}]")
    check_nulls(template)
    if template.get("AWSTemplateFormatVersion", _VERSION) != _VERSION:
        raise format_error("unsupported value for AWSTemplateFormatVersion.")
    if not isinstance(template.get("Description", ""), str):
        # From memory.
        raise format_error("Every Description member must be a string.")
    for section in _SECTIONS:
        if not isinstance(template.get(section, {}), dict):
            # So in Eucalyptus, which has AWS's sentences; no page of AWS has it.
            raise format_error(f"Any {section} member must be a JSON object.")
    if not template.get("Resources"):
        raise format_error("At least one Resources member must be defined.")
    for name, parameter in _members(template, "Parameters", "parameter"):
        _check_parameter(name, parameter)
    for name, resource in _members(template, "Resources", "resource"):
        _check_resource(name, resource)
    both = [name for name in template.get("Parameters", {}) if name in template["Resources"]]
    if both:
        # "A logical name must be unique within a template": https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html; ours
        raise format_error(f"Duplicate logical names of Parameters and Resources: [{', '.join(both)}]")
    for _, output in _members(template, "Outputs", "output"):
        if "Value" not in output:
            raise format_error("Every Outputs member must contain a Value object")
        if isinstance(output["Value"], list):
            raise format_error("The Value field of every Outputs member must evaluate to a String.")
    check_mappings(template.get("Mappings", {}))


def _members(template: Members, section: str, kind: str) -> Iterator[tuple[str, Members]]:
    known = _KNOWN[kind]
    for name, member in template.get(section, {}).items():
        if is_loop(name):
            continue
        if not _LOGICAL_ID.fullmatch(str(name)):
            raise format_error(f"{kind.capitalize()} name {name} is non alphanumeric.")
        if not isinstance(member, dict):
            raise format_error(f"Any {section} member must be a JSON object.")
        odd = next((key for key in member if key not in known and not is_loop(key)), None)
        if odd is not None:
            # That of a resource: https://github.com/localstack/localstack/issues/9844. Those of others are made like it.
            raise MalformedError(f"Invalid template {kind} property '{odd}'")
        yield name, member


def _check_parameter(name: str, parameter: Members) -> None:
    # From memory, as the next ones: no page has them.
    if "Type" not in parameter:
        raise format_error("Every Parameters object must contain a Type member.")
    if not isinstance(parameter["Type"], str) or not _TYPE.fullmatch(parameter["Type"]):
        raise format_error(f"Unrecognized parameter type: {parameter['Type']}")
    if isinstance(parameter.get("Default"), dict | list):
        raise format_error(f"[/Parameters/{name}/Default] Every Default member must be a string.")
    if (why := model_patterns.problem(str(parameter.get("AllowedPattern", "")))) is not None:
        raise format_error(
            f"[/Parameters/{name}/AllowedPattern] The pattern is not a regular expression: {why}"
        )  # ours
    if not isinstance(parameter.get("AllowedValues", []), list):
        raise format_error(f"[/Parameters/{name}/AllowedValues] Every AllowedValues member must be a list.")


def _check_resource(name: str, resource: Members) -> None:
    if not isinstance(resource.get("Type"), str):
        raise format_error(f"[/Resources/{name}] Every Resources object must contain a Type member.")
    if not isinstance(resource.get("Properties", {}), dict):
        raise format_error("Any Properties member must be a JSON object.")
    after = resource.get("DependsOn", [])
    if not all(isinstance(one, str) for one in (after if isinstance(after, list) else [after])):
        # https://cloudonaut.io/optional-dependson-with-cloudformation-metadata-to-the-rescue quotes it.
        raise format_error("Every DependsOn value must be a string.")
    if not isinstance(resource.get("Condition", ""), str):
        raise format_error("Every Condition member must be a string.")
    for policy, allowed in _KNOWN["policies"].items():
        if (
            policy != "UpdateReplacePolicy"
            and resource.get(policy) == "Snapshot"
            and resource["Type"] not in _SNAPSHOTS
        ):
            # https://github.com/aws-cloudformation/cfn-lint/issues/2384
            said = f"resource type {resource['Type']} does not support deletion policy Snapshot"
            raise MalformedError(f"Template error: {said}")
        # AWS::LanguageExtensions lets functions give it.
        value = resource.get(policy, "Delete")
        if not isinstance(value, dict) and value not in allowed:
            raise format_error(f"Unrecognized {policy} {value} for resource {name}")
