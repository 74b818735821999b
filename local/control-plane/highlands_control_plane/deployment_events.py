"""EventBridge hears how deployments go, as rules on failed ones ask for.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html
"""

import json
import time
from typing import Any

from ministack.services import eventbridge

_NAMES = {
    "IN_PROGRESS": ("INFO", "SERVICE_DEPLOYMENT_IN_PROGRESS"),
    "COMPLETED": ("INFO", "SERVICE_DEPLOYMENT_COMPLETED"),
    "FAILED": ("ERROR", "SERVICE_DEPLOYMENT_FAILED"),
}
# ministack keeps every event for its own look-ups: these are enough.
_KEPT = 1_000


def changed(service_arn: str, deployment: dict[str, Any]) -> None:
    """A deployment began, is complete or failed. Called in the scope of the service's account and region."""
    kind, name = _NAMES[deployment["rolloutState"]]
    detail = {
        "eventType": kind,
        "eventName": name,
        "deploymentId": deployment["id"],
        "updatedAt": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "reason": deployment.get("rolloutStateReason", ""),
    }
    entry = {
        "Source": "aws.ecs",
        "DetailType": "ECS Deployment State Change",
        "Resources": [service_arn],
        "Detail": json.dumps(detail),
    }
    eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)
    del eventbridge._events_log_list()[:-_KEPT]
