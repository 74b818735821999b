"""Values of a template: those that are not there at all, and those of mappings. Pure."""

from typing import Any

from .template_errors import MalformedError, Members, format_error, is_loop


def check_nulls(node: Any, path: str = "") -> None:
    """Raises MalformedError. AWS's paths have `Type` where the template has `Properties`, as people quote it; no page of AWS has it."""
    if node is None:
        raise MalformedError(f"[{path}] 'null' values are not allowed in templates")
    if isinstance(node, dict | list):
        for key, item in node.items() if isinstance(node, dict) else enumerate(node):
            step = "Type" if key == "Properties" and item is not None and path.count("/") == 2 else key
            check_nulls(item, f"{path}/{step}")


def check_mappings(mappings: Members) -> None:
    """Raises MalformedError. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/mappings-section-structure.html"""
    for name, mapping in mappings.items():
        if is_loop(name):
            continue
        if not isinstance(mapping, dict):
            raise format_error(f"[/Mappings/{name}] Every Mappings member must be a map")
        for key, attributes in mapping.items():
            if is_loop(key):
                continue
            if not isinstance(attributes, dict):
                raise format_error(f"[/Mappings/{name}/{key}] Every Mappings attribute must be a map")
            for attribute, value in attributes.items():
                leaves = value if isinstance(value, list) else [value]
                if not is_loop(attribute) and any(isinstance(leaf, dict | list) for leaf in leaves):
                    path = f"[/Mappings/{name}/{key}/{attribute}]"
                    raise format_error(f"{path} Every Mappings attribute must be a String or a List.")
