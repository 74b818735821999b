"""ECS services: records here, decisions with the agent, and CloudFormation that waits for the outcome."""

import json
import subprocess
import sys
import threading
from typing import Any

import pytest
from conftest import HERE, ControlPlane, eventually

NAMESPACE = "highlands.local"
# By ARN: a name that is new is a namespace that ECS makes.
NOWHERE = "arn:aws:servicediscovery:us-east-1:000000000000:namespace/ns-nowhere"


def template(image: str = "one", name: str = "service-a", **service: Any) -> str:
    return json.dumps(
        {
            "Resources": {
                "Definition": {
                    "Type": "AWS::ECS::TaskDefinition",
                    "Properties": {
                        "Family": name,
                        "Cpu": "256",
                        "Memory": "512",
                        "NetworkMode": "awsvpc",
                        "RequiresCompatibilities": ["FARGATE"],
                        "RuntimePlatform": {"OperatingSystemFamily": "LINUX", "CpuArchitecture": "ARM64"},
                        "ContainerDefinitions": [
                            {
                                "Name": "app",
                                "Image": image,
                                "PortMappings": [{"Name": "web", "ContainerPort": 3000, "AppProtocol": "http"}],
                                "HealthCheck": {"Command": ["CMD", "/service", "healthcheck"], "Interval": 10},
                            }
                        ],
                    },
                },
                "Service": {
                    "Type": "AWS::ECS::Service",
                    "Properties": {
                        "Cluster": "c",
                        "LaunchType": "FARGATE",
                        "DesiredCount": 2,
                        "TaskDefinition": {"Ref": "Definition"},
                        "NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": ["subnet-00000001"]}},
                        "ServiceConnectConfiguration": {
                            "Enabled": True,
                            "Namespace": NAMESPACE,
                            "Services": [
                                {
                                    "PortName": "web",
                                    "DiscoveryName": name,
                                    "ClientAliases": [{"DnsName": name, "Port": 8080}],
                                    "Timeout": {"PerRequestTimeoutSeconds": 10},
                                }
                            ],
                        },
                        **service,
                    },
                },
            }
        }
    )


class Region:
    """A cluster and a namespace, and an agent that lets every deployment end the same way."""

    def __init__(self, plane: ControlPlane) -> None:
        self.plane = plane
        self.ecs = plane.client("ecs")
        self.cloudformation = plane.client("cloudformation")
        self.ecs.create_cluster(clusterName="c")
        plane.client("servicediscovery").create_http_namespace(Name=NAMESPACE)
        plane.agent("heartbeat")

    def services(self) -> list[dict[str, Any]]:
        arns = self.ecs.list_services(cluster="c")["serviceArns"]
        return self.ecs.describe_services(cluster="c", services=arns)["services"] if arns else []

    def service(self) -> dict[str, Any]:
        return eventually(self.services)[0]

    def finish(self, state: str = "COMPLETED", reason: str = "ok") -> str:
        """Ends the deployment that is in progress as the agent would; returns its id."""

        def in_progress() -> Any:
            for service in self.services():
                for deployment in service["deployments"]:
                    if deployment["status"] == "PRIMARY" and deployment["rolloutState"] == "IN_PROGRESS":
                        return service, deployment
            return None

        service, deployment = eventually(in_progress)
        report = {"id": deployment["id"], "rolloutState": state, "rolloutStateReason": reason, "runningCount": 2}
        self.plane.agent("put-service-state", serviceArn=service["serviceArn"], deployments=[report], runningCount=2)
        return deployment["id"]

    def status(self, stack: str) -> str:
        return self.cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]

    def until(self, stack: str, status: str) -> None:
        eventually(lambda: self.status(stack) == status)

    def reasons(self, stack: str) -> str:
        events = self.cloudformation.describe_stack_events(StackName=stack)["StackEvents"]
        return " ".join(event.get("ResourceStatusReason", "") for event in events)


@pytest.fixture
def region(plane: ControlPlane) -> Region:
    return Region(plane)


def test_a_service_is_complete_when_its_deployment_is(region: Region) -> None:
    region.cloudformation.create_stack(StackName="a", TemplateBody=template())
    service = region.service()
    deployment = service["deployments"][0]
    assert (service["desiredCount"], service["runningCount"]) == (2, 0)
    assert deployment["id"].startswith("ecs-svc/")
    assert deployment["rolloutState"] == "IN_PROGRESS"
    [entry] = deployment["serviceConnectConfiguration"]["services"]
    assert entry["timeout"] == {"perRequestTimeoutSeconds": 10}
    assert deployment["networkConfiguration"]["awsvpcConfiguration"]["subnets"] == ["subnet-00000001"]
    assert region.status("a") == "CREATE_IN_PROGRESS"
    region.finish()
    region.until("a", "CREATE_COMPLETE")
    definition = region.ecs.describe_task_definition(taskDefinition="service-a")["taskDefinition"]
    assert definition["runtimePlatform"]["cpuArchitecture"] == "ARM64"
    assert definition["containerDefinitions"][0]["healthCheck"]["command"] == ["CMD", "/service", "healthcheck"]
    assert definition["containerDefinitions"][0]["portMappings"][0]["appProtocol"] == "http"


def test_a_failed_first_deployment_rolls_the_stack_back(region: Region) -> None:
    region.cloudformation.create_stack(StackName="a", TemplateBody=template())
    region.finish("FAILED", "tasks failed to start: no such file")

    def gone() -> bool:
        for service in region.services():
            if service["status"] == "DRAINING":
                region.plane.agent("put-service-state", serviceArn=service["serviceArn"], runningCount=0)
        return region.status("a") == "ROLLBACK_COMPLETE"

    eventually(gone)
    assert "ECS Deployment Circuit Breaker was triggered: tasks failed to start: no such file" in region.reasons("a")
    assert region.services() == []


def test_an_update_makes_a_deployment_and_a_failed_one_goes_back(region: Region) -> None:
    region.cloudformation.create_stack(StackName="a", TemplateBody=template())
    first = region.finish()
    region.until("a", "CREATE_COMPLETE")
    region.cloudformation.update_stack(StackName="a", TemplateBody=template(image="two"))
    eventually(lambda: len(region.service()["deployments"]) == 2)
    service = region.service()
    assert [one["status"] for one in service["deployments"]] == ["PRIMARY", "ACTIVE"]
    second = service["deployments"][0]["id"]
    # ECS goes back by itself first, then CloudFormation finds that nothing is left to do.
    failed = {"id": second, "rolloutState": "FAILED", "rolloutStateReason": "broken"}
    arn = service["serviceArn"]
    region.plane.agent("put-service-state", serviceArn=arn, deployments=[failed])
    region.plane.agent("start-deployment", serviceArn=arn, fromDeployment=first, reason="broken")
    assert region.service()["deployments"][0]["id"] == first
    region.finish()
    region.until("a", "UPDATE_ROLLBACK_COMPLETE")
    assert region.service()["taskDefinition"] == service["deployments"][1]["taskDefinition"]


def test_only_an_empty_list_takes_load_balancers_off(region: Region) -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-service.html"""
    group = "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/g/1"
    balancer = {"TargetGroupArn": group, "ContainerName": "app", "ContainerPort": 3000}
    region.cloudformation.create_stack(StackName="a", TemplateBody=template(LoadBalancers=[balancer]))
    region.finish()
    region.until("a", "CREATE_COMPLETE")
    for body, left in ((template(image="two"), 1), (template(image="two", LoadBalancers=[]), 0)):
        region.cloudformation.update_stack(StackName="a", TemplateBody=body)
        region.finish()
        region.until("a", "UPDATE_COMPLETE")
        assert len(region.service()["loadBalancers"]) == left


def test_a_new_count_is_no_new_deployment_and_force_is_one(region: Region) -> None:
    region.cloudformation.create_stack(StackName="a", TemplateBody=template())
    region.finish()
    arn = region.service()["serviceArn"]
    region.ecs.update_service(cluster="c", service=arn, desiredCount=3)
    [deployment] = region.service()["deployments"]
    assert deployment["desiredCount"] == region.service()["desiredCount"] == 3
    region.ecs.update_service(cluster="c", service=arn, forceNewDeployment=True)
    assert len(region.service()["deployments"]) == 2


def test_an_inactive_deployment_leaves_the_list_and_can_still_be_gone_back_to(region: Region) -> None:
    region.cloudformation.create_stack(StackName="a", TemplateBody=template())
    first = region.finish()
    arn = region.service()["serviceArn"]
    region.ecs.update_service(cluster="c", service=arn, forceNewDeployment=True)
    region.plane.agent("put-service-state", serviceArn=arn, deployments=[{"id": first, "status": "INACTIVE"}])
    assert [one["id"] for one in region.service()["deployments"]] != [first]
    answer = region.plane.agent("start-deployment", serviceArn=arn, fromDeployment=first, reason="x")
    assert answer["deployment"]["id"] == first


def test_two_stacks_wait_at_the_same_time(region: Region) -> None:
    for name, port in (("service-a", 1), ("service-b", 2)):
        region.cloudformation.create_stack(StackName=name, TemplateBody=template(name=name))
        assert port
    eventually(lambda: len(region.services()) == 2)
    assert {region.status("service-a"), region.status("service-b")} == {"CREATE_IN_PROGRESS"}
    region.finish()
    region.finish()
    region.until("service-a", "CREATE_COMPLETE")
    region.until("service-b", "CREATE_COMPLETE")


def test_deleting_waits_for_the_last_task(region: Region) -> None:
    region.cloudformation.create_stack(StackName="a", TemplateBody=template())
    region.finish()
    region.until("a", "CREATE_COMPLETE")
    stack = region.cloudformation.describe_stacks(StackName="a")["Stacks"][0]["StackId"]
    region.cloudformation.delete_stack(StackName=stack)
    eventually(lambda: region.service()["status"] == "DRAINING")
    assert region.status(stack) == "DELETE_IN_PROGRESS"
    region.plane.agent("put-service-state", serviceArn=region.service()["serviceArn"], runningCount=0)
    region.until(stack, "DELETE_COMPLETE")


def test_a_service_of_cloud_map_that_somebody_else_made_stays(region: Region) -> None:
    region.cloudformation.create_stack(StackName="a", TemplateBody=template())
    region.finish()
    region.until("a", "CREATE_COMPLETE")
    names = region.plane.client("servicediscovery")
    [namespace] = names.list_namespaces()["Namespaces"]
    [entry] = region.service()["deployments"][0]["serviceConnectConfiguration"]["services"]
    # It came after the ECS service, before the agent had the name.
    made = names.create_service(Name=entry["discoveryName"], NamespaceId=namespace["Id"], Description="mine")
    mine = made["Service"]["Id"]
    names.register_instance(ServiceId=mine, InstanceId="one", Attributes={"AWS_INSTANCE_IPV4": "10.0.0.1"})
    stack = region.cloudformation.describe_stacks(StackName="a")["Stacks"][0]["StackId"]
    region.cloudformation.delete_stack(StackName=stack)
    eventually(lambda: region.service()["status"] == "DRAINING")
    region.plane.agent("put-service-state", serviceArn=region.service()["serviceArn"], runningCount=0)
    region.until(stack, "DELETE_COMPLETE")
    assert [one["Id"] for one in names.list_instances(ServiceId=mine)["Instances"]] == ["one"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"name": "service-b", "alias": "service-a"}, "ClientAlias service-a:8080 is already used by service"),
        ({"port_name": "nope"}, "portName(nope) does not refer to any named PortMapping in the container definitions"),
        ({"namespace": NOWHERE}, f"Service Connect namespace {NOWHERE} was not found"),
        ({"launch_type": "EC2"}, "launch type EC2 of service"),
    ],
)
def test_what_ecs_refuses_is_the_reason_of_the_failure(region: Region, change: dict[str, str], message: str) -> None:
    region.cloudformation.create_stack(StackName="first", TemplateBody=template())
    region.finish()
    region.until("first", "CREATE_COMPLETE")
    body = json.loads(template(name=change.get("name", "service-z")))
    service = body["Resources"]["Service"]["Properties"]
    connect = service["ServiceConnectConfiguration"]
    connect["Services"][0]["PortName"] = change.get("port_name", "web")
    connect["Services"][0]["ClientAliases"][0]["DnsName"] = change.get("alias", "other")
    connect["Namespace"] = change.get("namespace", NAMESPACE)
    service["LaunchType"] = change.get("launch_type", "FARGATE")
    region.cloudformation.create_stack(StackName="second", TemplateBody=json.dumps(body))
    eventually(lambda: region.status("second") in ("ROLLBACK_COMPLETE", "CREATE_FAILED"))
    assert message in region.reasons("second")


@pytest.mark.parametrize(
    ("change", "seen"),
    [({"AppProtocol": "http2"}, "applicationProtocol=http2"), ({"AppProtocol": None}, "applicationProtocol=null")],
)
def test_the_protocol_of_a_discovery_name_is_for_its_life(
    region: Region, change: dict[str, str | None], seen: str
) -> None:
    region.cloudformation.create_stack(StackName="a", TemplateBody=template())
    region.finish()
    region.until("a", "CREATE_COMPLETE")
    before = region.service()["taskDefinition"]
    body = json.loads(template(image="two"))
    # A port without a protocol may not have one, which is a refusal of its own.
    [offered] = body["Resources"]["Service"]["Properties"]["ServiceConnectConfiguration"]["Services"]
    offered.pop("Timeout")
    [mapping] = body["Resources"]["Definition"]["Properties"]["ContainerDefinitions"][0]["PortMappings"]
    mapping |= change
    body["Resources"]["Definition"]["Properties"]["ContainerDefinitions"][0]["PortMappings"] = [
        {key: value for key, value in mapping.items() if value is not None}
    ]
    region.cloudformation.update_stack(StackName="a", TemplateBody=json.dumps(body))
    region.until("a", "UPDATE_ROLLBACK_COMPLETE")
    why = region.reasons("a")
    assert "The following config cannot be changed for a SC service. Previous config: ScServiceStableConfig(" in why
    assert "applicationProtocol=http, transportProtocol=tcp" in why
    assert seen in why
    assert region.service()["taskDefinition"] == before


def test_a_new_discovery_name_may_have_another_protocol(region: Region) -> None:
    region.cloudformation.create_stack(StackName="a", TemplateBody=template())
    region.finish()
    region.until("a", "CREATE_COMPLETE")
    body = json.loads(template())
    [mapping] = body["Resources"]["Definition"]["Properties"]["ContainerDefinitions"][0]["PortMappings"]
    mapping["AppProtocol"] = "http2"
    [entry] = body["Resources"]["Service"]["Properties"]["ServiceConnectConfiguration"]["Services"]
    entry |= {"DiscoveryName": "second", "ClientAliases": [{"DnsName": "second", "Port": 8080}]}
    region.cloudformation.update_stack(StackName="a", TemplateBody=json.dumps(body))
    region.finish()
    region.until("a", "UPDATE_COMPLETE")


def test_nameless_aliases_of_one_port_have_names_of_their_own(region: Region) -> None:
    def nameless(discovery_name: str) -> str:
        body = json.loads(template(name=discovery_name))
        [entry] = body["Resources"]["Service"]["Properties"]["ServiceConnectConfiguration"]["Services"]
        del entry["ClientAliases"][0]["DnsName"]
        return json.dumps(body)

    for stack in ("first", "second"):
        region.cloudformation.create_stack(StackName=stack, TemplateBody=nameless(stack))
        region.finish()
        region.until(stack, "CREATE_COMPLETE")
    # The name that the first has by default is taken, whoever asks for it.
    body = json.loads(template(name="third"))
    [entry] = body["Resources"]["Service"]["Properties"]["ServiceConnectConfiguration"]["Services"]
    entry["ClientAliases"][0]["DnsName"] = f"first.{NAMESPACE}"
    region.cloudformation.create_stack(StackName="third", TemplateBody=json.dumps(body))
    eventually(lambda: region.status("third") in ("ROLLBACK_COMPLETE", "CREATE_FAILED"))
    assert f"ClientAlias first.{NAMESPACE}:8080 is already used" in region.reasons("third")


def test_a_service_connect_service_is_never_replaced(region: Region) -> None:
    region.cloudformation.create_stack(StackName="a", TemplateBody=template())
    region.finish()
    region.until("a", "CREATE_COMPLETE")
    body = json.loads(template(CapacityProviderStrategy=[{"CapacityProvider": "FARGATE", "Weight": 1}]))
    del body["Resources"]["Service"]["Properties"]["LaunchType"]
    region.cloudformation.update_stack(StackName="a", TemplateBody=json.dumps(body))
    eventually(lambda: region.status("a") == "UPDATE_ROLLBACK_COMPLETE")
    assert "a change of LaunchType replaces the service" in region.reasons("a")
    assert region.services()[0]["launchType"] == "FARGATE"


def test_windows_is_refused(region: Region) -> None:
    body = json.loads(template())
    body["Resources"]["Definition"]["Properties"]["RuntimePlatform"]["OperatingSystemFamily"] = (
        "WINDOWS_SERVER_2022_CORE"
    )
    region.cloudformation.create_stack(StackName="w", TemplateBody=json.dumps(body))
    eventually(lambda: region.status("w") == "ROLLBACK_COMPLETE")
    assert "operating system family WINDOWS_SERVER_2022_CORE" in region.reasons("w")


def test_the_agent_hears_of_a_service_while_cloudformation_waits(region: Region) -> None:
    def version() -> int:
        return region.plane.agent("version")["version"]

    region.cloudformation.create_stack(StackName="a", TemplateBody=template())
    region.finish()
    region.until("a", "CREATE_COMPLETE")
    region.ecs.create_cluster(clusterName="other")
    before = version()
    region.cloudformation.delete_stack(StackName="a")
    eventually(lambda: region.service()["status"] == "DRAINING")
    assert version() > before
    region.plane.agent("put-service-state", serviceArn=region.service()["serviceArn"], runningCount=0)


def test_the_server_answers_while_a_service_waits(region: Region) -> None:
    region.cloudformation.create_stack(StackName="a", TemplateBody=template())
    eventually(region.services)
    answered = threading.Event()
    thread = threading.Thread(target=lambda: (region.services(), answered.set()))
    thread.start()
    assert answered.wait(5)
    region.finish()


_NEVER_STEADY = """
from ministack.services import ecs
from highlands_control_plane import ecs_resources
ecs_resources._LIMIT_SECONDS = 0
ecs_resources.AGENT.present = lambda: True
for name in ("web", "other"):
    ecs._tasks[name] = {"clusterArn": "c", "group": f"service:{name}", "stoppedReason": f"no secret for {name}"}
try:
    ecs_resources._wait_until_deployed(
        {
            "serviceName": "web",
            "clusterArn": "c",
            "status": "ACTIVE",
            "deployments": [{"id": "d", "rolloutState": "IN_PROGRESS"}],
        }
    )
except ValueError as error:
    print(error)
"""


def test_a_service_that_never_gets_steady_says_why_its_tasks_stop() -> None:
    # In a process of its own, with a limit that is over at once.
    run = subprocess.run([sys.executable, "-c", _NEVER_STEADY], cwd=HERE, capture_output=True, text=True, check=True)
    assert run.stdout == "service web was not steady within 0 s; a task of it stopped last: no secret for web\n"
