"""A request in which any one thing is odd is accepted, or refused with one line: never an error of the control plane's own."""

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import ControlPlane, post
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

TASK_DEFINITION = {
    "family": "web",
    "cpu": "256",
    "memory": "512",
    "networkMode": "awsvpc",
    "requiresCompatibilities": ["FARGATE"],
    "runtimePlatform": {"operatingSystemFamily": "LINUX", "cpuArchitecture": "ARM64"},
    "containerDefinitions": [{"name": "app", "image": "one", "portMappings": [{"name": "web", "containerPort": 3000}]}],
}
SERVICE = {
    "cluster": "c",
    "serviceName": "web",
    "taskDefinition": "web",
    "desiredCount": 2,
    "capacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1, "base": 0}],
    "loadBalancers": [{"targetGroupArn": "arn", "containerName": "app", "containerPort": 3000}],
    "networkConfiguration": {
        "awsvpcConfiguration": {"subnets": ["subnet-00000001"], "securityGroups": ["sg-00000001"]}
    },
    "deploymentConfiguration": {
        "minimumHealthyPercent": 100,
        "maximumPercent": 200,
        "deploymentCircuitBreaker": {"enable": True, "rollback": True},
        "strategy": "BLUE_GREEN",
        "bakeTimeInMinutes": 1,
        "lifecycleHooks": [{"targetType": "PAUSE", "lifecycleStages": ["POST_TEST_TRAFFIC_SHIFT"]}],
    },
    "serviceConnectConfiguration": {
        "enabled": True,
        "namespace": "highlands.local",
        "services": [{"portName": "web", "discoveryName": "web", "clientAliases": [{"dnsName": "web", "port": 8080}]}],
    },
}
SCALING = {
    "ServiceNamespace": "ecs",
    "ResourceId": "service/c/web",
    "ScalableDimension": "ecs:service:DesiredCount",
    "PolicyName": "cpu",
    "PolicyType": "TargetTrackingScaling",
    "TargetTrackingScalingPolicyConfiguration": {
        "TargetValue": 50,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"},
    },
}
Path = tuple[str | int, ...]


def _paths(value: Any, before: Path = ()) -> Iterator[Path]:
    """Where something stands in a request, the whole of it too."""
    yield before
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _paths(inner, (*before, key))


def _with(request: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    changed = copy.deepcopy(request)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return changed


ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=4,
)


def one_thing_odd(request: Any) -> Any:
    return st.builds(lambda path, value: _with(request, path, value), st.sampled_from([*_paths(request)]), ODD)


@pytest.fixture(scope="module")
def prepared(module_plane: ControlPlane) -> ControlPlane:
    """A cluster with a provider, a namespace, a task definition, and a service to be updated."""
    ecs = module_plane.client("ecs")
    ecs.create_cluster(clusterName="c", capacityProviders=["FARGATE", "FARGATE_SPOT"])
    module_plane.client("servicediscovery").create_http_namespace(Name="highlands.local")
    ecs.register_task_definition(**TASK_DEFINITION)
    module_plane.agent("heartbeat")
    return module_plane


# The same requests on every run; more than this finds nothing else.
TRIES = settings(
    max_examples=200, derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def _ask(plane: ControlPlane, target: str, body: Any) -> None:
    headers = {"x-amz-target": target, "content-type": "application/x-amz-json-1.1"}
    status, answer = post(plane, "/", json.dumps(body), **headers)
    assert status in (200, 400), answer
    if status == 400:
        said = json.loads(answer)
        message = said.get("message") or said.get("Message")
        assert said["__type"] and message and "\n" not in message and "Traceback" not in message, answer


UPDATE = {"service": "web", **{key: value for key, value in SERVICE.items() if key != "serviceName"}}
_ECS = "AmazonEC2ContainerServiceV20141113"


@pytest.mark.parametrize(
    ("target", "request_body"),
    [
        (f"{_ECS}.RegisterTaskDefinition", TASK_DEFINITION),
        (f"{_ECS}.CreateService", SERVICE),
        (f"{_ECS}.UpdateService", UPDATE),
        ("AnyScaleFrontendService.PutScalingPolicy", SCALING),
    ],
)
@TRIES
@given(data=st.data())
def test_one_thing_odd(prepared: ControlPlane, target: str, request_body: Any, data: st.DataObject) -> None:
    _ask(prepared, target, data.draw(one_thing_odd(request_body)))
