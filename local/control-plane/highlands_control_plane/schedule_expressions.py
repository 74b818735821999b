"""When a schedule is due: `rate(...)`, `cron(...)` with a time zone, `at(...)`.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html. What the six fields of a cron expression mean is
ministack's; time zones are here.
"""

import re
from datetime import datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ministack.services import eventbridge, scheduler

Numbers = frozenset[int]

# "at(yyyy-mm-ddThh:mm:ss)", and without an offset, as the time zone is a member of its own.
_AT = re.compile(r"at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)")
# A year has four digits, and nothing else in a field of cron has more. So many minutes are 190 years.
_LONG_NUMBER = re.compile(r"\d{9}|(?<=cron).*\d{5}")


def zone(name: str | None) -> ZoneInfo | None:
    """None for a name that there is not."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def fault(expression: str, zone_name: str | None) -> str | None:
    """AWS's sentence of what nobody can read: https://github.com/aws/aws-sdk/issues/404 and, of the zone, from memory."""
    where = zone(zone_name)
    if where is None:
        return f"Invalid Schedule Expression Timezone {zone_name}."
    try:
        known = _is_known(expression.strip(), where)
    except (ValueError, OverflowError, OSError):
        # A moment or a number that no clock has.
        known = False
    return None if known else f"Invalid Schedule Expression {expression}."


def is_of_rule(expression: str) -> bool:
    """Whether a rule of EventBridge can have it: none of them is for one moment."""
    return not expression or (expression.startswith(("rate(", "cron(")) and fault(expression, None) is None)


def _is_known(text: str, where: ZoneInfo) -> bool:
    if text.startswith("at("):
        return _AT.fullmatch(text) is not None and _at(text, where) is not None
    # Its fields are expanded, so that a number without end is a list without end.
    if _LONG_NUMBER.search(text):
        return False
    # "A positive number": https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#rate-based
    if eventbridge._parse_rate_seconds(text):
        return True
    fields = eventbridge._parse_cron_fields(text)
    return fields is not None and _in_range(*fields[:6])


def _in_range(
    minutes: Numbers,
    hours: Numbers,
    days: dict[str, Any],
    months: Numbers,
    weekdays: dict[str, Any],
    years: Numbers | None,
) -> bool:
    """https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based; a range without end is empty."""
    plain = ((minutes, 0, 59), (hours, 0, 23), (months, 1, 12), *([] if years is None else [(years, 1970, 2199)]))
    counted = ((days, 31), (weekdays, 7))
    return all(numbers and low <= min(numbers) and max(numbers) <= high for numbers, low, high in plain) and all(
        any(field.values()) and field["days"] <= frozenset(range(1, high + 1)) for field, high in counted
    )


def due(expression: str, zone_name: str | None, since: float, now: float) -> bool:
    """Whether there was a moment of the schedule after `since`, up to `now`; both are epoch seconds."""
    moment = following(expression, zone_name, since)
    return moment is not None and moment <= now


def following(expression: str, zone_name: str | None, since: float) -> float | None:
    """The first moment of a schedule after `since`; None when there is none, or nobody can read the expression."""
    expression = expression.strip()
    where = zone(zone_name)
    if where is None:
        return None
    if expression.startswith("at("):
        once = _at(expression, where)
        return once if once is not None and once > since else None
    interval = eventbridge._parse_rate_seconds(expression)
    if interval is not None:
        return since + float(interval)
    fields = eventbridge._parse_cron_fields(expression)
    if fields is None:
        return None
    # It walks the clock on the wall. An hour that is there twice counts once; what is never there comes an hour later.
    wall = datetime.fromtimestamp(since, where).replace(tzinfo=timezone.utc)
    found = eventbridge._cron_next_fire(fields, wall)
    return None if found is None else float(found.replace(tzinfo=where).timestamp())


def _at(expression: str, where: ZoneInfo) -> float | None:
    moment = scheduler._at_time_epoch(expression)
    if moment is None:
        return None
    return datetime.fromtimestamp(moment, timezone.utc).replace(tzinfo=where).timestamp()
