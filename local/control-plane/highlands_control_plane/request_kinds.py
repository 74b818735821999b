"""What a request would do, as far as it can be seen from outside: read, change, bring something to be kept."""

import re
from collections.abc import MutableMapping
from typing import Any

from .http_request import HttpRequest

READS = ("Describe", "List", "Get", "Discover")
# What makes room, or at least takes none.
_SPARING = (
    *READS,
    "Delete",
    "BatchDelete",
    "Deregister",
    "Remove",
    "Untag",
    "Detach",
    "Disassociate",
    "Revoke",
    "Stop",
    "Update",
)
# What a target of the JSON protocols begins with, for the services that the agent reads: of others it has nothing to look at.
_READ_BY_AGENT = (
    "AmazonEC2ContainerServiceV20141113.",
    "AmazonSSM.",
    "CertificateManager.",
    "Route53AutoNaming_v20170314.",
    "secretsmanager.",
)
# What tasks do with messages, items and records, as often as they like; none of the services above has an action of these names.
_DATA = frozenset(
    {
        "BatchExecuteStatement",
        "BatchGetItem",
        "BatchWriteItem",
        "ChangeMessageVisibility",
        "ChangeMessageVisibilityBatch",
        "DeleteItem",
        "DeleteMessage",
        "DeleteMessageBatch",
        "ExecuteStatement",
        "ExecuteTransaction",
        "PutEvents",
        "PutItem",
        "PutRecord",
        "PutRecordBatch",
        "PutRecords",
        "Query",
        "ReceiveMessage",
        "Scan",
        "SendMessage",
        "SendMessageBatch",
        "TransactGetItems",
        "TransactWriteItems",
        "UpdateItem",
    }
)
# CloudWatch's logs and metrics.
_TELEMETRY = ("Logs_", "GraniteServiceVersion")
# The query protocol has its action in the body: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonParameters.html
_ACTION = re.compile(rb"(?:^|&)Action=(\w+)")


def is_change(scope: MutableMapping[str, Any], body: bytes) -> bool:
    """Whether a request asks for a change through an API with actions. What is put by path (objects, layers) is kept with
    the first action that names it.
    """
    if not _header(scope, b"content-type").startswith("application/x-www-form-urlencoded"):
        return may_change(scope)
    action = _ACTION.search(body)
    return action is not None and not action[1].decode().startswith(READS)


def adds(request: HttpRequest, body: bytes) -> bool:
    """Whether a request brings something to be kept."""
    if request.method in ("GET", "HEAD", "DELETE") or request.deletes_objects:
        return False
    action = _ACTION.search(body) if request.media_type == "application/x-www-form-urlencoded" else None
    name = action[1].decode() if action else request.header("x-amz-target").rpartition(".")[2]
    return not name.startswith(_SPARING)


def is_telemetry(request: HttpRequest) -> bool:
    return request.header("x-amz-target").startswith(_TELEMETRY)


def _header(scope: MutableMapping[str, Any], name: bytes) -> str:
    headers: dict[bytes, bytes] = {key: value for key, value in scope["headers"]}
    return headers.get(name, b"").decode("latin-1")


def may_change(scope: MutableMapping[str, Any]) -> bool:
    """Whether a request may have changed state; reads of the JSON protocols name themselves in a header.

    A query-protocol request (EC2, ELBv2, CloudFormation) has its action in the body, so it counts as a change only
    where its handlers say so (see `changes.counted`): the agent reads through these APIs ten times a second.
    """
    service, _, action = _header(scope, b"x-amz-target").rpartition(".")
    # Sent all the time, and nothing that the agent looks at.
    if service.startswith(_TELEMETRY):
        return False
    return action != "" and not action.startswith(READS) and action not in _DATA


def moves_data(scope: MutableMapping[str, Any]) -> bool:
    """Whether a request reads or writes what an app keeps: nobody waits until it is on disk, which takes all of the state."""
    return _header(scope, b"x-amz-target").rpartition(".")[2] in _DATA


def tells_agent(scope: MutableMapping[str, Any]) -> bool:
    """Whether a request may have changed what the agent reads."""
    return may_change(scope) and _header(scope, b"x-amz-target").startswith(_READ_BY_AGENT)
