"""An error of a handler is the answer to a request that it can't handle: 400, in the API's own form, with one line.

What went wrong in the code goes to the log, where who repairs it looks. An SDK would send a 500 again and again, to no other end.
"""

import json
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any

from .http_request import HttpRequest
from .refusals import refused, send_answer
from .time_limit import TookTooLong, limited

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

_LOG = logging.getLogger("highlands")
_MESSAGE = re.compile(r"<Message>(.*?)</Message>", re.DOTALL | re.IGNORECASE)
# Of ministack, for any page to read the answers.
_FOR_PAGES = b"access-control-"
_UNEXPECTED = frozenset({500, 502})


def _code(request: HttpRequest) -> str:
    """Of a request that is no good, as most services with this protocol call it."""
    if "x-amz-target" in request.headers or "json" in request.media_type:
        return "ValidationException"
    return "ValidationError" if request.path == "/" else "InvalidRequest"


def _said(body: bytes) -> str:
    """The message of an error answer."""
    text = body.decode(errors="replace")
    if found := _MESSAGE.search(text):
        return found[1]
    try:
        parsed = json.loads(text)
    except ValueError:
        return text
    if not isinstance(parsed, dict):
        return text
    return str(parsed.get("message") or parsed.get("Message") or parsed.get("error") or text)


class Answers:
    """Passes answers on, those that are errors of the server's own as refusals."""

    def __init__(self, request: HttpRequest, send: Send) -> None:
        self._request, self._send = request, send
        self._held: list[bytes] | None = None
        self._began = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if message["status"] in _UNEXPECTED:
                self._held = []
                return
            self._began = True
            headers = [(name, value) for name, value in message["headers"] if not name.lower().startswith(_FOR_PAGES)]
            message = {**message, "headers": headers}
        elif self._held is not None:
            self._held.append(message.get("body", b""))
            if not message.get("more_body"):
                await self._refuse(f"the request can't be handled: {_said(b''.join(self._held))}")
            return
        await self._send(message)

    async def of(self, work: Coroutine[Any, Any, None], size: int) -> None:
        """Does the work of a request with a body of `size` bytes, and answers it if that ended with an error."""
        try:
            await limited(work, size)
        except Exception as error:  # noqa: BLE001 - whatever it is, somebody waits for an answer
            await self._tell(error)

    async def _tell(self, error: Exception) -> None:
        if self._began:
            raise error
        if isinstance(error, TookTooLong):
            await self._refuse(str(error))
            return
        _LOG.error("%s %s could not be handled", self._request.method, self._request.path, exc_info=error)
        await self._refuse(f"the request can't be handled: {type(error).__name__}: {error}")

    async def _refuse(self, why: str) -> None:
        self._began = True
        await send_answer(self._send, refused(self._request, 400, _code(self._request), why))
