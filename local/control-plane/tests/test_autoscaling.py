"""Application Auto Scaling: records of targets and policies, by API and by template."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from conftest import ControlPlane, eventually

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


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"PolicyType": "StepScaling"}, "StepScaling of p is not supported"),
        (
            {"TargetTrackingScalingPolicyConfiguration": policy("DynamoDBReadCapacityUtilization")},
            "DynamoDBReadCapacityUtilization",
        ),
        ({"ResourceId": "service/c/other"}, "no scalable target service/c/other: register it first"),
    ],
)
def test_what_cannot_run_here_is_refused(plane: ControlPlane, change: dict[str, Any], message: str) -> None:
    scaling = plane.client("application-autoscaling")
    scaling.register_scalable_target(**TARGET, MinCapacity=1, MaxCapacity=2)
    good = {
        **TARGET,
        "PolicyName": "p",
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingScalingPolicyConfiguration": policy(),
    }
    with pytest.raises(ClientError, match=message):
        scaling.put_scaling_policy(**{**good, **change})
