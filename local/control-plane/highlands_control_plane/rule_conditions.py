"""Conditions of a rule as CreateRule and ModifyRule give them, each with the configuration of its field.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RuleCondition.html
"""

from typing import Any

from ministack.services import alb

from .replacing import replace

# The members with a list of values.
_LISTS = ("HostHeaderConfig", "PathPatternConfig", "HttpHeaderConfig", "HttpRequestMethodConfig", "SourceIpConfig")


def _members(params: Any, prefix: str) -> list[str]:
    found: list[str] = alb._parse_member_list(params, prefix)
    return found


def _pairs(params: Any, prefix: str) -> list[dict[str, str]]:
    pairs: list[dict[str, str]] = []
    while value := alb._p(params, f"{prefix}.{len(pairs) + 1}.Value"):
        key = alb._p(params, f"{prefix}.{len(pairs) + 1}.Key")
        pairs.append({"Key": key, "Value": value} if key else {"Value": value})
    return pairs


def _configured(condition: dict[str, Any], params: Any, base: str) -> dict[str, Any]:
    for name in _LISTS:
        lists = {kind: _members(params, f"{base}.{name}.{kind}") for kind in ("Values", "RegexValues")}
        given = {kind: values for kind, values in lists.items() if values}
        if given:
            condition[name] = {**condition.get(name, {}), **given}
    # A header that is given with patterns alone has no values.
    if not (condition.get("HttpHeaderConfig") or {"Values": True}).get("Values"):
        condition["HttpHeaderConfig"].pop("Values", None)
    if pairs := _pairs(params, f"{base}.QueryStringConfig.Values.member"):
        condition["QueryStringConfig"] = {"Values": pairs}
    if patterns := _members(params, f"{base}.RegexValues"):
        condition["RegexValues"] = patterns
    return condition


def register() -> None:
    """Adds what ministack leaves out."""
    parse = alb._parse_conditions

    def parsed(params: Any, prefix: str = "Conditions") -> list[dict[str, Any]]:
        return [
            _configured(one, params, f"{prefix}.member.{number}") for number, one in enumerate(parse(params, prefix), 1)
        ]

    replace(alb, "_parse_conditions", parsed)
