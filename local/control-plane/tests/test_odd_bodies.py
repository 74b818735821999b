"""What no client of ours sends is answered with 400 and one line, never with 500."""

import json

import pytest
from conftest import ControlPlane, post

ODD = ["[]", "1", '"x"', "null", "{", '{"tasks": [1]}', '{"tasks": 1}', '{"serviceArn": 1}', '{"targetGroupArn": "x"}']


def test_the_agents_channel(plane: ControlPlane) -> None:
    for action in ("put-tasks", "put-service-state", "start-deployment", "put-target-health", "note-scaling"):
        for body in ODD:
            status, answer = post(plane, f"/_agent/v1/{action}", body)
            assert (action, body, status) == (action, body, 400)
            assert json.loads(answer)["message"].startswith(f"{action}: ")


@pytest.mark.parametrize("action", ["RegisterScalableTarget", "PutScalingPolicy", "DescribeScalingPolicies"])
def test_application_auto_scaling(plane: ControlPlane, action: str) -> None:
    for body in ["[]", "1", '"x"', "{", '{"ResourceId": {}}', '{"MinCapacity": "x"}', '{"MinCapacity": []}']:
        headers = {"x-amz-target": f"AnyScaleFrontendService.{action}", "content-type": "application/x-amz-json-1.1"}
        status, answer = post(plane, "/", body, **headers)
        assert status < 500, (body, answer)
        if status == 400:
            assert json.loads(answer)["__type"] in ("ValidationException", "SerializationException")
