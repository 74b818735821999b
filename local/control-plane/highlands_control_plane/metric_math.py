"""Metric math: expressions over time series.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
Python's own parser reads them: but for a few operators the grammar is the same.
"""

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Series = dict[float, float]


class UnsupportedExpressionError(ValueError):
    """What is not understood, in one line."""


_SPELLINGS = ((r"&&|\bAND\b", " and "), (r"\|\||\bOR\b", " or "), (r"\^", "**"), (r"!(?!=)", " not "))

_OPERATORS: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}

_AGGREGATES: dict[str, Callable[[Sequence[float]], float]] = {
    "SUM": math.fsum,
    "AVG": lambda values: math.fsum(values) / len(values),
    "MIN": min,
    "MAX": max,
}
_EACH: dict[str, Callable[[float], float]] = {"ABS": abs, "CEIL": math.ceil, "FLOOR": math.floor}


def evaluate(expression: str, metrics: Mapping[str, Series], timestamps: Sequence[float]) -> Series:
    """The series that an expression gives; what is a plain number is one at every timestamp."""
    text = expression
    for pattern, spelling in _SPELLINGS:
        text = re.sub(pattern, spelling, text)
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError:
        raise UnsupportedExpressionError(f"{expression}: it can't be read") from None
    value = _Evaluation(expression, metrics, timestamps).of(tree.body)
    if isinstance(value, list):
        raise UnsupportedExpressionError(f"{expression}: it gives several series, take SUM, AVG, MIN or MAX of them")
    return value if isinstance(value, dict) else dict.fromkeys(timestamps, value)


class _Evaluation:
    def __init__(self, expression: str, metrics: Mapping[str, Series], timestamps: Sequence[float]) -> None:
        self._expression = expression
        self._metrics = metrics
        self._timestamps = timestamps

    def of(self, node: ast.AST) -> Any:
        match node:
            case ast.Constant(value=int() | float() as value):
                return float(value)
            case ast.Name(id=name) if name in self._metrics:
                return self._metrics[name]
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _OPERATORS:
                return _pairwise(_OPERATORS[type(sign)], self.of(left), self.of(right))
            case ast.Compare(left=left, ops=[sign], comparators=[right]) if type(sign) in _OPERATORS:
                return _pairwise(_OPERATORS[type(sign)], self.of(left), self.of(right))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return _pairwise(operator.mul, self.of(operand), -1.0)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return _pairwise(operator.eq, self.of(operand), 0.0)
            case ast.BoolOp(op=sign, values=values):
                join = all if isinstance(sign, ast.And) else any
                return self._joined(lambda both: join(both), [self.of(value) for value in values])
            case ast.List(elts=elements):
                return [self.of(element) for element in elements]
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
                return self._call(
                    name, [self.of(argument) if not _is_repeat(argument) else "REPEAT" for argument in arguments]
                )
        raise UnsupportedExpressionError(f"{self._expression}: {ast.unparse(node)} is not supported here")

    def _call(self, name: str, arguments: list[Any]) -> Any:
        match name, arguments:
            case "METRICS", []:
                return list(self._metrics.values())
            case "IF", [condition, then]:
                return _choose(condition, then, {})
            case "IF", [condition, then, otherwise]:
                return _choose(condition, then, otherwise)
            case "FILL", [dict() as series, filling]:
                return self._fill(series, filling)
            case _, [value] if name in _EACH:
                return _pairwise(lambda a, _: _EACH[name](a), value, 0.0)
            case _, [list() as many] if name in _AGGREGATES:
                return self._joined(_AGGREGATES[name], many)
            case _, [dict() as series] if name in _AGGREGATES:
                return _AGGREGATES[name](list(series.values())) if series else {}
        raise UnsupportedExpressionError(f"{self._expression}: {name} is not supported here")

    def _fill(self, series: Series, filling: Any) -> Series:
        last = None
        filled = {}
        for at in self._timestamps:
            if at in series:
                last = series[at]
                filled[at] = last
            elif filling == "REPEAT":
                if last is not None:
                    filled[at] = last
            else:
                filled[at] = filling.get(at, 0.0) if isinstance(filling, dict) else filling
        return filled

    def _joined(self, join: Callable[[list[float]], float], many: list[Any]) -> Series:
        """At each timestamp, of the series that have a value there."""
        joined = {}
        for at in self._timestamps:
            there = [
                one[at] if isinstance(one, dict) else one for one in many if not isinstance(one, dict) or at in one
            ]
            if there:
                joined[at] = float(join(there))
        return joined


def _is_repeat(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "REPEAT"


def _pairwise(join: Callable[[float, float], float], left: Any, right: Any) -> Any:
    """Where both have a value; what has none, as a division by zero, is left out."""
    if not isinstance(left, dict) and not isinstance(right, dict):
        return float(join(left, right))
    stamps = (left if isinstance(left, dict) else right).keys()
    result = {}
    for at in stamps:
        a = left.get(at) if isinstance(left, dict) else left
        b = right.get(at) if isinstance(right, dict) else right
        try:
            if a is not None and b is not None:
                result[at] = float(join(a, b))
        except ZeroDivisionError:
            continue
    return result


def _choose(condition: Any, then: Any, otherwise: Any) -> Any:
    if not isinstance(condition, dict):
        return then if condition else otherwise
    chosen = {}
    for at, holds in condition.items():
        source = then if holds else otherwise
        value = source.get(at) if isinstance(source, dict) else source
        if value is not None:
            chosen[at] = value
    return chosen
