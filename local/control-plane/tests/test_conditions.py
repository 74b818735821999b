"""Which resources a template's conditions let be made."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from conftest import ControlPlane, eventually

PARAMETERS = {
    "Kind": {"Type": "String", "Default": "small"},
    "Flag": {"Type": "String", "Default": "true"},
    "Zones": {"Type": "CommaDelimitedList", "Default": "a,b"},
}
MAPPINGS = {"Stages": {"us-east-1": {"Name": "dev", "IsPublic": True}}}
REGION = {"Ref": "AWS::Region"}


def _made(plane: ControlPlane, conditions: dict[str, Any]) -> list[str]:
    """The conditions that hold: each has a resource of its name."""
    resources = {
        name: {"Type": "AWS::SSM::Parameter", "Condition": name, "Properties": {"Type": "String", "Value": "x"}}
        for name in conditions
    }
    body = {"Parameters": PARAMETERS, "Mappings": MAPPINGS, "Conditions": conditions, "Resources": resources}
    formation = plane.client("cloudformation")
    formation.create_stack(StackName="S", TemplateBody=json.dumps(body))
    eventually(lambda: formation.describe_stacks(StackName="S")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE")
    return [one["LogicalResourceId"] for one in formation.list_stack_resources(StackName="S")["StackResourceSummaries"]]


def test_what_functions_and_pseudo_parameters_give_is_compared(plane: ControlPlane) -> None:
    equal = {
        "Region": [REGION, "us-east-1"],
        "Account": [{"Ref": "AWS::AccountId"}, "000000000000"],
        "Substituted": [{"Fn::Sub": "${AWS::Region}-${Kind}"}, "us-east-1-small"],
        "Joined": [{"Fn::Join": ["-", [REGION, {"Ref": "Kind"}]]}, "us-east-1-small"],
        "Mapped": [{"Fn::FindInMap": ["Stages", REGION, "Name"]}, "dev"],
        "MappedFlag": [{"Fn::FindInMap": ["Stages", REGION, "IsPublic"]}, "true"],
        "Flagged": [{"Ref": "Flag"}, True],
        "Selected": [{"Fn::Select": [1, {"Ref": "Zones"}]}, "b"],
    }
    conditions = {name: {"Fn::Equals": sides} for name, sides in equal.items()}
    different = {f"Not{name}": {"Fn::Not": [{"Condition": name}]} for name in conditions}
    assert sorted(_made(plane, {**different, **conditions})) == sorted(conditions)


def test_conditions_name_each_other_in_any_order(plane: ControlPlane) -> None:
    conditions = {
        "Both": {"Fn::And": [{"Condition": "Here"}, {"Condition": "Small"}]},
        "Neither": {"Fn::Not": [{"Fn::Or": [{"Condition": "Here"}, {"Condition": "Small"}]}]},
        "Here": {"Fn::Equals": [REGION, "us-east-1"]},
        "Small": {"Fn::Equals": [{"Ref": "Kind"}, "small"]},
    }
    assert sorted(_made(plane, conditions)) == ["Both", "Here", "Small"]


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        (
            {"A": {"Condition": "B"}, "B": {"Fn::Not": [{"Condition": "A"}]}},
            "circular dependency between conditions A, B",
        ),
        ({"A": {"Fn::Equals": [{"Fn::FindInMap": ["Stages", {"Ref": "Kind"}, "Name"]}, "dev"]}}, "Stages::small::Name"),
    ],
)
def test_a_condition_without_an_answer_is_refused(plane: ControlPlane, conditions: dict[str, Any], said: str) -> None:
    with pytest.raises(ClientError, match=said):
        _made(plane, conditions)
