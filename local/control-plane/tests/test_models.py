"""Every operation that something here uses: valid requests are answered, invalid ones get the model's error, answers can be parsed.

The requests are made from the models; the answers are read by botocore, as boto3 and the AWS CLI do.
"""

import json
import os
import random
from typing import Any
from urllib.parse import urlencode

import api_operations
import pytest
from botocore import parsers, serialize
from conftest import HERE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from in_process import signed
from model_requests import Unmade, broken, valid

from highlands_control_plane.api_models import BY_TARGET, BY_VERSION, model

FILE = HERE / "tests/api-operations.txt"
OPERATIONS = FILE.read_text().split() if FILE.exists() else []
# The same requests on every run.
TRIES = settings(
    max_examples=6, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
SEED = st.integers(0, 2**32)
# As CLIs and SDKs speak to it where they don't have its own protocol in binary.
_PROTOCOLS = {"cloudwatch": "query"}
_CODES = {api.name: api.code for api in (*BY_TARGET.values(), *BY_VERSION.values())}
# The agent's telemetry, which is not looked at.
_FREE = {"logs.PutLogEvents"}


def test_the_list_has_what_the_sources_use() -> None:
    used = "\n".join(sorted(api_operations.used())) + "\n"
    if os.environ.get("UPDATE_GOLDENS"):
        FILE.write_text(used)
    assert FILE.read_text() == used, "write it with UPDATE_GOLDENS=1 pytest"


def ask(name: str, request: Any) -> tuple[int, dict[str, Any], bytes]:
    """Status, parsed answer and body."""
    service, _, action = name.partition(".")
    of = model(service)
    operation, protocol = of.operation_model(action), _PROTOCOLS.get(service, of.metadata["protocol"])
    made = serialize.create_serializer(protocol, include_validation=False).serialize_to_request(request, operation)
    body = urlencode(made["body"], doseq=True).encode() if isinstance(made["body"], dict) else made["body"]
    headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8", **made["headers"]}
    signing = of.metadata.get("signingName", of.metadata["endpointPrefix"])
    status, given, answer = signed("POST", "/", headers, body, signing)
    read = parsers.create_parser(protocol).parse(
        {"status_code": status, "headers": given, "body": answer}, operation.output_shape
    )
    return status, read, answer


@pytest.mark.parametrize("name", OPERATIONS)
@TRIES
@given(seed=SEED)
def test_valid_requests_are_answered(name: str, seed: int) -> None:
    shape = model(name.partition(".")[0]).operation_model(name.partition(".")[2]).input_shape
    try:
        request = valid(shape, random.Random(seed)) if shape else {}
    except Unmade:
        return
    status, read, answer = ask(name, request)
    assert status == 200 or 400 <= status < 500, (request, answer)
    assert b"can't be handled" not in answer, (request, answer)
    if status != 200:
        assert read["Error"]["Code"] and read["Error"]["Message"], (request, answer)


@pytest.mark.parametrize("name", [one for one in OPERATIONS if one not in _FREE])
@TRIES
@given(seed=SEED)
def test_invalid_requests_get_the_error_of_the_model(name: str, seed: int) -> None:
    service, _, action = name.partition(".")
    shape = model(service).operation_model(action).input_shape
    dice = random.Random(seed)
    try:
        request = broken(valid(shape, dice), shape, dice) if shape else None
    except Unmade:
        return
    if request is None:
        return
    status, read, answer = ask(name, request)
    error = read["Error"]
    assert status == 400, (request, answer)
    if service == "ec2":
        assert error["Code"] in ("MissingParameter", "InvalidParameterValue"), (request, answer)
    else:
        assert error["Code"] == _CODES[service], (request, answer)
        assert "failed to satisfy constraint: " in error["Message"], (request, answer)
    assert json.dumps(error)
