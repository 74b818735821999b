"""How much one request may bring, so that nothing that is parsed takes seconds or the machine's memory."""

import json
from collections.abc import Iterable

from ministack.core.router import detect_service

from .http_request import MOST_FIELDS, HttpRequest
from .refusals import AGENT, is_registry

_MIB = 1024 * 1024
# The largest request of an API with actions is PutRecords of Kinesis, 10 MiB: https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
API_BYTES = 10 * _MIB
# A put of every task of a large region is a few hundred kilobytes.
AGENT_BYTES = 32 * _MIB
# Objects and layers are held in memory: more than this would be a machine's whole. AWS takes 5 GiB in one PutObject.
DATA_BYTES = 1024 * _MIB
# No request of an AWS API comes near; Python's own parser ends at about a thousand.
DEPTH = 100


class TooMuch(ValueError):  # noqa: N818 - the client's error, not ours
    """More than a limit here takes: one line."""


def most_bytes(request: HttpRequest) -> int:
    """How long the body of a request may be."""
    if request.path.startswith(AGENT):
        return AGENT_BYTES
    data = request.method in ("PUT", "POST", "PATCH") and not request.acts
    return DATA_BYTES if is_registry(request.path) or data else API_BYTES


def check_form(body: bytes) -> None:
    """The fields of a form and the depth of their names (`A.member.1.B`). Raises TooMuch."""
    if body.count(b"&") >= MOST_FIELDS:
        raise TooMuch(f"the body has more than {MOST_FIELDS} parameters")
    for pair in body.split(b"&"):
        name = pair.partition(b"=")[0]
        if name.count(b".") > DEPTH:
            raise TooMuch(f"a parameter's name has more than {DEPTH} parts")


def check_json(text: bytes | str, depth: int = DEPTH) -> None:
    """How deep a JSON text nests, before a parser goes there. Raises TooMuch."""
    data = text.encode() if isinstance(text, str) else text
    # Most have no more brackets than this in all.
    if data.count(b"{") + data.count(b"[") <= depth:
        return
    if _depth(data) > depth:
        raise TooMuch(f"the JSON is more than {depth} levels deep")


def _depth(data: bytes) -> int:
    """Of brackets outside of strings."""
    outside: list[bytes] = data.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')[::2]
    return _deepest(byte for part in outside for byte in part.translate(None, _NO_BRACKETS))


_NO_BRACKETS = bytes(set(range(256)) - set(b"{}[]"))
_STEPS = {ord("{"): 1, ord("["): 1, ord("}"): -1, ord("]"): -1}


def _deepest(brackets: Iterable[int]) -> int:
    level = most = 0
    for bracket in brackets:
        level += _STEPS[bracket]
        most = max(most, level)
    return most


def check_body(request: HttpRequest, body: bytes) -> None:
    """Raises TooMuch."""
    if request.media_type == "application/x-www-form-urlencoded":
        check_form(body)
    elif ("json" in request.media_type and not _is_object(request)) or request.path.startswith(AGENT):
        check_json(body)


def _is_object(request: HttpRequest) -> bool:
    """What S3 keeps is read by nobody here, whatever its type says."""
    service: str = detect_service(request.method, request.path, request.headers, request.query)
    return service == "s3"


def json_of(text: bytes) -> object:
    """Parsed, whatever was sent. Raises ValueError."""
    check_json(text)
    return json.loads(text or b"{}")
