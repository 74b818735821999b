"""What RegisterTaskDefinition refuses, with AWS's code and sentence."""

import copy
from typing import Any

import pytest

from highlands_control_plane import task_definition_rules
from highlands_control_plane.refused import Refused

ROLE = "arn:aws:iam::000000000000:role/execution"


def definition(**more: Any) -> dict[str, Any]:
    return {
        "family": "app",
        "cpu": "256",
        "memory": "512",
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "containerDefinitions": [{"name": "app", "image": "one"}],
        **more,
    }


def container(*others: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"containerDefinitions": [{"name": "app", "image": "one", **more}, *others]}


def log(driver: str, **options: str) -> dict[str, Any]:
    return container(logConfiguration={"logDriver": driver, "options": options})


def sidecar(**more: Any) -> dict[str, Any]:
    return {"name": "side", "image": "two", **more}


def after(name: str, condition: str) -> list[dict[str, str]]:
    return [{"containerName": name, "condition": condition}]


def efs(**more: Any) -> dict[str, Any]:
    return {"volumes": [{"name": "v", "efsVolumeConfiguration": {"fileSystemId": "fs-1", **more}}]}


ROUTER = {"type": "fluentbit"}
S3_FILE = {"type": "s3", "value": "arn:aws:s3:::bucket/x.env"}
PORT = {"name": "web", "containerPort": 80}
AWSLOGS = {"awslogs-group": "g", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "p"}

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"family": "a/b"}, "Family contains invalid characters."),
    ({"containerDefinitions": []}, "Container list cannot be empty."),
    ({"containerDefinitions": [{"name": f"c{n}", "image": "i"} for n in range(11)]}, "Too many containers: 11"),
    (container(name="a.b"), "Container.name contains invalid characters."),
    (container(image=""), "Container.image should not be null or empty."),
    (container(sidecar(name="app")), "Container names must be unique within a Task Definition."),
    (container(essential=False), "Task definition doesn't have any essential container"),
    (container(essential="false"), "Task definition doesn't have any essential container"),
    ({"cpu": "512", "memory": "512"}, "No Fargate configuration exists for given values: 512 CPU, 512 memory. See the"),
    ({"cpu": "300"}, "No Fargate configuration exists for given values: 300 CPU, 512 memory."),
    ({"cpu": None}, "Fargate requires that 'cpu' be defined at the task level."),
    ({"memory": None}, "Fargate requires that 'memory' be defined at the task level."),
    ({"cpu": "much"}, "Invalid 'cpu' setting for task."),
    ({"networkMode": "bridge"}, "Fargate only supports network mode \u2018awsvpc\u2019."),
    ({"networkMode": None}, "Fargate only supports network mode \u2018awsvpc\u2019."),
    ({"ephemeralStorage": {"sizeInGiB": 20}}, "EphemeralStorage size should be at least 21"),
    ({"ephemeralStorage": {"sizeInGiB": "201"}}, "EphemeralStorage size should be at most 200"),
    ({"ipcMode": "host"}, "Fargate compatible task definitions do not support ipcMode"),
    ({"pidMode": "host"}, "Fargate compatible task definitions do not support pidMode"),
    (
        {"placementConstraints": [{"type": "memberOf"}]},
        "Fargate compatible task definitions do not support constraints",
    ),
    ({"volumes": [{"name": "v", "host": {"sourcePath": "/x"}}]}, "do not support sourcePath"),
    ({"volumes": [{"name": "v", "dockerVolumeConfiguration": {"scope": "task"}}]}, "dockerVolumeConfiguration"),
    ({"volumes": [{"name": "../v"}]}, "Volume.name contains invalid characters."),
    ({"volumes": [{"name": "v"}, {"name": "v"}]}, "The volume name v is there more than once."),
    (container(mountPoints=[{"sourceVolume": "nope", "containerPath": "/x"}]), "Unknown volume 'nope'."),
    (container(links=["side"]), "Links are not supported when networkMode=awsvpc"),
    (container(dnsServers=["1.1.1.1"]), "DNS servers are not supported on container when networkMode=awsvpc"),
    (container(disableNetworking=True), "Disable Networking is not supported on container when networkMode=awsvpc"),
    (container(privileged=True), "Fargate requires that the 'privileged' setting be 'false'."),
    (container(dockerSecurityOptions=["x"]), "do not support dockerSecurityOptions"),
    (container(linuxParameters={"sharedMemorySize": 64}), "do not support sharedMemorySize"),
    (container(linuxParameters={"devices": [{"hostPath": "/dev/x"}]}), "do not support devices"),
    (container(linuxParameters={"maxSwap": 0}), "do not support maxSwap"),
    (container(linuxParameters={"capabilities": {"add": ["NET_ADMIN"]}}), "NET_ADMIN is not allowed on Fargate."),
    (container(resourceRequirements=[{"type": "GPU", "value": "1"}]), "do not support GPU resource requirements."),
    (log("syslog"), "syslog is not a valid log driver. Must be one of [awslogs,splunk,awsfirelens]"),
    (
        log("awslogs", **AWSLOGS),
        "Fargate requires task definition to have execution role ARN to support log driver awslogs.",
    ),
    (
        {**log("awslogs"), "executionRoleArn": ROLE},
        "Log driver awslogs requires options: awslogs-group, awslogs-region",
    ),
    (container(image="123456789012.dkr.ecr.us-east-1.amazonaws.com/a:1"), "execution role ARN to support ECR images."),
    (container(secrets=[{"name": "S", "valueFrom": "x"}]), "you must also specify a value for 'executionRoleArn'."),
    (
        {
            **container(secrets=[{"name": "S", "valueFrom": "x"}], environment=[{"name": "S", "value": "y"}]),
            "executionRoleArn": ROLE,
        },
        "The secret name must be unique and not shared with any new or existing environment variables",
    ),
    (container(memory=1024), "The 'memory' setting for container 'app' is greater than for the task."),
    (container(sidecar(memory=300), memory=300), "The sum of all container 'memory' values cannot be greater than"),
    (container(sidecar(cpu=200), cpu=200), "The sum of all container 'cpu' values cannot be greater than"),
    (container(memory=100, memoryReservation=200), "'memory' must be greater than or equal to 'memoryReservation'."),
    (
        container(portMappings=[{**PORT, "hostPort": 8080}]),
        "the host ports and container ports in port mappings must match.",
    ),
    (
        container(sidecar(portMappings=[PORT]), portMappings=[{"containerPort": 80}]),
        "TCP host port '80' is mapped multiple",
    ),
    (
        container(portMappings=[PORT, {**PORT, "containerPort": 81}]),
        "When networkMode=awsvpc, port mapping name is already used",
    ),
    (container(portMappings=[{**PORT, "name": "Web"}]), "The port mapping name 'Web' has up to 64 small letters"),
    (container(portMappings=[{"containerPort": 70000}]), "containerPort is 70000: it must be between 1 and 65535."),
    (container(portMappings=[{"name": "web"}]), "containerPort is 0"),
    (
        container(portMappings=[{**PORT, "containerPortRange": "80-90"}]),
        "cannot specify both single port and port range",
    ),
    (container(dependsOn=after("nope", "START")), "Cannot depend on container + 'nope' because it does not exist"),
    (
        container(sidecar(), dependsOn=after("side", "SUCCESS")),
        "with SUCCESS or COMPLETE condition cannot be an essential",
    ),
    (
        container(sidecar(), dependsOn=after("side", "HEALTHY")),
        "with HEALTHY condition must have health check configured",
    ),
    (container(dependsOn=after("app", "START")), "Containers depend on each other in a circle: app -> app."),
    (container(sidecar(dependsOn=after("app", "START")), dependsOn=after("side", "START")), "in a circle"),
    (container(healthCheck={"command": []}), "The health check command of container 'app'"),
    (
        container(healthCheck={"command": ["CMD", "x"], "interval": 0}),
        "Health check interval must be greater than or equal to the minimum allowed value 5 for container 'app'",
    ),
    (
        container(healthCheck={"command": ["CMD", "x"], "startPeriod": 301}),
        "Health check start period must be less than or equal to the maximum allowed",
    ),
    (
        container(healthCheck={"command": ["CMD", "x"], "retries": 11}),
        "Health check retries must be less than or equal",
    ),
    (container(startTimeout=1), "startTimeout of container 'app' is 1"),
    (
        {
            **log("awslogs", **{k: v for k, v in AWSLOGS.items() if k != "awslogs-stream-prefix"}),
            "executionRoleArn": ROLE,
        },
        "Fargate requires log configuration options to include awslogs-stream-prefix to support log driver awslogs.",
    ),
    (log("awsfirelens"), "a firelens configuration object must be configured in one of the containers."),
    (
        container(sidecar(firelensConfiguration=ROUTER), firelensConfiguration=ROUTER),
        "Only one container of a task can have a firelensConfiguration: app, side.",
    ),
    (
        container(logConfiguration={"logDriver": "splunk", "secretOptions": [{"name": "t", "valueFrom": "x"}]}),
        "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
    ),
    ({**container(environmentFiles=[S3_FILE] * 11), "executionRoleArn": ROLE}, "Specify ten or less and try again."),
    (container(environmentFiles=[{"type": "s3", "value": "s3://bucket/x.env"}]), "Invalid arn syntax."),
    (container(environmentFiles=[S3_FILE]), "When you are specifying environment files, you must also"),
    (
        container(ulimits=[{"name": "nofile", "softLimit": 20, "hardLimit": 10}]),
        "the soft limit 20 of 'nofile' is above the hard limit 10.",
    ),
    (container(ulimits=[{"name": "core", "softLimit": 1, "hardLimit": 1}] * 2), "a name is there twice."),
    (
        container(restartPolicy={"enabled": True, "restartAttemptPeriod": 59}),
        "The 'restartAttemptPeriod' setting for container 'app' must be between 60 and 1800.",
    ),
    (
        container(portMappings=[{"containerPortRange": "90-80"}]),
        "Invalid 'containerPortRange' setting for container 'app'.",
    ),
    (container(portMappings=[{"containerPortRange": "90"}]), "Invalid 'containerPortRange' setting"),
    (
        container(portMappings=[{"containerPortRange": "80-90"}, {"containerPortRange": "85-95"}]),
        "TCP container port '85' is used multiple times in task when networkMode=awsvpc.",
    ),
    (container(volumesFrom=[{"sourceContainer": "nope"}]), "Unknown container 'nope' in volumesFrom."),
    (
        {"volumes": [{"name": name, "configuredAtLaunch": True} for name in "ab"]},
        "Only one volume of a task can be configured at launch: a, b.",
    ),
    (efs(authorizationConfig={"iam": "ENABLED"}), "EFS IAM authorization requires TransitEncryption to be enabled."),
    (efs(transitEncryptionPort=2049), "TransitEncryptionPort requires that TransitEncryption is enabled."),
    (
        efs(authorizationConfig={"accessPointId": "fsap-1"}, rootDirectory="/x"),
        'When using an EFS access point, the root directory must either be set to "/" or be omitted.',
    ),
    ({"inferenceAccelerators": [{"deviceName": "x"}]}, "Unsupported field 'inferenceAccelerators'."),
    (
        {"requiresCompatibilities": ["EC2"], "ephemeralStorage": {"sizeInGiB": 30}},
        "Tasks using the EC2 launch type do not support EphemeralStorage.",
    ),
    ({"proxyConfiguration": {"containerName": "envoy"}}, "Proxy container [envoy] does not exist."),
    ({"proxyConfiguration": {"containerName": "app", "properties": []}}, "Ingress port not found"),
    (
        container(repositoryCredentials={"credentialsParameter": "arn:x"}),
        "execution role ARN to support private registry authentication.",
    ),
    (container(stopTimeout=121), "stopTimeout of container 'app' is 121"),
    (container(environment=[{"name": "A", "value": "x" * 70_000}]), "Max allowed length is '65536' bytes."),
    (
        {"requiresCompatibilities": ["EC2"], "networkMode": "bridge", "memory": None},
        "Invalid setting for container 'app'. At least one of 'memory' or 'memoryReservation' must be specified.",
    ),
]


@pytest.mark.parametrize(("change", "sentence"), REFUSED, ids=[sentence for _, sentence in REFUSED])
def test_it_is_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        task_definition_rules.check(definition(**change))
    assert sentence in str(refusal.value)
    expected = "InvalidParameterException" if "setting for task" in sentence else "ClientException"
    assert refusal.value.code == expected


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"cpu": ".5 vCPU", "memory": "1 GB"},
        {"cpu": "32768", "memory": "249856"},
        {**log("awslogs", **AWSLOGS), "executionRoleArn": ROLE},
        container(portMappings=[{**PORT, "hostPort": "80"}, {"containerPort": 80, "protocol": "udp"}]),
        container(portMappings=[{**PORT, "hostPort": 0}]),
        container(portMappings=[{"containerPortRange": "80-90"}]),
        container(sidecar(essential=False), dependsOn=after("side", "SUCCESS")),
        container(sidecar(healthCheck={"command": ["CMD-SHELL", "true"]}), dependsOn=after("side", "HEALTHY")),
        container(
            privileged="false", linuxParameters={"initProcessEnabled": True, "capabilities": {"add": ["SYS_PTRACE"]}}
        ),
        {
            "volumes": [{"name": "v", "host": {}}],
            **container(mountPoints=[{"sourceVolume": "v", "containerPath": "/x"}]),
        },
        {"ephemeralStorage": {"sizeInGiB": 21}},
    ],
)
def test_it_is_taken(change: dict[str, Any]) -> None:
    given = definition(**change)
    before = copy.deepcopy(given)
    task_definition_rules.check(given)
    assert given == before
