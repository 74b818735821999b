"""Reads the schemas of CloudFormation's registry as cfn-lint has them, with what its authors know better.

The types come as JSON on standard input: `schemas` are wanted whole, of `attributes` only what `Fn::GetAtt` gives.
"""

import json
import sys

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER, ResourceNotFoundError

# The keywords that one value is judged by; those that weigh alternatives can't be judged while parts are not known yet.
KEYWORDS = {
    "$ref", "additionalProperties", "definitions", "enum", "format", "items", "maxItems", "maxLength", "maximum",
    "minItems", "minLength", "minimum", "pattern", "patternProperties", "properties", "required", "type",
}  # fmt: skip
NAMED = {"definitions", "patternProperties", "properties"}


def kept(node):
    if isinstance(node, list):
        return [kept(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {
        key: {name: kept(one) for name, one in value.items()} if key in NAMED else kept(value)
        for key, value in node.items()
        if key in KEYWORDS
    }


def references(node):
    if isinstance(node, list):
        for one in node:
            yield from references(one)
    elif isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"].rsplit("/", 1)[-1]
        for one in node.values():
            yield from references(one)


def small(schema):
    read_only = {path.split("/")[2] for path in schema.get("readOnlyProperties", []) if path.count("/") == 2}
    out = kept(schema)
    out["properties"] = {name: one for name, one in out["properties"].items() if name not in read_only}
    definitions = out.pop("definitions", {})
    wanted, used = list(references(out)), {}
    while wanted:
        name = wanted.pop()
        if name not in used:
            used[name] = definitions[name]
            wanted.extend(references(used[name]))
    return {**out, "type": "object", "definitions": used}


def of(type_name):
    try:
        return PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", type_name)
    except ResourceNotFoundError:
        return None  # CDK's own


asked = json.load(sys.stdin)
schemas = {name: of(name) for name in asked["attributes"]}
json.dump(
    {
        "schemas": {name: small(schemas[name].schema) for name in asked["schemas"] if schemas.get(name)},
        "attributes": {name: sorted(one.get_atts.keys()) for name, one in schemas.items() if one},
    },
    sys.stdout,
    sort_keys=True,
)
