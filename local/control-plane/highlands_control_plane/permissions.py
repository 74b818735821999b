"""What a task's role may do: ministack's evaluation of IAM policies, for the requests of tasks and for nobody else's.

It looks at identity policies, boundaries and resource policies of the region, with their conditions, by its own tables of which
action and resource a request is about. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

import json
import os
import re
import sys
from contextvars import ContextVar
from typing import Any

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.core.router import extract_access_key_id
from ministack.services import iam, kinesis, sts

from .http_request import HttpRequest
from .key_names import PERMISSIONS, WARN
from .replacing import replace

# The agent assumes a role with the id of the task as the session's name, as ECS does.
_OF_TASK = re.compile(r":assumed-role/[^/]+/[0-9a-f]{32}$")
# A session that a task asked for has any name: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
_FROM_TASK = "HighlandsFromTask"

_judged: ContextVar[bool] = ContextVar("judged", default=False)
# The other resources of a request, beside the one that ministack asks about.
_others: ContextVar[tuple[str, ...]] = ContextVar("others", default=())
# The resource that the role lacks: ministack names the first of a request in its answer, whichever was denied.
_denied: ContextVar[str] = ContextVar("denied", default="")


class _Switch:
    """In the place of ministack's AUTH, which is for all requests or none."""

    def __bool__(self) -> bool:
        return _judged.get()


def _is_of_task(request: HttpRequest) -> bool:
    """Whether a task has signed this, with its credentials or with others that STS gave it for them."""
    session = sts._sessions.get(extract_access_key_id(request.headers, request.query) or "")
    return session is not None and (_FROM_TASK in session or _OF_TASK.search(session["Arn"]) is not None)


def judge(request: HttpRequest) -> None:
    """Said of each request before it is served; its task keeps it."""
    _judged.set(_is_of_task(request))
    _denied.set("")


def _with_origin(register_session: Any) -> Any:
    """Where a session is from is noted in itself: the one that it was got with may be over, and forgotten, before it is."""

    def call(access_key: str, session: dict[str, Any]) -> None:
        register_session(access_key, session | ({_FROM_TASK: True} if _judged.get() else {}))

    return call


def _unknown_policies(principal_arn: str) -> list[str]:
    """Policies of AWS whose documents are not here: what they allow is not known."""
    name = iam_evaluator._role_name_from_assumed_arn(principal_arn)
    role = iam._roles.get(name) or {}
    return [
        arn for arn in role.get("AttachedPolicies", []) if iam._is_aws_managed_arn(arn) and not iam._lookup_policy(arn)
    ]


def _with_mode(enforce: Any) -> Any:
    def call(key: str, action: str, service: str, region: str, **about: Any) -> Any:
        denied, resource = None, "*"
        for resource in (about.get("resource_arn", "*"), *_others.get()):
            denied = enforce(key, action, service, region, **{**about, "resource_arn": resource})
            if denied:
                break
        if not isinstance(denied, iam_evaluator.EvalResult):
            return denied
        if denied.decision != "Deny" and _unknown_policies(denied.principal_arn):
            return None
        if os.environ.get(PERMISSIONS) != WARN:
            _denied.set(resource)
            return denied
        said = iam_actions.identity_denial_message(action, denied.principal_arn, resource, denied.decision == "Deny")
        print(f"let through with a warning, AWS would not: {said}", file=sys.stderr, flush=True)
        return None

    return call


def _with_resource(response: Any) -> Any:
    """Of what AWS's sentences leave out for some services, whoever looks for a missing grant wants the resource."""

    def call(service: str, action: str, principal: str, request_id: str, **about: Any) -> Any:
        resource = about["resource_arn"] = _denied.get() or about.get("resource_arn", "*")
        if not about.get("message") and not about.get("error_code") and not about.get("resource_policy_arn"):
            explicit = bool(about.get("explicit_deny"))
            about["message"] = iam_actions.identity_denial_message(action, principal, resource, explicit)
        return response(service, action, principal, request_id, **about)

    return call


def _with_more_resources(arn_of: Any) -> Any:
    """What ministack does not read of a request: the stream of an iterator, parameters by many names or by their path."""

    def call(service: str, method: str, path: str, headers: Any, body: bytes, *more: Any) -> Any:
        _others.set(())
        arn = arn_of(service, method, path, headers, body, *more)
        if arn != "*" or service not in ("kinesis", "ssm"):
            return arn
        if service == "kinesis":
            place = kinesis._shard_iterators.get(iam_actions._safe_json_field(body, "ShardIterator"))
            found = [_arn(service, f"stream/{place['stream']}")] if place else []
        else:
            found = [_arn(service, f"parameter/{name.removeprefix('/')}") for name in _parameters(body)]
        _others.set(tuple(found[1:]))
        return found[0] if found else arn

    return call


def _with_transport(resolve: Any) -> Any:
    """A policy that wants TLS is not about the plain endpoint here: by the one of AWS the same call comes by TLS."""

    def call(key: str, *more: Any) -> Any:
        return "true" if key.lower() == "aws:securetransport" else resolve(key, *more)

    return call


def _arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{get_region()}:{get_account_id()}:{resource}"


def _parameters(body: bytes) -> list[str]:
    try:
        given = json.loads(body)
    except ValueError:
        return []
    if not isinstance(given, dict):
        return []
    names = given.get("Names") or [given.get("Path")]
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def register() -> None:
    replace(app, "AUTH", _Switch())
    replace(sts, "register_session", _with_origin(sts.register_session))
    # The gate has looked at the signature, over the body as it was sent.
    replace(app, "pin_signed_request", lambda *_arguments, **_options: None)
    replace(iam_evaluator, "_resolve_condition_key", _with_transport(iam_evaluator._resolve_condition_key))
    replace(iam_evaluator, "enforce", _with_mode(iam_evaluator.enforce))
    replace(iam_actions, "extract_resource_arn", _with_more_resources(iam_actions.extract_resource_arn))
    replace(iam_actions, "access_denied_response", _with_resource(iam_actions.access_denied_response))
