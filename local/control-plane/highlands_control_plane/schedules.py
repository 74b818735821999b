"""Schedules of EventBridge's rules and of EventBridge Scheduler fire, by the clock of the region.

ministack has tickers of its own, in UTC and by the machine's clock; these take their place.
"""

import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import eventbridge, scheduler

from . import scheduled_actions
from .application_autoscaling import STATE
from .local_clock import CLOCK
from .replacing import replace, wrap_entries
from .resources import HANDLERS, Created, properties_of
from .schedule_expressions import due, fault, is_of_rule

# How often is looked: AWS fires within the minute that a schedule names.
_LOOK_SECONDS = 1.0
# Of a template; ministack keeps the others.
_KEPT = ("ScheduleExpressionTimezone", "StartDate", "EndDate", "ActionAfterCompletion", "KmsKeyArn")

Key = tuple[str, str, str]
# What is known of each: its expression, and since when nothing was due. One that is new, changed or enabled again begins anew.
_since: dict[tuple[str, Key], tuple[str, float]] = {}
# What was said of one that could not be looked at.
_told: dict[tuple[str, Key], str] = {}


def tick(now: float) -> None:
    """Fires what became due."""
    seen = set()
    for one in list(_all()):
        place = one[:2]
        try:
            if _is_under_way(*one, now):
                seen.add(place)
                _look(*one, now)
            _told.pop(place, None)
        except Exception as error:  # noqa: BLE001 - one schedule that can't be read or fired keeps no other from firing
            seen.add(place)
            _tell(place, f"{type(error).__name__}: {error}")
    for place in [one for one in _since if one not in seen]:
        del _since[place]
    for place in [one for one in _told if one not in seen]:
        del _told[place]


def _tell(place: tuple[str, Key], why: str) -> None:
    """Once of each, and not each second."""
    if _told.get(place) != why:
        _told[place] = why
        print(f"schedule {place[1][-1]} of {place[0]}: {why}", file=sys.stderr, flush=True)


def _is_under_way(kind: str, key: Key, record: dict[str, Any], targets: list[dict[str, Any]], now: float) -> bool:
    if record.get("State", "ENABLED") != "ENABLED" or not _has_begun(record, now):
        return False
    if _is_over(record, now):
        _complete(key, record)
        return False
    return True


def _look(kind: str, key: Key, record: dict[str, Any], targets: list[dict[str, Any]], now: float) -> None:
    place = (kind, key)
    expression = record.get("ScheduleExpression") or ""
    timezone = record.get("ScheduleExpressionTimezone")
    known, since = _since.get(place, ("", 0.0))
    if known != f"{expression} {timezone}":
        _since[place] = (f"{expression} {timezone}", now)
    elif due(expression, timezone, since, now):
        _since[place] = (known, now)
        _fire(kind, key, record, targets, now)


def _all() -> Iterator[tuple[str, Key, dict[str, Any], list[dict[str, Any]]]]:
    for key, rule in list(eventbridge._rules._data.items()):
        if rule.get("ScheduleExpression"):
            yield "events", key, rule, eventbridge._targets._data.get(key, [])
    for key, schedule in list(scheduler._schedules._data.items()):
        yield "scheduler", key, schedule, [schedule["Target"]] if schedule.get("Target") else []
    for name, action in list(STATE["scheduled"].items()):
        yield "scaling", ("", "", name), scheduled_actions.schedule_of(action), []


def _has_begun(record: dict[str, Any], now: float) -> bool:
    start = scheduler._to_epoch(record.get("StartDate"))
    return start is None or start <= now


def _is_over(record: dict[str, Any], now: float) -> bool:
    end = scheduler._to_epoch(record.get("EndDate"))
    return end is not None and end < now


def _complete(key: Key, record: dict[str, Any]) -> None:
    if record.get("ActionAfterCompletion") == "DELETE":
        scheduler._schedules._data.pop(key, None)


def _fire(kind: str, key: Key, record: dict[str, Any], targets: list[dict[str, Any]], now: float) -> None:
    if kind == "scaling":
        scheduled_actions.run(key[2])
        return
    account, region, _ = key
    with request_scope(account, region):
        event = {
            "EventId": eventbridge.new_uuid(),
            "Source": f"aws.{kind}",
            "DetailType": "Scheduled Event",
            "Detail": "{}",
            "EventBusName": record.get("EventBusName", "default"),
            "Time": now,
            "Resources": [record.get("Arn", "")],
            "Account": account,
            "Region": region,
        }
        for target in targets:
            eventbridge._invoke_target(target, event, record)
        if record.get("ScheduleExpression", "").strip().startswith("at("):
            _complete(key, record)


def _run() -> None:
    while True:
        time.sleep(_LOOK_SECONDS)
        try:
            tick(CLOCK.now())
        except Exception as error:  # noqa: BLE001 - one that can't be read keeps no other from firing for good
            print(f"schedules are looked at again: {type(error).__name__}: {error}", file=sys.stderr, flush=True)


def _start() -> None:
    threading.Thread(target=_run, daemon=True, name="schedules").start()


def _with_all_members(handler: Any) -> Any:
    """ministack's handlers of AWS::Scheduler::Schedule drop what they do not know."""

    def call(*arguments: Any) -> Created:
        properties = properties_of(arguments)
        found = fault(properties.get("ScheduleExpression", ""), properties.get("ScheduleExpressionTimezone"))
        if found is not None:
            raise ValueError(found)
        name, attributes = handler(*arguments)
        record = scheduler._schedules[f"{properties.get('GroupName', 'default')}/{name}"]
        for member in _KEPT:
            record.pop(member, None)
            if properties.get(member) is not None:
                record[member] = properties[member]
        return name, attributes

    return call


def _of_rule(handler: Any) -> Any:
    """ministack's handler of AWS::Events::Rule takes what PutRule refuses."""

    def create(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        if not is_of_rule(properties.get("ScheduleExpression") or ""):
            raise ValueError("Parameter ScheduleExpression is not valid.")
        created: Created = handler(logical_id, properties, stack)
        return created

    return create


def _checked(action: Any) -> Any:
    """CreateSchedule and UpdateSchedule refuse what nobody can read."""

    def call(name: str, body: dict[str, Any]) -> Any:
        found = fault(body.get("ScheduleExpression", ""), body.get("ScheduleExpressionTimezone"))
        return action(name, body) if found is None else scheduler._error(400, "ValidationException", found)

    return call


def register() -> None:
    """One ticker in the place of two."""
    for name in ("_create_schedule", "_update_schedule"):
        replace(scheduler, name, _checked(getattr(scheduler, name)))
    replace(eventbridge, "_validate_schedule_expression", is_of_rule)
    wrap_entries(HANDLERS["AWS::Events::Rule"], ("create",), _of_rule)
    wrap_entries(HANDLERS["AWS::Scheduler::Schedule"], ("create", "update"), _with_all_members)
    replace(eventbridge, "start_scheduler", _start)
    replace(scheduler, "start_scheduler", lambda: None)
