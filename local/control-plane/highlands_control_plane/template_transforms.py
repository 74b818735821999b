"""Transforms that a template names and that nobody has. Pure.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-reference.html. Which of AWS's the local region runs is
looked at before a deploy, in local/support/transforms.ts; macros of one's own are Lambda functions, which it does not run.
"""

from collections.abc import Iterator
from typing import Any

from .template_errors import MalformedError, Members

_KNOWN = (
    *("AWS::CodeDeployBlueGreen", "AWS::CodeStar", "AWS::Include", "AWS::LanguageExtensions"),
    *(
        "AWS::SecretsManager-2020-07-23",
        "AWS::SecretsManager-2024-09-16",
        "AWS::Serverless-2016-10-31",
        "AWS::ServiceCatalog",
    ),
)


def _named(node: Any) -> Iterator[str]:
    """Of `Fn::Transform` anywhere."""
    if isinstance(node, dict):
        call = node.get("Fn::Transform")
        if isinstance(call, dict) and isinstance(call.get("Name"), str):
            yield call["Name"]
    for item in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from _named(item)


def check(template: Members) -> None:
    """Raises MalformedError."""
    declared = template.get("Transform", [])
    entries = declared if isinstance(declared, list) else [declared]
    names = [one.get("Name") if isinstance(one, dict) else one for one in entries]
    for name in (*names, *_named({key: one for key, one in template.items() if key != "Metadata"})):
        if isinstance(name, str) and name not in _KNOWN:
            # https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/595; with the account before a macro's name
            raise MalformedError(f"No transform named {name} found.")
