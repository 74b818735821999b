"""What CreateService refuses, with AWS's code and sentence; no service is made."""

from typing import Any

import pytest
from in_process import act

ECS = "AmazonEC2ContainerServiceV20141113"
PORTS = [
    {"name": "web", "containerPort": 80, "appProtocol": "http"},
    {"name": "raw", "containerPort": 81},
]
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"]}}
GROUP = "arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/g/1"


@pytest.fixture(scope="module", autouse=True)
def definition() -> None:
    act(f"{ECS}.CreateCluster", {"clusterName": "refuses"})
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


WEB = {"portName": "web"}
INVALID = "InvalidParameterException"
REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"serviceName": "a/b"}, INVALID, "serviceName 'a/b'"),
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
    (target(loadBalancerName="old"), INVALID, "Classic Load Balancers are not supported with Fargate."),
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
]


@pytest.mark.parametrize(("change", "code", "sentence"), REFUSED, ids=[one[2] for one in REFUSED])
def test_it_is_refused(change: dict[str, Any], code: str, sentence: str) -> None:
    if "loadBalancers" in change:
        change = {"loadBalancers": [{k: v for k, v in one.items() if v is not None} for one in change["loadBalancers"]]}
    status, answer = create(**change)
    assert status == 400
    assert sentence in answer["message"]
    assert answer["__type"].endswith(code)
    assert act(f"{ECS}.ListServices", {"cluster": "refuses"})[1]["serviceArns"] == []


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
