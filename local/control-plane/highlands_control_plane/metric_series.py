"""Series of the metrics that ministack keeps."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ministack.services import cloudwatch

from .metric_math import Series, evaluate

# Names the bucket of a moment, or none.
Bucket = Callable[[float], float | None]


def of_metric(stat: dict[str, Any], bucket: Bucket) -> Series:
    """One metric, its points put together by bucket. `stat` is a MetricStat."""
    metric = stat["Metric"]
    dimensions = cloudwatch._dims_key(cloudwatch._dims_from_list(metric.get("Dimensions") or []))
    points = cloudwatch._metrics.get((metric.get("Namespace"), metric.get("MetricName"), dimensions)) or []
    buckets: dict[float, list[dict[str, Any]]] = {}
    for point in points:
        at = bucket(point["Timestamp"])
        if at is not None:
            buckets.setdefault(at, []).append(point)
    statistic = stat.get("Stat", "Average")
    values = {at: cloudwatch._stat_value(cloudwatch._calc_stats(own), statistic, own) for at, own in buckets.items()}
    return {at: value for at, value in values.items() if value is not None}


def of_queries(queries: Iterable[dict[str, Any]], bucket: Bucket, timestamps: Sequence[float]) -> dict[str, Series]:
    """Every query by id: metrics first, then expressions, which may use one another. Raises UnsupportedExpressionError."""
    queries = list(queries)
    series = {query["Id"]: of_metric(query["MetricStat"], bucket) for query in queries if "MetricStat" in query}
    expressions = {query["Id"]: query["Expression"] for query in queries if query.get("Expression")}
    for _ in expressions:
        for name, expression in expressions.items():
            if name not in series and not any(
                other in expression for other in expressions if other not in (name, *series)
            ):
                series[name] = evaluate(expression, series, timestamps)
    for name, expression in expressions.items():
        if name not in series:
            series[name] = evaluate(expression, series, timestamps)
    return series
