"""Functions of Lambda. They run as tasks do, in walls that the agent makes: an invocation waits here until it has run one.

The control plane itself starts nothing: it says what is to be run, and hears what came of it.
"""

import base64
import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from ministack.services import lambda_svc

from . import function_names, log_events
from .agent_presence import AGENT
from .agreed import FUNCTION_RUNTIMES
from .replacing import replace

Result = dict[str, Any]

# Beyond a function's own time: its walls, and a busy machine. The agent ends what takes longer.
_BESIDE_SECONDS = 120
# How soon a wait sees that the agent is gone.
_LOOK_SECONDS = 1.0


@dataclass
class _Invocation:
    function: dict[str, Any]
    over: threading.Event = field(default_factory=threading.Event)
    result: Result | None = None


# By request id, as long as somebody waits for it.
_WAITING: dict[str, _Invocation] = {}


def unable(config: dict[str, Any]) -> str | None:
    """Why a function can't be run here, in one line."""
    name = config.get("FunctionName", "")
    # One that was kept from before it was refused.
    if why := function_names.fault(name):
        return why
    if config.get("PackageType") == "Image":
        return f"function {name} is an image: functions from a zip run here"
    runtime = config.get("Runtime", "")
    if not runtime.startswith(FUNCTION_RUNTIMES):
        return f"function {name} has the runtime {runtime}: Python, Node and provided run here"
    return None


def to_run(running: list[str]) -> list[dict[str, Any]]:
    """What waits and is not among those that the agent has: one that ended with its agent is run again, as Lambda does."""
    waiting = list(_WAITING.items())
    return [one.function for key, one in waiting if key not in running and not one.over.is_set()]


def ran(body: dict[str, Any]) -> None:
    """Takes what a function answered, or how it failed. Nobody may wait for it any more."""
    invocation = _WAITING.get(body["id"])
    if invocation is None:
        return
    log = str(body.get("log", ""))
    error = body.get("error")
    if error is not None:
        invocation.result = _failed(error, log)
    else:
        invocation.result = {"body": _answer(body.get("payload")), "log": log}
    invocation.over.set()


def _answer(payload: str | None) -> Any:
    return None if not payload else json.loads(payload)


def _failed(error: dict[str, Any], log: str = "") -> Result:
    return {"body": error, "error": True, "function_error": "Unhandled", "log": log}


def _not_run(why: str) -> Result:
    return _failed({"errorType": "Runtime.NotRun", "errorMessage": why}, why)


def _dispatch(func: dict[str, Any], config: dict[str, Any], event: Any, request_id: str, started: float) -> Result:
    """In a thread of its own. In the place of the runtimes that ministack has within its own process, and of Docker."""
    why = unable(config)
    result = _not_run(why) if why else _run(func, config, event, request_id)
    milliseconds = int((time.time() - started) * 1000)
    lambda_svc._emit_lambda_logs(func, request_id, result["log"], bool(result.get("error")), milliseconds)
    log_events.trim(_log_group(func.get("config") or config))
    return result


def _run(func: dict[str, Any], config: dict[str, Any], event: Any, request_id: str) -> Result:
    code = func.get("code_zip")
    if not code:
        return _not_run(f"function {config.get('FunctionName')} has no code here: nobody uploaded what its S3Key names")
    invocation = _Invocation(_described(config, code, event, request_id))
    _WAITING[request_id] = invocation
    end = time.monotonic() + int(config.get("Timeout", 3)) + _BESIDE_SECONDS
    try:
        while not invocation.over.wait(_LOOK_SECONDS):
            if not AGENT.present() or time.monotonic() > end:
                return _not_run("the agent, which runs functions, does not answer: see .highlands/logs/agent.log")
        return invocation.result or _failed({})
    finally:
        _WAITING.pop(request_id, None)


def _described(config: dict[str, Any], code: bytes, event: Any, request_id: str) -> dict[str, Any]:
    layers = [lambda_svc._resolve_layer_zip(one) for one in config.get("Layers") or []]
    return {
        "id": request_id,
        "name": config["FunctionName"],
        "arn": config["FunctionArn"],
        "version": config.get("Version", "$LATEST"),
        "runtime": config["Runtime"],
        "handler": config.get("Handler", ""),
        "timeoutSeconds": int(config.get("Timeout", 3)),
        "memoryMiB": int(config.get("MemorySize", 128)),
        "roleArn": config.get("Role", ""),
        "environment": {
            key: str(value) for key, value in ((config.get("Environment") or {}).get("Variables") or {}).items()
        },
        "logGroup": _log_group(config),
        "event": json.dumps(event),
        "code": base64.b64encode(code).decode(),
        "layers": [base64.b64encode(layer).decode() for layer in layers if layer],
    }


def _log_group(config: dict[str, Any]) -> str:
    group: str = (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{config['FunctionName']}"
    return group


def register() -> None:
    """Puts the agent in the place of every way in which ministack runs a function."""
    replace(lambda_svc, "_execute_function_dispatch", _dispatch)
