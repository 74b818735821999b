"""The arguments of a template's functions, as far as the template says them, and CloudFormation's sentences for odd ones. Pure.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html. The check before a deploy
has the same in local/support/functions.ts, and more: what is known there only of the local region.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from .template_errors import MalformedError

_NAMES = (
    "Ref", "Condition", "Fn::And", "Fn::Base64", "Fn::Cidr", "Fn::Equals", "Fn::FindInMap", "Fn::GetAZs", "Fn::GetAtt",
    "Fn::GetStackOutput", "Fn::If", "Fn::ImportValue", "Fn::Join", "Fn::Length", "Fn::Not", "Fn::Or", "Fn::Select", "Fn::Split",
    "Fn::Sub", "Fn::ToJsonString", "Fn::Transform",
)  # fmt: skip
# `${!Literal}` is text: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
_VARIABLE = re.compile(r"\$\{([^!}][^}]*|)\}")
_VARIABLE_NAME = re.compile(r"[A-Za-z0-9_.:]+")

# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html
_PSEUDO = frozenset(
    f"AWS::{name}"
    for name in (
        "AccountId", "NotificationARNs", "NoValue", "Partition", "Region", "StackId", "StackName", "URLSuffix",
    )
)  # fmt: skip

Call = tuple[str, Any]


def call_of(node: Any) -> Call | None:
    """The function and its argument, where a node is a call: an object of one member that is named like a function."""
    if not isinstance(node, dict) or len(node) != 1:
        return None
    name, argument = next(iter(node.items()))
    if name == "Condition":
        # A policy statement has one of its own, which is an object.
        return (name, argument) if isinstance(argument, str) else None
    return (name, argument) if name == "Ref" or str(name).startswith("Fn::") else None


def branch_of(argument: Any, conditions: dict[str, bool] | None) -> list[Any]:
    """What of `Fn::If` is read: that which its condition chooses, or both where nobody knows."""
    if not isinstance(argument, list) or len(argument) != 3 or conditions is None:
        return argument[1:] if isinstance(argument, list) else []
    return [argument[1] if conditions.get(argument[0]) else argument[2]]


def calls_in(node: Any, conditions: dict[str, bool] | None = None) -> Iterator[Call]:
    """Every call within a value that its conditions choose."""
    if isinstance(node, list):
        for item in node:
            yield from calls_in(item, conditions)
    elif (call := call_of(node)) is not None:
        yield call
        name, argument = call
        yield from calls_in(branch_of(argument, conditions) if name == "Fn::If" else argument, conditions)
    elif isinstance(node, dict):
        for item in node.values():
            yield from calls_in(item, conditions)


def substituted(argument: Any) -> list[str]:
    """The names that `Fn::Sub` puts in, but for its own."""
    text, own = argument if isinstance(argument, list) and len(argument) == 2 else (argument, {})
    found = [one.strip() for one in _VARIABLE.findall(text)] if isinstance(text, str) else []
    return [one for one in found if not isinstance(own, dict) or one not in own]


def named_by(name: str, argument: Any) -> list[str]:
    """What a call refers to, but for pseudo parameters."""
    found: list[str] = []
    if name == "Ref":
        found = [argument] if isinstance(argument, str) else []
    elif name == "Fn::GetAtt":
        of = argument.split(".", 1)[0] if isinstance(argument, str) else argument[0]
        found = [of] if isinstance(of, str) else []
    elif name == "Fn::Sub":
        found = [one.split(".", 1)[0] for one in substituted(argument)]
    return [one for one in found if one not in _PSEUDO]


def _is_text(value: Any) -> bool:
    return isinstance(value, str | int | float)


def _is_text_or_call(value: Any) -> bool:
    return _is_text(value) or call_of(value) is not None


def _is_list_or_call(value: Any) -> bool:
    return isinstance(value, list) or call_of(value) is not None


def _is_pair(argument: Any) -> bool:
    return isinstance(argument, list) and len(argument) == 2


def _odd_attribute(argument: Any) -> bool:
    if isinstance(argument, str):
        return not re.fullmatch(r"[^.]+\..+", argument)
    return not _is_pair(argument) or not all(one != "" and _is_text_or_call(one) for one in argument)


def _odd_sub(argument: Any) -> bool:
    if isinstance(argument, str):
        return False
    return not _is_pair(argument) or not isinstance(argument[0], str) or not isinstance(argument[1], dict)


def _odd_name(argument: Any) -> bool:
    text = argument[0] if isinstance(argument, list) else argument
    return not all(_VARIABLE_NAME.fullmatch(name.strip()) for name in _VARIABLE.findall(text))


def _odd_select(argument: Any) -> bool:
    if not _is_pair(argument) or not _is_list_or_call(argument[1]):
        return True
    return call_of(argument[0]) is None and not re.fullmatch(r"-?\d+", str(argument[0]))


# By name what is wrong with an argument, and what is said then. Each is quoted where people ask about it, as in
# https://github.com/awslabs/aws-cfn-template-flip/pull/40 and https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/troubleshooting.html
_ODD: tuple[tuple[str, Callable[[Any], bool], str], ...] = (
    ("Ref", lambda argument: not isinstance(argument, str), "every Ref object must have a single String value."),
    ("Fn::GetAtt", _odd_attribute, "every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute"),
    ("Fn::Sub", _odd_sub, "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string"),
    ("Fn::Sub", _odd_name, "variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons"),
    ("Fn::Join", lambda argument: not _is_pair(argument) or not isinstance(argument[0], str) or not _is_list_or_call(argument[1]), "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined."),
    ("Fn::Select", _odd_select, "Fn::Select requires a list argument with two elements: an integer index and a list"),
    ("Fn::Split", lambda argument: not _is_pair(argument) or not isinstance(argument[0], str) or not _is_text_or_call(argument[1]), "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split."),
    ("Fn::If", lambda argument: not isinstance(argument, list) or not isinstance(argument[0] if argument else None, str), "Fn::If requires a list argument with the first element being a condition"),
    ("Fn::If", lambda argument: len(argument) != 3, "Fn::If requires a list argument with three elements"),
    # A fourth is of AWS::LanguageExtensions.
    ("Fn::FindInMap", lambda argument: not isinstance(argument, list) or len(argument) not in (3, 4), "every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value"),
    # Those of conditions are from memory.
    ("Fn::Equals", lambda argument: not _is_pair(argument), "every Fn::Equals object requires a list of 2 string parameters."),
    *((name, lambda argument: not isinstance(argument, list) or not 2 <= len(argument) <= 10, f"every {name} object requires a list of at least 2 and at most 10 boolean parameters.") for name in ("Fn::And", "Fn::Or")),
    ("Fn::Not", lambda argument: not isinstance(argument, list) or len(argument) != 1, "every Fn::Not object requires a list of 1 boolean parameter."),
    *((name, lambda argument: not _is_text_or_call(argument), f"every {name} object must have a String-typed value.") for name in ("Fn::Base64", "Fn::GetAZs", "Fn::ImportValue")),
)  # fmt: skip


def check_call(name: str, argument: Any) -> None:
    """Raises MalformedError when CloudFormation does not take an argument, or has no such function."""
    if name not in _NAMES and not name.startswith("Fn::ForEach"):
        raise MalformedError(f"Template error: Encountered unsupported function: {name}")
    for of, is_odd, sentence in _ODD:
        if of == name and is_odd(argument):
            raise MalformedError(f"Template error: {sentence}")
    if name == "Fn::Select" and isinstance(argument[1], list) and call_of(argument[0]) is None:
        index = int(argument[0])
        if not 0 <= index < len(argument[1]):
            raise MalformedError(f"Template error: Fn::Select cannot select nonexistent value at index {index}")
