"""Numbers of a request or of a template."""

from typing import Any


def number(value: Any) -> int | None:
    """CloudFormation has text where the API has numbers."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return None
