"""Stacks as CloudFormation makes, changes and deletes them: side by side, in order where something ties them, cancelled when one fails."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from conftest import ControlPlane, eventually

from highlands_control_plane.agreed import CLOUD_MAP_DESCRIPTION

NAMESPACE = "one.local"


def definition(family: str) -> dict[str, Any]:
    ports = [{"Name": family, "ContainerPort": 80}]
    return {
        "Type": "AWS::ECS::TaskDefinition",
        "Properties": {
            "Family": family,
            "Cpu": "256",
            "Memory": "512",
            "NetworkMode": "awsvpc",
            "RequiresCompatibilities": ["FARGATE"],
            "ContainerDefinitions": [{"Name": "app", "Image": "app:1", "PortMappings": ports}],
        },
    }


def service(family: str, **more: Any) -> dict[str, Any]:
    properties = {
        "ServiceName": family,
        "Cluster": {"Ref": "Cluster"},
        "LaunchType": "FARGATE",
        "TaskDefinition": {"Ref": f"{family}Definition"},
        "DesiredCount": 1,
        "NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": ["subnet-00000001"]}},
        **more.pop("Properties", {}),
    }
    return {"Type": "AWS::ECS::Service", "Properties": properties, **more}


def connected(family: str) -> dict[str, Any]:
    return {
        "ServiceConnectConfiguration": {
            "Enabled": True,
            "Services": [{"PortName": family, "ClientAliases": [{"Port": 80}]}],
        }
    }


class Stacks:
    """Stacks in a control plane, and the agent's part."""

    def __init__(self, plane: ControlPlane) -> None:
        self.plane, self.api, self.ecs = plane, plane.client("cloudformation"), plane.client("ecs")
        plane.agent("heartbeat")

    def begin(self, resources: dict[str, Any], update: bool = False, **more: Any) -> None:
        call = self.api.update_stack if update else self.api.create_stack
        call(StackName="S", TemplateBody=json.dumps({"Resources": resources}), **more)

    def status(self) -> str:
        self.plane.agent("heartbeat")
        return self.api.describe_stacks(StackName="S")["Stacks"][0]["StackStatus"]

    def ends(self, status: str) -> None:
        eventually(lambda: self.status() == status, 40)

    def events(self) -> list[tuple[str, str, str]]:
        """Oldest first: logical id, status, reason."""
        found = self.api.describe_stack_events(StackName="S")["StackEvents"]
        return [
            (one["LogicalResourceId"], one["ResourceStatus"], one.get("ResourceStatusReason", ""))
            for one in reversed(found)
        ]

    def has(self, logical_id: str, status: str) -> bool:
        return (logical_id, status) in [one[:2] for one in self.events()]

    def services(self) -> list[dict[str, Any]]:
        arns = self.ecs.list_services(cluster="c")["serviceArns"]
        return self.ecs.describe_services(cluster="c", services=arns)["services"] if arns else []

    def report(self, name: str, state: str = "COMPLETED", count: int = 1) -> None:
        def found() -> dict[str, Any] | None:
            self.plane.agent("heartbeat")
            return next((one for one in self.services() if one["serviceName"] == name and one["deployments"]), None)

        one = eventually(found)
        deployment = {"id": one["deployments"][0]["id"], "rolloutState": state, "rolloutStateReason": f"It is {state}."}
        self.plane.agent(
            "put-service-state",
            serviceArn=one["serviceArn"],
            deployments=[deployment],
            runningCount=count,
            pendingCount=0,
        )

    def drain(self) -> None:
        """Every task of a service that ends is gone at once."""
        for one in self.services():
            if one["status"] == "DRAINING":
                self.plane.agent(
                    "put-service-state", serviceArn=one["serviceArn"], deployments=[], runningCount=0, pendingCount=0
                )

    def drained(self, status: str) -> None:
        def look() -> bool:
            self.drain()
            return self.status() == status

        eventually(look, 40)

    def gone(self, stack_id: str) -> None:
        """Waits until a stack is deleted, with an agent that ends its tasks."""

        def look() -> bool:
            self.plane.agent("heartbeat")
            self.drain()
            return self.api.describe_stacks(StackName=stack_id)["Stacks"][0]["StackStatus"] == "DELETE_COMPLETE"

        eventually(look, 60)


@pytest.fixture
def stacks(plane: ControlPlane) -> Stacks:
    return Stacks(plane)


CLUSTER = {"Type": "AWS::ECS::Cluster", "Properties": {"ClusterName": "c"}}


def test_what_nothing_ties_to_a_service_is_made_while_it_starts(stacks: Stacks) -> None:
    stacks.begin(
        {
            "Cluster": CLUSTER,
            "aDefinition": definition("a"),
            "bDefinition": definition("b"),
            "A": service("a"),
            "B": service("b"),
            "Late": {"Type": "AWS::Logs::LogGroup"},
            "Tied": {"Type": "AWS::Logs::LogGroup", "DependsOn": "A"},
            "Named": {
                "Type": "AWS::SSM::Parameter",
                "Properties": {"Type": "String", "Value": {"Fn::Sub": "${A.Name}"}},
            },
        }
    )
    # Both services at once, and what comes after them by name.
    eventually(lambda: len(stacks.services()) == 2 and stacks.has("Late", "CREATE_COMPLETE"))
    assert not stacks.has("Tied", "CREATE_IN_PROGRESS")
    stacks.report("b")
    eventually(lambda: stacks.has("B", "CREATE_COMPLETE"))
    assert not stacks.has("A", "CREATE_COMPLETE")
    assert not stacks.has("Named", "CREATE_IN_PROGRESS")
    stacks.report("a")
    stacks.ends("CREATE_COMPLETE")
    seen = [one[:2] for one in stacks.events()]
    for tied in ("Tied", "Named"):
        assert seen.index(("A", "CREATE_COMPLETE")) < seen.index((tied, "CREATE_IN_PROGRESS"))
    times = [one["Timestamp"] for one in reversed(stacks.api.describe_stack_events(StackName="S")["StackEvents"])]
    assert times == sorted(times)


def test_a_failure_cancels_what_is_under_way_and_rolls_back_dependents_first(stacks: Stacks) -> None:
    stacks.begin(
        {
            "Cluster": CLUSTER,
            "aDefinition": definition("a"),
            "bDefinition": definition("b"),
            "A": service("a"),
            "B": service("b"),
            "Never": {"Type": "AWS::Logs::LogGroup", "DependsOn": "A"},
        }
    )
    eventually(lambda: len(stacks.services()) == 2)
    stacks.report("a", "FAILED")
    stacks.drained("ROLLBACK_COMPLETE")
    events = stacks.events()
    assert [one[2] for one in events if one[:2] == ("B", "CREATE_FAILED")] == ["Resource creation cancelled"]
    assert "Circuit Breaker" in next(one[2] for one in events if one[:2] == ("A", "CREATE_FAILED"))
    assert not [one for one in events if one[0] == "Never"]
    deleted = [one[0] for one in events if one[1] == "DELETE_COMPLETE"]
    assert sorted(deleted) == ["Cluster", "aDefinition", "bDefinition"]
    assert stacks.services() == []


def test_a_stack_that_is_being_made_is_deleted_at_once(stacks: Stacks) -> None:
    stacks.begin({"Cluster": CLUSTER, "aDefinition": definition("a"), "A": service("a")})
    eventually(stacks.services)
    stack_id = stacks.api.describe_stacks(StackName="S")["Stacks"][0]["StackId"]
    stacks.api.delete_stack(StackName="S")
    stacks.api.delete_stack(StackName="S")
    stacks.gone(stack_id)
    found = stacks.api.describe_stack_events(StackName=stack_id)["StackEvents"]
    assert [one["ResourceStatusReason"] for one in found if one["ResourceStatus"] == "CREATE_FAILED"] == [
        "Resource creation cancelled"
    ]
    assert stacks.services() == []


def _update_that_waits(stacks: Stacks) -> dict[str, Any]:
    resources = {"Cluster": CLUSTER, "aDefinition": definition("a"), "A": service("a")}
    stacks.begin(resources)
    stacks.report("a")
    stacks.ends("CREATE_COMPLETE")
    changed = json.loads(json.dumps(resources).replace("app:1", "app:2"))
    stacks.begin(changed, update=True)
    eventually(lambda: len(stacks.services()[0]["deployments"]) == 2)
    return changed


def test_a_stack_is_not_deleted_while_an_update_waits_and_the_update_can_be_cancelled(stacks: Stacks) -> None:
    _update_that_waits(stacks)
    with pytest.raises(ClientError, match="cannot be deleted while in status UPDATE_IN_PROGRESS"):
        stacks.api.delete_stack(StackName="S")
    stacks.api.cancel_update_stack(StackName="S")
    eventually(lambda: stacks.has("A", "UPDATE_FAILED"))
    assert [one[2] for one in stacks.events() if one[:2] == ("A", "UPDATE_FAILED")] == ["Resource update cancelled"]

    def rolled_back() -> bool:
        stacks.report("a")
        return stacks.status() == "UPDATE_ROLLBACK_COMPLETE"

    eventually(rolled_back, 40)
    # It runs what it ran before.
    [one] = stacks.services()
    found = stacks.ecs.describe_task_definition(taskDefinition=one["taskDefinition"])["taskDefinition"]
    assert found["containerDefinitions"][0]["image"] == "app:1"
    stacks.api.delete_stack(StackName="S")
    eventually(lambda: stacks.drain() or not stacks.services(), 40)


def test_a_service_that_is_deleted_while_an_update_waits_is_named(stacks: Stacks) -> None:
    _update_that_waits(stacks)
    stacks.ecs.delete_service(cluster="c", service="a", force=True)
    stacks.drain()
    eventually(lambda: stacks.has("A", "UPDATE_FAILED"))
    reason = next(one[2] for one in stacks.events() if one[:2] == ("A", "UPDATE_FAILED"))
    assert reason == "service a was deleted while its deployment was under way: deploy again"


def test_a_namespace_goes_with_its_services(stacks: Stacks) -> None:
    """The agent takes the names out a moment after the service is gone: here it never does, and the stack's end does not hang on it."""
    cluster = {"ClusterName": "c", "ServiceConnectDefaults": {"Namespace": {"Fn::GetAtt": ["Namespace", "Arn"]}}}
    stacks.begin(
        {
            "Namespace": {"Type": "AWS::ServiceDiscovery::HttpNamespace", "Properties": {"Name": NAMESPACE}},
            "Cluster": {"Type": "AWS::ECS::Cluster", "Properties": cluster},
            "aDefinition": definition("a"),
            "bDefinition": definition("b"),
            "A": service("a", Properties=connected("a")),
            "B": service("b", Properties=connected("b"), DependsOn="A"),
        }
    )
    names = stacks.plane.client("servicediscovery")
    stacks.report("a")
    namespace = names.list_namespaces()["Namespaces"][0]["Id"]
    names.create_service(Name="a", NamespaceId=namespace, Type="HTTP", Description=CLOUD_MAP_DESCRIPTION)
    stacks.report("b")
    names.create_service(Name="b", NamespaceId=namespace, Type="HTTP", Description=CLOUD_MAP_DESCRIPTION)
    stacks.ends("CREATE_COMPLETE")
    stack_id = stacks.api.describe_stacks(StackName="S")["Stacks"][0]["StackId"]
    stacks.api.delete_stack(StackName="S")
    stacks.gone(stack_id)
    assert names.list_namespaces()["Namespaces"] == []
    assert names.list_services()["Services"] == []
