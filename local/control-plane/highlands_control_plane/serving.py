"""An admitted request: what is refused of it before an API looks at it, and which API answers it."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from ministack.core.responses import get_region, request_scope

from . import (
    agent_channel,
    application_autoscaling,
    faults,
    gate,
    http_body,
    limits,
    no_programs,
    permissions,
    persistence,
    query_shapes,
    refusals,
    request_kinds,
    request_shapes,
)
from .api_models import OddRequest
from .changes import CHANGES

# The one account of a local region.
_ACCOUNT = "000000000000"
_JSON = "application/x-amz-json-1.1"

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


async def serve(admitted: gate.Admitted, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    request = admitted.request
    answers = faults.Answers(request, send)
    if scope["path"].startswith(agent_channel.PREFIX):
        await answers.of(agent_channel.serve(scope, receive, answers), len(admitted.body))
        return
    if why := no_programs.asked_for(request, admitted.body):
        await refusals.send_answer(send, refusals.refused(request, 400, "UnsupportedOperation", why))
        return
    if (
        (failure := persistence.failure())
        and request_kinds.adds(request, admitted.body)
        and not request_kinds.is_telemetry(request)
    ):
        why = f"the region can't keep anything on its disk just now ({failure}): make room, and ask again"
        await refusals.send_answer(send, refusals.refused(request, 503, "ServiceUnavailable", why))
        return
    if persistence.full() and request_kinds.adds(request, admitted.body):
        why = "the region keeps all that it may: delete images, objects or stacks that nobody needs, or start over with `npm stop`"
        await refusals.send_answer(send, refusals.refused(request, 400, "LimitExceededException", why))
        return
    # The request that ends a layer comes without it.
    size = limits.DATA_BYTES if refusals.is_registry(request.path) else len(admitted.body)
    await answers.of(_serve_aws(admitted, scope, receive, answers), size)


async def _serve_aws(admitted: gate.Admitted, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    permissions.judge(admitted.request)
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
    if not action.startswith(request_kinds.READS):
        await persistence.kept()
    await http_body.answer_json(send, status, answer, _JSON)


async def _serve_api(body: bytes, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    """Hands a request to ministack, and its answer on when what it changed is kept."""
    from ministack.app import app

    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            if request_kinds.tells_agent(scope):
                CHANGES.bump()
            if request_kinds.is_change(scope, body):
                await persistence.kept()
            elif request_kinds.moves_data(scope) or scope["method"] not in ("GET", "HEAD", "POST"):
                persistence.changed()
        await send(message)

    await app(scope, receive, answer)
