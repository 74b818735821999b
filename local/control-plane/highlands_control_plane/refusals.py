"""Refusals in the form that the asked API has for its errors."""

import json
import uuid
from typing import Any

from ministack.core.responses import fix_error_content_type
from ministack.core.router import detect_service

from . import xml_answers
from .http_request import HttpRequest

AGENT = "/_agent/v1/"
REGISTRY = "/v2/"

Answer = tuple[int, dict[str, str], bytes]


def one_line(text: object) -> str:
    """A message that fits a line of a terminal or two, of what XML can hold too."""
    return xml_answers.UNHELD.sub("\ufffd", " ".join(str(text).split()))[:500]


def refused(request: HttpRequest, status: int, code: str, message: str) -> Answer:
    """An error with this status, and the code as the service spells it."""
    message = one_line(message)
    status, headers, body = _refused(request, status, code, message)
    # An answer to HEAD has none.
    return status, headers, b"" if request.method == "HEAD" else body


def _refused(request: HttpRequest, status: int, code: str, message: str) -> Answer:
    if request.path.startswith(AGENT):
        return status, {"content-type": "application/json"}, json.dumps({"message": message}).encode()
    if is_registry(request.path):
        return _of_registry(status, code, message)
    # Reads more than half of ministack's IAM, which nobody needs who is not refused.
    from ministack.core.iam_actions import access_denied_response

    service = _service(request)
    _, headers, body = access_denied_response(
        service, "", "", str(uuid.uuid4()), error_code=code, message=message, headers=request.headers
    )
    fix_error_content_type(service, status, headers)
    return status, headers, body


def _service(request: HttpRequest) -> str:
    if request.path.startswith("/_"):
        return ""
    form = request.path == "/" and request.media_type == "application/x-www-form-urlencoded"
    if form and not request.header("authorization").startswith("AWS4-"):
        # Of which service it is stands in the body, which is not read; the errors of all but one look like those of STS.
        return "sts"
    service: str = detect_service(request.method, request.path, request.headers, request.query)
    return service


def is_registry(path: str) -> bool:
    """Whether a path is one of the OCI distribution API."""
    if path in ("/v2", REGISTRY, "/v2/_catalog"):
        return True
    parts = ("/blobs/", "/manifests/", "/referrers/")
    return path.startswith(REGISTRY) and (any(part in path for part in parts) or path.endswith("/tags/list"))


def _of_registry(status: int, code: str, message: str) -> Answer:
    """https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes"""
    headers = {"content-type": "application/json"}
    if status == 401:
        headers["www-authenticate"] = 'Basic realm="the local region",service="ecr.amazonaws.com"'
    return status, headers, json.dumps({"errors": [{"code": code, "message": message}]}).encode()


async def send_answer(send: Any, answer: Answer) -> None:
    status, headers, body = answer
    pairs = [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in headers.items()]
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [*pairs, (b"content-length", str(len(body)).encode())],
        }
    )
    await send({"type": "http.response.body", "body": body})
