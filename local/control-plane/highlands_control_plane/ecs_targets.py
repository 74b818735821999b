"""Tasks as targets of EventBridge's rules and of EventBridge Scheduler.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_EcsParameters.html
https://docs.aws.amazon.com/scheduler/latest/APIReference/API_EcsParameters.html
"""

import json
import re
import sys
from typing import Any

from ministack.services import eventbridge

from . import ecs_run_task
from .refused import Refused
from .replacing import replace
from .resources import camel

_CLUSTER = re.compile(r"arn:[\w-]+:ecs:[\w-]+:\d{12}:cluster/")
# https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
_UNIVERSAL = "arn:aws:scheduler:::aws-sdk:ecs:runTask"
# Of an EcsParameters, with the members of RunTask that are called otherwise.
_OTHER_NAMES = {"taskDefinitionArn": "taskDefinition", "taskCount": "count"}
_STARTED_BY_MOST = 36

_invoke_others = eventbridge._invoke_target


def starts_tasks(target: dict[str, Any]) -> bool:
    """Whether a target of a rule or of a schedule is a task."""
    arn = target.get("Arn", "")
    return arn == _UNIVERSAL or _CLUSTER.match(arn) is not None


def request_of(target: dict[str, Any], given: str | None, started_by: str) -> dict[str, Any]:
    """What RunTask is asked for. `given` is the target's input. Raises ValueError for an input that is no JSON object."""
    if target["Arn"] == _UNIVERSAL:
        request: dict[str, Any] = _spelled(_object(given))
    else:
        named = _spelled(target.get("EcsParameters") or {})
        request = {_OTHER_NAMES.get(key, key): one for key, one in named.items()}
        request["cluster"] = target["Arn"]
        if given is not None:
            request["overrides"] = _spelled(_object(given))
    return {"startedBy": started_by[:_STARTED_BY_MOST], **request}


def _object(text: str | None) -> dict[str, Any]:
    value = json.loads(text or "{}")
    if not isinstance(value, dict):
        raise TypeError("the input is no JSON object")
    return value


def _spelled(value: Any) -> Any:
    """In RunTask's own spelling: AwsvpcConfiguration of templates too."""
    if isinstance(value, dict):
        return {
            "awsvpcConfiguration" if key.lower() == "awsvpcconfiguration" else key: _spelled(one)
            for key, one in camel(value).items()
        }
    return [_spelled(one) for one in value] if isinstance(value, list) else value


def _given(target: dict[str, Any], event: dict[str, Any], rule: dict[str, Any], view: Any) -> str | None:
    """What the target says of its input; the event itself is no override."""
    if target.get("InputTransformer"):
        view = view or eventbridge._pattern_event_view(event)
        transformed: str = eventbridge._apply_input_transformer(target["InputTransformer"], rule, view)
        return transformed
    return target.get("Input")


def _invoke(target: dict[str, Any], event: dict[str, Any], rule: dict[str, Any], view: Any = None) -> None:
    """A target in the place of ministack's, which knows no tasks. What ECS refuses is told in the log."""
    if not starts_tasks(target):
        _invoke_others(target, event, rule, view)
        return
    name = rule.get("Name", "")
    # From memory: ECS's console shows these.
    by = "chronos-schedule" if "GroupName" in rule else "events-rule"
    try:
        ecs_run_task.run(request_of(target, _given(target, event, rule, view), f"{by}/{name}"))
    except (Refused, ValueError, TypeError, KeyError, AttributeError) as error:
        said = error if isinstance(error, Refused | ValueError) else f"{type(error).__name__}: {error}"
        print(f"{by} {name} started no task: {said}", file=sys.stderr, flush=True)


def register() -> None:
    """Every way that leads to a target."""
    replace(eventbridge, "_invoke_target", _invoke)
