"""Saved queries of Logs Insights: AWS::Logs::QueryDefinition and the three calls on them, which ministack lacks.

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutQueryDefinition.html
"""

import json
import time
import uuid
from typing import Any

from ministack.core.responses import AccountRegionScopedDict, error_response_json, json_response
from ministack.services import cloudwatch_logs as logs

from .replacing import replace
from .resources import Created, Properties, resource

_definitions: Any = AccountRegionScopedDict()


def _put(request: dict[str, Any]) -> str:
    identifier = request.get("queryDefinitionId") or str(uuid.uuid4())
    _definitions[identifier] = {
        "queryDefinitionId": identifier,
        "name": request["name"],
        "queryString": request["queryString"],
        "logGroupNames": request.get("logGroupNames", []),
        "lastModified": int(time.time() * 1000),
    }
    return identifier


def _answer(action: str, request: dict[str, Any]) -> Any:
    if action == "DescribeQueryDefinitions":
        prefix = request.get("queryDefinitionNamePrefix", "")
        found = [one for one in _definitions.values() if one["name"].startswith(prefix)]
        return json_response({"queryDefinitions": sorted(found, key=lambda one: one["name"])})
    if action == "PutQueryDefinition":
        if not request.get("name") or not request.get("queryString"):
            return error_response_json("InvalidParameterException", "name and queryString are required.", 400)
        return json_response({"queryDefinitionId": _put(request)})
    return json_response({"success": _definitions.pop(request.get("queryDefinitionId", ""), None) is not None})


def _request(properties: Properties) -> dict[str, Any]:
    return {
        "name": properties["Name"],
        "queryString": properties["QueryString"],
        "logGroupNames": properties.get("LogGroupNames", []),
    }


def _create(logical_id: str, properties: Properties, stack: str) -> Created:
    identifier = _put(_request(properties))
    return identifier, {"QueryDefinitionId": identifier}


def _update(physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str | None = None) -> Created:
    return _put({**_request(new), "queryDefinitionId": physical_id}), {"QueryDefinitionId": physical_id}


def _delete(physical_id: str, properties: Properties) -> None:
    _definitions.pop(physical_id, None)


def register() -> None:
    """Adds the resource type, and the calls in front of ministack's own."""
    resource("AWS::Logs::QueryDefinition", create=_create, update=_update, delete=_delete)
    handle = logs.handle_request

    async def with_definitions(method: str, path: str, headers: Any, body: bytes, query_params: Any) -> Any:
        action = headers.get("x-amz-target", "").rsplit(".", 1)[-1]
        if action in ("PutQueryDefinition", "DescribeQueryDefinitions", "DeleteQueryDefinition"):
            return _answer(action, json.loads(body or b"{}"))
        return await handle(method, path, headers, body, query_params)

    replace(logs, "handle_request", with_definitions)
