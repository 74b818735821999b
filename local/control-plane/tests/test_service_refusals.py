"""What CreateService refuses, with AWS's code and sentence; no service is made."""

from typing import Any

import pytest
from in_process import act

ECS = "AmazonEC2ContainerServiceV20141113"
PORTS = [
    {"name": "web", "containerPort": 80, "appProtocol": "http"},
    {"name": "raw", "containerPort": 81},
]
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-00000001"]}}
GROUP = "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/g/1"


@pytest.fixture(scope="module", autouse=True)
def definition() -> None:
    act(f"{ECS}.CreateCluster", {"clusterName": "refuses"})
    both = ["FARGATE", "FARGATE_SPOT"]
    act(f"{ECS}.CreateCluster", {"clusterName": "provided", "capacityProviders": both})
    container = {"name": "app", "image": "one", "portMappings": PORTS}
    registered = {
        "family": "refused",
        "cpu": "256",
        "memory": "512",
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "containerDefinitions": [container],
    }
    assert act(f"{ECS}.RegisterTaskDefinition", registered)[0] == 200
    assert act(f"{ECS}.RegisterTaskDefinition", {**registered, "family": "gone"})[0] == 200
    assert act(f"{ECS}.DeregisterTaskDefinition", {"taskDefinition": "gone:1"})[0] == 200


def create(**more: Any) -> tuple[int, dict[str, Any]]:
    request = {
        "cluster": "refuses",
        "serviceName": "s",
        "taskDefinition": "refused",
        "launchType": "FARGATE",
        "networkConfiguration": NETWORK,
    }
    given = {key: value for key, value in {**request, **more}.items() if value is not None}
    return act(f"{ECS}.CreateService", given)


def connect(*entries: dict[str, Any], namespace: str | None = "refuses.local") -> dict[str, Any]:
    named = {} if namespace is None else {"namespace": namespace}
    return {"serviceConnectConfiguration": {"enabled": True, **named, "services": list(entries)}}


def target(**more: Any) -> dict[str, Any]:
    return {"loadBalancers": [{"targetGroupArn": GROUP, "containerName": "app", "containerPort": 80, **more}]}


def deployment(**configuration: Any) -> dict[str, Any]:
    return {"deploymentConfiguration": configuration}


def network(**more: Any) -> dict[str, Any]:
    return {"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-00000001"], **more}}}


def strategy(*weights: tuple[str, int], base: int | None = None) -> dict[str, Any]:
    more = {} if base is None else {"base": base}
    items = [{"capacityProvider": name, "weight": weight, **more} for name, weight in weights]
    # The cluster of the two has both.
    cluster = {} if weights == (("FARGATE", 1),) else {"cluster": "provided"}
    return {"launchType": None, "capacityProviderStrategy": items, **cluster}


WEB = {"portName": "web"}
INVALID = "InvalidParameterException"
REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"serviceName": "a/b"}, INVALID, r"ServiceName must match ^[a-zA-Z0-9\-_]{1,255}$, but was a/b"),
    (
        {"placementConstraints": [{"type": "distinctInstance"}]},
        INVALID,
        "Placement constraints are not supported with FARGATE launch type.",
    ),
    (
        {"placementStrategy": [{"type": "random"}]},
        INVALID,
        "Placement strategies are not supported with FARGATE launch type.",
    ),
    (
        strategy(("FARGATE", 1)),
        INVALID,
        "cannot contain a capacity provider that is not associated with the cluster. Associate the capacity provider",
    ),
    (strategy(("FARGATE", 0)), INVALID, "with a weight value greater than zero. Specify a weight value greater than"),
    (
        strategy(("FARGATE", 1), ("FARGATE_SPOT", 1), base=1),
        INVALID,
        "contains multiple capacity providers with a base value defined. Only one capacity provider per strategy can",
    ),
    (strategy(("FARGATE", 1), ("FARGATE", 1)), INVALID, "contains a capacity provider twice."),
    (strategy(("mine", 1)), INVALID, "capacity provider mine is not supported in the local region"),
    (
        network(subnets=["subnet-gone"]),
        INVALID,
        (
            "Error retrieving subnet information for [subnet-gone]: The subnet ID 'subnet-gone' does not exist "
            "(ErrorCode: InvalidSubnetID.NotFound)"
        ),
    ),
    (
        network(securityGroups=["sg-gone"]),
        INVALID,
        (
            "Error retrieving security group information for [sg-gone]: The security group 'sg-gone' does not exist "
            "(ErrorCode: InvalidGroup.NotFound)"
        ),
    ),
    (
        {"serviceRegistries": [{"registryArn": "arn:a"}, {"registryArn": "arn:b"}]},
        INVALID,
        "service registries can have at most 1 items.",
    ),
    ({"serviceRegistries": [{"registryArn": "arn:a"}]}, INVALID, "The service registry arn:a does not exist."),
    (
        {"volumeConfigurations": [{"name": "nope"}]},
        INVALID,
        "The volume name 'nope' in your request does not have a matching volume in your Task Definition that is",
    ),
    (
        {"enableExecuteCommand": True},
        INVALID,
        "The service couldn't be created because a valid taskRoleArn is not being used. Specify a valid task role in",
    ),
    (
        {"availabilityZoneRebalancing": "ENABLED", **deployment(minimumHealthyPercent=0, maximumPercent=100)},
        INVALID,
        "Availability Zone Rebalancing does not support a maximum percent of 100",
    ),
    (deployment(bakeTimeInMinutes=1441), INVALID, "bakeTimeInMinutes is 1441: it must be between 0 and 1440."),
    (
        deployment(alarms={"alarmNames": [], "enable": True, "rollback": True}),
        INVALID,
        "alarmNames can not be empty.",
    ),
    ({"healthCheckGracePeriodSeconds": -1}, INVALID, "healthCheckGracePeriodSeconds is -1: it can't be below 0."),
    ({"loadBalancers": target()["loadBalancers"] * 2}, INVALID, "more than once for the same container and port."),
    ({"desiredCount": -1}, INVALID, "desiredCount is -1"),
    ({"taskDefinition": "gone:1"}, "ClientException", "TaskDefinition is inactive"),
    (
        {"capacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1}]},
        INVALID,
        "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.",
    ),
    ({"platformVersion": "9.9.9"}, "PlatformUnknownException", "The specified platform version doesn't exist."),
    (
        {"networkConfiguration": None},
        INVALID,
        "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    ),
    ({"networkConfiguration": {"awsvpcConfiguration": {"subnets": []}}}, INVALID, "subnets can not be empty."),
    (
        {"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["s"], "securityGroups": list("abcdef")}}},
        INVALID,
        "securityGroups can have at most 5 items.",
    ),
    (
        deployment(minimumHealthyPercent=100, maximumPercent=100),
        INVALID,
        "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.",
    ),
    (deployment(minimumHealthyPercent=-1, maximumPercent=200), INVALID, "minimumHealthyPercent is -1"),
    (deployment(minimumHealthyPercent=0, maximumPercent=99), INVALID, "maximumPercent is 99"),
    ({"deploymentController": {"type": "CODE_DEPLOY"}}, INVALID, "deployment controller CODE_DEPLOY is not supported"),
    ({"schedulingStrategy": "DAEMON"}, INVALID, "don't support the DAEMON scheduling strategy."),
    (
        {"healthCheckGracePeriodSeconds": 5},
        INVALID,
        "Health check grace period is only valid for services configured to",
    ),
    (target(containerName="nope"), INVALID, "The container nope does not exist in the task definition."),
    (target(containerPort=8080), INVALID, "The container app did not have a container port 8080 defined."),
    (target(targetGroupArn=None), INVALID, "targetGroupArn or loadBalancerName must be specified."),
    (target(loadBalancerName="old"), INVALID, "loadBalancerName and targetGroupArn cannot both be specified. You must"),
    (
        target(loadBalancerName="old", targetGroupArn=None),
        INVALID,
        "Classic Load Balancers are not supported with Fargate.",
    ),
    ({"loadBalancers": target()["loadBalancers"] * 6}, INVALID, "loadBalancers can have at most 5 items."),
    (
        connect({"portName": "nope"}),
        INVALID,
        "portName(nope) does not refer to any named PortMapping in the container definitions",
    ),
    (connect(WEB, namespace=None), INVALID, "Namespace is missing"),
    (connect({**WEB, "discoveryName": "A.b"}), INVALID, "discoveryName A.b has up to 64"),
    (
        connect({**WEB, "clientAliases": [{"port": 1}, {"port": 2}]}),
        INVALID,
        "2 clientAliases exceeds the max limit of 1",
    ),
    (
        connect({**WEB, "clientAliases": [{"port": 1, "dnsName": "a b"}]}),
        INVALID,
        "The DNS name that you provided is invalid",
    ),
    (connect(WEB, {**WEB, "discoveryName": "other"}), INVALID, "portName web is there more than once"),
    (connect(WEB, {"portName": "raw", "discoveryName": "web"}), INVALID, "discoveryName web is there more than once"),
    (
        connect(*({"portName": one, "clientAliases": [{"port": 1, "dnsName": "x"}]} for one in ("web", "raw"))),
        INVALID,
        "ClientAlias x:1 is there more than once",
    ),
    (connect({**WEB, "ingressPortOverride": 81}), INVALID, "ingressPortOverride 81 is already used"),
    (
        connect(*({"portName": one, "ingressPortOverride": 9000} for one in ("web", "raw"))),
        INVALID,
        "ingressPortOverride 9000 is already used",
    ),
    (
        connect({"portName": "raw", "timeout": {"perRequestTimeoutSeconds": 5}}),
        INVALID,
        "perRequestTimeoutSeconds can only be set if the port raw has an appProtocol that isn't TCP.",
    ),
    (
        connect({**WEB, "tls": {"issuerCertificateAuthority": {}}}),
        INVALID,
        "TLS of the port web has no awsPcaAuthorityArn",
    ),
    (
        connect({**WEB, "clientAliases": [{"port": 0}]}),
        INVALID,
        "The port 0 of a clientAlias must be between 1 and 65535.",
    ),
    (
        {
            "serviceConnectConfiguration": {
                **connect(WEB)["serviceConnectConfiguration"],
                "logConfiguration": {"logDriver": "syslog"},
            }
        },
        INVALID,
        "syslog is not a valid log driver. Must be one of [awslogs,splunk,awsfirelens]",
    ),
]


@pytest.mark.parametrize(("change", "code", "sentence"), REFUSED, ids=[one[2] for one in REFUSED])
def test_it_is_refused(change: dict[str, Any], code: str, sentence: str) -> None:
    if "loadBalancers" in change:
        change = {"loadBalancers": [{k: v for k, v in one.items() if v is not None} for one in change["loadBalancers"]]}
    status, answer = create(**change)
    assert status == 400
    assert sentence in answer["message"]
    assert answer["__type"].endswith(code)
    for cluster in ("refuses", "provided"):
        assert act(f"{ECS}.ListServices", {"cluster": cluster})[1]["serviceArns"] == []


@pytest.mark.parametrize("change", [{"networkMode": "bridge"}, {"cpu": None}])
@pytest.mark.parametrize("launch", [{"launchType": "FARGATE"}, strategy(("FARGATE", 1))])
def test_a_definition_that_fargate_can_not_run_is_refused(change: dict[str, Any], launch: dict[str, Any]) -> None:
    """Whatever it says that it requires: ECS looks at its values."""
    container = {"name": "app", "image": "one", "memory": 64}
    fits = {
        "family": "fits",
        "cpu": "256",
        "memory": "512",
        "networkMode": "awsvpc",
        "containerDefinitions": [container],
    }
    given = {key: value for key, value in {**fits, **change}.items() if value is not None}
    assert act(f"{ECS}.RegisterTaskDefinition", given)[0] == 200
    status, answer = create(taskDefinition="fits", **launch)
    assert (status, answer["message"]) == (400, "Task definition does not support launch_type FARGATE.")
    assert act(f"{ECS}.RegisterTaskDefinition", fits)[0] == 200
    assert (
        "Network Configuration must be"
        in create(taskDefinition="fits", cluster="provided", networkConfiguration=None, **launch)[1]["message"]
    )


def test_a_discovery_name_is_not_that_of_a_service_of_cloud_map() -> None:
    cloud_map = "Route53AutoNaming_v20170314"
    act(f"{cloud_map}.CreateHttpNamespace", {"Name": "taken.local"})
    namespaces = act(f"{cloud_map}.ListNamespaces", {})[1]["Namespaces"]
    namespace = next(one["Id"] for one in namespaces if one["Name"] == "taken.local")
    made = act(f"{cloud_map}.CreateService", {"Name": "web", "NamespaceId": namespace})[1]["Service"]["Id"]
    status, answer = create(**connect(WEB, namespace="taken.local"))
    assert status == 400
    assert answer["message"].startswith("SC service is already used by arn:aws:servicediscovery:")
    assert f"discovery name web is already used by Cloud Map service {made}" in answer["message"]
    # One that Service Connect made is no hindrance.
    act(f"{cloud_map}.UpdateService", {"Id": made, "Service": {"Description": "Managed by Amazon ECS Service Connect"}})
    status, answer = create(serviceName="has-it", desiredCount=0, **connect(WEB, namespace="taken.local"))
    assert (status, answer.get("message")) == (200, None)
    assert act(f"{ECS}.DeleteService", {"cluster": "refuses", "service": "has-it"})[0] == 200


def test_a_stage_that_is_none_is_refused_where_no_model_is_asked() -> None:
    from highlands_control_plane import service_deployment_rules
    from highlands_control_plane.refused import Refused

    hooks = [{"targetType": "PAUSE", "lifecycleStages": ["WHENEVER"]}]
    with pytest.raises(Refused, match=r"Value '\[WHENEVER\]' at 'deploymentConfiguration.lifecycleHooks.1.member"):
        service_deployment_rules.check(deployment(lifecycleHooks=hooks))


def test_a_cluster_with_a_service_stays() -> None:
    assert create(serviceName="stays", desiredCount=0)[0] == 200
    status, answer = act(f"{ECS}.DeleteCluster", {"cluster": "refuses"})
    assert status == 400
    assert answer["__type"].endswith("ClusterContainsServicesException")
    assert answer["message"] == "The Cluster cannot be deleted while Services are active."
    update = {"cluster": "refuses", "service": "stays", "taskDefinition": "gone:1"}
    assert act(f"{ECS}.UpdateService", update)[1]["message"] == "TaskDefinition is inactive"
    assert act(f"{ECS}.DeleteService", {"cluster": "refuses", "service": "stays"})[0] == 200
    answer = act(f"{ECS}.UpdateService", {"cluster": "refuses", "service": "stays", "desiredCount": 1})[1]
    assert answer["message"] == "Service was not ACTIVE."


OVERRIDE = "logConfiguration"
CLUSTERS: list[tuple[dict[str, Any], str]] = [
    ({"clusterName": "a b"}, r"ClusterName must match ^[a-zA-Z0-9\-_]{1,255}$"),
    (
        {"defaultCapacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1}]},
        "The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster.",
    ),
    (
        {
            "capacityProviders": ["FARGATE", "FARGATE_SPOT"],
            "defaultCapacityProviderStrategy": strategy(("FARGATE", 1), ("FARGATE_SPOT", 1), base=1)[
                "capacityProviderStrategy"
            ],
        },
        "contains multiple capacity providers with a base value defined.",
    ),
    (
        {"configuration": {"executeCommandConfiguration": {"logging": "DEFAULT", OVERRIDE: {"s3BucketName": "b"}}}},
        "You must set logging to 'OVERRIDE' when you supply a log configuration.",
    ),
    (
        {"configuration": {"executeCommandConfiguration": {"logging": "OVERRIDE"}}},
        "A CloudWatch log group name or S3 bucket name must be specified when overriding the default log configuration.",
    ),
]


@pytest.mark.parametrize(("change", "sentence"), CLUSTERS, ids=[one[1] for one in CLUSTERS])
def test_a_cluster_is_refused(change: dict[str, Any], sentence: str) -> None:
    status, answer = act(f"{ECS}.CreateCluster", {"clusterName": "never", **change})
    assert status == 400
    assert sentence in answer["message"]
    assert answer["__type"].endswith(INVALID)
    described = act(f"{ECS}.DescribeClusters", {"clusters": ["never"]})[1]
    assert described["clusters"] == []


def test_providers_in_use_stay_and_a_change_of_them_is_forced() -> None:
    spot = strategy(("FARGATE_SPOT", 1), ("FARGATE", 1))
    assert create(serviceName="spot", desiredCount=0, **spot)[0] == 200
    reference = {"cluster": "provided", "service": "spot"}
    other = strategy(("FARGATE", 1), ("FARGATE_SPOT", 2))["capacityProviderStrategy"]
    status, answer = act(f"{ECS}.UpdateService", {**reference, "capacityProviderStrategy": other})
    assert (status, answer["__type"]) == (400, INVALID)
    assert answer["message"].startswith("When switching from launch type to capacity provider strategy on an existing")
    forced = {**reference, "capacityProviderStrategy": other, "forceNewDeployment": True}
    assert act(f"{ECS}.UpdateService", forced)[0] == 200
    less = {"cluster": "provided", "capacityProviders": ["FARGATE"], "defaultCapacityProviderStrategy": []}
    answer = act(f"{ECS}.PutClusterCapacityProviders", less)[1]
    assert answer["message"] == "The specified capacity provider is in use and cannot be removed."
    assert act(f"{ECS}.DeleteService", reference)[0] == 200


@pytest.mark.parametrize("action", ["CreateTaskSet", "DeleteTaskSet"])
def test_task_sets_are_not_of_this_controller(action: str) -> None:
    request = {"cluster": "refuses", "service": "s", "taskSet": "t", "taskDefinition": "refused"}
    status, answer = act(f"{ECS}.{action}", request)
    assert (status, answer["__type"]) == (400, INVALID)
    assert "EXTERNAL deployment controller" in answer["message"]
