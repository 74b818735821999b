"""What Cloud Map, Systems Manager, Secrets Manager, CloudWatch and ECR refuse: by their APIs, and by CloudFormation's handlers."""

import json
from typing import Any

import pytest
from in_process import act, run

from highlands_control_plane.resources import HANDLERS

MAP = "Route53AutoNaming_v20170314"
LOGS, ECR, SECRETS, SSM = "Logs_20140328", "AmazonEC2ContainerRegistry_V20150921", "secretsmanager", "AmazonSSM"
Body = dict[str, Any]


def records(*types: str, **more: Any) -> Body:
    return {"DnsConfig": {"DnsRecords": [{"Type": one, "TTL": 60} for one in types], **more}}


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """Namespaces of two kinds, a service with A records in one, with an instance; parameters and secrets of these names."""
    act(f"{MAP}.CreateHttpNamespace", {"Name": "http.refused"}, "servicediscovery")
    act(f"{MAP}.CreatePrivateDnsNamespace", {"Name": "dns.refused", "Vpc": "vpc-00000001"}, "servicediscovery")
    found = act(f"{MAP}.ListNamespaces", {}, "servicediscovery")[1]["Namespaces"]
    ids = {one["Name"].partition(".")[0]: one["Id"] for one in found if one["Name"].endswith(".refused")}
    new = {"NamespaceId": ids["dns"], "Name": "taken", **records("A", "SRV")}
    ids["service"] = act(f"{MAP}.CreateService", new, "servicediscovery")[1]["Service"]["Id"]
    instance = {"ServiceId": ids["service"], "InstanceId": "i", "Attributes": {}}
    instance["Attributes"] = {"AWS_INSTANCE_IPV4": "10.0.0.1", "AWS_INSTANCE_PORT": "80", "colour": "blue"}
    assert act(f"{MAP}.RegisterInstance", instance, "servicediscovery")[0] == 200
    for tier in ("Standard", "Advanced"):
        parameter = {"Name": f"/refused/{tier}", "Type": "String", "Value": "x", "Tier": tier}
        assert act(f"{SSM}.PutParameter", parameter, "ssm")[0] == 200
    act(f"{SECRETS}.CreateSecret", {"Name": "going", "SecretString": "x"}, "secretsmanager")
    assert act(f"{SECRETS}.DeleteSecret", {"SecretId": "going"}, "secretsmanager")[0] == 200
    assert act(f"{LOGS}.CreateLogGroup", {"logGroupName": "refused"}, "logs")[0] == 200
    return ids


def service(**more: Any) -> Body:
    return {"NamespaceId": "{dns}", "Name": "s", **more}


def instance(**attributes: str) -> Body:
    return {"ServiceId": "{service}", "InstanceId": "j", "Attributes": attributes}


def parameter(**more: Any) -> Body:
    return {"Name": "/refused/new", "Type": "String", "Value": "x", **more}


def metric(**more: Any) -> Body:
    transformation = {"metricName": "m", "metricNamespace": "n", "metricValue": "1", **more}
    return {
        "logGroupName": "refused",
        "filterName": "f",
        "filterPattern": "x",
        "metricTransformations": [transformation],
    }


def lifecycle(*rules: Body) -> Body:
    return {"repositoryName": "refused", "lifecyclePolicyText": json.dumps({"rules": list(rules)})}


def rule(priority: int, status: str = "tagged", **more: Any) -> Body:
    return {"rulePriority": priority, "selection": {"tagStatus": status}, "action": {"type": "expire"}, **more}


IPV4 = {"AWS_INSTANCE_IPV4": "10.0.0.1"}
INVALID, PARAMETER = "InvalidInput", "InvalidParameterException"
CUSTOM: Body = {"HealthCheckCustomConfig": {"FailureThreshold": 1}}
HEALTH: Body = {"HealthCheckConfig": {"Type": "TCP"}}

REFUSED: list[tuple[str, str, Body, str, str]] = [
    (MAP, "CreateService", service(Name="Taken"), "ServiceAlreadyExists", "Service already exists."),
    (
        MAP,
        "CreateService",
        service(NamespaceId="{http}", **records("A")),
        INVALID,
        "When you create a service using a namespace that has a type of HTTP, you can't include a DnsConfig element.",
    ),
    (
        MAP,
        "CreateService",
        service(Type="HTTP", **records("A")),
        INVALID,
        "When you create a service with a type of HTTP, you can't include a DnsConfig element.",
    ),
    (
        MAP,
        "CreateService",
        service(**records("A", "A")),
        INVALID,
        "Duplicate resource record typeAin DNS config is not",
    ),
    (
        MAP,
        "CreateService",
        service(**records("A", "CNAME")),
        INVALID,
        "DnsRecord Type CNAME cannot be combined with other types",
    ),
    (
        MAP,
        "CreateService",
        service(**records("CNAME", RoutingPolicy="MULTIVALUE")),
        INVALID,
        "WEIGHTED routing policy must be used with DNS Record Type CNAME",
    ),
    (
        MAP,
        "CreateService",
        service(**records("A"), **HEALTH),
        INVALID,
        "Health check config cannot be applied to a service with private namespace",
    ),
    (
        MAP,
        "CreateService",
        service(NamespaceId="{http}", **HEALTH, **CUSTOM),
        INVALID,
        "A service has either a HealthCheckConfig or a HealthCheckCustomConfig.",
    ),
    (
        MAP,
        "DeleteService",
        {"Id": "{service}"},
        "ResourceInUse",
        "Service contains registered instances; delete the instances before deleting the service",
    ),
    (
        MAP,
        "RegisterInstance",
        instance(AWS_INSTANCE_PORT="80"),
        INVALID,
        "Required attribute(s) AWS_INSTANCE_IPV4 are missing.",
    ),
    (MAP, "RegisterInstance", instance(**IPV4), INVALID, "Required attribute(s) AWS_INSTANCE_PORT are missing."),
    (
        MAP,
        "RegisterInstance",
        instance(AWS_MINE="x"),
        INVALID,
        "Invalid attribute: [AWS_MINE]. [aws_] prefix is reserved for AWS attributes.",
    ),
    (
        SSM,
        "PutParameter",
        parameter(Name="/a b"),
        "ValidationException",
        "each sub-path can be formed as a mix of letters",
    ),
    (SSM, "PutParameter", parameter(Name="/a/"), "ValidationException", "it can consist of sub-paths divided by slash"),
    (
        SSM,
        "PutParameter",
        parameter(Name="/a" * 16),
        "HierarchyLevelLimitExceededException",
        "A hierarchy can have a maximum of 15 levels.",
    ),
    (
        SSM,
        "PutParameter",
        parameter(Value="x" * 4097),
        "ValidationException",
        "Standard tier parameters support a maximum parameter value of 4096 characters.",
    ),
    (
        SSM,
        "PutParameter",
        parameter(Value="x" * 8193, Tier="Advanced"),
        "ValidationException",
        "Advanced-tier parameters support a maximum parameter value of 8192 characters.",
    ),
    (
        SSM,
        "PutParameter",
        parameter(Value="{{ssm:other}}"),
        "ValidationException",
        "Parameter value can't nest another parameter.",
    ),
    (
        SSM,
        "PutParameter",
        parameter(AllowedPattern="^[0-9]+$"),
        "ParameterPatternMismatchException",
        "Parameter value, cannot be validated against allowedPattern: ^[0-9]+$",
    ),
    (
        SSM,
        "PutParameter",
        parameter(AllowedPattern="["),
        "InvalidAllowedPatternException",
        "does not meet the regular expression requirement",
    ),
    (
        SSM,
        "PutParameter",
        parameter(Name="/refused/Standard", Type="StringList", Overwrite=True),
        "HierarchyTypeMismatchException",
        "Parameter Store doesn't support changing a parameter type in a hierarchy.",
    ),
    (
        SSM,
        "PutParameter",
        parameter(Name="/refused/Advanced", Tier="Standard", Overwrite=True),
        "ValidationException",
        "This parameter uses the advanced-parameter tier. You can't downgrade",
    ),
    (
        SECRETS,
        "CreateSecret",
        {"Name": "a b", "SecretString": "x"},
        "ValidationException",
        "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!",
    ),
    (
        SECRETS,
        "CreateSecret",
        {"Name": "going", "SecretString": "x"},
        "InvalidRequestException",
        "You can't create this secret because a secret with this name is already scheduled for deletion.",
    ),
    (
        SECRETS,
        "CreateSecret",
        {"Name": "both", "SecretString": "x", "SecretBinary": "eA=="},
        PARAMETER,
        "You can't specify both a binary secret value and a string secret value in the same secret.",
    ),
    (
        LOGS,
        "PutRetentionPolicy",
        {"logGroupName": "refused", "retentionInDays": 2},
        PARAMETER,
        "Value '2' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [1, 3, 5, 7,",
    ),
    (
        LOGS,
        "PutMetricFilter",
        metric(metricNamespace="AWS/x"),
        PARAMETER,
        "Metric namespaces starting with AWS/ are res",
    ),
    (
        LOGS,
        "PutMetricFilter",
        metric(dimensions={"a": "$.b"}, defaultValue=0),
        PARAMETER,
        "Invalid metric transformation: dimensions and default value are mutually exclusive properties",
    ),
    (
        LOGS,
        "PutMetricFilter",
        {**metric(), "filterPattern": "[a"},
        PARAMETER,
        "If a filter pattern starts with '[' it must end with ']'",
    ),
    (
        LOGS,
        "PutSubscriptionFilter",
        {"logGroupName": "refused", "filterName": "f", "filterPattern": "[a", "destinationArn": "arn:aws:x"},
        PARAMETER,
        "If a filter pattern starts with '[' it must end with ']'",
    ),
    (
        LOGS,
        "PutResourcePolicy",
        {"policyName": "p", "policyDocument": "{}"},
        PARAMETER,
        "Error occurred while parsing accessPolicy. Please check if the accessPolicy has been constructed correctly",
    ),
    (
        ECR,
        "CreateRepository",
        {"repositoryName": "refused", "encryptionConfiguration": {"encryptionType": "AES256", "kmsKey": "k"}},
        PARAMETER,
        "'Invalid encryption configuration: Encryption key should not be set for AES256 encryption.'",
    ),
    (ECR, "PutLifecyclePolicy", lifecycle(rule(1), rule(1)), PARAMETER, "Duplicate priority in multiple rules"),
    (
        ECR,
        "PutLifecyclePolicy",
        lifecycle(*(rule(n) for n in range(1, 52))),
        PARAMETER,
        "array is too long: must have at most 50 elements but instance has 51 elements",
    ),
    (
        ECR,
        "PutLifecyclePolicy",
        lifecycle(rule(1, "untagged"), rule(2, "untagged")),
        PARAMETER,
        "Only one rule can select Untagged images",
    ),
    (ECR, "PutLifecyclePolicy", lifecycle(rule(1, "any"), rule(2)), PARAMETER, "must have the highest priority"),
    (ECR, "PutLifecyclePolicy", lifecycle(rule(1, colour="blue")), PARAMETER, "the unexpected property colour"),
    (
        ECR,
        "PutLifecyclePolicy",
        lifecycle({"rulePriority": 1, "description": "x" * 99}),
        PARAMETER,
        "Lifecycle policy validation failure: ",
    ),
]
_SIGNED = {MAP: "servicediscovery", SSM: "ssm", SECRETS: "secretsmanager", LOGS: "logs", ECR: "ecr"}


def filled(value: Any, made: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: filled(one, made) for key, one in value.items()}
    return made.get(value[1:-1], value) if isinstance(value, str) and value[:1] == "{" else value


@pytest.mark.parametrize(
    ("target", "action", "body", "code", "sentence"), REFUSED, ids=[f"{one[1]} {one[4]}"[:90] for one in REFUSED]
)
def test_it_is_refused(made: dict[str, str], target: str, action: str, body: Body, code: str, sentence: str) -> None:
    status, answer = act(f"{target}.{action}", filled(body, made), _SIGNED[target])
    assert status == 400
    assert sentence in answer.get("message", answer.get("Message"))
    assert answer["__type"].endswith(code)


def alarm(**more: Any) -> Body:
    given: Body = {
        "MetricName": "m",
        "Namespace": "n",
        "Statistic": "Average",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanThreshold",
        **more,
    }
    return {key: value for key, value in given.items() if value is not None}


def generated(**more: Any) -> Body:
    return {"GenerateSecretString": more}


QUERY: Body = {"Id": "a", "Expression": "1"}
STACKS: list[tuple[str, Body, str]] = [
    ("CloudWatch::Alarm", alarm(Period=45), "Period must be 10, 20, 30 or a multiple of 60"),
    (
        "CloudWatch::Alarm",
        alarm(DatapointsToAlarm=2),
        "DatapointsToAlarm must be less than or equal to EvaluationPeriods",
    ),
    (
        "CloudWatch::Alarm",
        alarm(Period=3600, EvaluationPeriods=169),
        "Metrics cannot be checked across more than a week (EvaluationPeriods * Period must be <= 604800)",
    ),
    (
        "CloudWatch::Alarm",
        alarm(EvaluationPeriods="1441"),
        "more than a day (EvaluationPeriods * Period must be <= 86400)",
    ),
    ("CloudWatch::Alarm", alarm(Threshold=None), "PutMetricAlarm request should have valid Threshold parameter"),
    (
        "CloudWatch::Alarm",
        alarm(ComparisonOperator="GreaterThanUpperThreshold"),
        "ComparisonOperators for ranges require ThresholdMetricId to be set",
    ),
    (
        "CloudWatch::Alarm",
        alarm(Statistic=None, ExtendedStatistic="p101"),
        "The value p101 for parameter ExtendedStatistic is not supported.",
    ),
    ("CloudWatch::Alarm", alarm(ExtendedStatistic="p99"), "Statistic and ExtendedStatistic cannot both be specified."),
    (
        "CloudWatch::Alarm",
        alarm(MetricName=None, Metrics=[QUERY, {**QUERY, "Id": "b"}]),
        "Exactly one element of the metrics list should return data.",
    ),
    (
        "CloudWatch::Alarm",
        alarm(MetricName=None, Metrics=[QUERY], ThresholdMetricId="a", ComparisonOperator="GreaterThanUpperThreshold"),
        "Exactly two elements of the metrics list should return data.",
    ),
    ("CloudWatch::Alarm", alarm(Metrics=[QUERY]), "MetricName and Metrics cannot both be specified."),
    ("CloudWatch::Dashboard", {"DashboardBody": "{not"}, "The field DashboardBody must be a valid JSON object"),
    (
        "SecretsManager::Secret",
        {"Name": "a b"},
        "Invalid name. Must be a valid name containing alphanumeric characters",
    ),
    (
        "SecretsManager::Secret",
        {"SecretString": "x", **generated()},
        "Can only specify either SecretString or GenerateSecretString.",
    ),
    (
        "SecretsManager::Secret",
        generated(PasswordLength="3"),
        "Password length is too short based on the required types.",
    ),
    (
        "SecretsManager::Secret",
        generated(SecretStringTemplate="{}"),
        "SecretStringTemplate and GenerateStringKey go together.",
    ),
    (
        "SecretsManager::Secret",
        generated(SecretStringTemplate="{", GenerateStringKey="p"),
        "Could not parse SecretStringTemplate JSON.",
    ),
    ("Logs::LogGroup", {"RetentionInDays": "2"}, "Value '2' at 'retentionInDays' failed to satisfy constraint"),
    (
        "Logs::MetricFilter",
        {"FilterPattern": "x", "MetricTransformations": [{"MetricNamespace": "AWS/ECS"}]},
        "Metric namespaces starting with AWS/ are reserved for AWS.",
    ),
    ("Logs::ResourcePolicy", {"PolicyName": "p", "PolicyDocument": "x"}, "Error occurred while parsing accessPolicy."),
    ("SSM::Parameter", {"Type": "String", "Value": "x" * 4097}, "Standard tier parameters support a maximum"),
    (
        "ECR::Repository",
        {"LifecyclePolicy": {"LifecyclePolicyText": lifecycle(rule(1), rule(1))["lifecyclePolicyText"]}},
        "Duplicate priority in multiple rules",
    ),
    (
        "ECR::Repository",
        {"EncryptionConfiguration": {"EncryptionType": "AES256", "KmsKey": "k"}},
        "Encryption key should",
    ),
    (
        "ServiceDiscovery::Service",
        {"NamespaceId": "{dns}", "Name": "taken"},
        "Resource of type 'AWS::ServiceDiscovery::Service' with identifier 'taken' already exists.",
    ),
]


@pytest.mark.parametrize(("kind", "properties", "sentence"), STACKS, ids=[one[2] for one in STACKS])
def test_a_stack_is_refused(made: dict[str, str], kind: str, properties: Body, sentence: str) -> None:
    async def create() -> Any:
        return HANDLERS[f"AWS::{kind}"]["create"]("Made", filled(properties, made), "stack")

    with pytest.raises(ValueError, match="Resource handler returned message: ") as refusal:
        run(create())
    assert sentence in str(refusal.value)


def test_an_alarm_with_metric_math_is_taken(made: dict[str, str]) -> None:
    async def create() -> Any:
        given = alarm(MetricName=None, Namespace=None, Statistic=None, Period=None, Metrics=[QUERY], AlarmName="taken")
        return HANDLERS["AWS::CloudWatch::Alarm"]["create"]("Made", given, "stack")

    assert run(create())[0] == "taken"
