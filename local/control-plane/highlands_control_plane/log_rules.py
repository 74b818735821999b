"""What CloudWatch Logs refuses of retention, filters and policies.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html
Sentences: pf-logs-* of https://github.com/badmintoncryer/cdk-preflight, which tries them on AWS, but where another source is named.
"""

import json
from typing import Any

from .given_values import number
from .refused import Refused

CODE = "InvalidParameterException"
Request = dict[str, Any]
# https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)


def _of(request: Request, name: str) -> Any:
    """By the name of the API, or of CloudFormation's property."""
    return request.get(name, request.get(name[0].upper() + name[1:]))


def check_retention(request: Request) -> None:
    """Raises Refused."""
    days = number(_of(request, "retentionInDays"))
    if days is not None and days not in _DAYS:
        # In the form of all that breaks an enumeration.
        allowed = ", ".join(map(str, _DAYS))
        rule = f"failed to satisfy constraint: Member must satisfy enum value set: [{allowed}]"
        raise Refused(CODE, f"1 validation error detected: Value '{days}' at 'retentionInDays' {rule}")


def check_pattern(request: Request) -> None:
    """Raises Refused."""
    pattern = str(_of(request, "filterPattern") or "").strip()
    if pattern.startswith("[") and not pattern.endswith("]"):
        raise Refused(CODE, "If a filter pattern starts with '[' it must end with ']'")


def check_metric_filter(request: Request) -> None:
    """Raises Refused."""
    check_pattern(request)
    for one in _of(request, "metricTransformations") or []:
        if str(_of(one, "metricNamespace") or "").startswith("AWS/"):
            raise Refused(CODE, "Metric namespaces starting with AWS/ are reserved for AWS.")
        if _of(one, "dimensions") and _of(one, "defaultValue") is not None:
            sentence = "dimensions and default value are mutually exclusive properties"
            raise Refused(CODE, f"Invalid metric transformation: {sentence}")


def check_policy(request: Request) -> None:
    """Raises Refused."""
    try:
        document = json.loads(str(_of(request, "policyDocument")))
    except ValueError:
        document = None
    if not isinstance(document, dict) or "Statement" not in document:
        sentence = "Please check if the accessPolicy has been constructed correctly using IAM grammar."
        raise Refused(CODE, f"Error occurred while parsing accessPolicy. {sentence}")
