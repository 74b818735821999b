"""Types that nothing serves are records in a stack: with ids and attributes in AWS's forms, changed and replaced as theirs are."""

import json
import os
import re
from typing import Any

import pytest
import record_schemas
from botocore.exceptions import ClientError
from conftest import HERE, ControlPlane, eventually

FILE, NAMES = HERE / "record-types.json", HERE / "record-names.json"
REFUSED = json.loads((HERE / "not-records.json").read_text())


def test_the_tables_are_those_of_the_schemas() -> None:
    types = record_schemas.record_types(list(REFUSED))
    texts = {FILE: record_schemas.as_text(types), NAMES: record_schemas.names_as_text(types)}
    for file, text in texts.items():
        if os.environ.get("UPDATE_GOLDENS"):
            file.write_text(text)
        assert file.read_text() == text, "write it with UPDATE_GOLDENS=1 pytest"


def test_every_form_is_known() -> None:
    known = re.compile(r"(?:arn|id|text)(?::.*)?|account|host|ip|name|time|url|zone")
    for name, one in json.loads(FILE.read_text()).items():
        forms = [*one["id"].values(), *one["attributes"].values()]
        assert [form for form in forms if isinstance(form, str) and not known.fullmatch(form)] == [], name


def _deploy(plane: ControlPlane, operation: str, resources: dict[str, Any], outputs: dict[str, Any]) -> dict[str, str]:
    stacks = plane.client("cloudformation")
    body = json.dumps({"Resources": resources, "Outputs": {name: {"Value": one} for name, one in outputs.items()}})
    getattr(stacks, f"{operation}_stack")(StackName="S", TemplateBody=body)
    waiter = stacks.get_waiter(f"stack_{operation}_complete")
    waiter.wait(StackName="S", WaiterConfig={"Delay": 1, "MaxAttempts": 20})
    given: list[dict[str, str]] = stacks.describe_stacks(StackName="S")["Stacks"][0].get("Outputs", [])
    return {one["OutputKey"]: one["OutputValue"] for one in given}


def _get(name: str, attribute: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [name, attribute]}


def test_a_stack_takes_records(plane: ControlPlane) -> None:
    resources = {
        "Link": {"Type": "AWS::ApiGatewayV2::VpcLink", "Properties": {"Name": "l", "SubnetIds": ["subnet-1"]}},
        "Kafka": {
            "Type": "AWS::MSK::ServerlessCluster",
            "Properties": {
                "ClusterName": "events",
                "VpcConfigs": [{"SubnetIds": ["subnet-1"]}],
                "ClientAuthentication": {"Sasl": {"Iam": {"Enabled": "true"}}},
            },
        },
        "Acl": {"Type": "AWS::EC2::NetworkAcl", "Properties": {"VpcId": "vpc-1"}},
        "Metrics": {"Type": "AWS::APS::Workspace"},
        "Machine": {"Type": "AWS::EC2::Instance"},
        "Runner": {"Type": "AWS::AppRunner::Service", "Properties": {"SourceConfiguration": {}}},
    }
    found = _deploy(
        plane,
        "create",
        resources,
        {
            "Kafka": {"Ref": "Kafka"},
            "Acl": {"Ref": "Acl"},
            "Link": {"Ref": "Link"},
            "Prometheus": _get("Metrics", "PrometheusEndpoint"),
            "Private": _get("Machine", "PrivateIp"),
            "Runner": _get("Runner", "ServiceUrl"),
        },
    )
    for name, form in {
        "Kafka": r"arn:aws:kafka:us-east-1:000000000000:serverlesscluster/events",
        "Acl": r"acl-[0-9a-f]{17}",
        "Link": r"[0-9a-z]{10}",
        "Prometheus": r"https://[0-9a-f]+\.aps\.us-east-1\.amazonaws\.com",
        "Private": r"192\.0\.2\.\d+",
        "Runner": r"[0-9a-f]+\.apprunner\.us-east-1\.amazonaws\.com",
    }.items():
        assert re.fullmatch(form, found[name]), (name, found[name])


def test_a_record_stays_or_is_replaced_as_its_type_is(plane: ControlPlane) -> None:
    def budget(amount: int, name: str | None = None) -> dict[str, Any]:
        own = {} if name is None else {"BudgetName": name}
        limit = {"BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": {"Amount": amount, "Unit": "USD"}}
        return {"Type": "AWS::Budgets::Budget", "Properties": {"Budget": {**own, **limit}}}

    def acl(vpc: str, tag: str) -> dict[str, Any]:
        properties = {"VpcId": vpc, "Tags": [{"Key": "k", "Value": tag}]}
        return {"Type": "AWS::EC2::NetworkAcl", "Properties": properties}

    ids = {"Acl": {"Ref": "Acl"}, "Budget": {"Ref": "Budget"}}
    first = _deploy(plane, "create", {"Acl": acl("vpc-1", "a"), "Budget": budget(5)}, ids)
    tagged = _deploy(plane, "update", {"Acl": acl("vpc-1", "b"), "Budget": budget(5)}, ids)
    assert tagged == first
    moved = _deploy(plane, "update", {"Acl": acl("vpc-2", "b"), "Budget": budget(5)}, ids)
    assert moved["Acl"] != first["Acl"]
    assert moved["Budget"] == first["Budget"]
    plane.client("cloudformation").delete_stack(StackName="S")
    plane.client("cloudformation").get_waiter("stack_delete_complete").wait(StackName="S", WaiterConfig={"Delay": 1})


def test_properties_are_held_against_the_schema(plane: ControlPlane) -> None:
    stacks = plane.client("cloudformation")
    wrong = {"Link": {"Type": "AWS::ApiGatewayV2::VpcLink", "Properties": {"Nam": "l", "SubnetIds": ["subnet-1"]}}}
    stacks.create_stack(StackName="S", TemplateBody=json.dumps({"Resources": wrong}))
    eventually(lambda: stacks.describe_stacks(StackName="S")["Stacks"][0]["StackStatus"] == "ROLLBACK_COMPLETE")
    events = stacks.describe_stack_events(StackName="S")["StackEvents"]
    reasons = [one["ResourceStatusReason"] for one in events if one["ResourceStatus"] == "CREATE_FAILED"]
    assert "#: extraneous key [Nam] is not permitted" in reasons[0]
    assert "#: required key [Name] not found" in reasons[0]


def test_what_would_promise_too_much_is_no_record(plane: ControlPlane) -> None:
    stacks = plane.client("cloudformation")
    body = json.dumps({"Resources": {"Set": {"Type": "AWS::ECS::TaskSet", "Properties": {}}}})
    with pytest.raises(ClientError, match=r"Unrecognized resource types: \[AWS::ECS::TaskSet\]"):
        stacks.create_stack(StackName="S", TemplateBody=body)
