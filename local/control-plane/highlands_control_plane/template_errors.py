"""How CloudFormation says what is wrong with a template."""

from typing import Any

Members = dict[str, Any]
PREFIX = "Template format error: "


class MalformedError(ValueError):
    """What is wrong with a template, as CloudFormation says it."""


def format_error(sentence: str) -> MalformedError:
    """What is wrong with the form of a template."""
    return MalformedError(f"{PREFIX}{sentence}")


def is_loop(name: Any) -> bool:
    """A loop or a macro stands where members would be, which a transform makes of it."""
    return str(name).startswith("Fn::")
