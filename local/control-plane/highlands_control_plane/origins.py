"""Who may speak to the port at all: programs of this machine that mean it, and no web page.

A page in a browser of this machine can send requests to 127.0.0.1, and one whose own name it lets resolve to 127.0.0.1 can read
the answers too: https://github.com/WICG/private-network-access, https://en.wikipedia.org/wiki/DNS_rebinding. A browser says where a
page comes from in headers that no page can leave out or change: https://fetch.spec.whatwg.org/#forbidden-request-header
"""

import re

from .agreed import API_ENDPOINT
from .http_request import HttpRequest

# Names below localhost are this machine: https://www.rfc-editor.org/rfc/rfc6761#section-6.3
_HERE = re.compile(r"127\.0\.0\.1|\[::1\]|(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*localhost", re.IGNORECASE)

# What the protocols of AWS have at `/`: https://smithy.io/2.0/aws/protocols/index.html
# A form of a page can send text/plain and multipart/form-data anywhere without asking.
_TYPES = frozenset(
    {
        "application/x-amz-json-1.0",
        "application/x-amz-json-1.1",
        "application/x-www-form-urlencoded",
        "application/cbor",
    }
)


def refusal(request: HttpRequest, port: int) -> str | None:
    """Why nobody who sends this is served, in one line."""
    host, _, given = request.header("host").rpartition(":")
    is_here = given == str(port) and _HERE.fullmatch(host) is not None
    # Nobody routes addresses of its block, so no page comes from there: https://www.rfc-editor.org/rfc/rfc5737
    if not is_here and request.header("host") != API_ENDPOINT:
        return (
            f"Host is {_quoted(request.header('host'))}: the local region answers at 127.0.0.1, [::1], localhost and names below it, "
            f"with port {port}"
        )
    if "origin" in request.headers:
        return f"Origin is {_quoted(request.header('origin'))}: the local region answers no web page"
    # `none` is an address that a person typed.
    site = request.header("sec-fetch-site")
    if site not in ("", "none"):
        return f"Sec-Fetch-Site is {_quoted(site)}: the local region answers no web page"
    if request.method == "OPTIONS":
        return "OPTIONS asks for a web page: the local region answers none"
    return None


def unfit_type(request: HttpRequest) -> str | None:
    """Why a body of this type is not looked at: an API with actions has its own."""
    if not request.acts or request.media_type in _TYPES:
        return None
    # A signed request without a body needs no type: its action is in the address.
    if request.media_type == "" and "Action" in request.query:
        return None
    return f"Content-Type is {_quoted(request.header('content-type'))}: this API takes {', '.join(sorted(_TYPES))}"


def _quoted(value: str) -> str:
    return f'"{value[:100]}"'.encode("ascii", "backslashreplace").decode()
