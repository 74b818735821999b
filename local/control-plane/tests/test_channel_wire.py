"""The wire of the agent's channel: the agent's tests take the same examples (control-plane-channel.test.ts)."""

import json
from pathlib import Path
from typing import Any

import pytest
from test_service_deployments import _paused
from test_services import Region, region  # noqa: F401 - the fixture

EXAMPLES = json.loads((Path(__file__).parents[2] / "aws-shapes/agent-channel.json").read_text())


def _filled(value: Any, names: dict[str, str]) -> Any:
    """An example with the ids of this region."""
    if isinstance(value, dict):
        return {key: _filled(one, names) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, names) for one in value]
    return names.get(value, value) if isinstance(value, str) else value


def _names(region: Region) -> dict[str, str]:  # noqa: F811
    service, deployment, _ = _paused(region)
    group = region.plane.client("elbv2").create_target_group(
        Name="wire", Protocol="HTTP", Port=80, VpcId="vpc-00000001"
    )
    arn = group["TargetGroups"][0]["TargetGroupArn"]
    return {"$service": service, "$deployment": deployment, "$targetGroup": arn}


def test_what_the_agent_says_is_taken(region: Region) -> None:  # noqa: F811
    names = _names(region)
    # Each by itself; but a deployment to go back to would have to be there and over.
    requests = {action: body for action, body in EXAMPLES["requests"].items() if action != "start-deployment"}
    assert {action: region.plane.agent(action, **_filled(body, names)) for action, body in requests.items()} == {
        action: {} for action in requests
    }
    service = region.service()
    assert (service["runningCount"], service["pendingCount"]) == (1, 1)
    assert service["deployments"][0]["rolloutStateReason"] == "it begins"


def test_what_is_answered_is_as_the_agent_reads_it(region: Region) -> None:  # noqa: F811
    names = _names(region)
    version = region.plane.agent("version")
    assert {key: type(one) for key, one in version.items()} == {
        key: type(one) for key, one in EXAMPLES["answers"]["version"].items()
    }
    assert region.plane.agent("deployments-under-way") == _filled(EXAMPLES["answers"]["deployments-under-way"], names)


@pytest.mark.parametrize("lacking", ["serviceArn", "fromDeployment"])
def test_a_deployment_is_started_from_what_the_agent_names(region: Region, lacking: str) -> None:  # noqa: F811
    whole = _filled(EXAMPLES["requests"]["start-deployment"], _names(region))
    answer = region.plane.agent("start-deployment", **{key: one for key, one in whole.items() if key != lacking})
    assert (answer["status"], answer["message"]) == (400, f"start-deployment: bad body: KeyError: '{lacking}'")
