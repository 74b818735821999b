"""Numbers and booleans that come as text, and text that comes as numbers: what CloudFormation takes, everywhere."""

import json
import os
from typing import Any

import property_schemas
import pytest
from conftest import HERE, ControlPlane, eventually

from highlands_control_plane.property_types import typed

FILE = HERE / "property-types.json"


def test_the_table_is_that_of_the_schemas() -> None:
    text = property_schemas.as_text(
        property_schemas.property_types(json.loads((HERE / "resource-types.json").read_text()))
    )
    if os.environ.get("UPDATE_GOLDENS"):
        FILE.write_text(text)
    assert FILE.read_text() == text, "write it with UPDATE_GOLDENS=1 pytest"


def _as_text(shape: Any, definitions: dict[str, Any], within: tuple[str, ...] = ()) -> tuple[Any, Any]:
    """A value of every property, as text where it is a number or a boolean and the other way round, and what it should become."""
    samples = {"integer": ("8080", 8080), "number": ("0.5", 0.5), "boolean": ("true", True), "string": (8080, "8080")}
    if isinstance(shape, str) and shape.startswith("#"):
        return ("x", "x") if shape in within else _as_text(definitions.get(shape[1:]), definitions, (*within, shape))
    if isinstance(shape, list):
        given, wanted = _as_text(shape[0], definitions, within)
        return [given], [wanted]
    if isinstance(shape, dict):
        both = {name: _as_text(one, definitions, within) for name, one in shape.items()}
        return {name: one[0] for name, one in both.items()}, {name: one[1] for name, one in both.items()}
    return samples.get(shape, ("x", "x"))


@pytest.mark.parametrize("name", json.loads(FILE.read_text()))
def test_every_property_of_every_type(name: str) -> None:
    types = json.loads(FILE.read_text())[name]
    given, wanted = _as_text(types["properties"], types["definitions"])
    assert typed(name, given) == wanted


@pytest.mark.parametrize(
    ("given", "wanted"),
    [("80", 80), (" 80 ", 80), (80.0, 80), ("80.0", 80), (80, 80), ("-1", -1), ("1e2", 100)],
)
def test_what_is_a_whole_number(given: Any, wanted: int) -> None:
    found = typed("AWS::ECS::Service", {"DesiredCount": given})["DesiredCount"]
    assert (found, type(found)) == (wanted, int)


@pytest.mark.parametrize("given", ["", "two", "1.5", 1.5, True, "true", "0x10", "1_000", "NaN", "Infinity", "[1]"])
def test_what_is_no_whole_number(given: Any) -> None:
    with pytest.raises(ValueError, match="#/DesiredCount: expected type: Integer"):
        typed("AWS::ECS::Service", {"DesiredCount": given})


@pytest.mark.parametrize(("given", "wanted"), [("true", True), ("False", False), (True, True)])
def test_what_is_a_boolean(given: Any, wanted: bool) -> None:
    assert typed("AWS::ECS::Service", {"EnableExecuteCommand": given}) == {"EnableExecuteCommand": wanted}


@pytest.mark.parametrize("given", ["yes", "", 1, 0, "1"])
def test_what_is_no_boolean(given: Any) -> None:
    with pytest.raises(ValueError, match="#/EnableExecuteCommand: expected type: Boolean"):
        typed("AWS::ECS::Service", {"EnableExecuteCommand": given})


def test_text_of_a_number_or_a_boolean() -> None:
    environment = [{"Name": "PORT", "Value": 8080}, {"Name": "DEBUG", "Value": False}, {"Name": "RATE", "Value": 0.5}]
    found = typed("AWS::ECS::TaskDefinition", {"ContainerDefinitions": [{"Environment": environment}]})
    assert [one["Value"] for one in found["ContainerDefinitions"][0]["Environment"]] == ["8080", "false", "0.5"]


def test_what_the_schema_does_not_know_stays() -> None:
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Condition": {"Bool": {"aws:SecureTransport": True}}}],
    }
    for name, properties in (
        ("AWS::IAM::Role", {"AssumeRolePolicyDocument": policy}),
        ("Custom::Mine", {"Count": "3"}),
    ):
        assert typed(name, properties) == properties


PARAMETERS = {"Port": {"Type": "Number", "Default": 8080}, "Yes": {"Type": "String", "Default": "true"}}
BASE = {
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16", "EnableDnsSupport": {"Ref": "Yes"}}},
    "Subnet": {
        "Type": "AWS::EC2::Subnet",
        "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/24", "MapPublicIpOnLaunch": {"Ref": "Yes"}},
    },
    "Group": {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {
            "GroupDescription": 7,
            "VpcId": {"Ref": "Vpc"},
            "SecurityGroupIngress": [
                {
                    "IpProtocol": 6,
                    "FromPort": {"Ref": "Port"},
                    "ToPort": {"Fn::Sub": "${Port}"},
                    "CidrIp": "10.0.0.0/16",
                }
            ],
        },
    },
    "Targets": {
        "Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
        "Properties": {
            "VpcId": {"Ref": "Vpc"},
            "TargetType": "ip",
            "Protocol": "HTTP",
            "Port": {"Ref": "Port"},
            "HealthCheckEnabled": {"Ref": "Yes"},
            "HealthCheckIntervalSeconds": "10",
            "HealthCheckPort": {"Ref": "Port"},
            "Matcher": {"HttpCode": 204},
        },
    },
    "Definition": {
        "Type": "AWS::ECS::TaskDefinition",
        "Properties": {
            "Family": "one",
            "Cpu": 256,
            "Memory": 512,
            "NetworkMode": "awsvpc",
            "RequiresCompatibilities": ["FARGATE"],
            "ContainerDefinitions": [
                {
                    "Name": "app",
                    "Image": "app:1",
                    "Essential": {"Ref": "Yes"},
                    "StopTimeout": "30",
                    "PortMappings": [{"ContainerPort": {"Ref": "Port"}}],
                    "Environment": [{"Name": "PORT", "Value": 8080}, {"Name": "DEBUG", "Value": True}],
                    "HealthCheck": {"Command": ["CMD", "true"], "Interval": {"Fn::Join": ["", ["1", "0"]]}},
                    "Ulimits": [{"Name": "nofile", "SoftLimit": "1024", "HardLimit": "1024"}],
                }
            ],
        },
    },
}


def test_parameters_in_the_place_of_numbers(plane: ControlPlane) -> None:
    stacks = plane.client("cloudformation")
    template = json.dumps({"Parameters": PARAMETERS, "Resources": BASE})
    stacks.create_stack(StackName="S", TemplateBody=template)
    stacks.get_waiter("stack_create_complete").wait(StackName="S", WaiterConfig={"Delay": 1, "MaxAttempts": 20})
    definition = plane.client("ecs").describe_task_definition(taskDefinition="one")["taskDefinition"]
    [container] = definition["containerDefinitions"]
    assert (definition["cpu"], definition["memory"]) == ("256", "512")
    assert container["portMappings"][0]["containerPort"] == 8080
    assert container["essential"] is True
    assert container["stopTimeout"] == 30
    assert container["healthCheck"]["interval"] == 10
    assert container["environment"] == [{"name": "PORT", "value": "8080"}, {"name": "DEBUG", "value": "true"}]
    assert container["ulimits"] == [{"name": "nofile", "softLimit": 1024, "hardLimit": 1024}]
    [group] = plane.client("elbv2").describe_target_groups()["TargetGroups"]
    assert (group["Port"], group["HealthCheckPort"], group["HealthCheckIntervalSeconds"]) == (8080, "8080", 10)
    assert (group["HealthCheckEnabled"], group["Matcher"]) == (True, {"HttpCode": "204"})
    groups = plane.client("ec2").describe_security_groups()["SecurityGroups"]
    [rule] = next(one for one in groups if one["Description"] == "7")["IpPermissions"]
    assert (rule["FromPort"], rule["ToPort"]) == (8080, 8080)


def test_a_value_of_another_type_fails_in_one_line(plane: ControlPlane) -> None:
    stacks = plane.client("cloudformation")
    broken = {
        "Targets": {
            "Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
            "Properties": {"Port": "eighty", "Protocol": "HTTP"},
        }
    }
    stacks.create_stack(StackName="S", TemplateBody=json.dumps({"Resources": broken}))
    eventually(lambda: stacks.describe_stacks(StackName="S")["Stacks"][0]["StackStatus"] == "ROLLBACK_COMPLETE")
    events = stacks.describe_stack_events(StackName="S")["StackEvents"]
    [reason] = [one["ResourceStatusReason"] for one in events if one["ResourceStatus"] == "CREATE_FAILED"]
    assert (
        reason
        == "Properties validation failed for resource Targets with message: #/Port: expected type: Integer, found: String"
    )
