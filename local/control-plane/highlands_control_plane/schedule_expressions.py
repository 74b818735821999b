"""When a schedule is due: `rate(...)`, `cron(...)` with a time zone, `at(...)`.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html. What the six fields of a cron expression mean is
ministack's; time zones are here.
"""

from datetime import datetime, timezone
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ministack.services import eventbridge, scheduler


def zone(name: str | None) -> ZoneInfo | None:
    """None for a name that there is not."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def fault(expression: str, zone_name: str | None) -> str | None:
    """AWS's sentence of what nobody can read: https://github.com/aws/aws-sdk/issues/404 and, of the zone, from memory."""
    if zone(zone_name) is None:
        return f"Invalid Schedule Expression Timezone {zone_name}."
    text = expression.strip()
    known = (
        scheduler._at_time_epoch(text),
        eventbridge._parse_rate_seconds(text),
        eventbridge._parse_cron_fields(text),
    )
    return f"Invalid Schedule Expression {expression}." if all(one is None for one in known) else None


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
