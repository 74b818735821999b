"""GetMetricData with expressions, and an end to how long metrics are kept."""

import copy
import time
from collections.abc import Callable
from typing import Any

from ministack.services import cloudwatch

from . import metric_series
from .metric_math import UnsupportedExpressionError
from .replacing import replace

# CloudWatch keeps data of a second for three hours: that is how long a person looks back here, whose minute may be one.
_KEPT_SECONDS = 3 * 3600
# ministack goes through all points at every request.
_EVICT_EVERY_SECONDS = 60


def _get_metric_data(original: Callable[..., Any]) -> Callable[..., Any]:
    def answer(params: Any, request: dict[str, Any], is_cbor: bool, is_json: bool = False) -> Any:
        queries = request.get("MetricDataQueries", [])
        # The form-encoded protocol, which current SDKs do not speak any more, has no expressions here.
        if not any(query.get("Expression") for query in queries):
            return original(params, request, is_cbor, is_json)
        start, end = (cloudwatch._parse_ts(request[name]) for name in ("StartTime", "EndTime"))
        period = max(int(query.get("MetricStat", {}).get("Period") or query.get("Period") or 60) for query in queries)
        first, last = int(start // period) * period, int(end // period) * period
        timestamps = [float(at) for at in range(first, last + 1, period)]

        def bucket(at: float) -> float | None:
            return float(int(at // period) * period) if start <= at < end else None

        try:
            series = metric_series.of_queries(queries, bucket, timestamps)
        except UnsupportedExpressionError as error:
            return cloudwatch._error("ValidationError", str(error), 400, use_json=is_json, use_cbor=is_cbor)
        results = [
            {
                "Id": query["Id"],
                "Label": query.get("Label", query["Id"]),
                "Timestamps": [cloudwatch._ts_iso(at) for at in sorted(series[query["Id"]])],
                "Values": [series[query["Id"]][at] for at in sorted(series[query["Id"]])],
                "StatusCode": "Complete",
            }
            for query in queries
            if query.get("ReturnData", True)
        ]
        if is_cbor:
            results = [cloudwatch._cbor_metric_data_result(result) for result in results]
        return (cloudwatch._cbor_ok if is_cbor else cloudwatch._json_ok)({"MetricDataResults": results})

    return answer


def _seldom(evict: Callable[[], None]) -> Callable[[], None]:
    last = 0.0

    def call() -> None:
        nonlocal last
        if time.monotonic() - last >= _EVICT_EVERY_SECONDS:
            last = time.monotonic()
            evict()

    return call


def register() -> None:
    """Replaces what ministack has of both. Points are not among what survives a restart: they would be written all day."""
    replace(cloudwatch, "_get_metric_data", _get_metric_data(cloudwatch._get_metric_data))
    replace(cloudwatch, "TWO_WEEKS_SECONDS", _KEPT_SECONDS)
    replace(cloudwatch, "_evict_old_metrics", _seldom(cloudwatch._evict_old_metrics))
    names = [name for name in cloudwatch.get_state() if name != "metrics"]
    replace(cloudwatch, "get_state", lambda: {name: copy.deepcopy(getattr(cloudwatch, f"_{name}")) for name in names})
