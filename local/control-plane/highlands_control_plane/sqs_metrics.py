"""The metrics of queues that services scale by: how many messages are visible, in flight and delayed, once a minute.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
"""

from typing import Any

from ministack.core.responses import request_scope
from ministack.services import cloudwatch, sqs

_COUNTS = (
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
)
# What CloudWatch calls otherwise.
_NAMES = {"ApproximateNumberOfMessages": "ApproximateNumberOfMessagesVisible"}


def publish(at: float) -> None:
    """A point of every queue; the first one comes with the queue, where AWS takes up to fifteen minutes."""
    for (account, region, _), queue in list(sqs._queues.all_items()):
        with request_scope(account, region):
            for name, value in points_of(queue).items():
                dimensions = {"QueueName": queue["name"]}
                cloudwatch._store_datum("AWS/SQS", name, dimensions, at, "Count", value, None, None, None)


def points_of(queue: dict[str, Any]) -> dict[str, float]:
    """The counts of a queue, by the name of the metric."""
    sqs._refresh_counts(queue)
    return {_NAMES.get(name, name): float(queue["attributes"][name]) for name in _COUNTS}
