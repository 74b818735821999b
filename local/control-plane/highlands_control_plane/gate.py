"""What every request passes before anything looks into it: who asks, how, with which key, and how much."""

import asyncio
import hashlib
import json
import logging
from dataclasses import dataclass
from typing import Any

from . import credentials, http_request, limits, origins
from .agreed import ANSWERS_PATH
from .http_request import HttpRequest
from .refusals import AGENT, Answer, is_registry, one_line, refused

_LOG = logging.getLogger("highlands")

# The address in a WaitConditionHandle, and the one that a custom resource answers at, is its own key, as on AWS, where it is a
# presigned one.
_SIGNALS = ("/_ministack/cfn-signal/", ANSWERS_PATH)
# What ministack has beyond AWS's APIs: resetting, settings, mail that was sent.
_INTERNAL = ("/_ministack/", "/_localstack/", "/_aws/")
# Longer bodies are hashed and measured beside the event loop; this takes it some milliseconds.
_LOOKED_AT_HERE = 1024 * 1024


@dataclass(frozen=True)
class Admitted:
    """A request with its whole body."""

    request: HttpRequest
    body: bytes


class _Refused(Exception):  # noqa: N818 - an answer
    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


async def admit(scope: Any, receive: Any, port: int) -> Admitted | Answer | None:
    """The request, or the answer to one that is refused; None when its client went."""
    try:
        request = http_request.read(scope)
    except http_request.Unreadable as odd:
        return 400, {"content-type": "application/json"}, json.dumps({"message": one_line(odd)}).encode()
    try:
        return await _admitted(request, receive, port)
    except _Refused as refusal:
        return refused(request, refusal.status, refusal.code, refusal.message)
    except Exception:  # noqa: BLE001 - whatever it is, it is the request
        _LOG.exception("%s %s could not be looked at", request.method, request.path)
        return refused(request, 400, "ValidationError", "the request can't be read")


async def _admitted(request: HttpRequest, receive: Any, port: int) -> Admitted | None:
    if why := origins.refusal(request, port):
        raise _Refused(403, "AccessDeniedException", why)
    if request.path.startswith(_INTERNAL) and not request.path.startswith(_SIGNALS):
        raise _Refused(404, "UnknownOperationException", f"{request.path[:100]}: the local region has no such address")
    signed = _signed(request)
    if why := origins.unfit_type(request):
        raise _Refused(415, "UnsupportedMediaType", why)
    body = await _body(request, receive)
    if body is None:
        return None
    # A long body is looked at beside the event loop.
    if len(body) > _LOOKED_AT_HERE:
        await asyncio.to_thread(_look_at, request, signed, body)
    else:
        _look_at(request, signed, body)
    return Admitted(request, body)


def _look_at(request: HttpRequest, signed: credentials.Signed | None, body: bytes) -> None:
    if signed is not None and (refusal := signed.refusal(body, hashlib.sha256(body).hexdigest())):
        raise _Refused(403, *refusal)
    try:
        limits.check_body(request, body)
    except limits.TooMuch as odd:
        raise _Refused(
            400, "ValidationException" if "json" in request.media_type else "ValidationError", str(odd)
        ) from odd


def _signed(request: HttpRequest) -> credentials.Signed | None:
    """None when the request has no signature and needs none. Known before the body is read: strangers are not listened to."""
    if request.path.startswith(_SIGNALS) and request.method == "PUT":
        return None
    of_agent = request.path.startswith(AGENT)
    if of_agent or (is_registry(request.path) and not request.header("authorization").startswith("AWS4-")):
        # A token of ECR opens the registry; every task whose role may pull can get one.
        if credentials.basic(request) or (not of_agent and credentials.ecr_token(request)):
            return None
        raise _Refused(401, "UNAUTHORIZED", f"authentication is required: {credentials.REMEDY}")
    if credentials.has_version_2(request):
        if refusal := credentials.version_2_refusal(request):
            raise _Refused(403, *refusal)
        return None
    signed = credentials.signed(request)
    if isinstance(signed, tuple):
        raise _Refused(403, *signed)
    return signed


async def _body(request: HttpRequest, receive: Any) -> bytes | None:
    most = limits.most_bytes(request)
    length = request.header("content-length")
    if length.isascii() and length.isdigit() and int(length[:20]) > most:
        raise _Refused(413, "RequestEntityTooLarge", f"the body has {length[:20]} bytes: the most here is {most}")
    parts: list[bytes] = []
    so_far = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        parts.append(message.get("body", b""))
        so_far += len(parts[-1])
        if so_far > most:
            raise _Refused(413, "RequestEntityTooLarge", f"the body is longer than {most} bytes")
        if not message.get("more_body"):
            return b"".join(parts)
