"""Saved queries of Logs Insights, by template and by API."""

import json

from conftest import ControlPlane, eventually


def test_a_template_saves_a_query(plane: ControlPlane) -> None:
    properties = {"Name": "stack/one request", "QueryString": "fields @message", "LogGroupNames": ["g"]}
    body = {"Resources": {"Query": {"Type": "AWS::Logs::QueryDefinition", "Properties": properties}}}
    cloudformation, logs = plane.client("cloudformation"), plane.client("logs")
    definitions = lambda: logs.describe_query_definitions(queryDefinitionNamePrefix="stack/")["queryDefinitions"]
    status = lambda: cloudformation.describe_stacks(StackName="s")["Stacks"][0]["StackStatus"]
    cloudformation.create_stack(StackName="s", TemplateBody=json.dumps(body))
    [found] = eventually(definitions)
    assert (found["name"], found["queryString"], found["logGroupNames"]) == (
        "stack/one request",
        "fields @message",
        ["g"],
    )
    eventually(lambda: status() == "CREATE_COMPLETE")
    properties["QueryString"] = "fields @logStream"
    cloudformation.update_stack(StackName="s", TemplateBody=json.dumps(body))
    eventually(lambda: status() == "UPDATE_COMPLETE")
    assert [(one["queryDefinitionId"], one["queryString"]) for one in definitions()] == [
        (found["queryDefinitionId"], "fields @logStream")
    ]
    cloudformation.delete_stack(StackName="s")
    eventually(lambda: definitions() == [])


def test_a_query_is_saved_and_deleted_by_api(plane: ControlPlane) -> None:
    logs = plane.client("logs")
    identifier = logs.put_query_definition(name="mine", queryString="fields @message")["queryDefinitionId"]
    assert logs.delete_query_definition(queryDefinitionId=identifier)["success"]
    assert logs.describe_query_definitions()["queryDefinitions"] == []
