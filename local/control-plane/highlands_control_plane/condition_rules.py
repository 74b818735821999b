"""What Elastic Load Balancing refuses of the conditions of a rule.

https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
Sentences: https://github.com/getmoto/moto/blob/master/moto/elbv2/models.py, and https://github.com/badmintoncryer/cdk-preflight,
which both try them on AWS; "ours" where neither has one.
"""

import ipaddress
import re
from typing import Any

from .aws_sentences import CONDITIONS, refusal
from .load_balancer_rules import CODE
from .refused import Refused

Condition = dict[str, Any]
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
_MOST_VALUES = 5
_MOST_WILDCARDS = 6
_LONGEST_HEADER = 40
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


class _Field:
    def __init__(self, config: str, longest: int, signs: str) -> None:
        self.config, self.longest, self.signs = config, longest, re.compile(signs, re.ASCII)


_FIELDS = {name: _Field(**field) for name, field in CONDITIONS.items()}
_REGEX = ("path-pattern", "host-header", "http-header")
# Of others a rule has several.
_ONCE = ("host-header", "path-pattern", "http-request-method", "source-ip")


def _values(condition: Condition, field: _Field, kind: str = "Values") -> list[Any]:
    own = condition.get(field.config) or {}
    return list(own.get(kind) or condition.get(kind) or [])


def _texts(value: Any) -> dict[str, str]:
    """The parts of a value by their name: a query string has a key and a value."""
    return {name: str(text) for name, text in value.items()} if isinstance(value, dict) else {"": str(value)}


def _is_block(text: str) -> bool:
    """Of either family. The signs are looked at before: `ip_network` takes an address and a netmask too."""
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _check_value(name: str, field: _Field, value: Any) -> None:
    for part, text in _texts(value).items():
        if len(text) > field.longest:
            raise refusal("conditionLong", what=part or name, most=field.longest)
        signed = field.signs.fullmatch(text)
        if name == "source-ip" and not (signed and _is_block(text)):
            raise refusal("conditionBlock", value=text)
        if not signed:
            raise refusal("conditionSigns", value=text)
    # "You must include at least one '.' character": API_RuleCondition.html
    if name == "host-header" and "." not in str(value):
        raise refusal("conditionSigns", value=value)
    if name == "query-string" and "Value" not in _texts(value):
        raise refusal("conditionQuery")


# Of what RE2 has not and other engines have: lookarounds, references to groups, atomic groups and possessive quantifiers.
_NOT_OF_RE2 = re.compile(r"\(\?(?:[=!>(#]|<[=!]|P=)|\\[1-9]|(?<!\\)[*+?}]\+")


def _check_expression(name: str, field: _Field, expression: str) -> None:
    """Those of RE2: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html"""
    if len(expression) > field.longest:
        raise refusal("conditionLong", what=name, most=field.longest)
    # What is in a class is itself, and so is what is escaped.
    bare = re.sub(r"\\[^1-9]|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]", "x", expression)
    if _NOT_OF_RE2.search(bare) or not _compiles(expression):
        raise Refused(CODE, f"The regular expression '{expression}' is not valid")  # ours


def _compiles(expression: str) -> bool:
    """Python has no classes of Unicode and no \\z, \\Q, \\C, and flags in the middle: what has these is not looked at further."""
    if re.search(r"\\[pPzQC]|\[\[:|\(\?[a-zA-Z-]+[:)]|\(\?<", expression):
        return True
    try:
        re.compile(expression)
    except re.error:
        return False
    return True


def _check_one(condition: Condition) -> None:
    name = str(condition.get("Field"))
    field = _FIELDS.get(name)
    if field is None:
        listed = "http-header,http-request-method,host-header,query-string,source-ip,path-pattern"
        raise Refused(CODE, f"Condition field '{name}' must be one of '{listed}'")
    values, expressions = _values(condition, field), _values(condition, field, "RegexValues")
    if expressions and name not in _REGEX:
        raise refusal("conditionRegex", name=name)
    if values and expressions:
        raise refusal("conditionBoth", config=field.config)
    other = next((one for one in _FIELDS.values() if one is not field and condition.get(one.config)), None)
    if not values and not expressions and other is not None:
        wanted = f"Values or RegexValues or {field.config}" if name in _REGEX[:2] else field.config
        raise Refused(CODE, f"For conditions of type '{name}', you must specify the following fields: '{wanted}'")
    if not values and not expressions:
        raise refusal("noConditionValue")
    for value in values:
        _check_value(name, field, value)
    for expression in expressions:
        _check_expression(name, field, str(expression))
    if name == "http-header":
        _check_header(str((condition.get(field.config) or {}).get("HttpHeaderName") or ""))


def _check_header(header: str) -> None:
    if len(header) > _LONGEST_HEADER:
        raise refusal("conditionLong", what="HttpHeaderName", most=_LONGEST_HEADER)
    if header.lower() == "host":
        raise refusal("headerHost")
    if not _HEADER.fullmatch(header):
        raise refusal("headerName", name=header)  # ours


def check(conditions: list[Condition]) -> None:
    """Raises Refused."""
    if not conditions:
        raise refusal("noCondition")
    for condition in conditions:
        _check_one(condition)
    names = [str(condition["Field"]) for condition in conditions]
    for name in _ONCE:
        if names.count(name) > 1:
            raise refusal("conditionOnce", name=name)
    fields = [(condition, _FIELDS[name]) for condition, name in zip(conditions, names, strict=True)]
    values = [value for condition, field in fields for value in _values(condition, field)]
    expressions = [value for condition, field in fields for value in _values(condition, field, "RegexValues")]
    if len(values) + len(expressions) > _MOST_VALUES:
        # https://github.com/aws/aws-cdk/issues/10065, before there were regular expressions
        raise refusal("conditionValues")
    texts = [text for value in values for text in _texts(value).values()]
    # \* and \? are the characters themselves.
    wildcards = sum(len(re.findall(r"(?<!\\)[*?]", text)) for text in texts)
    if wildcards > _MOST_WILDCARDS:
        # Seen on AWS where seven were given: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
        raise refusal("conditionWildcards")
