"""ECS calls by name and by ARN, namespaces by new names, and the small refusals of AWS."""

from typing import Any

import pytest
from botocore.exceptions import ClientError
from conftest import ControlPlane


def _register(plane: ControlPlane, family: str = "one", cpu: str = "256", memory: str = "512") -> str:
    ports = [{"name": family, "containerPort": 80}]
    answer = plane.client("ecs").register_task_definition(
        family=family, cpu=cpu, memory=memory, networkMode="awsvpc", requiresCompatibilities=["FARGATE"],
        containerDefinitions=[{"name": "app", "image": "app:1", "portMappings": ports}],
    )  # fmt: skip
    return answer["taskDefinition"]["taskDefinitionArn"]


def _service(plane: ControlPlane, name: str, **more: Any) -> dict[str, Any]:
    network = {"awsvpcConfiguration": {"subnets": ["subnet-00000001"]}}
    return plane.client("ecs").create_service(
        cluster="c", serviceName=name, taskDefinition=_register(plane, name), desiredCount=1, launchType="FARGATE",
        networkConfiguration=network, **more,
    )["service"]  # fmt: skip


def test_every_reference_to_a_service_a_cluster_and_a_task(module_plane: ControlPlane) -> None:
    ecs = module_plane.client("ecs")
    cluster = ecs.create_cluster(clusterName="c")["cluster"]["clusterArn"]
    service = _service(module_plane, "one")
    arn = cluster.replace(":cluster/", ":task/") + "/0123"
    task = {
        "taskArn": arn,
        "clusterArn": cluster,
        "group": "service:one",
        "lastStatus": "RUNNING",
        "desiredStatus": "RUNNING",
    }
    module_plane.agent("put-tasks", tasks=[task])
    # The older form of the ARN has no cluster: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html
    older = service["serviceArn"].replace("/c/", "/")
    for cluster_reference in ("c", cluster):
        for reference in ("one", service["serviceArn"], older):
            assert ecs.list_tasks(cluster=cluster_reference, serviceName=reference)["taskArns"] == [arn]
            assert len(ecs.describe_services(cluster=cluster_reference, services=[reference])["services"]) == 1
            assert (
                ecs.update_service(cluster=cluster_reference, service=reference, desiredCount=1)["service"][
                    "serviceName"
                ]
                == "one"
            )
            assert ecs.list_service_deployments(cluster=cluster_reference, service=reference)["serviceDeployments"]
        for reference in ("0123", arn):
            assert len(ecs.describe_tasks(cluster=cluster_reference, tasks=[reference])["tasks"]) == 1
    definition = service["taskDefinition"]
    for reference in ("one", "one:1", definition):
        assert (
            ecs.describe_task_definition(taskDefinition=reference)["taskDefinition"]["taskDefinitionArn"] == definition
        )
    with pytest.raises(ClientError, match="Service not found"):
        ecs.list_tasks(cluster="c", serviceName=service["serviceArn"].replace("/c/", "/other/"))


def test_a_cluster_or_a_service_that_names_a_new_namespace_gets_it(module_plane: ControlPlane) -> None:
    ecs, names = module_plane.client("ecs"), module_plane.client("servicediscovery")
    made = ecs.create_cluster(clusterName="d", serviceConnectDefaults={"namespace": "new.local"})["cluster"]
    [namespace] = [one for one in names.list_namespaces()["Namespaces"] if one["Name"] == "new.local"]
    assert namespace["Type"] == "HTTP"
    assert made["serviceConnectDefaults"] == {"namespace": namespace["Arn"]}
    again = ecs.update_cluster(cluster="d", serviceConnectDefaults={"namespace": "new.local"})["cluster"]
    assert again["serviceConnectDefaults"] == {"namespace": namespace["Arn"]}
    ecs.create_cluster(clusterName="c")
    for name in ("two", "three"):
        # No alias has a name: each answers to its own.
        entry = {"portName": name, "clientAliases": [{"port": 80}]}
        _service(
            module_plane,
            name,
            serviceConnectConfiguration={"enabled": True, "namespace": "other.local", "services": [entry]},
        )
    assert "other.local" in [one["Name"] for one in names.list_namespaces()["Namespaces"]]
    assert len(ecs.list_services_by_namespace(namespace="other.local")["serviceArns"]) == 2
    for bad in ("a/b", "arn:aws:servicediscovery:us-east-1:000000000000:namespace/ns-none", "a<b"):
        with pytest.raises(ClientError, match="was not found"):
            ecs.update_cluster(cluster="d", serviceConnectDefaults={"namespace": bad})


def test_what_fargate_does_not_have(module_plane: ControlPlane) -> None:
    for cpu, memory in (("256", "8192"), ("1024", "1024"), ("300", "512"), ("1 vCPU", "1 GB")):
        with pytest.raises(ClientError, match="No Fargate configuration exists"):
            _register(module_plane, "size", cpu, memory)
    for cpu, memory in (("256", "2048"), ("1 vCPU", "2 GB"), (".5 vCPU", "1 GB"), ("16384", "122880")):
        _register(module_plane, "size", cpu, memory)


def test_two_containers_of_one_name(module_plane: ControlPlane) -> None:
    ecs = module_plane.client("ecs")
    container = {"name": "app", "image": "app:1", "memory": 64}
    with pytest.raises(
        ClientError, match=r"\(ClientException\).*Container names must be unique within a Task Definition\."
    ):
        ecs.register_task_definition(
            family="twice", containerDefinitions=[container, {**container, "image": "other:1"}]
        )
    assert ecs.list_task_definitions(familyPrefix="twice")["taskDefinitionArns"] == []
    ecs.register_task_definition(family="twice", containerDefinitions=[container, {**container, "name": "App"}])


def test_a_target_group_knows_its_balancers_and_its_service_has_one(module_plane: ControlPlane) -> None:
    ecs, elbv2 = module_plane.client("ecs"), module_plane.client("elbv2")
    subnets = [one["SubnetId"] for one in module_plane.client("ec2").describe_subnets()["Subnets"]][:2]
    balancer = elbv2.create_load_balancer(Name="lb", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    groups = {
        name: elbv2.create_target_group(Name=name, Protocol="HTTP", Port=80, VpcId="vpc-00000001", TargetType="ip")[
            "TargetGroups"
        ][0]["TargetGroupArn"]
        for name in ("one", "two", "three")
    }
    ecs.create_cluster(clusterName="c")
    behind = [{"targetGroupArn": groups["two"], "containerName": "app", "containerPort": 80}]
    with pytest.raises(ClientError, match="does not have an associated load balancer"):
        _service(module_plane, "behind", loadBalancers=behind)
    weighted = [
        {
            "Type": "forward",
            "ForwardConfig": {"TargetGroups": [{"TargetGroupArn": groups[one], "Weight": 1} for one in ("one", "two")]},
        }
    ]
    listener = elbv2.create_listener(LoadBalancerArn=balancer, Port=80, Protocol="HTTP", DefaultActions=weighted)[
        "Listeners"
    ][0]["ListenerArn"]
    _service(module_plane, "behind", loadBalancers=behind)

    def balancers() -> dict[str, list[str]]:
        found = elbv2.describe_target_groups(TargetGroupArns=list(groups.values()))["TargetGroups"]
        return {one["TargetGroupName"]: one["LoadBalancerArns"] for one in found}

    assert balancers() == {"one": [balancer], "two": [balancer], "three": []}
    target = {"id": "10.0.0.9", "port": 80, "state": "healthy"}
    module_plane.agent("put-target-health", targetGroupArn=groups["two"], targets=[target])
    health = lambda: elbv2.describe_target_health(TargetGroupArn=groups["two"])["TargetHealthDescriptions"][0][
        "TargetHealth"
    ]
    assert health()["State"] == "healthy"
    elbv2.modify_listener(ListenerArn=listener, DefaultActions=[{"Type": "forward", "TargetGroupArn": groups["three"]}])
    assert balancers() == {"one": [], "two": [], "three": [balancer]}
    assert (health()["State"], health()["Reason"]) == ("unused", "Target.NotInUse")
    rule = [{"Type": "forward", "TargetGroupArn": groups["one"]}]
    elbv2.create_rule(
        ListenerArn=listener, Priority=1, Conditions=[{"Field": "path-pattern", "Values": ["/a"]}], Actions=rule
    )
    assert balancers()["one"] == [balancer]


def test_public_parameters(module_plane: ControlPlane) -> None:
    ssm = module_plane.client("ssm")
    for name in (
        "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.1-arm64",
        "/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id",
        "/aws/service/bottlerocket/aws-ecs-2/x86_64/latest/image_id",
    ):
        assert ssm.get_parameter(Name=name)["Parameter"]["Value"].startswith("ami-000000000")
    image = ssm.get_parameter(Name="/aws/service/aws-for-fluent-bit/latest")["Parameter"]["Value"]
    assert image == "906394416424.dkr.ecr.us-east-1.amazonaws.com/aws-for-fluent-bit:latest"
    with pytest.raises(ClientError, match="ParameterNotFound"):
        ssm.get_parameter(Name="/aws/service/none/of/these")


def test_a_large_template_comes_from_a_bucket_by_either_kind_of_address(module_plane: ControlPlane) -> None:
    s3, stacks = module_plane.client("s3"), module_plane.client("cloudformation")
    s3.create_bucket(Bucket="templates")
    body = '{"Metadata": "' + "x" * 60_000 + '", "Resources": {"It": {"Type": "AWS::ECS::Cluster"}}}'
    s3.put_object(Bucket="templates", Key="a/b.json", Body=body.encode())
    for number, url in enumerate(
        (
            "https://templates.s3.us-east-1.amazonaws.com/a/b.json",
            "https://s3.us-east-1.amazonaws.com/templates/a/b.json",
        )
    ):
        stacks.create_stack(StackName=f"Large{number}", TemplateURL=url)
        stacks.get_waiter("stack_create_complete").wait(
            StackName=f"Large{number}", WaiterConfig={"Delay": 1, "MaxAttempts": 30}
        )
