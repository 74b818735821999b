"""Service deployments: the history of a service, and how people steer one that is under way."""

import json

import pytest
from botocore.exceptions import ClientError
from conftest import eventually
from test_services import Region, region, template  # noqa: F401 - the fixture

PAUSED = {
    "DeploymentConfiguration": {
        "Strategy": "BLUE_GREEN",
        "BakeTimeInMinutes": 0,
        "LifecycleHooks": [{"TargetType": "PAUSE", "LifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"]}],
    }
}


def _paused(region: Region) -> tuple[str, str, str]:  # noqa: F811
    """A deployment that waits at its hook: service ARN, deployment id, service deployment ARN."""
    region.cloudformation.create_stack(StackName="s", TemplateBody=template(**PAUSED))
    service = region.service()
    deployment = service["deployments"][0]["id"]
    lifecycle = {"deploymentId": deployment, "stage": "POST_TEST_TRAFFIC_SHIFT", "pausedAt": "hook-1"}
    region.plane.agent("put-service-state", serviceArn=service["serviceArn"], deployments=[], lifecycle=lifecycle)
    [record] = region.ecs.list_service_deployments(cluster="c", service=service["serviceName"])["serviceDeployments"]
    return service["serviceArn"], deployment, record["serviceDeploymentArn"]


def test_a_paused_deployment_says_so_and_can_be_continued(region: Region) -> None:  # noqa: F811
    _, deployment, arn = _paused(region)
    [record] = region.ecs.describe_service_deployments(serviceDeploymentArns=[arn])["serviceDeployments"]
    assert record["status"] == "IN_PROGRESS"
    assert record["lifecycleStage"] == "POST_TEST_TRAFFIC_SHIFT"
    assert record["deploymentConfiguration"]["strategy"] == "BLUE_GREEN"
    told = {"deploymentId": deployment, "stage": "POST_TEST_TRAFFIC_SHIFT", "continued": [], "rollBack": None}
    assert region.plane.agent("deployments-under-way")["deployments"] == [told]
    body = {"serviceDeploymentArn": arn, "hookId": "hook-1"}
    region.ecs.continue_service_deployment(**body)
    assert region.plane.agent("deployments-under-way")["deployments"] == [told | {"continued": ["hook-1"]}]
    region.finish()
    eventually(
        lambda: (
            region.ecs.describe_service_deployments(serviceDeploymentArns=[arn])["serviceDeployments"][0]["status"]
            == "SUCCESSFUL"
        )
    )
    assert region.plane.agent("deployments-under-way")["deployments"] == []


def test_a_deployment_can_be_stopped_with_a_rollback(region: Region) -> None:  # noqa: F811
    _, deployment, arn = _paused(region)
    region.ecs.stop_service_deployment(serviceDeploymentArn=arn)
    [decision] = region.plane.agent("deployments-under-way")["deployments"]
    assert decision["deploymentId"] == deployment
    assert "StopServiceDeployment" in decision["rollBack"]


def test_a_wrong_hook_is_refused(region: Region) -> None:  # noqa: F811
    _, _, arn = _paused(region)
    with pytest.raises(ClientError, match="hookId other is not one that the deployment waits at"):
        region.ecs.continue_service_deployment(serviceDeploymentArn=arn, hookId="other")


@pytest.mark.parametrize(
    ("configuration", "message"),
    [
        (
            {"Strategy": "CANARY"},
            "deployment strategy CANARY is not supported in the local region: use ROLLING or BLUE_GREEN",
        ),
        (
            {"LifecycleHooks": [{"HookTargetArn": "arn:x", "LifecycleStages": ["PRE_SCALE_UP"]}]},
            "runs no Lambda functions: use PAUSE",
        ),
    ],
)
def test_what_cannot_run_here_is_refused(region: Region, configuration: dict[str, object], message: str) -> None:  # noqa: F811
    body = template(DeploymentConfiguration=configuration)
    region.cloudformation.create_stack(StackName="s", TemplateBody=body)
    eventually(lambda: region.status("s").startswith("ROLLBACK"))
    assert message in region.reasons("s")
    assert json.loads(body)
