"""What CloudWatch refuses of alarms and dashboards.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
Sentences: pf-cloudwatch-* of https://github.com/badmintoncryer/cdk-preflight, which tries them on AWS, but where it says "ours".
"""

import re
from typing import Any

from .given_values import is_json_object, is_true, number
from .refused import Refused

CODE = "ValidationError"
Request = dict[str, Any]
_SHORT = (10, 20, 30)
_HOUR, _DAY, _WEEK = 3600, 86_400, 604_800
_RANGES = ("LessThanLowerOrGreaterThanUpperThreshold", "LessThanLowerThreshold", "GreaterThanUpperThreshold")
_PERCENTILE = re.compile(r"p(-?\d+)(?:\.\d+)?")


def _check_queries(request: Request) -> None:
    queries = request.get("Metrics") or []
    if not queries:
        return
    returned = [one for one in queries if is_true(one.get("ReturnData", True))]
    if request.get("ThresholdMetricId"):
        if len(returned) != 2:
            raise Refused(CODE, "Exactly two elements of the metrics list should return data.")
    elif len(returned) != 1:
        raise Refused(CODE, "Exactly one element of the metrics list should return data.")
    if request.get("MetricName"):
        # "If you use the Metrics parameter, you cannot include ...": AWS's page; ours
        raise Refused("InvalidParameterCombination", "MetricName and Metrics cannot both be specified.")


def _check_window(request: Request, period: int | None) -> None:
    periods = number(request.get("EvaluationPeriods")) or 1
    if period is None:
        return
    if period not in _SHORT and (period <= 0 or period % 60 != 0):
        raise Refused(CODE, "Period must be 10, 20, 30 or a multiple of 60")
    for said, limit, applies in (("week", _WEEK, period >= _HOUR), ("day", _DAY, period < _HOUR)):
        if applies and period * periods > limit:
            which = ">= 3600" if said == "week" else "< 3600"
            sentence = (
                f"Metrics cannot be checked across more than a {said} (EvaluationPeriods * Period must be <= {limit}) "
                f"for alarms using period {which}"
            )
            raise Refused(CODE, sentence)


def check_alarm(request: Request) -> None:
    """Raises Refused."""
    stats = [(one.get("MetricStat") or {}) for one in request.get("Metrics") or []]
    for period in (request.get("Period"), *(one.get("Period") for one in stats)):
        _check_window(request, number(period))
    points, periods = number(request.get("DatapointsToAlarm")), number(request.get("EvaluationPeriods"))
    if points is not None and periods is not None and points > periods:
        raise Refused(CODE, "DatapointsToAlarm must be less than or equal to EvaluationPeriods")
    if request.get("ComparisonOperator") in _RANGES:
        if not request.get("ThresholdMetricId"):
            raise Refused(CODE, "ComparisonOperators for ranges require ThresholdMetricId to be set")
    elif request.get("Threshold") is None:
        raise Refused(CODE, "PutMetricAlarm request should have valid Threshold parameter")
    statistic = str(request.get("ExtendedStatistic") or "")
    found = _PERCENTILE.fullmatch(statistic)
    if found is not None and not 0 <= int(found[1]) <= 100:
        raise Refused(CODE, f"The value {statistic} for parameter ExtendedStatistic is not supported.")
    if request.get("Statistic") and statistic:
        # "... you must specify either Statistic or ExtendedStatistic but not both": AWS's page; ours
        raise Refused("InvalidParameterCombination", "Statistic and ExtendedStatistic cannot both be specified.")
    _check_queries(request)


def check_dashboard(request: Request) -> None:
    """Raises Refused."""
    if not is_json_object(request.get("DashboardBody")):
        raise Refused("InvalidParameterInput", "The field DashboardBody must be a valid JSON object")
