"""Alarms over metrics that are really put, with the minute ended by the test in the agent's place."""

import datetime
import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError
from conftest import ControlPlane, eventually

from highlands_control_plane.log_events import MOST_EVENTS

NAMESPACE = "AWS/ECS"


def put(
    plane: ControlPlane, name: str, values: list[float], counts: list[float] | None = None, **dimensions: str
) -> None:
    datum: dict[str, Any] = {
        "MetricName": name,
        "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
        "Values": values,
        "Counts": counts or [1.0] * len(values),
        "Timestamp": datetime.datetime.now(datetime.timezone.utc),
    }
    plane.client("cloudwatch").put_metric_data(Namespace=NAMESPACE, MetricData=[datum])


def end_minute(plane: ControlPlane) -> None:
    assert plane.agent("close-minute", at=time.time()) == {}


def stat(name: str, statistic: str, **dimensions: str) -> dict[str, Any]:
    return {
        "Metric": {
            "Namespace": NAMESPACE,
            "MetricName": name,
            "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
        },
        "Period": 60,
        "Stat": statistic,
    }


ERRORS = [
    {"Id": "e1", "Expression": "IF(requests >= 20, 100 * FILL(errors, 0) / requests, 0)"},
    {"Id": "requests", "ReturnData": False, "MetricStat": stat("RequestCount", "Sum", DiscoveryName="a")},
    {
        "Id": "errors",
        "ReturnData": False,
        "MetricStat": stat("HTTPCode_Target_5XX_Count", "Sum", TargetDiscoveryName="a"),
    },
]


def template(metrics: list[dict[str, Any]], topic: str, **more: Any) -> str:
    alarm = {
        "Metrics": metrics,
        "Threshold": 5,
        "ComparisonOperator": "GreaterThanThreshold",
        "EvaluationPeriods": 5,
        "DatapointsToAlarm": 3,
        "TreatMissingData": "notBreaching",
        "AlarmActions": [topic],
        **more,
    }
    return json.dumps({"Resources": {"Errors": {"Type": "AWS::CloudWatch::Alarm", "Properties": alarm}}})


def inbox(plane: ControlPlane) -> tuple[str, Any]:
    """A topic, and what its subscriber got so far."""
    sns, sqs = plane.client("sns"), plane.client("sqs")
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    queue = sqs.create_queue(QueueName="alarms")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)

    def received() -> list[dict[str, Any]]:
        messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(json.loads(message["Body"])["Message"]) for message in messages]

    return topic, received


def test_an_alarm_on_an_expression_goes_off_tells_the_topic_and_ends(plane: ControlPlane) -> None:
    topic, received = inbox(plane)
    cloudformation, cloudwatch = plane.client("cloudformation"), plane.client("cloudwatch")
    cloudformation.create_stack(StackName="s", TemplateBody=template(ERRORS, topic))
    eventually(lambda: cloudformation.describe_stacks(StackName="s")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE")

    def alarm() -> dict[str, Any]:
        return cloudwatch.describe_alarms()["MetricAlarms"][0]

    assert alarm()["StateValue"] == "INSUFFICIENT_DATA"
    assert [query["Id"] for query in alarm()["Metrics"]] == ["e1", "requests", "errors"]
    assert "MetricName" not in alarm()
    end_minute(plane)
    assert alarm()["StateValue"] == "OK"
    for minute in range(3):
        put(plane, "RequestCount", [40.0], DiscoveryName="a")
        # Another dimension set of the same name is another metric.
        put(plane, "RequestCount", [4000.0], DiscoveryName="a", ServiceName="x", ClusterName="c")
        put(plane, "HTTPCode_Target_5XX_Count", [10.0], TargetDiscoveryName="a")
        end_minute(plane)
        assert alarm()["StateValue"] == ("ALARM" if minute == 2 else "OK")
    assert "3 out of the last 5 datapoints [25.0, 25.0, 25.0" in alarm()["StateReason"]
    [told] = received()
    assert (told["OldStateValue"], told["NewStateValue"]) == ("OK", "ALARM")
    # Two more than the five: it looks further back for data points that are missing.
    for _ in range(5):
        end_minute(plane)
    assert alarm()["StateValue"] == "OK"
    history = cloudwatch.describe_alarm_history(HistoryItemType="StateUpdate")["AlarmHistoryItems"]
    changes = [json.loads(item["HistoryData"])["newState"]["stateValue"] for item in history]
    assert changes.count("ALARM") == 1
    assert changes.count("OK") == 2


def test_an_alarm_that_can_not_be_understood_says_so(plane: ControlPlane) -> None:
    queries = [{**ERRORS[0], "Expression": "ANOMALY_DETECTION_BAND(requests)"}, *ERRORS[1:]]
    options = {"Threshold": 1.0, "ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1}
    plane.client("cloudwatch").put_metric_alarm(AlarmName="x", Metrics=queries, **options)
    end_minute(plane)
    [alarm] = plane.client("cloudwatch").describe_alarms()["MetricAlarms"]
    assert (alarm["StateValue"], "ANOMALY_DETECTION_BAND is not supported" in alarm["StateReason"]) == (
        "INSUFFICIENT_DATA",
        True,
    )


def test_metrics_are_read_with_percentiles_and_expressions(plane: ControlPlane) -> None:
    cloudwatch = plane.client("cloudwatch")
    put(plane, "TargetResponseTime", [1.0, 100.0], [98.0, 2.0], TargetDiscoveryName="a")
    put(plane, "RequestCount", [40.0], DiscoveryName="a")
    now = datetime.datetime.now(datetime.timezone.utc)
    window = {"StartTime": now - datetime.timedelta(minutes=5), "EndTime": now + datetime.timedelta(minutes=5)}
    dimensions = [{"Name": "TargetDiscoveryName", "Value": "a"}]
    metric = {"Namespace": NAMESPACE, "MetricName": "TargetResponseTime", "Dimensions": dimensions}
    [point] = cloudwatch.get_metric_statistics(**metric, **window, Period=60, ExtendedStatistics=["p50", "p99"])[
        "Datapoints"
    ]
    assert point["ExtendedStatistics"] == {"p50": 1.0, "p99": 100.0}
    queries = [*ERRORS, {"Id": "slow", "MetricStat": stat("TargetResponseTime", "p99", TargetDiscoveryName="a")}]
    results = cloudwatch.get_metric_data(MetricDataQueries=queries, **window)["MetricDataResults"]
    assert [(one["Id"], one["Values"]) for one in results] == [("e1", [0.0]), ("slow", [100.0])]
    with pytest.raises(ClientError, match="RATE is not supported"):
        cloudwatch.get_metric_data(
            MetricDataQueries=[{**ERRORS[0], "Expression": "RATE(errors)"}, *ERRORS[1:]], **window
        )


def test_a_log_group_keeps_its_newest_events(plane: ControlPlane) -> None:
    logs = plane.client("logs")
    logs.create_log_group(logGroupName="g")
    now = int(time.time() * 1000)
    for stream, first in (("old", 0), ("new", 6_000)):
        logs.create_log_stream(logGroupName="g", logStreamName=stream)
        for start in range(first, first + 6_000, 3_000):
            events = [{"timestamp": now + index, "message": f"line {index}"} for index in range(start, start + 3_000)]
            logs.put_log_events(logGroupName="g", logStreamName=stream, logEvents=events)
    kept = [
        event["message"]
        for stream in ("old", "new")
        for event in logs.get_log_events(logGroupName="g", logStreamName=stream, startFromHead=True)["events"]
    ]
    assert len(kept) == MOST_EVENTS
    assert (kept[0], kept[-1]) == ("line 2000", "line 11999")
