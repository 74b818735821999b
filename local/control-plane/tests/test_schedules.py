"""Schedules: when they are due, and the tasks that they start by rules and by EventBridge Scheduler."""

import json
from datetime import datetime, timezone
from typing import Any

import pytest
from botocore.exceptions import ClientError
from conftest import eventually
from test_run_task import Runs, runs  # noqa: F401 - the fixture

from highlands_control_plane import schedules
from highlands_control_plane.local_clock import LocalClock
from highlands_control_plane.schedule_expressions import due, fault, following, is_of_rule

CLUSTER = "arn:aws:ecs:us-east-1:000000000000:cluster/c"
ROLE = "arn:aws:iam::000000000000:role/r"
NETWORK = {"awsvpcConfiguration": {"Subnets": ["subnet-00000001"]}}
# A Monday.
NOW = datetime(2026, 11, 30, 19, 15, tzinfo=timezone.utc).timestamp()


@pytest.mark.parametrize(
    ("expression", "zone", "then"),
    [
        ("rate(5 minutes)", None, "2026-11-30T19:20"),
        ("rate(1 hour)", None, "2026-11-30T20:15"),
        ("cron(0 10 * * ? *)", None, "2026-12-01T10:00"),
        ("cron(0/10 * ? * MON-FRI *)", None, "2026-11-30T19:20"),
        ("cron(0 9 L * ? *)", None, "2026-12-31T09:00"),
        ("cron(0 9 LW * ? *)", None, "2026-12-31T09:00"),
        ("cron(0 9 1W 8 ? *)", None, "2027-08-02T09:00"),
        ("cron(0 9 ? * 6L *)", None, "2026-12-25T09:00"),
        ("cron(0 9 ? * 2#1 *)", None, "2026-12-07T09:00"),
        ("cron(0 9 ? * 1 *)", None, "2026-12-06T09:00"),
        ("cron(0 9 1 1 ? 2028)", None, "2028-01-01T09:00"),
        ("cron(0 9 ? * MON *)", "Europe/Berlin", "2026-12-07T08:00"),
        ("cron(0 9 1 7 ? *)", "America/New_York", "2027-07-01T13:00"),
        # An hour that is not there on the day on which summer begins.
        ("cron(30 2 28 3 ? *)", "Europe/Berlin", "2027-03-28T01:30"),
        ("at(2026-12-24T18:00:00)", "Europe/Berlin", "2026-12-24T17:00"),
    ],
)
def test_the_next_moment(expression: str, zone: str | None, then: str) -> None:
    moment = datetime.fromisoformat(then).replace(tzinfo=timezone.utc).timestamp()
    assert following(expression, zone, NOW) == moment
    assert due(expression, zone, NOW, moment)
    assert not due(expression, zone, NOW, moment - 1)


@pytest.mark.parametrize("expression", ["at(2026-11-30T19:14:00)", "cron(0 9 1 1 ? 2020)", "cron(0 9 * * * *)", "soon"])
def test_what_never_comes(expression: str) -> None:
    assert following(expression, None, NOW) is None


def test_what_nobody_can_read() -> None:
    assert fault("rate(5 parsecs)", None) == "Invalid Schedule Expression rate(5 parsecs)."
    assert fault("rate(5 minutes)", "Mars/Phobos") == "Invalid Schedule Expression Timezone Mars/Phobos."
    assert fault("cron(0 9 LW * ? *)", "Europe/Berlin") is None


NO_MOMENTS = [
    "cron(0 24 * * ? *)",
    "cron(60 * * * ? *)",
    "cron(0 9 1 0 ? *)",
    "cron(0 9 1 DEC-JAN ? *)",
    "cron(0 9 1 1 ? 99999)",
    "cron(0-9999999999999 9 1 1 ? *)",
    "cron(0 9 32 * ? *)",
    "cron(0 9 ? * 8 *)",
    "rate(0 minutes)",
    f"rate({'9' * 5000} days)",
]


@pytest.mark.parametrize("expression", [*NO_MOMENTS, "at(0001-01-01T00:00:00+05:00)"])
def test_what_has_no_moment_on_any_clock(expression: str) -> None:
    assert fault(expression, None) == f"Invalid Schedule Expression {expression}."
    assert not is_of_rule(expression)


def test_what_rules_can_have() -> None:
    for one in ("", "rate(1 day)", "cron(0/10 * ? * MON-FRI *)", "cron(0 9 ? * 6L 2199)", "cron(0 9 LW * ? *)"):
        assert is_of_rule(one)
    assert not is_of_rule("at(2026-12-24T18:00:00)")


def test_one_that_can_not_be_looked_at_stops_no_other_and_is_told_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    odd, good = ("", "", "odd"), ("", "", "good")
    expressions = {odd: "cron(0 24 * * ? *)", good: "rate(1 minute)"}
    fired = []
    records = [("events", key, {"ScheduleExpression": one}, []) for key, one in expressions.items()]
    monkeypatch.setattr(schedules, "_all", lambda: records)
    monkeypatch.setattr(schedules, "_fire", lambda kind, key, *more: fired.append(key))
    for at in range(0, 180, 30):
        schedules.tick(NOW + at)
    assert fired == [good, good]
    assert capsys.readouterr().err.count("schedule odd of events: ") == 1


def test_the_clock_goes_ahead_by_what_a_minute_lacks() -> None:
    clock = LocalClock()
    start = clock.now()
    for at in (1000.0, 1001.0, 1002.0, 1061.9, 1122.0):
        clock.close_minute(at)
    # Two minutes of a second, and two whole ones.
    assert 118 <= clock.now() - start < 119


def _minutes(runs: Runs, count: int) -> None:  # noqa: F811
    """Minutes of no time at all."""
    for at in range(count + 1):
        runs.plane.agent("close-minute", at=1_800_000_000 + at * 0.001)


def _begin(runs: Runs) -> None:  # noqa: F811
    """What is new counts from when it is seen first; a schedule that starts tasks at once shows that it was."""
    runs.plane.client("events").put_rule(Name="seen", ScheduleExpression="rate(1 minute)")
    runs.plane.client("events").put_targets(Rule="seen", Targets=[_target("seen")])

    def seen() -> bool:
        _minutes(runs, 1)
        return any(one["group"] == "seen" for one in runs.orders())

    eventually(seen)


def _target(group: str, **more: Any) -> dict[str, Any]:
    parameters = {
        "TaskDefinitionArn": "arn:aws:ecs:us-east-1:000000000000:task-definition/job",
        "LaunchType": "FARGATE",
        "NetworkConfiguration": NETWORK,
        "Group": group,
        **more,
    }
    return {"Id": "t", "Arn": CLUSTER, "RoleArn": ROLE, "EcsParameters": parameters}


def _of(runs: Runs, group: str) -> list[dict[str, Any]]:  # noqa: F811
    return [one for one in runs.orders() if one["group"] == group]


def test_a_rule_starts_tasks_with_its_input(runs: Runs) -> None:  # noqa: F811
    events = runs.plane.client("events")
    overrides = {"containerOverrides": [{"name": "job", "command": ["nightly"]}]}
    events.put_rule(Name="nightly", ScheduleExpression="rate(1 hour)")
    events.put_targets(Rule="nightly", Targets=[{**_target("nightly", TaskCount=2), "Input": json.dumps(overrides)}])
    events.put_rule(Name="off", ScheduleExpression="rate(1 minute)", State="DISABLED")
    events.put_targets(Rule="off", Targets=[_target("off")])
    _begin(runs)
    _minutes(runs, 61)
    first, _ = eventually(lambda: _of(runs, "nightly"))
    assert first["startedBy"] == "events-rule/nightly"
    assert first["overrides"]["containerOverrides"][0] == {"name": "job", "command": ["nightly"]}
    assert _of(runs, "off") == []


def test_an_event_that_a_rule_looks_for_starts_a_task(runs: Runs) -> None:  # noqa: F811
    events = runs.plane.client("events")
    events.put_rule(Name="on", EventPattern=json.dumps({"source": ["shop"]}))
    events.put_targets(Rule="on", Targets=[_target("on")])
    events.put_events(Entries=[{"Source": "shop", "DetailType": "sold", "Detail": "{}"}])
    eventually(lambda: _of(runs, "on"))


def test_a_schedule_starts_tasks_in_its_window_and_goes(runs: Runs) -> None:  # noqa: F811
    scheduler = runs.plane.client("scheduler")
    window = {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15}
    target = {key: one for key, one in _target("by").items() if key != "Id"}
    universal = {
        "Arn": "arn:aws:scheduler:::aws-sdk:ecs:runTask",
        "RoleArn": ROLE,
        "Input": json.dumps(
            {
                "Cluster": "c",
                "TaskDefinition": "job",
                "Group": "universal",
                "NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": ["subnet-00000001"]}},
            }
        ),
    }
    for name, one in (("by", target), ("universal", universal)):
        scheduler.create_schedule(
            Name=name, ScheduleExpression="rate(10 minutes)", FlexibleTimeWindow=window, Target=one
        )
    past = datetime(2020, 1, 1, tzinfo=timezone.utc)
    scheduler.create_schedule(
        Name="past",
        ScheduleExpression="rate(1 minute)",
        EndDate=past,
        ActionAfterCompletion="DELETE",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={**target, "EcsParameters": {**target["EcsParameters"], "Group": "past"}},
    )
    _begin(runs)
    _minutes(runs, 11)
    [found] = eventually(lambda: _of(runs, "by"))
    assert found["startedBy"] == "chronos-schedule/by"
    eventually(lambda: _of(runs, "universal"))
    assert _of(runs, "past") == []
    assert [one["Name"] for one in scheduler.list_schedules()["Schedules"]] == ["by", "universal"]


def test_what_is_refused_of_a_schedule(runs: Runs) -> None:  # noqa: F811
    scheduler = runs.plane.client("scheduler")
    request = {"FlexibleTimeWindow": {"Mode": "OFF"}, "Target": {"Arn": CLUSTER, "RoleArn": ROLE}}
    with pytest.raises(ClientError, match=r"Invalid Schedule Expression cron\(0 9\)"):
        scheduler.create_schedule(Name="s", ScheduleExpression="cron(0 9)", **request)
    with pytest.raises(ClientError, match="Timezone Mars/Phobos"):
        scheduler.create_schedule(
            Name="s", ScheduleExpression="rate(1 hour)", ScheduleExpressionTimezone="Mars/Phobos", **request
        )


def test_a_template_keeps_what_a_schedule_has(runs: Runs) -> None:  # noqa: F811
    properties = {
        "Name": "of-template",
        "ScheduleExpression": "cron(0 9 ? * MON *)",
        "ScheduleExpressionTimezone": "Europe/Berlin",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {"Arn": CLUSTER, "RoleArn": ROLE, "EcsParameters": {"TaskDefinitionArn": "job"}},
    }
    body = {"Resources": {"S": {"Type": "AWS::Scheduler::Schedule", "Properties": properties}}}
    cloudformation = runs.plane.client("cloudformation")
    cloudformation.create_stack(StackName="s", TemplateBody=json.dumps(body))
    eventually(lambda: cloudformation.describe_stacks(StackName="s")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE")
    schedule = runs.plane.client("scheduler").get_schedule(Name="of-template")
    assert schedule["ScheduleExpressionTimezone"] == "Europe/Berlin"
