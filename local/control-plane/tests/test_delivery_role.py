"""The role of the delivery workflow, from its own template."""

from typing import Any

import pytest
from conftest import HERE, ControlPlane, eventually

TEMPLATE = HERE.parents[1] / ".github/delivery-role.template.json"


@pytest.mark.parametrize(
    ("given", "subject", "parameter"),
    [
        ({}, "repo:an-organisation/highlands:environment:production", "/highlands/*/image"),
        (
            {"Repository": "an-organisation@123456/highlands@456789", "Stage": "dev", "Environment": "test"},
            "repo:an-organisation@123456/highlands@456789:environment:test",
            "/dev/highlands/*/image",
        ),
    ],
)
def test_the_role_trusts_one_environment_of_one_repository_with_one_stage(
    plane: ControlPlane, given: dict[str, str], subject: str, parameter: str
) -> None:
    values = {"Repository": "an-organisation/highlands", **given}
    parameters: Any = [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()]
    cloudformation, iam = plane.client("cloudformation"), plane.client("iam")
    stack: Any = lambda: cloudformation.describe_stacks(StackName="s")["Stacks"][0]
    cloudformation.create_stack(StackName="s", TemplateBody=TEMPLATE.read_text(), Parameters=parameters)
    eventually(lambda: stack()["StackStatus"] == "CREATE_COMPLETE")
    [output] = stack()["Outputs"]
    name = output["OutputValue"].split("/")[-1]
    role = iam.get_role(RoleName=name)["Role"]
    [statement] = role["AssumeRolePolicyDocument"]["Statement"]
    [provider] = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    assert statement["Principal"]["Federated"] == provider["Arn"]
    condition = statement["Condition"]["StringEquals"]
    assert condition["token.actions.githubusercontent.com:sub"] == subject
    allowed = iam.get_role_policy(RoleName=name, PolicyName="deliver")["PolicyDocument"]["Statement"]
    [put] = [one for one in allowed if one["Action"] == "ssm:PutParameter"]
    assert put["Resource"].endswith(f":parameter{parameter}")
    cloudformation.delete_stack(StackName="s")
    eventually(lambda: iam.list_open_id_connect_providers()["OpenIDConnectProviderList"] == [])
