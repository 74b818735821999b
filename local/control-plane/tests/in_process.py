"""The ASGI application in this process: a request costs a millisecond, so that many can be tried."""

import asyncio
import json
import os
from collections.abc import Coroutine
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from conftest import ENVIRONMENT, KEY, REGION

PORT = 4566
os.environ |= {**ENVIRONMENT, "GATEWAY_PORT": str(PORT), "MINISTACK_REGION": REGION, "PERSIST_STATE": "0"}
os.environ |= {"AWS_ACCESS_KEY_ID": KEY.access_key, "AWS_SECRET_ACCESS_KEY": KEY.secret_key}

from highlands_control_plane.application import application, extend  # after the environment, which ministack reads

extend()
_LOOP = asyncio.new_event_loop()

FORM = "application/x-www-form-urlencoded"
JSON = "application/x-amz-json-1.1"
Headers = dict[str, str]


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return _LOOP.run_until_complete(work)


def send(method: str, path: str, headers: Headers | None = None, body: bytes = b"") -> tuple[int, Headers, bytes]:
    """A request as it is: status, headers and body of the answer."""
    target = urlsplit(path)
    given = {"host": f"127.0.0.1:{PORT}", **(headers or {})}
    scope = {
        "type": "http",
        "method": method,
        "path": unquote(target.path),
        "raw_path": target.path.encode(),
        "query_string": target.query.encode(),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in given.items()],
        "server": ("127.0.0.1", PORT),
        "client": ("127.0.0.1", 1),
    }
    answer: dict[str, Any] = {"body": b""}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def take(message: Any) -> None:
        if message["type"] == "http.response.start":
            answer.update(message)
            answer["body"] = b""
        else:
            answer["body"] += message.get("body", b"")

    run(application(scope, receive, take))
    return (
        answer["status"],
        {name.decode().lower(): value.decode("latin-1") for name, value in answer["headers"]},
        answer["body"],
    )


def signed(
    method: str, path: str, headers: Headers | None = None, body: bytes = b"", service: str = "ecs", key: Any = KEY
) -> tuple[int, Headers, bytes]:
    request = AWSRequest(method=method, url=f"http://127.0.0.1:{PORT}{path}", data=body, headers=headers or {})
    (S3SigV4Auth if service == "s3" else SigV4Auth)(key, service, REGION).add_auth(request)
    return send(method, path, dict(request.headers.items()), body)


def query(service: str, version: str, action: str, key: Any = KEY, **fields: str) -> tuple[int, str]:
    body = urlencode({"Action": action, "Version": version, **fields}).encode()
    status, _, answer = signed("POST", "/", {"content-type": FORM}, body, service, key)
    return status, answer.decode()


def act(target: str, body: Any, service: str = "ecs") -> tuple[int, dict[str, Any]]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    status, _, answer = signed("POST", "/", {"content-type": JSON, "x-amz-target": target}, data, service)
    return status, json.loads(answer)
