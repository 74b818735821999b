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
        Name="wire", Protocol="HTTP", Port=80, VpcId="vpc-00000001", TargetType="ip"
    )
    arn = group["TargetGroups"][0]["TargetGroupArn"]
    network = {"awsvpcConfiguration": {"subnets": ["subnet-00000001"]}}
    overrides = {"containerOverrides": [{"name": "app", "command": ["migrate"]}]}
    [task] = region.ecs.run_task(
        cluster="c", taskDefinition="service-a", networkConfiguration=network, overrides=overrides
    )["tasks"]
    [ordered] = EXAMPLES["tasks-to-run"]["answer"]["tasks"]
    [order] = region.plane.agent("tasks-to-run")["tasks"]
    own = {
        ordered["taskArn"]: task["taskArn"],
        "$definition": task["taskDefinitionArn"],
        "$group": order["order"]["network"]["securityGroups"][0],
    }
    outside = {"Id": "10.0.0.9", "Port": 8080, "AvailabilityZone": "all"}
    region.plane.client("elbv2").register_targets(TargetGroupArn=arn, Targets=[outside])
    return {**own, "$service": service, "$deployment": deployment, "$targetGroup": arn}


def test_every_action_has_an_example(region: Region) -> None:  # noqa: F811
    _, actions = region.plane.agent("none")["message"].split("choose from ")
    assert sorted(actions.split(", ")) == sorted(EXAMPLES)


def test_what_the_agent_says_is_taken(region: Region) -> None:  # noqa: F811
    names = _names(region)
    for action, example in EXAMPLES.items():
        for request in example["requests"]:
            answer = region.plane.agent(action, **_filled(request, names))
            assert (action, _as_known(answer, example["answer"])) == (action, _filled(example["answer"], names))
    service = region.service()
    assert (service["runningCount"], service["pendingCount"]) == (1, 1)
    assert [event["message"] for event in service["events"]][:2] == ["it can't be read", "it begins"]
    assert "rolling back" in service["deployments"][0]["rolloutStateReason"]


def _as_known(answer: dict[str, Any], known: dict[str, Any]) -> dict[str, Any]:
    """An answer with those members of its objects that the agent knows; where it knows none, it looks at none."""
    return {key: _known_part(one, known.get(key)) for key, one in answer.items() if key in known or not known}


def _known_part(one: Any, known: Any) -> Any:
    if isinstance(one, list) and isinstance(known, list):
        return [_known_part(*both) for both in zip(one, known, strict=True)]
    return _as_known(one, known) if isinstance(known, dict) else one


def test_what_is_answered_is_as_the_agent_reads_it(region: Region) -> None:  # noqa: F811
    names = _names(region)
    version = region.plane.agent("version")
    assert {key: type(one) for key, one in version.items()} == {
        key: type(one) for key, one in EXAMPLES["version"]["answer"].items()
    }
    for action in ("deployments-under-way", "registered-targets"):
        assert region.plane.agent(action) == _filled(EXAMPLES[action]["answer"], names)


@pytest.mark.parametrize("lacking", ["serviceArn", "fromDeployment"])
def test_a_deployment_is_started_from_what_the_agent_names(region: Region, lacking: str) -> None:  # noqa: F811
    whole = _filled(EXAMPLES["start-deployment"]["requests"][0], _names(region))
    answer = region.plane.agent("start-deployment", **{key: one for key, one in whole.items() if key != lacking})
    assert (answer["status"], answer["message"]) == (400, f"start-deployment: bad body: KeyError: '{lacking}'")
