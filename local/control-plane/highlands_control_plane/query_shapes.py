"""Changes of the query protocol, held against the shapes that AWS publishes and botocore carries.

Its values are text under names such as `Tags.member.1.Key`: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
Reads are not looked at: they come all the time, and what is odd in them changes nothing.
"""

from typing import Any
from urllib.parse import parse_qs

from botocore.model import ListShape, MapShape, Shape, StructureShape

from . import request_shapes
from .http_request import MOST_FIELDS, HttpRequest
from .request_shapes import model

# By the Version of the API, which no two of these share.
_SERVICES = {
    "2016-11-15": "ec2",
    "2015-12-01": "elbv2",
    "2010-05-15": "cloudformation",
    "2010-05-08": "iam",
    "2010-03-31": "sns",
    "2011-06-15": "sts",
    "2011-01-01": "autoscaling",
}
_READS = ("Describe", "List", "Get")
# Of each so many are made at once, as records here; more than any app of a developer's machine has.
_COUNTS = ("MinCount", "MaxCount", "MinSize", "MaxSize", "DesiredCapacity")
_MOST = 1000

# A name's parts, and the text at the end; a name that goes on below a text has the text at "".
Tree = dict[str, Any]


class OddRequest(ValueError):  # noqa: N818 - the client's error, not ours
    """A request that does not have the shape of its action: one line, and the code of the service for it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def check(request: HttpRequest, body: bytes) -> None:
    """Raises OddRequest. A request for a service or an action that is not known here is not looked at."""
    if request.media_type != "application/x-www-form-urlencoded" or request.path != "/":
        return
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise OddRequest("ValidationError", f"the body can't be read: {error}") from error
    action = fields.get("Action", [""])[0]
    service = _SERVICES.get(fields.get("Version", [""])[0])
    if service is None or action.startswith(_READS) or action not in model(service).operation_names:
        return
    shape = model(service).operation_model(action).input_shape
    if shape is None:
        return
    value = _Reader(ec2=service == "ec2").read(_tree({name: values[0] for name, values in fields.items()}), shape)
    code = "InvalidParameterValue" if service == "ec2" else "ValidationError"
    for name in _COUNTS:
        if isinstance(count := value.get(name), int) and count > _MOST:
            raise OddRequest(code, f"{action}: {name} is {count}: at most {_MOST} are made here")
    if faults := request_shapes.faults(value, shape):
        missing = faults.startswith("Missing required parameter")
        raise OddRequest("MissingParameter" if service == "ec2" and missing else code, f"{action}: {faults}")


def _tree(fields: dict[str, str]) -> Tree:
    root: Tree = {}
    for name, text in fields.items():
        *parts, last = name.split(".")
        place = root
        for part in parts:
            below = place.setdefault(part, {})
            if not isinstance(below, dict):
                below = place[part] = {"": below}
            place = below
        if isinstance(place.get(last), dict):
            place[last][""] = text
        else:
            place[last] = text
    return root


class _Reader:
    def __init__(self, *, ec2: bool) -> None:
        # https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
        self._ec2 = ec2

    def read(self, node: Tree | str, shape: Shape) -> Any:
        """What the shape makes of it; what does not fit stays as it is, for the validation to name."""
        if isinstance(shape, StructureShape):
            return self._structure(node, shape) if isinstance(node, dict) else ({} if node == "" else node)
        if isinstance(shape, ListShape):
            return self._list(node, shape) if isinstance(node, dict) else ([] if node == "" else node)
        if isinstance(shape, MapShape):
            return self._map(node, shape) if isinstance(node, dict) else ({} if node == "" else node)
        return node if isinstance(node, dict) else _scalar(node, shape.type_name)

    def _structure(self, node: Tree, shape: StructureShape) -> dict[str, Any]:
        found = {}
        for name, member in shape.members.items():
            below = node.get(self._name(name, member))
            if below is not None:
                found[name] = self.read(below, member)
        return found

    def _name(self, name: str, member: Shape) -> str:
        serialization: dict[str, str] = member.serialization
        if self._ec2:
            given = serialization.get("queryName") or serialization.get("name") or name
            return given[0].upper() + given[1:]
        if isinstance(member, ListShape) and serialization.get("flattened"):
            return member.member.serialization.get("name") or serialization.get("name") or name
        return serialization.get("name") or name

    def _list(self, node: Tree, shape: ListShape) -> Any:
        if not self._ec2 and not shape.serialization.get("flattened"):
            node = node.get(shape.member.serialization.get("name") or "member", node)
        items = _numbered(node)
        return node if items is None else [self.read(item, shape.member) for item in items]

    def _map(self, node: Tree, shape: MapShape) -> Any:
        items = _numbered(node if shape.serialization.get("flattened") else node.get("entry", node))
        if items is None or not all(isinstance(item, dict) for item in items):
            return node
        key, value = shape.key.serialization.get("name", "key"), shape.value.serialization.get("name", "value")
        return {str(item.get(key, "")): self.read(item.get(value, ""), shape.value) for item in items}


def _numbered(node: Tree | str) -> list[Any] | None:
    """The items under `1`, `2`, …; None when there is something else."""
    if not isinstance(node, dict) or not all(name.isascii() and name.isdigit() and len(name) < 10 for name in node):
        return [] if node == "" else None
    return [node[name] for name in sorted(node, key=int)]


def _scalar(text: str, type_name: str) -> Any:
    try:
        if type_name in ("integer", "long"):
            return int(text)
        if type_name in ("float", "double"):
            return float(text)
    except ValueError:
        return text
    if type_name == "boolean":
        return {"true": True, "false": False}.get(text.lower(), text)
    return text
