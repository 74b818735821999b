"""Functions wait for the agent, and custom resources for what their functions answer."""

import asyncio
import base64
import io
import json
import threading
import zipfile
from typing import Any
from urllib.parse import urlsplit

import pytest
from in_process import JSON, KEY, query, run, send, signed

from highlands_control_plane import agent_channel, custom_resources, functions, log_events
from highlands_control_plane.agent_presence import AGENT

ROLE = "arn:aws:iam::000000000000:role/r"
FUNCTION = {
    "Type": "AWS::Lambda::Function",
    "Properties": {
        "Code": {"ZipFile": "def handler(e, c): pass"},
        "Handler": "index.handler",
        "Runtime": "python3.12",
        "Role": ROLE,
        "Environment": {"Variables": {"WORD": "x"}},
    },
}


def _agent(action: str, body: dict[str, Any]) -> dict[str, Any]:
    # It is there; nobody else in these tests says so, however slow the machine is.
    AGENT.heartbeat()
    basic = base64.b64encode(f"{KEY.access_key}:{KEY.secret_key}".encode()).decode()
    headers = {"content-type": JSON, "authorization": f"Basic {basic}"}
    status, _, answer = send("POST", f"/_agent/v1/{action}", headers, json.dumps(body).encode())
    assert status == 200, answer
    return json.loads(answer)


def _asked(*running: str) -> dict[str, Any]:
    """The next function that is to be run."""
    for _ in range(200):
        run(asyncio.sleep(0.02))
        asked = _agent("functions-to-run", {"running": list(running)})["invocations"]
        if asked:
            return asked[0]
    raise AssertionError("nothing is to be run")


def _create(name: str, properties: dict[str, Any] | None = None, function: dict[str, Any] = FUNCTION) -> None:
    token = {"ServiceToken": {"Fn::GetAtt": ["F", "Arn"]}}
    custom = {"Type": "Custom::It", "Properties": {**token, **(properties or {})}}
    template = {
        "Resources": {"F": function, "C": custom},
        "Outputs": {"Said": {"Value": {"Fn::GetAtt": ["C", "Said"]}}},
    }
    status, answer = query(
        "cloudformation", "2010-05-15", "CreateStack", StackName=name, TemplateBody=json.dumps(template)
    )
    assert status == 200, answer


def _answer(event: dict[str, Any], **answer: Any) -> int:
    body = {"RequestId": event["RequestId"], "StackId": event["StackId"], "LogicalResourceId": "C", **answer}
    status, _, _ = send("PUT", urlsplit(event["ResponseURL"]).path, {}, json.dumps(body).encode())
    return status


def _events(name: str, wanted: str) -> str:
    for _ in range(300):
        run(asyncio.sleep(0.02))
        _, answer = query("cloudformation", "2010-05-15", "DescribeStackEvents", StackName=name)
        if wanted in answer:
            return answer
    raise AssertionError(f"no {wanted}: {answer}")


def _has_output(name: str, value: str) -> None:
    for _ in range(100):
        run(asyncio.sleep(0.02))
        _, stacks = query("cloudformation", "2010-05-15", "DescribeStacks", StackName=name)
        if f"<OutputValue>{value}</OutputValue>" in stacks:
            return
    raise AssertionError(stacks)


def test_a_function_is_told_all_that_it_runs_with_until_it_ran() -> None:
    _create("told", {"Flag": True, "List": [1]})
    asked = _asked()
    event = json.loads(asked["event"])
    assert (asked["runtime"], asked["handler"], asked["environment"]) == ("python3.12", "index.handler", {"WORD": "x"})
    assert (asked["timeoutSeconds"], asked["memoryMiB"], asked["roleArn"]) == (3, 128, ROLE)
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(asked["code"]))) as code:
        assert code.read("index.py") == b"def handler(e, c): pass"
    assert (event["RequestType"], event["ResourceType"], event["ResourceProperties"]["Flag"]) == (
        "Create",
        "Custom::It",
        "true",
    )
    assert event["ResourceProperties"]["List"] == ["1"]
    assert urlsplit(event["ResponseURL"]).hostname == "cloudformation-custom-resource-response-useast1.s3.amazonaws.com"
    assert _agent("functions-to-run", {"running": [asked["id"]]})["invocations"] == []
    # One that nobody has any more is to be run again.
    assert _asked()["id"] == asked["id"]
    assert _answer(event, Status="SUCCESS", PhysicalResourceId="mine", Data={"Said": "hello"}) == 200
    _agent("function-ran", {"id": asked["id"], "payload": "null", "log": "a line\n"})
    _events("told", "<ResourceStatus>CREATE_COMPLETE</ResourceStatus>")
    _has_output("told", "hello")


def test_one_that_fails_is_told_in_the_words_of_aws_and_deleted_again() -> None:
    _create("fails")
    asked = _asked()
    event = json.loads(asked["event"])
    _answer(event, Status="FAILED", PhysicalResourceId="half", Reason="no room")
    _agent("function-ran", {"id": asked["id"], "payload": "null"})
    said = "Received response status [FAILED] from custom resource. Message returned: no room (RequestId: "
    assert said + event["RequestId"] + ")" in _events("fails", "no room")
    asked = _asked()
    event = json.loads(asked["event"])
    assert (event["RequestType"], event["PhysicalResourceId"]) == ("Delete", "half")
    _answer(event, Status="SUCCESS", PhysicalResourceId="half")
    _agent("function-ran", {"id": asked["id"], "payload": "null"})
    _events("fails", "ROLLBACK_COMPLETE")


def test_one_that_ends_without_an_answer_fails_with_its_error() -> None:
    _create("silent")
    asked = _asked()
    error = {"errorType": "ValueError", "errorMessage": "no such thing"}
    _agent("function-ran", {"id": asked["id"], "error": error, "log": ""})
    assert "failed without a response: no such thing" in _events("silent", "CREATE_FAILED")


def test_nobody_answers_within_the_time_of_the_service() -> None:
    _create("late", {"ServiceTimeout": "1"})
    asked = _asked()
    _agent("function-ran", {"id": asked["id"], "payload": "null", "log": ""})
    assert "CloudFormation did not receive a response from your Custom Resource" in _events("late", "CREATE_FAILED")


def test_a_runtime_that_is_not_here_is_said_at_once() -> None:
    function = {**FUNCTION, "Properties": {**FUNCTION["Properties"], "Runtime": "java21"}}
    _create("java", function=function)
    assert "has the runtime java21: Python, Node and provided run here" in _events("java", "CREATE_FAILED")


ODD_NAME = "../../x y"
REFUSED = "at 'functionName' failed to satisfy constraint: Member must "


@pytest.mark.parametrize(
    ("name", "rule"),
    [(ODD_NAME, "satisfy regular expression pattern: "), ("a" * 65, "have length less than or equal to 64")],
)
def test_a_name_that_no_function_can_have_is_refused_as_lambda_does(name: str, rule: str) -> None:
    body = {"FunctionName": name, "Runtime": "python3.12", "Role": ROLE, "Handler": "i.h", "Code": {"ZipFile": ""}}
    headers = {"content-type": "application/json"}
    status, _, answer = signed("POST", "/2015-03-31/functions", headers, json.dumps(body).encode(), "lambda")
    said = f"1 validation error detected: Value '{name}' {REFUSED}{rule}"
    assert status == 400
    assert json.loads(answer)["message"].startswith(said)
    assert str(functions.unable({"FunctionName": name, "Runtime": "python3.12"})).startswith(said)


def test_a_template_with_such_a_name_fails() -> None:
    _create("odd-name", function={**FUNCTION, "Properties": {**FUNCTION["Properties"], "FunctionName": ODD_NAME}})
    assert REFUSED.replace("'", "&#39;") in _events("odd-name", "ROLLBACK_COMPLETE").replace("&apos;", "&#39;")


def test_what_is_given_is_answered_without_the_function() -> None:
    function = {**FUNCTION, "Properties": {**FUNCTION["Properties"], "Runtime": "java21"}}
    _create("given", {"HighlandsAnswer": {"PhysicalResourceId": "mine", "Data": {"Said": "given"}}}, function)
    _has_output("given", "given")


@pytest.mark.parametrize(
    ("response", "why"),
    [
        (None, "neither SUCCESS nor FAILED"),
        ({"Status": "DONE"}, "neither SUCCESS nor FAILED"),
        ({"Status": "SUCCESS"}, "Invalid PhysicalResourceId"),
        ({"Status": "SUCCESS", "PhysicalResourceId": ["x"]}, "Invalid PhysicalResourceId"),
        ({"Status": "SUCCESS", "PhysicalResourceId": "x", "Data": "y"}, "Invalid Data"),
        ({"Status": "SUCCESS", "PhysicalResourceId": "x", "Data": {"a": "x" * 4096}}, "Response object is too long."),
    ],
)
def test_what_is_no_answer(response: Any, why: str) -> None:
    with pytest.raises(RuntimeError, match=why):
        custom_resources._taken(response, "r", None)


def test_the_size_of_an_answer_is_that_of_its_text() -> None:
    data = {"a": "\u00e9" * 1900, "b": "\ud800"}
    assert custom_resources._taken({"Status": "SUCCESS", "PhysicalResourceId": "x", "Data": data}, "r", None) == (
        "x",
        data,
    )


def test_a_call_that_raises_fails_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def raise_it(*arguments: Any) -> None:
        raise OSError("no room")

    monkeypatch.setattr(custom_resources.lambda_svc, "_execute_function_with_config_scope", raise_it)
    monkeypatch.setattr(custom_resources, "_GRACE_SECONDS", 0)
    ended = custom_resources._call({}, {})
    with pytest.raises(RuntimeError, match="failed without a response: OSError: no room"):
        custom_resources._wait(threading.Event(), ended, 60, "r")


def test_one_that_is_over_is_not_to_be_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(functions, "_WAITING", {"one": functions._Invocation({"id": "one"})})
    assert functions.to_run([]) == [{"id": "one"}]
    functions.ran({"id": "one", "payload": "1"})
    assert functions.to_run([]) == []


def test_a_payload_that_is_too_deep_is_a_bad_body(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(functions, "_WAITING", {"one": functions._Invocation({"id": "one"})})
    status, answer = agent_channel._answer("function-ran", json.dumps({"id": "one", "payload": "[" * 100_000}).encode())
    assert (status, answer["message"][:40]) == (400, "function-ran: bad body: RecursionError: ")


def test_the_logs_of_functions_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    # As many lines as one run of it has.
    monkeypatch.setattr(log_events, "MOST_EVENTS", 4)
    monkeypatch.setattr(log_events, "_SLACK", 1)
    config = {"FunctionName": "writes", "Runtime": "java21"}
    functions._dispatch({"config": config}, config, {}, "first", 0.0)
    streams = log_events.logs._log_groups["/aws/lambda/writes"]["streams"]
    [first] = streams.values()
    for event in first["events"]:
        event["timestamp"] = 0
    functions._dispatch({"config": config}, config, {}, "second", 0.0)
    [left] = streams.values()
    assert left["events"][0]["message"].startswith("START RequestId: second")


def test_an_update_keeps_its_id_where_the_answer_has_none() -> None:
    assert custom_resources._taken({"Status": "SUCCESS"}, "r", "before") == ("before", {})


def test_what_nobody_waits_for_any_more_is_let_go() -> None:
    functions.ran({"id": "gone", "payload": "null"})


def test_invoke_of_the_api_answers_what_the_function_answers() -> None:
    # In a thread of its own, as the answer waits for the agent.
    body = {
        "FunctionName": "asked",
        "Runtime": "nodejs22.x",
        "Role": ROLE,
        "Handler": "index.handler",
        "Code": {"ZipFile": _zip("index.js", "exports.handler = async () => 1")},
    }
    headers = {"content-type": "application/json"}
    status, _, answer = signed("POST", "/2015-03-31/functions", headers, json.dumps(body).encode(), "lambda")
    assert status == 201, answer

    answers: list[Any] = []

    async def both() -> None:
        invoked = asyncio.create_task(_later(answers))
        for _ in range(200):
            await asyncio.sleep(0.02)
            AGENT.heartbeat()
            if waiting := functions.to_run([]):
                functions.ran({"id": waiting[0]["id"], "payload": '{"sum": 3}', "log": ""})
                break
        await invoked

    run(both())
    status, _, body_of = answers[0]
    assert (status, json.loads(body_of)) == (200, {"sum": 3})


def _zip(name: str, text: str) -> str:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr(name, text)
    return base64.b64encode(made.getvalue()).decode()


async def _later(answers: list[Any]) -> None:
    from ministack.core.responses import request_scope
    from ministack.services import lambda_svc

    with request_scope("000000000000", "us-east-1"):
        answers.append(await lambda_svc._invoke("asked", {"a": 1}, {}))


def test_a_bucket_of_a_template_has_its_tags() -> None:
    bucket = {
        "Type": "AWS::S3::Bucket",
        "Properties": {"BucketName": "tagged-of-template", "Tags": [{"Key": "a", "Value": "b"}]},
    }
    template = json.dumps({"Resources": {"B": bucket}})
    query("cloudformation", "2010-05-15", "CreateStack", StackName="tags", TemplateBody=template)
    _events("tags", "<ResourceStatus>CREATE_COMPLETE</ResourceStatus>")
    _, _, answer = signed("GET", "/tagged-of-template?tagging", {}, b"", "s3")
    assert b"<Key>a</Key><Value>b</Value>" in answer
