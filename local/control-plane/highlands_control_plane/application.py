"""The ASGI application: the agent's channel in front, ministack behind, and a version that counts changes."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from ministack.core.responses import get_region, request_scope

from . import (
    agent_channel,
    alarms,
    application_autoscaling,
    ec2,
    ecs_cluster,
    ecs_resources,
    ecs_services,
    ecs_tasks,
    elbv2,
    http_body,
    log_events,
    metric_data,
    persistence,
    security_groups,
    service_deployments,
)
from .changes import CHANGES

# The one account of a local region.
_ACCOUNT = "000000000000"

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


def extend() -> None:
    """Registers everything that ministack lacks. Called once, before the first request."""
    for part in (ec2, security_groups, ecs_cluster, ecs_services, service_deployments, ecs_tasks, ecs_resources, elbv2, application_autoscaling):
        part.register()
    for part in (metric_data, alarms, log_events):
        part.register()


async def application(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    """Serves one request."""
    from ministack.app import app

    if scope["type"] == "http":
        if scope["path"].startswith(agent_channel.PREFIX):
            await agent_channel.serve(scope, receive, send)
            return
        target = _header(scope, b"x-amz-target")
        if target.startswith(application_autoscaling.TARGET_PREFIX):
            action = target.removeprefix(application_autoscaling.TARGET_PREFIX)
            with request_scope(_ACCOUNT, get_region()):
                status, answer = application_autoscaling.answer(action, await http_body.read(receive))
            await http_body.answer_json(send, status, answer, "application/x-amz-json-1.1")
            return
        await app(scope, receive, send)
        persistence.changed()
        if _may_change(scope):
            CHANGES.bump()
        return
    await app(scope, receive, send)


def _header(scope: MutableMapping[str, Any], name: bytes) -> str:
    headers: dict[bytes, bytes] = {key: value for key, value in scope["headers"]}
    return headers.get(name, b"").decode("latin-1")


def _may_change(scope: MutableMapping[str, Any]) -> bool:
    """Whether a request may have changed state; reads of the JSON protocols name themselves in a header.

    A query-protocol request (EC2, ELBv2, CloudFormation) has its action in the body, so it counts as a change only
    where its handlers say so (see `changes.counted`): the agent reads through these APIs ten times a second.
    """
    service, _, action = _header(scope, b"x-amz-target").rpartition(".")
    # Sent all the time, and nothing that the agent looks at.
    if service.startswith(("Logs_", "GraniteServiceVersion")):
        return False
    return action != "" and not action.startswith(("Describe", "List", "Get", "Discover"))
