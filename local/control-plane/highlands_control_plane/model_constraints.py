"""What in a request breaks the constraints of its model, in the sentences of AWS's own services.

Only what the model holds: required members, lengths, ranges, patterns and enumerations. An enumeration is held as the pinned
model has it, for what AWS added later the local region could not do either; but a catalogue to which AWS adds every week, such as
the instance types, is not.
https://smithy.io/2.0/spec/constraint-traits.html
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from .model_patterns import matches

# EC2 has 1,400 types of instances, and no other enumeration of these APIs comes near a quarter of that.
_CATALOGUE = 300
# A value may be a whole template.
_QUOTED = 200
# Load balancers have had tags such as "R&D", which the pattern in their model excludes.
_PATTERNS_NOT_HELD = frozenset({r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$"})
_INTEGERS = frozenset({"integer", "long"})
_NUMBERS = frozenset({"float", "double"})


@dataclass(frozen=True)
class Fault:
    """One broken constraint: where, of what value, and what "Member must ..." says. `missing` is a required member."""

    path: str
    value: Any
    constraint: str
    sensitive: bool = False
    missing: bool = False

    def __str__(self) -> str:
        of = "" if self.sensitive else " null" if self.missing else f" '{printed(self.value)}'"
        return f"Value{of} at '{self.path}' failed to satisfy constraint: {self.constraint}"


def sentence(faults: list[Fault]) -> str:
    """All of them as a service of AWS says it."""
    count = f"{len(faults)} validation error{'s' if len(faults) > 1 else ''} detected"
    return f"{count}: {'; '.join(str(one) for one in faults)}"


def printed(value: Any) -> str:
    """As AWS's services, which are in Java, print a value; a long one in part."""
    text = _printed(value)
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}..."


def _printed(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}={_printed(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(_printed(one) for one in value)}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def faults(value: Any, shape: Shape, path: str = "", *, required: bool = True) -> Iterator[Fault]:
    """What breaks a constraint, in the order of the model. What is not of the type of its shape is passed over."""
    if shape.type_name == "structure":
        assert isinstance(shape, StructureShape)
        if isinstance(value, dict):
            yield from _of_structure(value, shape, path, required)
        return
    broken = list(_broken(value, shape))
    sensitive = bool(shape.metadata.get("sensitive"))
    yield from (Fault(path, value, one, sensitive) for one in broken)
    if isinstance(shape, ListShape) and isinstance(value, list):
        yield from _of_items(value, shape, path, required)
    elif isinstance(shape, MapShape) and isinstance(value, dict):
        yield from _of_entries(value, shape, path, required)


def _of_structure(value: dict[str, Any], shape: StructureShape, path: str, required: bool) -> Iterator[Fault]:
    before = f"{path}." if path else ""
    for name in shape.required_members if required else ():
        if value.get(name) is None:
            yield Fault(f"{before}{_lower(name)}", None, "Member must not be null", missing=True)
    for name, inner in shape.members.items():
        if value.get(name) is not None:
            yield from faults(value[name], inner, f"{before}{_lower(name)}", required=required)


def _of_items(value: list[Any], shape: ListShape, path: str, required: bool) -> Iterator[Fault]:
    member = shape.member
    if isinstance(member, StructureShape | ListShape | MapShape):
        for number, item in enumerate(value, 1):
            yield from faults(item, member, f"{path}.{number}.member", required=required)
    elif any(_is_broken(item, member) for item in value):
        yield Fault(path, value, f"Member must satisfy constraint: [{', '.join(_all(member))}]", _secret(shape, member))


def _of_entries(value: dict[str, Any], shape: MapShape, path: str, required: bool) -> Iterator[Fault]:
    secret = _secret(shape, shape.key, shape.value)
    if any(_is_broken(key, shape.key) for key in value):
        yield Fault(path, value, f"Map keys must satisfy constraint: [{', '.join(_all(shape.key))}]", secret)
    if isinstance(shape.value, StructureShape | ListShape | MapShape):
        for key, item in value.items():
            yield from faults(item, shape.value, f"{path}.{key}.member", required=required)
    elif any(_is_broken(item, shape.value) for item in value.values()):
        yield Fault(path, value, f"Map value must satisfy constraint: [{', '.join(_all(shape.value))}]", secret)


def _secret(*shapes: Shape) -> bool:
    return any(one.metadata.get("sensitive") for one in shapes)


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:]


def _is_broken(value: Any, shape: Shape) -> bool:
    return next(_broken(value, shape), None) is not None


def _broken(value: Any, shape: Shape) -> Iterator[str]:
    metadata = shape.metadata
    if not metadata:
        return
    kind = shape.type_name
    if kind == "string" and isinstance(value, str):
        if (pattern := _held_pattern(shape)) and not matches(pattern, value):
            yield _pattern(pattern)
        if (values := _enumeration(shape)) and value not in values:
            yield _values(values)
        yield from _outside(len(value), metadata, "length")
    elif (kind == "list" and isinstance(value, list)) or (kind == "map" and isinstance(value, dict)):
        yield from _outside(len(value), metadata, "length")
    elif (kind in _INTEGERS or kind in _NUMBERS) and isinstance(value, int | float) and not isinstance(value, bool):
        yield from _outside(value, metadata, "value")


def _outside(size: float, metadata: dict[str, Any], what: str) -> Iterator[str]:
    if "max" in metadata and size > metadata["max"]:
        yield _most(what, metadata["max"])
    if "min" in metadata and size < metadata["min"]:
        yield _least(what, metadata["min"])


def _all(shape: Shape) -> Iterator[str]:
    """Every constraint of what is in a list or a map, for one of its items broke one of them."""
    metadata, what = shape.metadata, "length" if shape.type_name in ("string", "blob") else "value"
    if "max" in metadata:
        yield _most(what, metadata["max"])
    if "min" in metadata:
        yield _least(what, metadata["min"])
    if pattern := _held_pattern(shape):
        yield _pattern(pattern)
    if values := _enumeration(shape):
        yield _values(values)


def _most(what: str, limit: float) -> str:
    return f"Member must have {what} less than or equal to {limit}"


def _least(what: str, limit: float) -> str:
    return f"Member must have {what} greater than or equal to {limit}"


def _pattern(pattern: str) -> str:
    return f"Member must satisfy regular expression pattern: {pattern}"


def _values(values: list[str]) -> str:
    return f"Member must satisfy enum value set: [{', '.join(values)}]"


def _held_pattern(shape: Shape) -> str:
    pattern: str = shape.metadata.get("pattern", "")
    return "" if pattern in _PATTERNS_NOT_HELD and shape.name in ("TagKey", "TagValue") else pattern


def _enumeration(shape: Shape) -> list[str]:
    values: list[str] = shape.metadata.get("enum") or []
    return values if len(values) <= _CATALOGUE else []
