"""Custom resources: their functions are run, and what they answer is held against what CloudFormation takes.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html. One that CDK makes by itself is done without its
function: https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_ec2.Vpc.html, restrictDefaultSecurityGroup
"""

import contextvars
import json
import threading
import time
from typing import Any

from ministack.core.responses import get_region, new_uuid
from ministack.services import ec2, lambda_svc
from ministack.services.cloudformation import custom_resource

from . import functions, side_by_side
from .agreed import ANSWERS_PATH, GIVEN_ANSWER
from .replacing import replace
from .resources import Created, Properties, new_id, resource

# "The default value is 3600 seconds (1 hour)."
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html
_DEFAULT_SECONDS = 3600
# "The total size of the response body can't exceed 4096 bytes."
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html
_MOST_BYTES = 4096
# How soon a wait sees that the operation was stopped, or that the function ended.
_LOOK_SECONDS = 0.1
# After its answer is sent a function's end may be heard of first.
_GRACE_SECONDS = 2.0


class Failed(RuntimeError):  # noqa: N818 - what CloudFormation calls it
    """What a function answered with FAILED; the resource has this physical id all the same, and goes by it."""

    def __init__(self, reason: str, physical_id: str) -> None:
        super().__init__(reason)
        self.physical_id = physical_id


def _restrict(logical_id: str, properties: Properties, stack: str) -> Created:
    group = ec2._security_groups.get(properties.get("DefaultSecurityGroupId", ""))
    if group is not None:
        group["IpPermissions"], group["IpPermissionsEgress"] = [], []
    return new_id("default-sg-"), {}


def _forget(physical_id: str, properties: Properties) -> None:
    pass


def _response_url(token: str) -> str:
    """At the bucket of CloudFormation, as on AWS: functions ask it by TLS, at no port but 443. The agent answers there."""
    region = get_region().replace("-", "")
    return f"https://cloudformation-custom-resource-response-{region}.s3.amazonaws.com{ANSWERS_PATH}{token}"


def _invoke(
    request_type: str,
    logical_id: str,
    props: dict[str, Any],
    stack_name: str,
    stack_id: str,
    resource_type: str,
    physical_id: str | None = None,
    old_props: dict[str, Any] | None = None,
) -> Created:
    """In the place of ministack's, which does not tell why nothing came. In a thread of its own."""
    if (given := props.get(GIVEN_ANSWER)) is not None:
        return str(given["PhysicalResourceId"]), dict(given["Data"])
    token, request_id = new_uuid(), new_uuid()
    service_token = props.get("ServiceToken", "")
    event = {
        "RequestType": request_type,
        "ServiceToken": service_token,
        "ResponseURL": custom_resource._response_url(token),
        "StackId": stack_id,
        "RequestId": request_id,
        "LogicalResourceId": logical_id,
        **({} if physical_id is None else {"PhysicalResourceId": physical_id}),
        "ResourceType": resource_type,
        "ResourceProperties": custom_resource._normalise_resource_properties(props),
        **({} if old_props is None else {"OldResourceProperties": custom_resource._normalise_resource_properties(old_props)}),
    }  # fmt: skip
    function = _function(service_token)
    answered = custom_resource.register_token(token)
    try:
        _wait(answered, _call(function, event), _seconds(props), request_id)
        response = custom_resource._pending[token]["result"]
    finally:
        custom_resource._pending.pop(token, None)
    return _taken(response, request_id, physical_id)


def _function(service_token: Any) -> dict[str, Any]:
    """What is to be called. Raises ValueError with the reason why it can't be."""
    record, config, _ = lambda_svc._get_func_record_for_ref(service_token)
    if record is None or config is None:
        raise ValueError(f"Invalid service token: there is no Lambda function {service_token} in this region.")
    if why := functions.unable(config):
        raise ValueError(f"{why}; --answer says what its resource would answer")
    found: dict[str, Any] = lambda_svc._execution_record_for_config(record, config)
    return found


def _call(function: dict[str, Any], event: dict[str, Any]) -> dict[str, Any]:
    """Calls it beside this thread, and has what came of it under `result`: the answer may come before its end."""
    ended: dict[str, Any] = {}
    context = contextvars.copy_context()

    def run() -> None:
        try:
            ended["result"] = context.run(lambda_svc._execute_function_with_config_scope, function, event)
        except Exception as error:  # noqa: BLE001 - whatever it is, nobody answers any more
            ended["result"] = {"error": True, "body": {"errorMessage": f"{type(error).__name__}: {error}"}}

    threading.Thread(target=run, name="custom-resource", daemon=True).start()
    return ended


def _wait(answered: threading.Event, ended: dict[str, Any], seconds: int, request_id: str) -> None:
    end = time.monotonic() + seconds
    while not answered.wait(_LOOK_SECONDS):
        side_by_side.look()
        result = ended.get("result")
        # AWS calls it twice more, and then waits for an hour. A function that succeeded may have left the answer to others.
        if result is not None and result.get("error") and not answered.wait(_GRACE_SECONDS):
            body = result.get("body") or {}
            said = body.get("errorMessage") if isinstance(body, dict) else body
            raise RuntimeError(
                f"The function of the custom resource failed without a response: {said} (RequestId: {request_id})"
            )
        if time.monotonic() > end:
            # So https://repost.aws/knowledge-center/cloudformation-lambda-resource-delete quotes it.
            raise TimeoutError(
                "CloudFormation did not receive a response from your Custom Resource. "
                f"Please check your logs for requestId [{request_id}]. If you are using the Python cfn-response module, you may "
                "need to update your Lambda function code so that CloudFormation can attach the updated version."
            )


def _taken(response: Any, request_id: str, physical_id: str | None) -> Created:
    if not isinstance(response, dict) or response.get("Status") not in ("SUCCESS", "FAILED"):
        raise RuntimeError("Invalid response status: it is neither SUCCESS nor FAILED")
    # As a function writes it: no escapes, no spaces.
    text = json.dumps(response, ensure_ascii=False, separators=(",", ":"))
    if len(text.encode(errors="surrogatepass")) > _MOST_BYTES:
        raise RuntimeError("Response object is too long.")
    own_id = response.get("PhysicalResourceId") or physical_id or ""
    if response["Status"] == "FAILED":
        said = response.get("Reason") or "the function gave no reason"
        raise Failed(
            f"Received response status [FAILED] from custom resource. Message returned: {said} (RequestId: {request_id})",
            str(own_id),
        )
    if not isinstance(own_id, str) or not own_id:
        raise RuntimeError("Invalid PhysicalResourceId")
    data = response.get("Data") or {}
    if not isinstance(data, dict):
        raise RuntimeError("Invalid Data: it is a map of names to values")  # noqa: TRY004 - the function's error
    return own_id, data


def _seconds(props: dict[str, Any]) -> int:
    given = props.get("ServiceTimeout", _DEFAULT_SECONDS)
    try:
        return int(given)
    except (TypeError, ValueError):
        raise ValueError(
            f"ServiceTimeout is {given!r}: it is a number of seconds from 1 to {_DEFAULT_SECONDS}"
        ) from None


def register() -> None:
    """Takes the place of ministack's caller."""
    replace(custom_resource, "invoke_custom_resource", _invoke)
    replace(custom_resource, "_response_url", _response_url)
    resource("Custom::VpcRestrictDefaultSG", create=_restrict, delete=_forget)
