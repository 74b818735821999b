"""Cloud Map and Route 53 as the names of a VPC need them, by their APIs and by templates."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from conftest import ControlPlane

VPC = "vpc-0123456789abcdef0"


def stack(plane: ControlPlane, resources: dict[str, Any], update: bool = False) -> None:
    api = plane.client("cloudformation")
    body = json.dumps({"Resources": resources})
    (api.update_stack if update else api.create_stack)(StackName="S", TemplateBody=body)
    waiter = api.get_waiter("stack_update_complete" if update else "stack_create_complete")
    waiter.wait(StackName="S", WaiterConfig={"Delay": 1, "MaxAttempts": 20})


def version(plane: ControlPlane) -> int:
    return int(plane.agent("version")["version"])


def code_of(refused: Any) -> str:
    return str(refused.value.response["Error"]["Code"])


def namespace(plane: ControlPlane, name: str) -> tuple[str, str]:
    api = plane.client("servicediscovery")
    api.create_private_dns_namespace(Name=name, Vpc=VPC)
    found = next(one for one in api.list_namespaces()["Namespaces"] if one["Name"] == name)
    return found["Id"], found["Properties"]["DnsProperties"]["HostedZoneId"]


def service(plane: ControlPlane, namespace_id: str, name: str, **more: Any) -> str:
    records = {"DnsRecords": [{"Type": "A", "TTL": 10}], "RoutingPolicy": "MULTIVALUE"}
    made = plane.client("servicediscovery").create_service(
        Name=name, NamespaceId=namespace_id, DnsConfig=records, **more
    )
    return str(made["Service"]["Id"])


def test_a_zone_of_a_template_is_private_with_its_vpcs_and_a_group_has_its_record_sets(
    module_plane: ControlPlane,
) -> None:
    zone = {
        "Type": "AWS::Route53::HostedZone",
        "Properties": {"Name": "g.internal", "VPCs": [{"VPCId": VPC, "VPCRegion": "us-east-1"}]},
    }

    def group(*names: str) -> dict[str, Any]:
        sets = [
            {"Name": f"{one}.g.internal", "Type": "A", "TTL": "30", "ResourceRecords": ["10.0.0.1"]} for one in names
        ]
        return {
            "Type": "AWS::Route53::RecordSetGroup",
            "Properties": {"HostedZoneId": {"Ref": "Zone"}, "RecordSets": sets},
        }

    def names() -> list[str]:
        rows = api.list_resource_record_sets(HostedZoneId=zone_id)["ResourceRecordSets"]
        return [one["Name"] for one in rows if one["Type"] == "A"]

    before = version(module_plane)
    stack(module_plane, {"Zone": zone, "Group": group("a", "b")})
    api = module_plane.client("route53")
    [found] = [one for one in api.list_hosted_zones()["HostedZones"] if one["Name"] == "g.internal."]
    zone_id = found["Id"]
    assert (found["Config"]["PrivateZone"], api.get_hosted_zone(Id=zone_id)["VPCs"][0]["VPCId"]) == (True, VPC)
    assert (names(), version(module_plane) > before) == (["a.g.internal.", "b.g.internal."], True)
    stack(module_plane, {"Zone": zone, "Group": group("b", "c")}, update=True)
    assert names() == ["b.g.internal.", "c.g.internal."]
    stack(module_plane, {"Zone": zone}, update=True)
    assert names() == []


def test_a_change_by_the_api_counts(module_plane: ControlPlane) -> None:
    namespace_id, zone_id = namespace(module_plane, "counted.internal")
    api, zones = module_plane.client("servicediscovery"), module_plane.client("route53")
    change = {
        "Action": "UPSERT",
        "ResourceRecordSet": {
            "Name": "x.counted.internal",
            "Type": "A",
            "TTL": 5,
            "ResourceRecords": [{"Value": "10.0.0.1"}],
        },
    }
    before = version(module_plane)
    zones.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch={"Changes": [change]})
    between = version(module_plane)
    service_id = service(module_plane, namespace_id, "one")
    made = version(module_plane)
    api.register_instance(ServiceId=service_id, InstanceId="i", Attributes={"AWS_INSTANCE_IPV4": "10.0.0.1"})
    assert before < between < made < version(module_plane)


def test_who_is_found_depends_on_health_and_all_are_when_nobody_is_healthy(module_plane: ControlPlane) -> None:
    namespace_id, _ = namespace(module_plane, "found.internal")
    api = module_plane.client("servicediscovery")
    service_id = service(module_plane, namespace_id, "web", HealthCheckCustomConfig={"FailureThreshold": 1})

    def found(**more: Any) -> list[str]:
        answer = api.discover_instances(NamespaceName="found.internal", ServiceName="web", **more)
        return [one["InstanceId"] for one in answer["Instances"]]

    for name, status in (("a", "HEALTHY"), ("b", "UNHEALTHY")):
        attributes = {"AWS_INSTANCE_IPV4": "10.0.0.1", "AWS_INIT_HEALTH_STATUS": status, "name": name}
        api.register_instance(ServiceId=service_id, InstanceId=name, Attributes=attributes)
    assert found(HealthStatus="HEALTHY_OR_ELSE_ALL") == ["a"]
    assert found(HealthStatus="UNHEALTHY") == ["b"]
    assert found(HealthStatus="ALL") == ["a", "b"]
    assert found(HealthStatus="ALL", QueryParameters={"name": "b"}) == ["b"]
    assert found(HealthStatus="ALL", OptionalParameters={"name": "c"}) == ["a", "b"]
    api.update_instance_custom_health_status(ServiceId=service_id, InstanceId="a", Status="UNHEALTHY")
    assert found(HealthStatus="HEALTHY_OR_ELSE_ALL") == ["a", "b"]
    with pytest.raises(ClientError) as refused:
        api.delete_service(Id=service_id)
    assert code_of(refused) == "ResourceInUse"


def test_a_service_without_a_custom_check_takes_no_health_and_filters_by_namespace_hold(
    module_plane: ControlPlane,
) -> None:
    namespace_id, _ = namespace(module_plane, "plain.internal")
    api = module_plane.client("servicediscovery")
    service_id = service(module_plane, namespace_id, "plain")
    api.register_instance(ServiceId=service_id, InstanceId="i", Attributes={"AWS_INSTANCE_IPV4": "10.0.0.1"})
    with pytest.raises(ClientError) as refused:
        api.update_instance_custom_health_status(ServiceId=service_id, InstanceId="i", Status="UNHEALTHY")
    assert code_of(refused) == "CustomHealthNotFound"
    only = [{"Name": "NAMESPACE_ID", "Values": [namespace_id], "Condition": "EQ"}]
    assert [one["Id"] for one in api.list_services(Filters=only)["Services"]] == [service_id]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"registryArn": "arn:none"}, "The service registry arn:none does not exist."),
        ({}, "SRV records need"),
        ({"port": 80, "containerName": "app", "containerPort": 80}, "and not both"),
        ({"containerName": "app"}, "together"),
        ({"containerName": "other", "containerPort": 80}, "The container other does not exist in the task definition."),
        ({"containerName": "app", "containerPort": 81}, "no port mapping of 81"),
    ],
)
def test_what_ecs_refuses_of_a_registry(module_plane: ControlPlane, given: dict[str, Any], sentence: str) -> None:
    name = f"r{abs(hash(str(given)))}.internal"
    namespace_id, _ = namespace(module_plane, name)
    records = {"DnsRecords": [{"Type": "SRV", "TTL": 10}]}
    made = module_plane.client("servicediscovery").create_service(Name="s", NamespaceId=namespace_id, DnsConfig=records)
    ecs = module_plane.client("ecs")
    ecs.create_cluster(clusterName="c")
    ecs.register_task_definition(
        family="registered",
        cpu="256",
        memory="512",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        containerDefinitions=[{"name": "app", "image": "app:1", "portMappings": [{"containerPort": 80}]}],
    )
    subnets = [one["SubnetId"] for one in module_plane.client("ec2").describe_subnets()["Subnets"]][:1]
    network = {"awsvpcConfiguration": {"subnets": subnets}}
    with pytest.raises(ClientError, match=sentence) as refused:
        ecs.create_service(
            cluster="c",
            serviceName="s",
            taskDefinition="registered",
            launchType="FARGATE",
            networkConfiguration=network,
            serviceRegistries=[{"registryArn": made["Service"]["Arn"], **given}],
        )
    assert code_of(refused) == "InvalidParameterException"
