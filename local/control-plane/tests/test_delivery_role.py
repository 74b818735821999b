"""The role of the delivery workflow, from its own template."""

from typing import Any

import pytest
from conftest import HERE, ControlPlane, eventually

TEMPLATE = HERE.parents[1] / ".github/delivery-role.template.json"


@pytest.mark.parametrize("repository", ["an-organisation/highlands", "an-organisation@123456/highlands@456789"])
def test_the_role_trusts_one_environment_of_one_repository(plane: ControlPlane, repository: str) -> None:
    parameters: Any = [{"ParameterKey": "Repository", "ParameterValue": repository}]
    cloudformation, iam = plane.client("cloudformation"), plane.client("iam")
    stack: Any = lambda: cloudformation.describe_stacks(StackName="s")["Stacks"][0]
    cloudformation.create_stack(StackName="s", TemplateBody=TEMPLATE.read_text(), Parameters=parameters)
    eventually(lambda: stack()["StackStatus"] == "CREATE_COMPLETE")
    [output] = stack()["Outputs"]
    role = iam.get_role(RoleName=output["OutputValue"].split("/")[-1])["Role"]
    [statement] = role["AssumeRolePolicyDocument"]["Statement"]
    [provider] = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    assert statement["Principal"]["Federated"] == provider["Arn"]
    condition = statement["Condition"]["StringEquals"]
    assert condition["token.actions.githubusercontent.com:sub"] == f"repo:{repository}:environment:production"
    cloudformation.delete_stack(StackName="s")
    eventually(lambda: iam.list_open_id_connect_providers()["OpenIDConnectProviderList"] == [])
