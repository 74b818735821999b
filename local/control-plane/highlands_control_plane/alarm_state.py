"""The state of an alarm from its last data points: plain functions on plain data.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
"""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass

# CloudWatch looks at more points than it needs when some are missing; how many is not said, but in its examples two.
LOOKED_AT_BEYOND = 2

_COMPARISONS: dict[str, tuple[Callable[[float, float], bool], str]] = {
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}


@dataclass(frozen=True)
class Rule:
    """What of an alarm decides its state."""

    comparison: str
    threshold: float
    # N and M of "M out of N".
    periods: int
    datapoints: int
    # missing, ignore, breaching or notBreaching.
    missing: str

    def breaches(self, value: float) -> bool:
        compare = _COMPARISONS.get(self.comparison)
        if compare is None:
            raise ValueError(f"{self.comparison} is not supported here: choose from {', '.join(_COMPARISONS)}")
        return compare[0](value, self.threshold)


def next_state(rule: Rule, points: Sequence[float | None], before: str) -> tuple[str, str]:
    """State and reason. `points` are the evaluation range, oldest first, None where there is no data."""
    real = [value for value in points if value is not None][-rule.periods :]
    breaching = sum(rule.breaches(value) for value in real)
    filled = rule.periods - len(real)
    if rule.missing == "breaching":
        breaching += filled
    undecided = filled > 0 and rule.missing in ("missing", "ignore")
    if breaching >= rule.datapoints:
        state = "ALARM"
    elif not undecided or breaching < len(real):
        state = "OK"
    elif rule.missing == "ignore":
        state = before
    elif not real:
        state = "INSUFFICIENT_DATA"
    else:
        state = "ALARM" if _old_enough(rule, points) else before
    if state == "INSUFFICIENT_DATA":
        return state, f"Insufficient Data: {rule.periods} datapoints were unknown."
    return state, _reason(rule, real, breaching, before)


def _old_enough(rule: Rule, points: Sequence[float | None]) -> bool:
    """Whether the oldest breaching point is as old as the points that an alarm asks for."""
    recent = list(points)[-rule.periods :]
    oldest = next((len(recent) - index for index, value in enumerate(recent) if value is not None), 0)
    return oldest >= rule.datapoints


def _reason(rule: Rule, real: Sequence[float], breaching: int, before: str) -> str:
    if not real:
        return f"Threshold Crossed: no datapoints were received for {rule.periods} periods and {rule.periods} missing datapoints were treated as [{rule.missing}]."
    values = ", ".join(str(value) for value in reversed(real))
    words = _COMPARISONS[rule.comparison][1]
    transition = "OK -> ALARM" if before != "ALARM" else "ALARM -> OK"
    return (
        f"Threshold Crossed: {breaching} out of the last {rule.periods} datapoints [{values}] were {words} the threshold "
        f"({rule.threshold}) (minimum {rule.datapoints} datapoints for {transition} transition)."
    )
