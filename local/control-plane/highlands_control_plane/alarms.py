"""Alarms: kept with their metric math, looked at once in a minute of the region.

ministack takes no metric math in templates, looks at all dimensions of a metric together and at the last period only.
"""

import itertools
import logging
import time
from collections import deque
from typing import Any

from ministack.services import cloudwatch
from ministack.services.cloudformation import provisioners

from . import metric_series, scaling_actions
from .alarm_state import LOOKED_AT_BEYOND, Rule, next_state
from .replacing import replace

_LOG = logging.getLogger("alarms")

# The ends of the region's minutes, which may be shorter than sixty seconds. A day of them: the longest that an alarm looks
# back. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
_ends: deque[float] = deque([time.time()], maxlen=24 * 60 + 1)
# AWS keeps two weeks; this many changes are more than a person reads.
_HISTORY = 1_000
# A moment is sent in milliseconds, and compared as a float.
_TICK = 0.0005


def close_minute(at: float) -> None:
    """A minute is over, and its metrics are here: every alarm is looked at."""
    _ends.append(at)
    for alarm in list(cloudwatch._alarms.values()):
        try:
            _look(alarm)
        except ValueError as error:
            if alarm.get("StateReason") != str(error):
                _LOG.warning("alarm %s: %s", alarm["AlarmName"], error)
            _become(alarm, "INSUFFICIENT_DATA", str(error))
    del cloudwatch._history_entries()[:-_HISTORY]


def _look(alarm: dict[str, Any]) -> None:
    periods = int(alarm["EvaluationPeriods"])
    rule = Rule(
        comparison=alarm["ComparisonOperator"],
        threshold=float(alarm["Threshold"]),
        periods=periods,
        datapoints=int(alarm.get("DatapointsToAlarm") or periods),
        missing=alarm.get("TreatMissingData") or "missing",
    )
    points = _points(alarm, periods + LOOKED_AT_BEYOND)
    state, reason = next_state(rule, points, alarm["StateValue"])
    _become(alarm, state, reason)
    scaling_actions.alarm_is(alarm, next((value for value in reversed(points) if value is not None), None))


def _points(alarm: dict[str, Any], count: int) -> list[float | None]:
    """The last data points, oldest first. Each is named by the end of its period."""
    queries = alarm.get("Metrics") or [_only_query(alarm)]
    seconds = max(int(_period(query) or 60) for query in queries)
    minutes = max(1, seconds // 60)
    ends = list(_ends)[::-1][: count * minutes + 1 : minutes][::-1]

    def bucket(at: float) -> float | None:
        return next((end for start, end in itertools.pairwise(ends) if start + _TICK < at <= end + _TICK), None)

    series = metric_series.of_queries(queries, bucket, ends[1:])
    returned = next(query["Id"] for query in queries if query.get("ReturnData", True))
    values: list[float | None] = [series[returned].get(end) for end in ends[1:]]
    return [None] * (count - len(values)) + values


def _period(query: dict[str, Any]) -> Any:
    return query.get("MetricStat", {}).get("Period") or query.get("Period")


def _only_query(alarm: dict[str, Any]) -> dict[str, Any]:
    metric = {name: alarm.get(name) for name in ("Namespace", "MetricName", "Dimensions")}
    statistic = alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average"
    return {"Id": "m", "MetricStat": {"Metric": metric, "Period": alarm.get("Period", 60), "Stat": statistic}}


def _become(alarm: dict[str, Any], state: str, reason: str) -> None:
    before = alarm["StateValue"]
    alarm["StateReason"] = reason
    if state == before:
        return
    now = int(time.time())
    alarm |= {"StateValue": state, "StateUpdatedTimestamp": now, "StateTransitionedTimestamp": now}
    cloudwatch._record_history(alarm["AlarmName"], before, state, reason)
    cloudwatch._dispatch_alarm_actions(alarm, before, state, reason)
    cloudwatch._evaluate_parent_alarms(alarm)


def _with_math(alarm: dict[str, Any], metrics: Any) -> dict[str, Any]:
    """What an alarm on an expression is described by: not by a metric of its own."""
    for member in ("MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Dimensions", "Period", "Unit"):
        alarm.pop(member, None)
    return alarm | {"Metrics": metrics}


def register() -> None:
    """Takes metric math in templates and in PutMetricAlarm, and the looking out of ministack's hands."""
    replace(cloudwatch, "_evaluate_alarm", lambda alarm: None)
    replace(cloudwatch, "_evaluate_all_alarms", lambda: None)
    record, put = provisioners._cw_metric_alarm_record, cloudwatch._put_metric_alarm

    def record_with_math(name: str, properties: dict[str, Any]) -> dict[str, Any]:
        metrics = properties.get("Metrics")
        if not metrics:
            plain_alarm: dict[str, Any] = record(name, properties)
            return plain_alarm
        plain = {key: value for key, value in properties.items() if key != "Metrics"}
        return _with_math(record(name, plain | {"MetricName": "-", "Namespace": "-"}), _typed(metrics))

    def put_with_math(params: Any, request: dict[str, Any], is_cbor: bool, is_json: bool = False) -> Any:
        answer = put(params, request, is_cbor, is_json)
        name, metrics = request.get("AlarmName"), request.get("Metrics")
        if answer[0] == 200 and metrics and name in cloudwatch._alarms:
            cloudwatch._alarms[name] = _with_math(cloudwatch._alarms[name], metrics)
        return answer

    replace(provisioners, "_cw_metric_alarm_record", record_with_math)
    replace(cloudwatch, "_put_metric_alarm", put_with_math)


def _typed(metrics: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A template's numbers and booleans, which may be text."""
    typed = []
    for query in metrics:
        query = dict(query)
        if "ReturnData" in query:
            query["ReturnData"] = str(query["ReturnData"]).lower() == "true"
        if "Period" in query:
            query["Period"] = int(query["Period"])
        if "MetricStat" in query:
            query["MetricStat"] = query["MetricStat"] | {"Period": int(query["MetricStat"]["Period"])}
        typed.append(query)
    return typed
