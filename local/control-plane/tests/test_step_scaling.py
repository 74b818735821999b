"""Step scaling as AWS computes it, by the alarms of the region; scheduled actions; the metrics of queues."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from conftest import eventually
from test_run_task import NETWORK, Runs, runs  # noqa: F401 - the fixture

from highlands_control_plane import application_autoscaling, scaling_actions
from highlands_control_plane.refused import Refused
from highlands_control_plane.step_scaling import Last, capacity, desired

OUT = [
    {"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 10, "ScalingAdjustment": 0},
    {"MetricIntervalLowerBound": 10, "MetricIntervalUpperBound": 20, "ScalingAdjustment": 10},
    {"MetricIntervalLowerBound": 20, "ScalingAdjustment": 30},
]
IN = [
    {"MetricIntervalUpperBound": -20, "ScalingAdjustment": -30},
    {"MetricIntervalLowerBound": -20, "MetricIntervalUpperBound": -10, "ScalingAdjustment": -10},
    {"MetricIntervalLowerBound": -10, "MetricIntervalUpperBound": 0, "ScalingAdjustment": 0},
]
TARGET = {"ServiceNamespace": "ecs", "ResourceId": "service/c/web", "ScalableDimension": "ecs:service:DesiredCount"}


# The example of AWS's page: ten tasks, a threshold of 50.
@pytest.mark.parametrize(
    ("steps", "current", "breach", "wanted"),
    [
        (OUT, 10, 9.9, None),
        (OUT, 10, 10, 11),
        (OUT, 11, 20, 14),
        (IN, 14, -10, 13),
        (IN, 13, -20, 10),
        (IN, 10, -10.1, 9),
        (OUT, 10, -1, None),
    ],
)
def test_the_steps_of_the_example(steps: list[dict[str, Any]], current: int, breach: float, wanted: int | None) -> None:
    policy = {"AdjustmentType": "PercentChangeInCapacity", "StepAdjustments": steps}
    assert desired(policy, breach, current, (1, 20), None, 0) == wanted


@pytest.mark.parametrize(
    ("policy", "value", "wanted"),
    [
        ({"AdjustmentType": "ChangeInCapacity"}, 3, 13),
        ({"AdjustmentType": "ExactCapacity"}, 4, 4),
        ({"AdjustmentType": "PercentChangeInCapacity"}, 127, 22),
        ({"AdjustmentType": "PercentChangeInCapacity"}, 6.7, 11),
        ({"AdjustmentType": "PercentChangeInCapacity"}, -6.7, 9),
        ({"AdjustmentType": "PercentChangeInCapacity"}, -66.7, 4),
        ({"AdjustmentType": "PercentChangeInCapacity", "MinAdjustmentMagnitude": 3}, 10, 13),
    ],
)
def test_adjustments_and_how_they_are_rounded(policy: dict[str, Any], value: float, wanted: int) -> None:
    assert capacity(policy, 10, value) == wanted


def test_cooldowns() -> None:
    more = [{"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 10, "ScalingAdjustment": 2}]
    more += [{"MetricIntervalLowerBound": 10, "ScalingAdjustment": 3}]
    policy = {"AdjustmentType": "ChangeInCapacity", "Cooldown": 60, "StepAdjustments": more}
    last = Last(0, 1, out=True)
    # Two were added to one: the same breach adds nothing, a larger one goes on from there, and later both do.
    assert desired(policy, 5, 3, (1, 9), last, 30) is None
    assert desired(policy, 15, 3, (1, 9), last, 30) == 4
    assert desired(policy, 5, 3, (1, 9), last, 60) == 5
    less = {"AdjustmentType": "ChangeInCapacity", "Cooldown": 60, "StepAdjustments": [{"ScalingAdjustment": -1}]}
    assert desired(less, -5, 3, (1, 9), Last(0, 4, out=False), 30) is None
    assert desired(less, -5, 3, (1, 9), Last(0, 4, out=False), 90) == 2
    assert desired(less, -5, 1, (1, 9), None, 90) is None


class Scaled:
    """A service with bounds, and minutes of no time at all."""

    def __init__(self, runs: Runs) -> None:  # noqa: F811
        self.plane, self.ecs = runs.plane, runs.ecs
        self.scaling = runs.plane.client("application-autoscaling")
        self._at = 1_900_000_000.0
        runs.ecs.create_service(
            cluster="c", serviceName="web", taskDefinition="job", desiredCount=1, networkConfiguration=NETWORK
        )
        self.scaling.register_scalable_target(**TARGET, MinCapacity=1, MaxCapacity=5)

    def minute(self) -> None:
        self._at += 0.01
        self.plane.agent("close-minute", at=self._at)

    def count(self) -> int:
        [service] = self.ecs.describe_services(cluster="c", services=["web"])["services"]
        return service["desiredCount"]


@pytest.fixture
def scaled(runs: Runs) -> Scaled:  # noqa: F811
    return Scaled(runs)


def test_a_queue_that_fills_scales_its_service(scaled: Scaled) -> None:
    steps = [{"MetricIntervalLowerBound": 0, "MetricIntervalUpperBound": 10, "ScalingAdjustment": 1}]
    steps += [{"MetricIntervalLowerBound": 10, "ScalingAdjustment": 3}]
    configuration = {"AdjustmentType": "ChangeInCapacity", "Cooldown": 120, "StepAdjustments": steps}
    arn = scaled.scaling.put_scaling_policy(
        **TARGET, PolicyName="steps", PolicyType="StepScaling", StepScalingPolicyConfiguration=configuration
    )["PolicyARN"]
    scaled.plane.client("cloudwatch").put_metric_alarm(
        AlarmName="full",
        Namespace="AWS/SQS",
        MetricName="ApproximateNumberOfMessagesVisible",
        Dimensions=[{"Name": "QueueName", "Value": "work"}],
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=2,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        AlarmActions=[arn],
    )
    sqs = scaled.plane.client("sqs")
    queue = sqs.create_queue(QueueName="work")["QueueUrl"]
    scaled.minute()
    assert scaled.count() == 1
    for number in range(3):
        sqs.send_message(QueueUrl=queue, MessageBody=str(number))
    scaled.minute()
    assert scaled.count() == 2
    [activity] = scaled.scaling.describe_scaling_activities(ServiceNamespace="ecs")["ScalingActivities"]
    assert activity["Cause"] == "monitor alarm full in state ALARM triggered policy steps"
    # The alarm goes on in its state, and with the cooldown over it adds again.
    eventually(lambda: scaled.minute() or scaled.count() == 3)


def _breach(**more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    configuration = {"AdjustmentType": "ChangeInCapacity", "StepAdjustments": [{"ScalingAdjustment": 2}], **more}
    policy = {"PolicyName": "p", "ResourceId": "service/c/web", "StepScalingPolicyConfiguration": configuration}
    return policy, {"AlarmName": "full", "StateValue": "ALARM", "Threshold": 0}


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """One of one task, with bounds, and nothing that scaled before."""
    one = {"desiredCount": 1, "status": "ACTIVE"}
    bounds = {"service/c/web": {"MinCapacity": 1, "MaxCapacity": 50}}
    monkeypatch.setattr(scaling_actions, "_last", {})
    monkeypatch.setattr(scaling_actions, "STATE", {"targets": bounds})
    monkeypatch.setattr(scaling_actions, "note_activity", lambda activity: None)
    monkeypatch.setattr(scaling_actions.service_records, "find", lambda *name: one)
    monkeypatch.setattr(scaling_actions.service_records, "update", one.update)
    return one


def test_within_its_cooldown_a_breach_that_grew_adds_once(service: dict[str, Any]) -> None:
    steps = [{"MetricIntervalUpperBound": 10, "ScalingAdjustment": 1}]
    steps += [{"MetricIntervalLowerBound": 10, "ScalingAdjustment": 3}]
    policy, alarm = _breach(StepAdjustments=steps)
    counts = []
    for value in (1, 20, 20, 20):
        scaling_actions._follow(policy, alarm, value)
        counts.append(service["desiredCount"])
    assert counts == [2, 4, 4, 4]


def test_what_is_refused_of_a_service_is_an_activity_that_failed(
    service: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(request: dict[str, Any]) -> None:
        raise Refused("ClientException", "no such revision")

    state: dict[str, Any] = {"activities": []}
    monkeypatch.setattr(application_autoscaling, "STATE", state)
    monkeypatch.setattr(scaling_actions, "note_activity", application_autoscaling.note_activity)
    monkeypatch.setattr(scaling_actions.service_records, "update", refuse)
    scaling_actions._follow(*_breach(), 1)
    [activity] = state["activities"]
    assert (activity["StatusCode"], activity["StatusMessage"]) == (
        "Failed",
        "Failed to set desired count to 3. Reason: no such revision",
    )


def test_bounds_by_the_clock(scaled: Scaled) -> None:
    scaled.scaling.put_scheduled_action(
        **TARGET,
        ScheduledActionName="open",
        Schedule="rate(5 minutes)",
        ScalableTargetAction={"MinCapacity": 3, "MaxCapacity": 9},
    )

    def bounds() -> tuple[int, int]:
        [target] = scaled.scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]
        return target["MinCapacity"], target["MaxCapacity"]

    eventually(lambda: scaled.minute() or bounds() == (3, 9))
    [action] = scaled.scaling.describe_scheduled_actions(ServiceNamespace="ecs")["ScheduledActions"]
    assert action["ScheduledActionName"] == "open"
    scaled.scaling.delete_scheduled_action(**TARGET, ScheduledActionName="open")
    assert scaled.scaling.describe_scheduled_actions(ServiceNamespace="ecs")["ScheduledActions"] == []


@pytest.mark.parametrize(
    ("configuration", "said"),
    [
        ({"AdjustmentType": "More", "StepAdjustments": OUT}, "djustmentType"),
        ({"AdjustmentType": "ExactCapacity"}, "At least one step adjustment"),
        ({"AdjustmentType": "ExactCapacity", "StepAdjustments": OUT[:1] + OUT[2:]}, "can't have a gap"),
        ({"AdjustmentType": "ExactCapacity", "StepAdjustments": OUT + OUT[:1]}, "can't overlap"),
        (
            {"AdjustmentType": "ExactCapacity", "MinAdjustmentMagnitude": 2, "StepAdjustments": OUT},
            "MinAdjustmentMagnitude is only",
        ),
    ],
)
def test_what_is_refused_of_steps(scaled: Scaled, configuration: dict[str, Any], said: str) -> None:
    with pytest.raises(ClientError, match=said):
        scaled.scaling.put_scaling_policy(
            **TARGET, PolicyName="p", PolicyType="StepScaling", StepScalingPolicyConfiguration=configuration
        )
