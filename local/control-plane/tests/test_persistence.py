"""A control plane that is killed comes back with everything, and goes on with what it was doing."""

import io
import json
import signal
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ControlPlane, eventually, free_port, start
from test_services import Region, template


class Restartable:
    """A control plane with a state directory, that can be killed."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = free_port()
        self.plane = ControlPlane(self.port)
        self.process = self._start()

    def _start(self) -> subprocess.Popen[str]:
        return start(self.port, "--state-dir", str(self.directory))

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=10)

    def restart(self) -> None:
        self.kill()
        self.process = self._start()

    def saved(self, name: str, text: str) -> None:
        """Waits until a text is on disk."""
        file = self.directory / "current" / f"{name}.json"
        eventually(lambda: file.exists() and text in file.read_text())


@pytest.fixture
def restartable(tmp_path: Path) -> Iterator[Restartable]:
    made = Restartable(tmp_path)
    yield made
    made.kill()


def test_a_killed_control_plane_has_everything_again(restartable: Restartable) -> None:
    plane = restartable.plane
    scaling = plane.client("application-autoscaling")
    plane.client("ssm").put_parameter(Name="/x", Value="1", Type="String")
    target = {"ServiceNamespace": "ecs", "ResourceId": "service/c/s", "ScalableDimension": "ecs:service:DesiredCount"}
    scaling.register_scalable_target(**target, MinCapacity=1, MaxCapacity=3)
    restartable.saved("ssm", "/x")
    restartable.saved("highlands-application-autoscaling", "service/c/s")
    before = plane.agent("version")["epoch"]
    restartable.restart()
    assert plane.client("ssm").get_parameter(Name="/x")["Parameter"]["Value"] == "1"
    found = scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"]
    assert [one["MaxCapacity"] for one in found] == [3]
    assert plane.agent("version")["epoch"] != before


@pytest.mark.parametrize("recorded", [True, False])
def test_a_deploy_goes_on_after_a_kill(restartable: Restartable, recorded: bool) -> None:
    region = Region(restartable.plane)
    region.cloudformation.create_stack(StackName="s", TemplateBody=template())
    region.service()
    restartable.saved("highlands-operations", "service-a")
    restartable.saved("ecs", "service-a")
    if not recorded:
        # The kill came before the service was saved: it is made again.
        (restartable.directory / "current/ecs.json").unlink()
    restartable.kill()
    restartable.process = restartable._start()
    if not recorded:
        region.ecs.create_cluster(clusterName="c")
    region.plane.agent("heartbeat")
    if recorded:
        region.finish()
        eventually(lambda: region.status("s") in ("CREATE_COMPLETE", "UPDATE_COMPLETE"))
        assert len(region.services()) == 1
    else:
        eventually(lambda: not region.status("s").endswith("IN_PROGRESS") or region.services())


def test_a_deletion_goes_on_after_a_kill(restartable: Restartable) -> None:
    region = Region(restartable.plane)
    region.cloudformation.create_stack(StackName="s", TemplateBody=template())
    region.finish()
    region.until("s", "CREATE_COMPLETE")
    region.cloudformation.delete_stack(StackName="s")
    restartable.saved("highlands-operations", "delete")
    eventually(lambda: region.services()[0]["status"] == "DRAINING")
    restartable.saved("ecs", "DRAINING")
    service = region.services()[0]["serviceArn"]
    restartable.restart()
    region.plane.agent("heartbeat")
    region.plane.agent("put-service-state", serviceArn=service, deployments=[], runningCount=0)
    eventually(lambda: not region.services())


def test_what_was_answered_is_kept(restartable: Restartable) -> None:
    region = Region(restartable.plane)
    region.cloudformation.create_stack(StackName="s", TemplateBody=template())
    region.finish()
    region.until("s", "CREATE_COMPLETE")
    service = region.service()["serviceArn"]
    answer = region.ecs.update_service(cluster="c", service=service, desiredCount=5, forceNewDeployment=True)
    restartable.restart()
    found = region.service()
    assert (found["desiredCount"], found["deployments"][0]["id"]) == (5, answer["service"]["deployments"][0]["id"])
    assert region.status("s") == "CREATE_COMPLETE"


def test_a_create_that_fails_after_a_kill_takes_everything_away(restartable: Restartable) -> None:
    region = Region(restartable.plane)
    region.cloudformation.create_stack(StackName="s", TemplateBody=template())
    region.service()
    restartable.restart()
    region.plane.agent("heartbeat")
    region.finish("FAILED", "tasks failed to start")
    eventually(lambda: region.services()[0]["status"] == "DRAINING")
    region.plane.agent("put-service-state", serviceArn=region.service()["serviceArn"], deployments=[], runningCount=0)
    region.until("s", "ROLLBACK_COMPLETE")
    assert region.services() == []
    assert region.ecs.list_task_definitions()["taskDefinitionArns"] == []


@pytest.mark.parametrize("rolls_back", [False, True])
def test_an_update_after_a_kill_ends_as_it_would_have_ended(restartable: Restartable, rolls_back: bool) -> None:
    region = Region(restartable.plane)
    region.cloudformation.create_stack(StackName="s", TemplateBody=template())
    region.finish()
    region.until("s", "CREATE_COMPLETE")
    before = region.service()["taskDefinition"]
    region.cloudformation.update_stack(StackName="s", TemplateBody=template("second"))
    eventually(lambda: region.service()["taskDefinition"] != before)
    after = region.service()["taskDefinition"]
    restartable.restart()
    region.plane.agent("heartbeat")
    assert region.service()["taskDefinition"] == after
    region.finish(*(("FAILED", "tasks failed to start") if rolls_back else ("COMPLETED", "ok")))
    if rolls_back:
        # CloudFormation sends the service back to what it was, which is a deployment too.
        region.finish()
    region.until("s", "UPDATE_ROLLBACK_COMPLETE" if rolls_back else "UPDATE_COMPLETE")
    text = json.dumps(region.cloudformation.get_template(StackName="s")["TemplateBody"])
    assert ("second" in text) == (not rolls_back)
    # What the stack has no more is gone, and nothing was made twice.
    definitions = region.ecs.list_task_definitions(status="ACTIVE")["taskDefinitionArns"]
    assert definitions == [before if rolls_back else after]


def test_the_code_of_functions_is_kept_with_each_snapshot(restartable: Restartable) -> None:
    plane = restartable.plane
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.js", "exports.handler = async () => 1;")
    role = "arn:aws:iam::000000000000:role/r"
    functions = plane.client("lambda")
    functions.create_function(
        FunctionName="f", Runtime="nodejs20.x", Role=role, Handler="index.handler", Code={"ZipFile": code.getvalue()}
    )
    # Each of these makes a snapshot beside the last one's code.
    for value in ("1", "2"):
        plane.client("ssm").put_parameter(Name="/x", Value=value, Type="String", Overwrite=True)
    restartable.restart()
    assert plane.client("ssm").get_parameter(Name="/x")["Parameter"]["Value"] == "2"
    assert functions.get_function(FunctionName="f")["Configuration"]["CodeSize"] == len(code.getvalue())
    blobs = list((restartable.directory / "current/lambda-blobs").iterdir())
    assert [one.read_bytes() for one in blobs] == [code.getvalue()]
