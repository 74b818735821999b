"""Requests of the query protocols, held against the models that AWS publishes and botocore carries.

Their values are text under names such as `Tags.member.1.Key`: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
"""

from typing import Any
from urllib.parse import parse_qs

from botocore.model import ListShape, MapShape, Shape, StructureShape

from .api_models import BY_VERSION, OddRequest, input_shape
from .http_request import MOST_FIELDS, HttpRequest
from .model_constraints import faults, sentence
from .query_refusals import in_words_of_ec2, mistyped

# Of each so many are made at once, as records here; more than any app of a developer's machine has.
_COUNTS = ("MinCount", "MaxCount", "MinSize", "MaxSize", "DesiredCapacity")
_MOST = 1000
# What is in every request, whatever its action.
_COMMON = frozenset({"Action", "Version"})

# A name's parts, and the text at the end; a name that goes on below a text has the text at "".
Tree = dict[str, Any]


def check(request: HttpRequest, body: bytes) -> None:
    """Raises OddRequest. A request for a service or an action that is not known here is not looked at."""
    if request.media_type != "application/x-www-form-urlencoded" or request.path != "/":
        return
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise OddRequest("ValidationError", f"the body can't be read: {error}") from error
    action = fields.get("Action", [""])[0]
    api = BY_VERSION.get(fields.get("Version", [""])[0])
    shape = input_shape(api.name, action) if api is not None else None
    if api is None or not isinstance(shape, StructureShape):
        return
    reader = _Reader(ec2=api.name == "ec2")
    tree = _tree({name: values[0] for name, values in fields.items() if name not in _COMMON})
    if unknown := tree.keys() - reader.names(shape) if reader.ec2 else set():
        # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
        raise OddRequest("UnknownParameter", f"The parameter {min(unknown)[:100]} is not recognized")
    value = reader.read(tree, shape)
    for name in _COUNTS:
        if isinstance(count := value.get(name), int) and count > _MOST:
            raise OddRequest(api.code, f"{action}: {name} is {count}: at most {_MOST} are made here")
    if other := mistyped(value, shape):
        raise OddRequest(api.code, f"{action}: {other}")
    if found := list(faults(value, shape)):
        raise in_words_of_ec2(found[0]) if reader.ec2 else OddRequest(api.code, sentence(found))


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
        self.ec2 = ec2

    def names(self, shape: StructureShape) -> set[str]:
        """Of the parameters that there are, without what follows a dot."""
        return {self._name(name, member) for name, member in shape.members.items()}

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
        if self.ec2:
            given = serialization.get("queryName") or serialization.get("name") or name
            return given[0].upper() + given[1:]
        if isinstance(member, ListShape) and serialization.get("flattened"):
            return member.member.serialization.get("name") or serialization.get("name") or name
        return serialization.get("name") or name

    def _list(self, node: Tree, shape: ListShape) -> Any:
        if not self.ec2 and not shape.serialization.get("flattened"):
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
