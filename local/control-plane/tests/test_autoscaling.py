"""Application Auto Scaling: records of targets and policies, by API and by template."""

import json
from typing import Any

import pytest
from conftest import ControlPlane, eventually
from in_process import act

from highlands_control_plane.resources import HANDLERS

TARGET = {"ServiceNamespace": "ecs", "ResourceId": "service/c/s", "ScalableDimension": "ecs:service:DesiredCount"}


def policy(metric: str = "ECSServiceAverageCPUUtilization") -> dict[str, Any]:
    return {"TargetValue": 60.0, "PredefinedMetricSpecification": {"PredefinedMetricType": metric}}


def test_a_template_makes_and_removes_them(plane: ControlPlane) -> None:
    body = {
        "Resources": {
            "Target": {
                "Type": "AWS::ApplicationAutoScaling::ScalableTarget",
                "Properties": {**TARGET, "MinCapacity": 1, "MaxCapacity": 4, "RoleARN": "arn:r"},
            },
            "Policy": {
                "Type": "AWS::ApplicationAutoScaling::ScalingPolicy",
                "Properties": {
                    "PolicyName": "p",
                    "PolicyType": "TargetTrackingScaling",
                    "ScalingTargetId": {"Ref": "Target"},
                    "TargetTrackingScalingPolicyConfiguration": policy(),
                },
            },
        }
    }
    cloudformation, scaling = plane.client("cloudformation"), plane.client("application-autoscaling")
    status = lambda: cloudformation.describe_stacks(StackName="s")["Stacks"][0]["StackStatus"]
    cloudformation.create_stack(StackName="s", TemplateBody=json.dumps(body))
    eventually(lambda: status() == "CREATE_COMPLETE")
    [target] = scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]
    [found] = scaling.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"]
    assert (target["ResourceId"], target["MaxCapacity"]) == ("service/c/s", 4)
    assert found["TargetTrackingScalingPolicyConfiguration"]["TargetValue"] == 60.0
    body["Resources"]["Target"]["Properties"]["MaxCapacity"] = 5
    cloudformation.update_stack(StackName="s", TemplateBody=json.dumps(body))
    eventually(lambda: status() == "UPDATE_COMPLETE")
    assert scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"][0]["MaxCapacity"] == 5
    cloudformation.delete_stack(StackName="s")
    eventually(lambda: not scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"])
    assert scaling.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"] == []


def test_the_agent_notes_what_it_did(plane: ControlPlane) -> None:
    plane.agent("note-scaling", resourceId="service/c/s", description="Setting desired count to 3.", cause="cpu")
    [activity] = plane.client("application-autoscaling").describe_scaling_activities(ServiceNamespace="ecs")[
        "ScalingActivities"
    ]
    assert activity["Description"] == "Setting desired count to 3."


LABEL = "app/lb/1/targetgroup/g/2"


def with_label(metric: str, label: str | None) -> dict[str, Any]:
    more = {} if label is None else {"ResourceLabel": label}
    return {"TargetValue": 60.0, "PredefinedMetricSpecification": {"PredefinedMetricType": metric, **more}}


CONFIGURATION = "TargetTrackingScalingPolicyConfiguration"
CUSTOM = {"CustomizedMetricSpecification": {"MetricName": "m", "Namespace": "n", "Statistic": "Average"}}
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"PolicyType": "StepScaling", CONFIGURATION: None}, "StepScaling policy configuration must be specified"),
    ({CONFIGURATION: None}, "TargetTrackingScaling policy configuration must be specified"),
    (
        {"StepScalingPolicyConfiguration": {"AdjustmentType": "ChangeInCapacity"}},
        "You must only provide a single scaling policy configuration, which must match the scaling policy type specified.",
    ),
    (
        {
            "PolicyType": "StepScaling",
            CONFIGURATION: None,
            "StepScalingPolicyConfiguration": {"AdjustmentType": "ChangeInCapacity"},
        },
        "At least one step adjustment must be specified for step scaling.",
    ),
    (
        {CONFIGURATION: policy("DynamoDBReadCapacityUtilization")},
        "Scalable dimension ecs:service:DesiredCount only supports the following predefined metric types: ECSService",
    ),
    (
        {CONFIGURATION: {**policy(), **CUSTOM}},
        "Only one of PredefinedMetricSpecification or CustomizedMetricSpecification",
    ),
    ({CONFIGURATION: {"TargetValue": 1.0}}, "must be set for target tracking scaling."),
    (
        {CONFIGURATION: {"TargetValue": 1.0, **CUSTOM}},
        "metric of its own of policy p is not supported in the local region",
    ),
    (
        {CONFIGURATION: with_label("ECSServiceAverageCPUUtilization", LABEL)},
        "Resource label should not be specified for predefined metric type ECSServiceAverageCPUUtilization",
    ),
    (
        {CONFIGURATION: with_label("ALBRequestCountPerTarget", None)},
        "Resource label should be specified for predefined metric type ALBRequestCountPerTarget",
    ),
    (
        {CONFIGURATION: with_label("ALBRequestCountPerTarget", "lb/g")},
        "Invalid resource label 'lb/g' for predefined metric type ALBRequestCountPerTarget",
    ),
    (
        {"ResourceId": "service/c/other"},
        "No scalable target registered for service namespace: ecs, resource ID: service/c/other, scalable dimension: ",
    ),
    ({"ResourceId": "s"}, "Unsupported service namespace, resource type or scalable dimension"),
]


def call(action: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    return act(f"AnyScaleFrontendService.{action}", body, "application-autoscaling")


@pytest.mark.parametrize(("change", "message"), REFUSED, ids=[one[1] for one in REFUSED])
def test_a_policy_is_refused(change: dict[str, Any], message: str) -> None:
    assert call("RegisterScalableTarget", {**TARGET, "MinCapacity": 1, "MaxCapacity": 2})[0] == 200
    good = {**TARGET, "PolicyName": "p", "PolicyType": "TargetTrackingScaling", CONFIGURATION: policy()}
    given = {key: value for key, value in {**good, **change}.items() if value is not None}
    status, answer = call("PutScalingPolicy", given)
    assert status == 400
    assert message in answer["message"]
    kind = "ObjectNotFoundException" if message.startswith("No scalable") else "ValidationException"
    assert answer["__type"].endswith(kind)


TARGETS: list[tuple[str, dict[str, Any], str]] = [
    (
        "RegisterScalableTarget",
        {"MinCapacity": 2, "MaxCapacity": 1},
        "Maximum capacity cannot be less than minimum capac",
    ),
    ("RegisterScalableTarget", {"MinCapacity": -1, "MaxCapacity": 1}, "Minimum capacity cannot be less than 0"),
    ("RegisterScalableTarget", {}, "MinCapacity and MaxCapacity are required for a new scalable target"),
    ("DeregisterScalableTarget", {}, "No scalable target registered for service namespace: ecs"),
    ("DeleteScalingPolicy", {"PolicyName": "none"}, "No scaling policy found for service namespace: ecs"),
]


@pytest.mark.parametrize(("action", "more", "message"), TARGETS, ids=[one[2] for one in TARGETS])
def test_a_target_is_refused(action: str, more: dict[str, Any], message: str) -> None:
    status, answer = call(action, {**TARGET, "ResourceId": "service/c/new", **more})
    assert status == 400
    assert message in answer["message"]


def test_by_cloudformation_it_is_the_same_sentence() -> None:
    properties = {**TARGET, "MinCapacity": 2, "MaxCapacity": 1}
    said = r'Resource handler returned message: "Maximum capacity cannot be less than minimum capacity \(Service: Appl'
    with pytest.raises(ValueError, match=said):
        HANDLERS["AWS::ApplicationAutoScaling::ScalableTarget"]["create"]("Target", properties, "stack")
