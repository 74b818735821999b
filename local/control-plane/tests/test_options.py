"""Resource types and members that come with options: capacity providers, endpoints, HTTPS, web ACLs."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from conftest import ControlPlane, eventually
from test_services import NAMESPACE, template

ACM = "arn:aws:acm:eu-west-1:111122223333:certificate/11111111-2222-3333-4444-555555555555"
SPOT = [
    {"CapacityProvider": "FARGATE", "Base": 1, "Weight": 50},
    {"CapacityProvider": "FARGATE_SPOT", "Weight": 50},
]


def deploy(plane: ControlPlane, name: str, body: str) -> dict[str, Any]:
    formation = plane.client("cloudformation")
    formation.create_stack(StackName=name, TemplateBody=body)

    def over() -> dict[str, Any] | None:
        stack = formation.describe_stacks(StackName=name)["Stacks"][0]
        return None if stack["StackStatus"].endswith("_IN_PROGRESS") else stack

    stack = eventually(over)
    assert stack["StackStatus"] == "CREATE_COMPLETE", formation.describe_stack_events(StackName=name)["StackEvents"]
    return {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])}


def resources(**resources: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    return {name: {"Type": kind, "Properties": properties} for name, (kind, properties) in resources.items()}


VPC = resources(
    Vpc=("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}),
    One=("AWS::EC2::Subnet", {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/24", "AvailabilityZone": "us-east-1a"}),
    Two=("AWS::EC2::Subnet", {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.1.0/24", "AvailabilityZone": "us-east-1b"}),
)


def test_an_interface_endpoint_is_there_with_its_group(plane: ControlPlane) -> None:
    rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": {"Fn::GetAtt": ["Vpc", "CidrBlock"]}}
    group = {"VpcId": {"Ref": "Vpc"}, "GroupDescription": "Endpoints", "SecurityGroupIngress": [rule]}
    endpoint = {
        "VpcEndpointType": "Interface",
        "VpcId": {"Ref": "Vpc"},
        "ServiceName": "com.amazonaws.us-east-1.logs",
        "SubnetIds": [{"Ref": "One"}],
        "SecurityGroupIds": [{"Fn::GetAtt": ["Group", "GroupId"]}],
        "PrivateDnsEnabled": True,
    }
    more = resources(Group=("AWS::EC2::SecurityGroup", group), Endpoint=("AWS::EC2::VPCEndpoint", endpoint))
    deploy(plane, "base", json.dumps({"Resources": {**VPC, **more}}))
    ec2 = plane.client("ec2")
    [found] = ec2.describe_vpc_endpoints()["VpcEndpoints"]
    assert (found["VpcEndpointType"], found["ServiceName"]) == ("Interface", "com.amazonaws.us-east-1.logs")
    groups = [one for one in ec2.describe_security_groups()["SecurityGroups"] if one["Description"] == "Endpoints"]
    assert groups[0]["IpPermissions"][0]["IpRanges"][0]["CidrIp"] == "10.0.0.0/16"


def test_an_https_listener_keeps_certificate_and_policy_and_a_web_acl_is_associated(plane: ControlPlane) -> None:
    waf = plane.client("wafv2")
    visibility = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "x"}
    made = waf.create_web_acl(Name="x", Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig=visibility)
    web_acl = made["Summary"]["ARN"]
    balancer = {"Type": "application", "Subnets": [{"Ref": "One"}, {"Ref": "Two"}]}
    listener = {
        "LoadBalancerArn": {"Ref": "Balancer"},
        "Port": 443,
        "Protocol": "HTTPS",
        "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
        "Certificates": [{"CertificateArn": ACM}],
        "DefaultActions": [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}],
    }
    more = resources(
        Balancer=("AWS::ElasticLoadBalancingV2::LoadBalancer", balancer),
        Listener=("AWS::ElasticLoadBalancingV2::Listener", listener),
        Acl=("AWS::WAFv2::WebACLAssociation", {"ResourceArn": {"Ref": "Balancer"}, "WebACLArn": web_acl}),
    )
    outputs = {"Arn": {"Value": {"Ref": "Balancer"}}}
    arn = deploy(plane, "base", json.dumps({"Resources": {**VPC, **more}, "Outputs": outputs}))["Arn"]
    [found] = plane.client("elbv2").describe_listeners(LoadBalancerArn=arn)["Listeners"]
    assert found["Certificates"] == [{"CertificateArn": ACM}]
    assert (found["Protocol"], found["SslPolicy"]) == ("HTTPS", "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09")
    found = waf.list_resources_for_web_acl(WebACLArn=web_acl, ResourceType="APPLICATION_LOAD_BALANCER")
    assert found["ResourceArns"] == [arn]


def test_a_cluster_gets_capacity_providers_and_a_service_a_strategy_instead_of_a_launch_type(
    plane: ControlPlane,
) -> None:
    providers = {
        "Cluster": {"Ref": "Cluster"},
        "CapacityProviders": ["FARGATE", "FARGATE_SPOT"],
        "DefaultCapacityProviderStrategy": [],
    }
    cluster = resources(
        Cluster=("AWS::ECS::Cluster", {"ClusterName": "c"}),
        Providers=("AWS::ECS::ClusterCapacityProviderAssociations", providers),
    )
    deploy(plane, "base", json.dumps({"Resources": cluster}))
    ecs = plane.client("ecs")
    assert ecs.describe_clusters(clusters=["c"])["clusters"][0]["capacityProviders"] == ["FARGATE", "FARGATE_SPOT"]

    plane.client("servicediscovery").create_http_namespace(Name=NAMESPACE)
    definition = json.loads(template())["Resources"]["Definition"]
    deploy(plane, "definition", json.dumps({"Resources": {"Definition": definition}}))
    network = {"awsvpcConfiguration": {"subnets": ["subnet-00000001"]}}
    strategy = [{key[0].lower() + key[1:]: value for key, value in item.items()} for item in SPOT]
    create = {"cluster": "c", "serviceName": "s", "taskDefinition": "service-a", "networkConfiguration": network}
    service = ecs.create_service(**create, capacityProviderStrategy=strategy)["service"]
    assert "launchType" not in service
    assert [one["capacityProvider"] for one in service["deployments"][0]["capacityProviderStrategy"]] == [
        "FARGATE",
        "FARGATE_SPOT",
    ]
    back = ecs.update_service(cluster="c", service="s", capacityProviderStrategy=[], forceNewDeployment=True)["service"]
    assert back["launchType"] == "FARGATE"


@pytest.mark.parametrize(
    ("strategy", "complaint"),
    [
        ([("FARGATE_SPOT", 1)], "cannot contain a capacity provider that is not associated with the cluster."),
        ([("FARGATE", 0)], "with a weight value greater than zero."),
        ([("my-instances", 1)], "my-instances is not supported in the local region: use FARGATE or FARGATE_SPOT"),
    ],
)
def test_a_strategy_that_cannot_be_is_refused(
    plane: ControlPlane, strategy: list[tuple[str, int]], complaint: str
) -> None:
    ecs = plane.client("ecs")
    ecs.create_cluster(clusterName="c", capacityProviders=["FARGATE"])
    definition = json.loads(template())["Resources"]["Definition"]
    deploy(plane, "definition", json.dumps({"Resources": {"Definition": definition}}))
    items = [{"capacityProvider": name, "weight": weight} for name, weight in strategy]
    with pytest.raises(ClientError, match=complaint):
        ecs.create_service(cluster="c", serviceName="s", taskDefinition="service-a", capacityProviderStrategy=items)


def test_full_names_are_as_a_scaling_policy_needs_them(plane: ControlPlane) -> None:
    balancer = {"Type": "application", "Subnets": [{"Ref": "One"}, {"Ref": "Two"}]}
    more = resources(
        Balancer=("AWS::ElasticLoadBalancingV2::LoadBalancer", balancer),
        Targets=("AWS::ElasticLoadBalancingV2::TargetGroup", {"VpcId": {"Ref": "Vpc"}, "Port": 80, "Protocol": "HTTP"}),
    )
    names = {
        name: {"Value": {"Fn::GetAtt": [name, f"{kind}FullName"]}}
        for name, kind in [("Balancer", "LoadBalancer"), ("Targets", "TargetGroup")]
    }
    arns = {f"{name}Arn": {"Value": {"Ref": name}} for name in names}
    outputs = deploy(plane, "full", json.dumps({"Resources": {**VPC, **more}, "Outputs": {**names, **arns}}))
    assert outputs["Targets"].startswith("targetgroup/") and outputs["TargetsArn"].endswith(f":{outputs['Targets']}")
    assert outputs["Balancer"].startswith("app/") and outputs["BalancerArn"].endswith(
        f":loadbalancer/{outputs['Balancer']}"
    )
