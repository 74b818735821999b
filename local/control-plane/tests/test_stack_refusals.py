"""What CloudFormation refuses for the state of stacks, and what it finds only when it makes or changes a resource."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from conftest import ControlPlane, eventually


def queue(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": properties}


def parameter(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "x", **properties}}


def exporting(value: str, name: str = "shared") -> dict[str, Any]:
    return {"Resources": {"Q": queue()}, "Outputs": {"O": {"Value": value, "Export": {"Name": name}}}}


IMPORTING = {"Resources": {"P": parameter(Value={"Fn::ImportValue": {"Fn::Join": ["", ["sha", "red"]]}})}}
IN_USE = "Export shared cannot be {} as it is in use by user"


class Stacks:
    def __init__(self, plane: ControlPlane) -> None:
        self.api = plane.client("cloudformation")

    def begin(self, name: str, template: dict[str, Any], **more: Any) -> None:
        self.api.create_stack(StackName=name, TemplateBody=json.dumps(template), **more)

    def update(self, name: str, template: dict[str, Any]) -> None:
        self.api.update_stack(StackName=name, TemplateBody=json.dumps(template))

    def stack(self, name: str) -> dict[str, Any]:
        return self.api.describe_stacks(StackName=name)["Stacks"][0]

    def ends(self, name: str, status: str) -> str:
        """The reason that it ends with."""
        eventually(lambda: self.stack(name)["StackStatus"] == status, 20)
        return self.stack(name).get("StackStatusReason", "")

    def make(self, name: str, template: dict[str, Any], status: str = "CREATE_COMPLETE") -> str:
        self.begin(name, template)
        return self.ends(name, status)

    def reasons(self, name: str, status: str) -> list[str]:
        events = self.api.describe_stack_events(StackName=name)["StackEvents"]
        return [one["ResourceStatusReason"] for one in events if one["ResourceStatus"] == status]


@pytest.fixture
def stacks(plane: ControlPlane) -> Stacks:
    return Stacks(plane)


def refusal(call: Any, **arguments: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    return refused.value.response["Error"]["Code"], refused.value.response["Error"]["Message"]


def test_an_export_in_use_stays_as_it_is(stacks: Stacks) -> None:
    stacks.make("maker", exporting("one"))
    stacks.make("user", IMPORTING)
    for template, done in ((exporting("two"), "updated"), ({"Resources": {"Q": queue()}}, "deleted")):
        stacks.update("maker", template)
        eventually(lambda done=done: IN_USE.format(done) in stacks.reasons("maker", "UPDATE_ROLLBACK_IN_PROGRESS"), 20)
        assert stacks.ends("maker", "UPDATE_ROLLBACK_COMPLETE") == IN_USE.format(done)
    assert stacks.api.list_exports()["Exports"][0]["Value"] == "one"
    stacks.api.delete_stack(StackName="maker")
    assert stacks.stack("maker")["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert stacks.stack("maker")["StackStatusReason"] == IN_USE.format("deleted")
    assert stacks.reasons("maker", "DELETE_IN_PROGRESS") == ["User Initiated"]
    # Nobody uses it any more: it may go, and its name is free.
    stacks.api.delete_stack(StackName="user")
    eventually(lambda: stacks.api.describe_stack_events(StackName="maker") and not _is_there(stacks, "user"), 20)
    stacks.update("maker", {"Resources": {"Q": queue()}})
    stacks.ends("maker", "UPDATE_COMPLETE")
    assert stacks.api.list_exports()["Exports"] == []


def _is_there(stacks: Stacks, name: str) -> bool:
    try:
        return stacks.stack(name)["StackStatus"] != "DELETE_COMPLETE"
    except ClientError:
        return False


def test_an_export_name_is_of_one_stack_and_an_import_needs_it(stacks: Stacks) -> None:
    sentence = "No export named shared found. Rollback requested by user."
    assert stacks.make("user", IMPORTING, "ROLLBACK_COMPLETE") == sentence
    assert stacks.reasons("user", "ROLLBACK_IN_PROGRESS") == [sentence]
    assert stacks.reasons("user", "CREATE_IN_PROGRESS") == ["User Initiated"]
    stacks.make("maker", exporting("one"))
    sentence = "Export with name shared is already exported by stack maker. Rollback requested by user."
    assert stacks.make("other", exporting("two"), "ROLLBACK_COMPLETE") == sentence
    assert stacks.api.list_exports()["Exports"][0]["Value"] == "one"


def test_requests_that_the_state_of_a_stack_refuses(stacks: Stacks) -> None:
    body = json.dumps({"Resources": {"Q": queue(DelaySeconds=1)}})
    broken = {"Resources": {"P": parameter(Value={"Fn::Select": [7, {"Fn::GetAZs": ""}]})}}
    stacks.make("broken", broken, "ROLLBACK_COMPLETE")
    stack_id = stacks.stack("broken")["StackId"]
    state = f"Stack:{stack_id} is in ROLLBACK_COMPLETE state and can not be updated."
    api = stacks.api
    assert stacks.reasons("broken", "CREATE_FAILED") == [
        "Template error: Fn::Select cannot select nonexistent value at index 7"
    ]
    assert refusal(api.update_stack, StackName="broken", TemplateBody=body) == ("ValidationError", state)
    change = {"StackName": "broken", "ChangeSetName": "c", "TemplateBody": body}
    assert refusal(api.create_change_set, **change, ChangeSetType="UPDATE") == ("ValidationError", state)
    sentence = "Stack [broken] already exists and cannot be created again with the changeSet [c]."
    assert refusal(api.create_change_set, **change, ChangeSetType="CREATE") == ("ValidationError", sentence)
    exists = ("AlreadyExistsException", "Stack [broken] already exists")
    assert refusal(api.create_stack, StackName="broken", TemplateBody=body) == exists


def test_changes_that_are_none_and_deletions_that_are_not_allowed(stacks: Stacks) -> None:
    template = {"Resources": {"Q": queue()}}
    stacks.begin("s", template, EnableTerminationProtection=True)
    stacks.ends("s", "CREATE_COMPLETE")
    api, body = stacks.api, json.dumps(template)
    sentence = "Stack [s] cannot be deleted while TerminationProtection is enabled"
    assert refusal(api.delete_stack, StackName="s") == ("ValidationError", sentence)
    assert refusal(api.update_stack, StackName="s", TemplateBody=body) == (
        "ValidationError",
        "No updates are to be performed.",
    )
    api.create_change_set(StackName="s", ChangeSetName="c", TemplateBody=body)
    found = api.describe_change_set(StackName="s", ChangeSetName="c")
    assert found["Status"] == "FAILED"
    assert found["StatusReason"].startswith("The submitted information didn't contain changes.")
    code, message = refusal(api.execute_change_set, StackName="s", ChangeSetName="c")
    assert code in ("InvalidChangeSetStatus", "InvalidChangeSetStatusException")
    assert message == f"ChangeSet [{found['ChangeSetId']}] cannot be executed in its current status of [FAILED]"
    other = json.dumps({"Resources": {"Q": parameter()}})
    sentence = "Update of resource type is not permitted. The new template modifies resource type of the following resources: [Q]"
    assert refusal(api.update_stack, StackName="s", TemplateBody=other) == ("ValidationError", sentence)
    assert refusal(api.create_change_set, StackName="s", ChangeSetName="d", TemplateBody=other) == (
        "ValidationError",
        sentence,
    )


def test_outputs_alone_are_a_change_and_a_description_alone_is_none(stacks: Stacks) -> None:
    before = {"Resources": {"Q": queue()}, "Outputs": {"O": {"Value": "a"}}}
    stacks.make("s", before)
    api = stacks.api
    described = json.dumps({**before, "Description": "a & b < c", "Metadata": {"a": "b"}})
    assert refusal(api.update_stack, StackName="s", TemplateBody=described)[1] == "No updates are to be performed."
    after = json.dumps({**before, "Description": "a & b < c", "Outputs": {"O": {"Value": "b"}}})
    api.create_change_set(StackName="s", ChangeSetName="c", TemplateBody=after)
    found = api.describe_change_set(StackName="s", ChangeSetName="c")
    assert (found["Status"], found["ExecutionStatus"], found["Changes"]) == ("CREATE_COMPLETE", "AVAILABLE", [])
    api.execute_change_set(StackName="s", ChangeSetName="c")
    stacks.ends("s", "UPDATE_COMPLETE")
    assert stacks.stack("s")["Outputs"][0]["OutputValue"] == "b"
    assert stacks.stack("s")["Description"] == "a & b < c"


def test_a_value_that_cannot_be_exported(stacks: Stacks) -> None:
    """By its length, which only the value has, and by being a list."""
    stacks.make("long", exporting("x" * 1025), "ROLLBACK_COMPLETE")
    reasons = [one for one in stacks.reasons("long", "ROLLBACK_IN_PROGRESS") if one]
    assert reasons == [
        "Cannot export output O with length 1025. Max length of 1024 exceeded.. Rollback requested by user."
    ]
    listed = {"Fn::Split": [",", "a,b"]}
    stacks.make("list", {"Resources": {"Q": queue()}, "Outputs": {"O": {"Value": listed}}}, "ROLLBACK_COMPLETE")
    [reason] = [one for one in stacks.reasons("list", "ROLLBACK_IN_PROGRESS") if one]
    assert reason.startswith(
        "Template format error: The Value field of every Outputs member must evaluate to a String."
    )


FAILED = "Properties validation failed for resource R with message: "
PROPERTIES: list[tuple[dict[str, Any], str]] = [
    (queue(Colour="red"), f"{FAILED}#: extraneous key [Colour] is not permitted"),
    ({"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String"}}, f"{FAILED}#: required key [Value] not found"),
    ({"Type": "AWS::SSM::Parameter"}, f"{FAILED}#: required key [Value] not found\n#: required key [Type] not found"),
    (queue(Tags=[{"Key": "a"}]), f"{FAILED}#/Tags/0: required key [Value] not found"),
    (queue(Tags=[{"Key": "a", "Value": "b", "C": 1}]), f"{FAILED}#/Tags/0: extraneous key [C] is not permitted"),
    (queue(Tags={"Key": "a", "Value": "b"}), f"{FAILED}#/Tags: expected type: JSONArray, found: JSONObject"),
    (queue(QueueName=["a"]), f"{FAILED}#/QueueName: expected type: String, found: JSONArray"),
    (queue(DelaySeconds="soon"), f"{FAILED}#/DelaySeconds: expected type: Integer, found: String"),
    ({"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "x", "TemplateBody": {}}}, "Encountered unsupported property TemplateBody"),
    ({"Type": "AWS::CloudFormation::Stack"}, "Property TemplateURL cannot be empty."),
    (parameter(Value={"Fn::GetAtt": ["Q", "Nope"]}), "Requested attribute Nope does not exist in schema for AWS::SQS::Queue"),
]  # fmt: skip


def test_properties_that_a_type_has_not_or_needs(stacks: Stacks) -> None:
    # Side by side: each is a stack of its own.
    for number, (resource, _) in enumerate(PROPERTIES):
        stacks.begin(f"s{number}", {"Resources": {"Q": queue(), "R": resource}})
    for number, (_, reason) in enumerate(PROPERTIES):
        stacks.ends(f"s{number}", "ROLLBACK_COMPLETE")
        assert [one for one in stacks.reasons(f"s{number}", "CREATE_FAILED") if "cancelled" not in one] == [reason]


HANDLED: list[tuple[dict[str, Any], str]] = [
    (
        {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/8"}},
        "The CIDR '10.0.0.0/8' is invalid. (Service: Ec2, ",
    ),
    (
        {
            "Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
            "Properties": {"Port": 80, "Protocol": "HTTP", "TargetType": "ip", "VpcId": "vpc-00aa11bb"},
        },
        "The VPC ID 'vpc-00aa11bb' is not found (Service: ElasticLoadBalancingV2, ",
    ),
    (
        {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 2}},
        "Member must satisfy enum value set: [1, 3, 5, 7, ",
    ),
]


@pytest.mark.parametrize(("resource", "sentence"), HANDLED, ids=[one[1] for one in HANDLED])
def test_the_event_of_a_resource_has_the_sentence(stacks: Stacks, resource: dict[str, Any], sentence: str) -> None:
    """Which is what `cdk deploy` prints."""
    stacks.make("s", {"Resources": {"R": resource}}, "ROLLBACK_COMPLETE")
    [reason] = stacks.reasons("s", "CREATE_FAILED")
    assert sentence in reason


def test_a_name_that_a_stack_has(stacks: Stacks) -> None:
    stacks.make("first", {"Resources": {"P": parameter(Name="/name"), "O": parameter(Name="/other")}})
    owner = stacks.stack("first")["StackId"]
    stacks.make("second", {"Resources": {"P": parameter(Name="/name")}}, "ROLLBACK_COMPLETE")
    assert stacks.reasons("second", "CREATE_FAILED") == [f"/name already exists in stack {owner}"]
    # Under another logical id it is made before the old one goes.
    stacks.update("first", {"Resources": {"New": parameter(Name="/name"), "O": parameter(Name="/other")}})
    stacks.ends("first", "UPDATE_ROLLBACK_COMPLETE")
    assert stacks.reasons("first", "UPDATE_FAILED") == [f"/name already exists in stack {owner}"]
    stacks.update("first", {"Resources": {"P": parameter(Name="/name", Value="y"), "O": parameter(Name="/third")}})
    stacks.ends("first", "UPDATE_COMPLETE")


def test_a_resource_with_a_name_is_not_replaced(stacks: Stacks) -> None:
    def group(description: str, name: str) -> dict[str, Any]:
        properties = {"GroupName": name, "GroupDescription": description}
        return {"Resources": {"G": {"Type": "AWS::EC2::SecurityGroup", "Properties": properties}}}

    stacks.make("s", group("one", "web"))
    stacks.update("s", group("two", "web"))
    stacks.ends("s", "UPDATE_ROLLBACK_COMPLETE")
    (reason,) = stacks.reasons("s", "UPDATE_FAILED")
    assert reason.startswith(
        "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename "
    )
    stacks.update("s", group("two", "web2"))
    stacks.ends("s", "UPDATE_COMPLETE")
