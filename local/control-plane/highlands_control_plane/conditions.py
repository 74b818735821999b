"""Conditions of a template, with every value that CloudFormation takes in them.

ministack compares what `Ref` gives for parameters; pseudo parameters, Fn::Sub, Fn::Join and Fn::FindInMap are resolved here.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
"""

from typing import Any

from ministack.services.cloudformation import changesets, engine, handlers, stacks

from .replacing import replace_in


class _Evaluated(dict[str, bool]):
    """Each condition when it is first asked for: it may name others."""

    def __init__(self, template: dict[str, Any], parameters: dict[str, Any]) -> None:
        self.definitions = _as_text(template.get("Conditions") or {})
        self._mappings = _as_text(template.get("Mappings") or {})
        self._parameters = parameters
        self._within: list[str] = []

    def get(self, name: Any, default: Any = None) -> Any:
        if name not in self and name in self.definitions:
            if name in self._within:
                raise ValueError(f"Template error: circular dependency between conditions {', '.join(self._within)}")
            self._within.append(name)
            self[name] = bool(self._resolved(self.definitions[name]))
            self._within.pop()
        return super().get(name, default)

    def _resolved(self, value: Any) -> Any:
        # Whoever asks for conditions does not say of which stack: its name and id are empty.
        return engine._resolve_refs(value, {}, self._parameters, self, self._mappings, "", "")


def _as_text(value: Any) -> Any:
    """Booleans are compared as text: `true`, not Python's `True`."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return {key: _as_text(item) for key, item in value.items()}
    return [_as_text(item) for item in value] if isinstance(value, list) else value


def _evaluate(template: dict[str, Any], parameters: dict[str, Any]) -> dict[str, bool]:
    evaluated = _Evaluated(template, parameters)
    return {name: evaluated.get(name) for name in evaluated.definitions}


def register() -> None:
    """Evaluates conditions in the place of ministack."""
    replace_in((engine, stacks, handlers, changesets), "_evaluate_conditions", _evaluate)
