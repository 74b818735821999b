"""The ASGI application: the agent's channel in front, ministack behind, and a version that counts changes."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from . import (
    agent_channel,
    ec2,
    ecs_cluster,
    ecs_resources,
    ecs_services,
    ecs_tasks,
    elbv2,
    security_groups,
    service_deployments,
)
from .changes import CHANGES

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


def extend() -> None:
    """Registers everything that ministack lacks. Called once, before the first request."""
    for part in (ec2, security_groups, ecs_cluster, ecs_services, service_deployments, ecs_tasks, ecs_resources, elbv2):
        part.register()


async def application(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    """Serves one request."""
    from ministack.app import app

    if scope["type"] == "http":
        if scope["path"].startswith(agent_channel.PREFIX):
            await agent_channel.serve(scope, receive, send)
            return
        await app(scope, receive, send)
        if _may_change(scope):
            CHANGES.bump()
        return
    await app(scope, receive, send)


def _may_change(scope: MutableMapping[str, Any]) -> bool:
    """Whether a request may have changed state; reads of the JSON protocols name themselves in a header.

    A query-protocol request (EC2, ELBv2, CloudFormation) has its action in the body, so it counts as a change only
    where its handlers say so (see `changes.counted`): the agent reads through these APIs ten times a second.
    """
    headers = {name: value for name, value in scope["headers"]}
    action = headers.get(b"x-amz-target", b"").decode("latin-1").rsplit(".", 1)[-1]
    return action != "" and not action.startswith(("Describe", "List", "Get", "Discover"))
