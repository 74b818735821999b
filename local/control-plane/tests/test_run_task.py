"""RunTask: records of tasks that no service has, what the agent is told of them, and what ECS refuses."""

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError
from conftest import ControlPlane

NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-00000001"]}}


class Runs:
    """A cluster, and a definition of a job with two containers."""

    def __init__(self, plane: ControlPlane) -> None:
        self.plane = plane
        self.ecs = plane.client("ecs")
        self.ecs.create_cluster(clusterName="c", capacityProviders=["FARGATE", "FARGATE_SPOT"])
        containers = [{"name": name, "image": "one", "essential": name == "job"} for name in ("job", "side")]
        self.ecs.register_task_definition(
            family="job",
            cpu="256",
            memory="512",
            networkMode="awsvpc",
            requiresCompatibilities=["FARGATE"],
            containerDefinitions=containers,
            tags=[{"key": "team", "value": "a"}],
        )

    def run(self, **more: Any) -> list[dict[str, Any]]:
        request = {"cluster": "c", "taskDefinition": "job", "networkConfiguration": NETWORK, **more}
        answer = self.ecs.run_task(**request)
        assert answer["failures"] == []
        return answer["tasks"]

    def orders(self) -> list[dict[str, Any]]:
        return self.plane.agent("tasks-to-run")["tasks"]

    def described(self, arn: str) -> dict[str, Any]:
        [task] = self.ecs.describe_tasks(cluster="c", tasks=[arn], include=["TAGS"])["tasks"]
        return task


@pytest.fixture
def runs(plane: ControlPlane) -> Runs:
    return Runs(plane)


def test_tasks_are_provisioning_until_the_agent_tells_more(runs: Runs) -> None:
    before = runs.plane.agent("version")["version"]
    tasks = runs.run(count=2, startedBy="me", tags=[{"key": "k", "value": "v"}], propagateTags="TASK_DEFINITION")
    assert runs.plane.agent("version")["version"] > before
    assert [(one["lastStatus"], one["group"], one["startedBy"]) for one in tasks] == [
        ("PROVISIONING", "family:job", "me")
    ] * 2
    arns = [one["taskArn"] for one in tasks]
    assert runs.ecs.list_tasks(cluster="c", startedBy="me", family="job")["taskArns"] == arns
    orders = runs.orders()
    assert [one["taskArn"] for one in orders] == arns
    assert [one["order"]["index"] for one in orders] == [0, 1]
    # The default group of the VPC, where none is given.
    [group] = orders[0]["order"]["network"]["securityGroups"]
    [found] = runs.plane.client("ec2").describe_security_groups(GroupIds=[group])["SecurityGroups"]
    assert found["GroupName"] == "default"
    assert {one["key"]: one["value"] for one in runs.described(arns[0])["tags"]} == {"k": "v", "team": "a"}


def test_what_the_request_said_outlives_the_reports(runs: Runs) -> None:
    overrides = {"containerOverrides": [{"name": "job", "command": ["migrate"]}], "cpu": "512", "memory": "1024"}
    [task] = runs.run(overrides=overrides, startedBy="me", enableExecuteCommand=False)
    assert (task["cpu"], task["memory"]) == ("512", "1024")
    told = {
        "taskArn": task["taskArn"],
        "clusterArn": task["clusterArn"],
        "group": "family:job",
        "startedBy": "the agent's",
        "lastStatus": "STOPPED",
        "desiredStatus": "STOPPED",
        "stopCode": "EssentialContainerExited",
        "stoppedAt": time.time(),
        "overrides": {},
        "containers": [{"name": "job", "exitCode": 3, "lastStatus": "STOPPED"}],
    }
    runs.plane.agent("put-tasks", tasks=[told])
    assert runs.orders() == []
    after = runs.described(task["taskArn"])
    assert (after["lastStatus"], after["containers"][0]["exitCode"]) == ("STOPPED", 3)
    assert (after["startedBy"], after["createdAt"]) == ("me", task["createdAt"])
    assert after["overrides"]["containerOverrides"] == [{"name": "job", "command": ["migrate"]}, {"name": "side"}]
    assert runs.ecs.list_tasks(cluster="c", desiredStatus="STOPPED")["taskArns"] == [task["taskArn"]]


def test_a_task_that_is_stopped_before_it_began_says_who_asked(runs: Runs) -> None:
    [task] = runs.run()
    runs.ecs.stop_task(cluster="c", task=task["taskArn"], reason="not today")
    [order] = runs.orders()
    assert order["desiredStatus"] == "STOPPED"
    runs.plane.agent("fail-task", taskArn=task["taskArn"], stopCode="TaskFailedToStart", stoppedReason="other")
    after = runs.described(task["taskArn"])
    assert (after["lastStatus"], after["stopCode"], after["stoppedReason"]) == ("STOPPED", "UserInitiated", "not today")
    assert runs.orders() == []


def test_a_client_token_starts_nothing_twice(runs: Runs) -> None:
    first = runs.run(clientToken="t", count=2)
    assert [one["taskArn"] for one in runs.run(clientToken="t", count=2)] == [one["taskArn"] for one in first]
    assert len(runs.orders()) == 2
    with pytest.raises(ClientError, match="ConflictException"):
        runs.run(clientToken="t", count=3)


def test_what_describe_tasks_does_not_find_is_a_failure(runs: Runs) -> None:
    answer = runs.ecs.describe_tasks(cluster="c", tasks=["0" * 32])
    assert [one["reason"] for one in answer["failures"]] == ["MISSING"]


def test_the_clusters_strategy_is_for_tasks_too(runs: Runs) -> None:
    strategy = [{"capacityProvider": "FARGATE_SPOT", "weight": 1, "base": 0}]
    runs.ecs.put_cluster_capacity_providers(
        cluster="c", capacityProviders=["FARGATE", "FARGATE_SPOT"], defaultCapacityProviderStrategy=strategy
    )
    runs.run()
    runs.run(launchType="FARGATE")
    assert [one["order"]["strategy"] for one in runs.orders()] == [strategy, []]


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ({"cluster": "none"}, "ClusterNotFoundException"),
        ({"taskDefinition": "none"}, "Unable to find task definition: none"),
        ({"networkConfiguration": {}}, "Network Configuration must be provided"),
        ({"count": 11}, "count is 11"),
        ({"count": 0}, "count is 0"),
        ({"group": "service:web"}, "Invalid namespace for group."),
        ({"launchType": "EC2"}, "launch type EC2"),
        ({"enableExecuteCommand": True}, "needs a task role"),
        ({"overrides": {"containerOverrides": [{"name": "x"}]}}, "Override for container named x is not a container"),
        ({"overrides": {"containerOverrides": [{"name": "job", "command": ["x" * 9000]}]}}, "must be at most 8192"),
        ({"overrides": {"cpu": "256", "memory": "4096"}}, "No Fargate configuration exists for given values"),
        (
            {
                "overrides": {
                    "containerOverrides": [{"name": "job", "environmentFiles": [{"type": "s3", "value": "a"}]}]
                }
            },
            "use environment",
        ),
        (
            {"launchType": "FARGATE", "capacityProviderStrategy": [{"capacityProvider": "FARGATE"}]},
            "Specifying both a launch type and capacity provider strategy",
        ),
    ],
)
def test_what_is_refused(runs: Runs, request_: dict[str, Any], said: str) -> None:
    with pytest.raises(ClientError, match=said):
        runs.run(**request_)
    assert runs.orders() == []


def test_no_container_instance_takes_a_task(runs: Runs) -> None:
    with pytest.raises(ClientError, match="StartTask is for container instances"):
        runs.ecs.start_task(cluster="c", taskDefinition="job", containerInstances=["i"])
