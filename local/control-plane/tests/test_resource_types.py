"""What the check of an app knows of the control plane, and the resources that CDK makes by itself."""

import json
import os
import subprocess
import sys
from typing import Any

from conftest import HERE, ControlPlane

FILE = HERE / "resource-types.json"
_PRINT = """
import json
from highlands_control_plane.application import extend
from highlands_control_plane.records import RECORDS
from highlands_control_plane.resources import HANDLERS
extend()
print(json.dumps(sorted(set(HANDLERS) - RECORDS), indent=2))
"""


def test_the_list_of_types_is_that_of_the_handlers() -> None:
    # In a process of its own: ministack reads its settings from the environment when it is imported.
    run = subprocess.run([sys.executable, "-c", _PRINT], cwd=HERE, capture_output=True, text=True, check=True)
    if os.environ.get("UPDATE_GOLDENS"):
        FILE.write_text(run.stdout)
    assert json.loads(FILE.read_text()) == json.loads(run.stdout), "write it with UPDATE_GOLDENS=1 pytest"


def _deploy(plane: ControlPlane, resources: dict[str, Any]) -> None:
    stacks = plane.client("cloudformation")
    stacks.create_stack(StackName="S", TemplateBody=json.dumps({"Resources": resources}))
    stacks.get_waiter("stack_create_complete").wait(StackName="S", WaiterConfig={"Delay": 1, "MaxAttempts": 20})


def test_a_generated_secret_is_as_the_template_asks(plane: ControlPlane) -> None:
    generate = {
        "SecretStringTemplate": json.dumps({"username": "web"}),
        "GenerateStringKey": "password",
        "ExcludePunctuation": True,
        "PasswordLength": 24,
    }
    _deploy(
        plane,
        {
            "Secret": {
                "Type": "AWS::SecretsManager::Secret",
                "Properties": {"Name": "s", "GenerateSecretString": generate},
            }
        },
    )
    # `Ref` is the ARN.
    physical = plane.client("cloudformation").describe_stack_resource(StackName="S", LogicalResourceId="Secret")
    assert physical["StackResourceDetail"]["PhysicalResourceId"].startswith("arn:aws:secretsmanager:")
    secret = json.loads(plane.client("secretsmanager").get_secret_value(SecretId="s")["SecretString"])
    assert secret["username"] == "web"
    assert len(secret["password"]) == 24
    assert secret["password"].isalnum()


def test_the_default_security_group_of_a_vpc_loses_its_rules(plane: ControlPlane) -> None:
    group = {"Fn::GetAtt": ["Vpc", "DefaultSecurityGroup"]}
    _deploy(
        plane,
        {
            "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
            "Restrict": {
                "Type": "Custom::VpcRestrictDefaultSG",
                "Properties": {
                    "ServiceToken": "arn:aws:lambda:us-east-1:000000000000:function:f",
                    "DefaultSecurityGroupId": group,
                },
            },
        },
    )
    stacks = plane.client("cloudformation")
    vpc = stacks.describe_stack_resource(StackName="S", LogicalResourceId="Vpc")["StackResourceDetail"][
        "PhysicalResourceId"
    ]
    groups = plane.client("ec2").describe_security_groups()["SecurityGroups"]
    default = next(one for one in groups if one["GroupName"] == "default" and one["VpcId"] == vpc)
    assert default["IpPermissions"] == []
    assert default["IpPermissionsEgress"] == []


def test_an_unnamed_parameter_has_one_slash_in_the_arn_that_cdk_writes(plane: ControlPlane) -> None:
    _deploy(plane, {"It": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "x"}}})
    detail = plane.client("cloudformation").describe_stack_resource(StackName="S", LogicalResourceId="It")[
        "StackResourceDetail"
    ]
    name = detail["PhysicalResourceId"]
    assert name.startswith("CFN-It-")
    parameter = plane.client("ssm").get_parameter(Name=name)["Parameter"]
    assert parameter["ARN"] == f"arn:aws:ssm:us-east-1:000000000000:parameter/{name}"
    assert plane.client("ssm").get_parameter(Name=parameter["ARN"])["Parameter"]["Value"] == "x"
