"""Requests made from the models of AWS's APIs: valid ones, and ones in which one constraint is broken."""

import copy
import random
from collections.abc import Iterator
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from highlands_control_plane.model_constraints import faults
from highlands_control_plane.model_patterns import matches

# What is taken for texts: markup, so that an answer shows whether it is escaped, and what patterns ask for.
_TEXTS = [
    "default", "a", "ab", "<R&D> é", "name-1", "1", "12", "123456789012", "/", "/a/b", "10.0.0.0/16", "app.local", "HTTP_301",
    "HTTPS", "200", "true", "1h", "cron(0 0 * * ? *)", "2026-01-01T00:00:00Z", "a@b.cd", "0123456789abcdef01234567",
    "arn:aws:ecs:us-east-1:000000000000:cluster/default", "arn:aws:iam::000000000000:role/name",
    "arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/app/a/0123456789abcdef",
    "arn:aws:cloudformation:us-east-1:000000000000:stack/a/01234567-0123-0123-0123-0123456789ab",
    "01234567-0123-0123-0123-0123456789ab", "0123456789abcdef0123456789abcdef", "vpc-0123456789abcdef0", '{"Resources": {}}',
    "ipv4pool-coip-a", "ipam-pool-a", "a" * 20, "a" * 36, "a" * 64, "arn:aws:kms:us-east-1:000000000000:key/a", "alias/a",
    "aws.partner/a/b", "com.amazonaws.us-east-1.s3", "s-1", "subscription", "sha256:" + "0" * 64,
]  # fmt: skip
_DEEPEST = 5


class Unmade(Exception):  # noqa: N818 - nothing went wrong
    """None of the texts here has what a pattern asks for."""


def valid(shape: Shape, dice: random.Random) -> Any:
    """Raises Unmade."""
    request = _made(shape, dice, 0)
    assert not [*faults(request, shape)], request
    return request


def _made(shape: Shape, dice: random.Random, depth: int) -> Any:
    metadata = shape.metadata
    if isinstance(shape, StructureShape):
        return _structure(shape, dice, depth)
    if isinstance(shape, ListShape):
        items = range(_size(metadata, dice, depth))
        return [_made(shape.member, dice, depth + 1) for _ in items]
    if isinstance(shape, MapShape):
        made = [_made(shape.key, dice, depth + 1) for _ in range(_size(metadata, dice, depth))]
        return {key: _made(shape.value, dice, depth + 1) for key in made}
    kind = shape.type_name
    if kind in ("integer", "long", "float", "double"):
        least = metadata.get("min", 0)
        return dice.choice([least, min(least + 1, metadata.get("max", least + 1)), metadata.get("max", 100)])
    if kind == "boolean":
        return dice.random() < 0.5
    if kind == "timestamp":
        return 1_767_225_600
    return b"abc" if kind == "blob" else _text(shape, dice)


def _structure(shape: StructureShape, dice: random.Random, depth: int) -> dict[str, Any]:
    if shape.metadata.get("union"):
        name = dice.choice(list(shape.members))
        return {name: _made(shape.members[name], dice, depth + 1)}
    made = {}
    for name, member in shape.members.items():
        if name in shape.required_members:
            made[name] = _made(member, dice, depth + 1)
        elif depth < _DEEPEST and dice.random() < 0.4:
            try:
                made[name] = _made(member, dice, depth + 1)
            except Unmade:
                continue
    return made


def _size(metadata: dict[str, Any], dice: random.Random, depth: int) -> int:
    least = metadata.get("min", 0)
    return least if depth >= _DEEPEST else min(max(least, dice.randint(0, 2)), metadata.get("max", 2))


def _text(shape: Shape, dice: random.Random) -> str:
    if values := shape.metadata.get("enum"):
        return dice.choice(values)
    metadata = shape.metadata
    least, most = metadata.get("min", 0), metadata.get("max", 10**6)
    texts = [one for one in _TEXTS if least <= len(one) <= most and matches(metadata.get("pattern", ".*"), one)]
    if not texts:
        raise Unmade(f"{shape.name}: {metadata}")
    return dice.choice(texts)


def broken(request: Any, shape: Shape, dice: random.Random) -> Any | None:
    """The request with one constraint broken; None when none of what it has is under one."""
    places = [*_places(request, shape, ())]
    if not places:
        return None
    path, value = dice.choice(places)
    changed = copy.deepcopy(request)
    place = changed
    for key in path[:-1]:
        place = place[key]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return changed


def _places(value: Any, shape: Shape, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Where what can be put that breaks a constraint; nothing in the place of what is required."""
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        for name, item in value.items():
            # A structure without members is not there in the query protocol.
            if name in shape.required_members and len(value) > 1:
                yield (*path, name), None
            yield from _places(item, shape.members[name], (*path, name))
        return
    if isinstance(shape, ListShape):
        for number, item in enumerate(value):
            yield from _places(item, shape.member, (*path, number))
    elif isinstance(shape, MapShape):
        for key, item in value.items():
            yield from _places(item, shape.value, (*path, key))
    if path:
        yield from ((path, one) for one in _odd(value, shape))


def _odd(value: Any, shape: Shape) -> Iterator[Any]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if shape.type_name == "string":
        candidates = [
            "not of the enumeration",
            "",
            "\N{SNOWMAN} \x7f",
            *(["a" * (int(most) + 1)] if most is not None and most < 5000 else []),
        ]
    elif shape.type_name in ("integer", "long"):
        candidates = [one for one in (least and least - 1, most and most + 1) if one is not None]
    else:
        candidates = []
    yield from (one for one in candidates if [*faults(one, shape)])
