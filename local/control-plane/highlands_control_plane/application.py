"""The ASGI application: the agent's channel in front, ministack behind, and a version that counts changes."""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from ministack.core.responses import get_region, request_scope

from . import (
    agent_channel,
    alarms,
    application_autoscaling,
    conditions,
    credentials,
    custom_resources,
    ec2,
    ecs_cluster,
    ecs_resources,
    ecs_services,
    ecs_tasks,
    elbv2,
    faults,
    gate,
    http_body,
    iam,
    limits,
    load_balancer_refusals,
    load_balancer_use,
    log_events,
    log_queries,
    metric_data,
    no_programs,
    persistence,
    property_models,
    property_types,
    public_parameters,
    query_shapes,
    refusals,
    request_shapes,
    rule_conditions,
    secrets,
    security_groups,
    service_deployments,
    ssm_parameters,
    stack_operations,
    target_group_versions,
    task_definition_rules,
    template_limits,
    template_urls,
)
from .api_models import OddRequest
from .changes import CHANGES
from .http_request import HttpRequest

# The one account of a local region.
_ACCOUNT = "000000000000"

_READS = ("Describe", "List", "Get", "Discover")
# What makes room, or at least takes none.
_SPARING = (
    *_READS,
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
# CloudWatch's logs and metrics.
_TELEMETRY = ("Logs_", "GraniteServiceVersion")
# The query protocol has its action in the body: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonParameters.html
_ACTION = re.compile(rb"(?:^|&)Action=(\w+)")

_JSON = "application/x-amz-json-1.1"

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


def extend() -> None:
    """Registers everything that ministack lacks. Called once, before the first request."""
    parts = (
        ec2,
        security_groups,
        ecs_cluster,
        ecs_services,
        service_deployments,
        ecs_tasks,
        ecs_resources,
        target_group_versions,
        elbv2,
        load_balancer_use,
        rule_conditions,
        load_balancer_refusals,
        application_autoscaling,
        iam,
        custom_resources,
        secrets,
        ssm_parameters,
        public_parameters,
        conditions,
        template_urls,
        template_limits,
        property_models,
        property_types,
        stack_operations,
        task_definition_rules,
        credentials,
        no_programs,
    )
    for part in parts:
        part.register()
    for part in (metric_data, alarms, log_events, log_queries):
        part.register()


async def application(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    """Serves one request."""
    if scope["type"] == "websocket":
        # Before it is accepted, which is 403: none of the APIs here has one, and a page may open one anywhere.
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    if scope["type"] != "http":
        from ministack.app import app

        await app(scope, receive, send)
        return
    admitted = await gate.admit(scope, receive, scope["server"][1])
    if admitted is None:
        return
    if isinstance(admitted, gate.Admitted):
        await _serve(admitted, scope, http_body.given(admitted.body, receive), send)
    else:
        await refusals.send_answer(send, admitted)


async def _serve(admitted: gate.Admitted, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    request = admitted.request
    answers = faults.Answers(request, send)
    if scope["path"].startswith(agent_channel.PREFIX):
        await answers.of(agent_channel.serve(scope, receive, answers), len(admitted.body))
        return
    if why := no_programs.asked_for(request, admitted.body):
        await refusals.send_answer(send, refusals.refused(request, 400, "UnsupportedOperation", why))
        return
    if (failure := persistence.failure()) and _adds(request, admitted.body) and not _is_telemetry(request):
        why = f"the region can't keep anything on its disk just now ({failure}): make room, and ask again"
        await refusals.send_answer(send, refusals.refused(request, 503, "ServiceUnavailable", why))
        return
    if persistence.full() and _adds(request, admitted.body):
        why = "the region keeps all that it may: delete images, objects or stacks that nobody needs, or begin anew with `npm stop`"
        await refusals.send_answer(send, refusals.refused(request, 400, "LimitExceededException", why))
        return
    # The request that ends a layer comes without it.
    size = limits.DATA_BYTES if refusals.is_registry(request.path) else len(admitted.body)
    await answers.of(_serve_aws(admitted, scope, receive, answers), size)


async def _serve_aws(admitted: gate.Admitted, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    if target := admitted.request.header("x-amz-target"):
        await _serve_json(target, admitted, scope, receive, send)
        return
    try:
        query_shapes.check(admitted.request, admitted.body)
    except OddRequest as odd:
        await refusals.send_answer(send, refusals.refused(admitted.request, 400, odd.code, str(odd)))
        return
    await _serve_api(admitted.body, scope, receive, send)


async def _serve_json(
    target: str, admitted: gate.Admitted, scope: MutableMapping[str, Any], receive: Receive, send: Send
) -> None:
    """Serves one request of a JSON protocol, if it has the shape of its action."""
    try:
        body = request_shapes.checked(target, admitted.body)
    except OddRequest as odd:
        await http_body.answer_json(send, 400, {"__type": odd.code, "message": str(odd)}, _JSON)
        return
    if not target.startswith(application_autoscaling.TARGET_PREFIX):
        await _serve_api(body, scope, http_body.given(body, receive), send)
        return
    action = target.removeprefix(application_autoscaling.TARGET_PREFIX)
    with request_scope(_ACCOUNT, get_region()):
        status, answer = application_autoscaling.answer(action, body)
    if not action.startswith(_READS):
        await persistence.kept()
    await http_body.answer_json(send, status, answer, _JSON)


async def _serve_api(body: bytes, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    """Hands a request to ministack, and its answer on when what it changed is kept."""
    from ministack.app import app

    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            if _may_change(scope):
                CHANGES.bump()
            if _is_change(scope, body):
                await persistence.kept()
            elif scope["method"] not in ("GET", "HEAD", "POST"):
                persistence.changed()
        await send(message)

    await app(scope, receive, answer)


def _is_change(scope: MutableMapping[str, Any], body: bytes) -> bool:
    """Whether a request asks for a change through an API with actions. What is put by path (objects, layers) is kept with
    the first action that names it.
    """
    if not _header(scope, b"content-type").startswith("application/x-www-form-urlencoded"):
        return _may_change(scope)
    action = _ACTION.search(body)
    return action is not None and not action[1].decode().startswith(_READS)


def _adds(request: HttpRequest, body: bytes) -> bool:
    """Whether a request brings something to be kept."""
    if request.method in ("GET", "HEAD", "DELETE") or request.deletes_objects:
        return False
    action = _ACTION.search(body) if request.media_type == "application/x-www-form-urlencoded" else None
    name = action[1].decode() if action else request.header("x-amz-target").rpartition(".")[2]
    return not name.startswith(_SPARING)


def _is_telemetry(request: HttpRequest) -> bool:
    return request.header("x-amz-target").startswith(_TELEMETRY)


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
    if service.startswith(_TELEMETRY):
        return False
    return action != "" and not action.startswith(_READS)
