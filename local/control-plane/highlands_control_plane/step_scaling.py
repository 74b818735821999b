"""What a step scaling policy makes of a breach: plain functions on plain data.

https://docs.aws.amazon.com/autoscaling/application/userguide/step-scaling-policy-overview.html
"""

import math
from dataclasses import dataclass
from typing import Any

# "If you don't specify a value, the default cooldown": of ECS services.
# https://docs.aws.amazon.com/autoscaling/application/APIReference/API_StepScalingPolicyConfiguration.html
COOLDOWN = 300


@dataclass(frozen=True)
class Last:
    """A scaling: when, from which count, and whether outward."""

    at: float
    before: int
    out: bool


def adjustment(steps: list[dict[str, Any]], breach: float) -> float | None:
    """Of the step that has this difference between the metric and the threshold; None where no step has it.

    From the threshold up a step has its lower bound, below the threshold its upper one.
    """
    for step in steps:
        lower = float(step.get("MetricIntervalLowerBound", -math.inf))
        upper = float(step.get("MetricIntervalUpperBound", math.inf))
        if lower <= breach < upper if breach >= 0 else lower < breach <= upper:
            return float(step["ScalingAdjustment"])
    return None


def capacity(configuration: dict[str, Any], current: int, value: float) -> int:
    """The capacity that an adjustment of this value leads to, before the bounds of the target."""
    kind = configuration.get("AdjustmentType", "ChangeInCapacity")
    if kind == "ExactCapacity":
        return int(value)
    if kind == "ChangeInCapacity":
        return current + int(value)
    return current + _at_least(_whole(current * value / 100), int(configuration.get("MinAdjustmentMagnitude") or 0))


def _whole(change: float) -> int:
    """ "Values greater than 1 are rounded down ... values between 0 and 1 are rounded to 1", and so below 0."""
    return int(change) if abs(change) >= 1 or change == 0 else int(math.copysign(1, change))


def _at_least(change: int, magnitude: int) -> int:
    return change if change == 0 or abs(change) >= magnitude else int(math.copysign(magnitude, change))


def desired(
    configuration: dict[str, Any], breach: float, current: int, bounds: tuple[int, int], last: Last | None, now: float
) -> int | None:
    """The count that the policy wants now; None when the count stays. `last` is what scaled last, by any policy of the target.

    Within the cooldown after a scale-out only a larger one goes on from where that began; after a scale-in nothing goes in.
    """
    value = adjustment(configuration.get("StepAdjustments") or [], breach)
    if value is None:
        return None
    base = begun_at(configuration, current, last, now)
    wanted = min(bounds[1], max(bounds[0], capacity(configuration, base, value)))
    if wanted == current or (wanted < current and _is_cooling(configuration, last, now)):
        return None
    return wanted


def begun_at(configuration: dict[str, Any], current: int, last: Last | None, now: float) -> int:
    """The count that an adjustment counts from: within a cooldown that from which the scale-out began, however often it grew."""
    return last.before if last is not None and last.out and _is_cooling(configuration, last, now) else current


def _is_cooling(configuration: dict[str, Any], last: Last | None, now: float) -> bool:
    return last is not None and now - last.at < float(configuration.get("Cooldown", COOLDOWN))
