"""The values of a template's parameters, and CloudFormation's sentences for the ones it does not take.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html. In the place of ministack's, whose
sentences are other ones; the check before a deploy has the same in local/support/template-parameters.ts.
"""

import re
from collections.abc import Callable
from typing import Any

from ministack.services.cloudformation import changesets, engine, handlers

from .model_patterns import matches_whole
from .replacing import replace_in

_SSM = "AWS::SSM::Parameter::Value<"
_LISTS = ("CommaDelimitedList", "List<")

Parameter = dict[str, Any]


def unmet(parameter: Parameter, value: str) -> str | None:
    """What a constraint of a parameter says to a value."""
    kind = str(parameter.get("Type", "String"))
    parts = [part.strip() for part in value.split(",")] if kind.startswith(_LISTS) else [value]
    if kind in ("Number", "List<Number>") and not all(_is_number(part) for part in parts):
        return "must be a number"
    allowed = [_text(one) for one in parameter.get("AllowedValues", [])]
    if allowed and not all(part in allowed for part in parts):
        # https://github.com/harness/developer-hub/pull/7541 quotes it.
        return "must be one of AllowedValues"
    pattern = parameter.get("AllowedPattern")
    if pattern is not None and not all(matches_whole(str(pattern), part) for part in parts):
        return f"must match pattern {pattern}"
    if kind == "Number":
        # These four are from memory.
        if "MinValue" in parameter and float(value) < float(parameter["MinValue"]):
            return f"must be a number not less than {parameter['MinValue']}"
        if "MaxValue" in parameter and float(value) > float(parameter["MaxValue"]):
            return f"must be a number not greater than {parameter['MaxValue']}"
        return None
    if "MinLength" in parameter and len(value) < int(parameter["MinLength"]):
        return f"must contain at least {parameter['MinLength']} characters"
    if "MaxLength" in parameter and len(value) > int(parameter["MaxLength"]):
        return f"must contain at most {parameter['MaxLength']} characters"
    return None


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", text) is not None


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def sentence(name: str, parameter: Parameter, value: str) -> str | None:
    """The error that a value makes; a ConstraintDescription takes the place of what it says."""
    said = unmet(parameter, value)
    if said is None:
        return None
    described = parameter.get("ConstraintDescription")
    # Quoted by people who met it, without quotes around the name; AWS's page has another form, which nobody quotes.
    return (
        f"Parameter '{name}' {said}"
        if described is None
        else f"Parameter {name} failed to satisfy constraint: {described}"
    )


def _checked(resolve: Callable[..., Any]) -> Callable[..., Any]:
    def call(template: dict[str, Any], provided: list[dict[str, Any]], previous: dict[str, Any] | None = None) -> Any:
        known: dict[str, Parameter] = template.get("Parameters", {})
        given = {one["Key"]: one for one in provided if "Key" in one}
        unknown = [name for name in given if name not in known]
        if unknown:
            # Quoted in issues and change logs; no page of AWS has it.
            raise ValueError(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
        missing = [
            name
            for name, one in known.items()
            if "Default" not in one and not _has_value(given.get(name), name, previous or {})
        ]
        if missing:
            # https://github.com/boto/botocore/issues/2598
            raise ValueError(f"Parameters: [{', '.join(missing)}] must have values")
        for name, parameter in known.items():
            if str(parameter.get("Type", "")).startswith(_SSM):
                continue
            value = _value(given.get(name), parameter, (previous or {}).get(name))
            if (why := sentence(name, parameter, _text(value))) is not None:
                raise ValueError(why)
        return _resolved(resolve, template, provided, previous)

    return call


def _value(one: dict[str, Any] | None, parameter: Parameter, previous: Any) -> Any:
    if one is None or (one.get("UsePreviousValue") and previous is None):
        return parameter["Default"]
    return previous["Value"] if one.get("UsePreviousValue") else one.get("Value", "")


def _has_value(one: dict[str, Any] | None, name: str, previous: dict[str, Any]) -> bool:
    return one is not None and (not one.get("UsePreviousValue") or name in previous)


def _resolved(resolve: Callable[..., Any], template: Any, provided: Any, previous: Any) -> Any:
    # Its own sentences for what is looked at already would be in the way.
    bare = {
        name: {key: one[key] for key in ("Type", "Default", "NoEcho") if key in one}
        for name, one in template.get("Parameters", {}).items()
    }
    try:
        return resolve({**template, "Parameters": bare}, provided, previous)
    except ValueError as odd:
        if found := re.search(r"SSM parameter '(.*)' does not exist", str(odd)):
            # AWS's deploy tool for .NET looks for these words.
            name = found.group(1)
            raise ValueError(f"Unable to fetch parameters [{name}] from parameter store for this account.") from None
        raise


def register() -> None:
    """Of stacks, change sets and nested stacks."""
    replace_in((engine, handlers, changesets), "_resolve_parameters", _checked(engine._resolve_parameters))
