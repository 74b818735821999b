"""Reading and answering plain HTTP in ASGI, for the parts that ministack does not serve."""

import json
from typing import Any

# A put of every task of a large region is a few hundred kilobytes.
_LIMIT = 32 * 1024 * 1024


async def read(receive: Any) -> bytes:
    """The whole body of a request, at most 32 MiB."""
    body = b""
    while True:
        message = await receive()
        part: bytes = message.get("body", b"")
        body += part
        if not message.get("more_body") or len(body) > _LIMIT:
            return body


def given(body: bytes, receive: Any) -> Any:
    """A receive that hands on a body that was read already, and then whatever else comes: that the client went, for one."""
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Any:
        return messages.pop() if messages else await receive()

    return again


async def answer_json(send: Any, status: int, answer: dict[str, Any], content_type: str = "application/json") -> None:
    """Answers with a JSON object."""
    headers = [(b"content-type", content_type.encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(answer).encode()})
