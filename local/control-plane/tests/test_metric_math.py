"""Metric math and alarm states, as CloudWatch's pages have them."""

from typing import Any

import pytest

from highlands_control_plane.alarm_state import Rule, next_state
from highlands_control_plane.metric_math import UnsupportedExpressionError, evaluate

STAMPS = [1.0, 2.0, 3.0]
METRICS = {
    "requests": {1.0: 100.0, 2.0: 10.0, 3.0: 50.0},
    "errors": {1.0: 10.0},
    "desired": {1.0: 2.0},
    "running": {1.0: 1.0, 2.0: 2.0},
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("IF(requests >= 20, 100 * FILL(errors, 0) / requests, 0)", {1.0: 10.0, 2.0: 0.0, 3.0: 0.0}),
        ("desired - running", {1.0: 1.0}),
        ("FILL(errors, REPEAT)", {1.0: 10.0, 2.0: 10.0, 3.0: 10.0}),
        ("FILL(errors, 0) + FILL(desired, 0)", {1.0: 12.0, 2.0: 0.0, 3.0: 0.0}),
        ("requests / FILL(errors, 0)", {1.0: 10.0}),
        ("SUM([errors, desired])", {1.0: 12.0}),
        ("MAX(requests)", {1.0: 100.0, 2.0: 100.0, 3.0: 100.0}),
        ("SUM(METRICS())", {1.0: 113.0, 2.0: 12.0, 3.0: 50.0}),
        ("requests > 20 && requests < 60", {1.0: 0.0, 2.0: 0.0, 3.0: 1.0}),
        ("-ABS(errors) ^ 2", {1.0: -100.0}),
        ("IF(errors > 5 OR errors < 1, 1)", {1.0: 1.0}),
    ],
)
def test_expressions(expression: str, expected: dict[float, float]) -> None:
    assert evaluate(expression, METRICS, STAMPS) == expected


@pytest.mark.parametrize(
    "expression",
    ["unknown + 1", "ANOMALY_DETECTION_BAND(errors)", "requests[0]", "1 +", "__import__('os')", "METRICS()"],
)
def test_what_is_not_understood_is_named(expression: str) -> None:
    with pytest.raises(UnsupportedExpressionError, match=r".+"):
        evaluate(expression, METRICS, STAMPS)


def state(points: str, missing: str, datapoints: int, before: str = "BEFORE") -> str:
    """`0` is fine, `X` breaches, `-` is missing; three periods, as in CloudWatch's tables."""
    rule = Rule("GreaterThanThreshold", 0.5, 3, datapoints, missing)
    values: list[Any] = [{"0": 0.0, "X": 1.0, "-": None}[sign] for sign in points]
    return next_state(rule, values, before)[0]


# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html: both tables
@pytest.mark.parametrize(
    ("points", "datapoints", "expected"),
    [
        ("0-X-X", 3, ("OK", "OK", "OK", "OK")),
        ("----0", 3, ("OK", "OK", "OK", "OK")),
        ("-----", 3, ("INSUFFICIENT_DATA", "BEFORE", "ALARM", "OK")),
        ("0XX-X", 3, ("ALARM", "ALARM", "ALARM", "ALARM")),
        ("--X--", 3, ("ALARM", "BEFORE", "ALARM", "OK")),
        ("0-X-X", 2, ("ALARM", "ALARM", "ALARM", "ALARM")),
        ("00X0X", 2, ("ALARM", "ALARM", "ALARM", "ALARM")),
        ("0-X--", 2, ("OK", "OK", "ALARM", "OK")),
        ("----0", 2, ("OK", "OK", "ALARM", "OK")),
        ("---X-", 2, ("ALARM", "BEFORE", "ALARM", "OK")),
    ],
)
def test_missing_data(points: str, datapoints: int, expected: tuple[str, ...]) -> None:
    treatments = ("missing", "ignore", "breaching", "notBreaching")
    assert tuple(state(points, treatment, datapoints) for treatment in treatments) == expected
