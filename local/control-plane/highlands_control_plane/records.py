"""Resource types of CloudFormation's registry that nothing here serves: a stack takes them as records, with ids and attributes in AWS's forms.

Which these are, and which have no record since a deploy would promise what is not there, is in record-types.json, made of the
schemas by the tests (tests/record_schemas.py). `Ref` is the primary identifier, as with every type of the registry:
https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html#schema-properties-primaryidentifier
"""

import functools
import hashlib
import json
from pathlib import Path
from typing import Any

from ministack.core.responses import get_account_id, get_region

from .resources import HANDLERS, Created, Properties, new_id, resource

_FILE = Path(__file__).resolve().parent.parent / "record-types.json"
# A moment without a meaning, and always the same: nothing was made then.
_TIME = "2026-01-01T00:00:00Z"
# As many as CloudFormation puts behind a name that it makes up are twelve; ministack's are eight.
_FRESH_DIGITS = 8


@functools.cache
def record_types() -> dict[str, Any]:
    """By type: `id`, `attributes` with their forms, `replace`, `service` and `kind` of its ARNs, and the shape of its properties."""
    types: dict[str, Any] = json.loads(_FILE.read_text())
    return types


def _digits(seed: str, count: int) -> str:
    return hashlib.sha256(seed.encode()).hexdigest()[:count]


def _value(form: Any, name: str, known: dict[str, Any], seed: str) -> Any:
    """A value in the form that an attribute has; the same each time for one resource.

    `known`: `service`, `kind` and `name` of the resource. `seed` tells it from others.
    """
    if not isinstance(form, str):
        return form
    service, region, account = known["service"], get_region(), get_account_id()
    host = f"{_digits(f'{seed}/host', 12)}.{service}.{region}.amazonaws.com"
    match form.partition(":"):
        case ("arn", _, kind):
            return f"arn:aws:{service}:{region}:{account}:{kind or known['kind']}/{known['name']}"
        case ("id", _, prefix):
            # EC2's have 17 hexadecimal digits behind their prefix, others ten letters and digits.
            return f"{prefix}{_digits(f'{seed}/{name}', 17 if prefix else 10)}"
        case ("url", _, _):
            return f"https://{host}"
        case ("host", _, _):
            return host
        case ("account", _, _):
            return account
        case ("name", _, _):
            return known["name"]
        case ("zone", _, _):
            return f"{region}a"
        case ("ip", _, _):
            # Of a block that nobody has: https://www.rfc-editor.org/rfc/rfc5737
            return f"192.0.2.{int(_digits(f'{seed}/ip', 4), 16) % 254 + 1}"
        case ("time", _, _):
            return _TIME
        case ("text", _, text):
            return text
        case _:
            raise ValueError(f"record-types.json: no form {form}")


def _known(type_name: str, properties: Properties, name: str) -> dict[str, Any]:
    spec = record_types()[type_name]
    own = next((given for key in spec["names"] if isinstance(given := properties.get(key), str)), name)
    return {"service": spec["service"], "kind": spec["kind"], "name": own}


def _made(type_name: str, properties: Properties, name: str) -> str:
    """The physical id: each part of the primary identifier as it is given, or in its form. `name`: of what has none."""
    known = _known(type_name, properties, name)
    parts = (
        str(given) if isinstance(given := properties.get(key), str | int) else str(_value(form, key, known, name))
        for key, form in record_types()[type_name]["id"].items()
    )
    return "|".join(parts)


def attributes_of(type_name: str, physical_id: str, properties: Properties) -> dict[str, Any]:
    """What Fn::GetAtt gives: what the template says, and forms for the rest."""
    spec = record_types()[type_name]
    identifiers = dict(zip(spec["id"], physical_id.split("|"), strict=False))
    name = physical_id.rsplit("/", 1)[-1].rsplit("|", 1)[-1]
    known = _known(type_name, properties, name)
    found = {name: given for name, given in properties.items() if not isinstance(given, dict)}
    for attribute, form in spec["attributes"].items():
        given: Any = properties
        for step in attribute.split("."):
            given = given.get(step) if isinstance(given, dict) else None
        if given is not None:
            found[attribute] = given
        elif attribute in identifiers:
            found[attribute] = identifiers[attribute]
        elif form is not None:
            found[attribute] = _value(form, attribute, known, physical_id)
    return found


def _add(type_name: str) -> None:
    def create(logical_id: str, properties: Properties, stack: str) -> Created:
        # Another one each time, as CloudFormation's own are.
        physical_id = _made(type_name, properties, f"{stack}-{logical_id}-{new_id('')[:_FRESH_DIGITS].upper()}")
        return physical_id, attributes_of(type_name, physical_id, properties)

    def update(physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str) -> Created:
        if any(old.get(name) != new.get(name) for name in record_types()[type_name]["replace"]):
            return create(logical_id, new, stack)
        return physical_id, attributes_of(type_name, physical_id, new)

    resource(type_name, create=create, update=update, delete=lambda *_: None)


# Of which nothing but a record is made.
RECORDS: set[str] = set()


def register() -> None:
    """After everything that serves a type."""
    for type_name in record_types():
        if type_name not in HANDLERS:
            _add(type_name)
            RECORDS.add(type_name)
