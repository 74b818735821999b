"""One HTTP request as the gate and its checks read it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, quote

from ministack.core.sigv4 import decode_header_value

# More than any API has, and what is parsed without anybody noticing.
MOST_FIELDS = 10_000


class Unreadable(ValueError):  # noqa: N818 - the client's error, not ours
    """A request whose address can't be read: one line."""


@dataclass(frozen=True)
class HttpRequest:
    """What is known before the body is read."""

    method: str
    path: str
    # As it was sent: it is what a signature is over.
    raw_path: str
    query: dict[str, list[str]]
    # Names in lower case; a header on several lines has its values joined by a comma, as a signature has them.
    headers: dict[str, str]

    def header(self, name: str) -> str:
        return self.headers.get(name, "")

    @property
    def acts(self) -> bool:
        """Whether it is for an API with actions."""
        return self.method == "POST" and (
            "x-amz-target" in self.headers or (self.path == "/" and not self.deletes_objects)
        )

    @property
    def deletes_objects(self) -> bool:
        """Whether it is S3's DeleteObjects, which is a POST to `/` where the bucket is in the host's name."""
        acts = self.media_type == "application/x-www-form-urlencoded" or "x-amz-target" in self.headers
        return self.method == "POST" and "delete" in self.query and not acts

    @property
    def media_type(self) -> str:
        return self.header("content-type").partition(";")[0].strip().lower()


def read(scope: Any) -> HttpRequest:
    """Of an ASGI scope. Raises Unreadable."""
    headers: dict[str, str] = {}
    for name, value in scope["headers"]:
        key, text = name.decode("latin-1").lower(), decode_header_value(value)
        headers[key] = f"{headers[key]},{text}" if key in headers else text
    try:
        query = parse_qs(scope.get("query_string", b"").decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise Unreadable(f"the query string can't be read: {error}") from error
    raw_path = (scope.get("raw_path") or quote(scope["path"]).encode()).decode("latin-1")
    return HttpRequest(scope["method"], scope["path"], raw_path, query, headers)
