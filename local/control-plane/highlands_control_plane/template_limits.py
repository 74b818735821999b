"""Templates that would take more to read than they have in them are refused before they are read.

ministack has the sizes and numbers of AWS: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
"""

from typing import Any, ClassVar

import yaml
from ministack.services.cloudformation import engine, helpers

from . import limits
from .replacing import replace

_TOO_DEEP = f"the YAML is more than {limits.DEPTH} levels deep"


class _Loader(yaml.CSafeLoader):
    """ministack's, on libyaml: ten times as fast, which makes a megabyte a second's work."""

    yaml_constructors: ClassVar[dict[str | None, Any]] = {**engine.CfnLoader.yaml_constructors}


def fault(text: str) -> str | None:
    """What is wrong with how a document is written, as CloudFormation says it."""
    try:
        if text.lstrip().startswith("{"):
            limits.check_json(text)
        else:
            _check_yaml(text)
    except limits.TooMuch as odd:
        return f"Template format error: {odd}"
    except yaml.MarkedYAMLError as odd:
        # libyaml ends at a depth of its own before it has told of the hundredth level.
        if "nesting depth" in str(odd.problem):
            return f"Template format error: {_TOO_DEEP}"
        mark = odd.problem_mark
        place = "" if mark is None else f" (line {mark.line + 1}, column {mark.column + 1})"
        return f"Template format error: YAML not well-formed.{place}"
    except yaml.YAMLError:
        return "Template format error: YAML not well-formed."
    return None


def _check_yaml(text: str) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html: no aliases, which can multiply."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise limits.TooMuch("YAML aliases are not allowed in CloudFormation templates")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > limits.DEPTH:
            raise limits.TooMuch(_TOO_DEEP)


def register() -> None:
    """Of templates and stack policies, in stacks, change sets and nested stacks."""
    resolve = helpers._resolve_document

    def resolved(params: Any, body_key: str, url_key: str, label: str) -> Any:
        text, error = resolve(params, body_key, url_key, label)
        if error is None and text is not None and (why := fault(text)):
            return None, helpers._error("ValidationError", why)
        return text, error

    replace(helpers, "_resolve_document", resolved)
    replace(engine, "CfnLoader", _Loader)
