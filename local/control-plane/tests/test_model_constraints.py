"""What of AWS is quoted: the sentences for each kind of constraint, by API and through CloudFormation."""

import json
from typing import Any

import pytest
from conftest import HERE, ControlPlane, eventually
from in_process import act, query

from highlands_control_plane.api_models import BY_TARGET, BY_VERSION, model
from highlands_control_plane.model_constraints import faults, sentence
from highlands_control_plane.model_patterns import _compiled, matches
from highlands_control_plane.property_models import operation, refusal

_ECS = "AmazonEC2ContainerServiceV20141113"
_TAIL = "failed to satisfy constraint: "


@pytest.mark.parametrize(
    ("target", "request_body", "code", "message"),
    [
        (
            f"{_ECS}.CreateService",
            {"serviceName": "a", "launchType": "LAMBDA"},
            "InvalidParameterException",
            (
                f"1 validation error detected: Value 'LAMBDA' at 'launchType' {_TAIL}Member must satisfy enum value set: "
                "[EC2, FARGATE, EXTERNAL, MANAGED_INSTANCES]"
            ),
        ),
        (
            "Logs_20140328.CreateLogGroup",
            {"logGroupName": "a b"},
            "InvalidParameterException",
            (
                f"1 validation error detected: Value 'a b' at 'logGroupName' {_TAIL}Member must satisfy regular expression "
                r"pattern: [\.\-_/#A-Za-z0-9]+"
            ),
        ),
        (
            "AmazonSSM.PutParameter",
            {"Name": "a", "Value": "x", "Tags": [{"Key": "", "Value": "x"}]},
            "ValidationException",
            (
                f"1 validation error detected: Value '' at 'tags.1.member.key' {_TAIL}Member must have length greater than or "
                "equal to 1"
            ),
        ),
        (
            "secretsmanager.GetSecretValue",
            {},
            "ValidationException",
            f"1 validation error detected: Value null at 'secretId' {_TAIL}Member must not be null",
        ),
        (
            "Route53AutoNaming_v20170314.ListInstances",
            {"ServiceId": "a", "MaxResults": 101},
            "InvalidInput",
            (
                f"1 validation error detected: Value '101' at 'maxResults' {_TAIL}Member must have value less than or equal to "
                "100"
            ),
        ),
        (
            "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories",
            {"registryId": "1"},
            "InvalidParameterException",
            f"Invalid parameter at 'registryId' {_TAIL}'Member must satisfy regular expression pattern: [0-9]{{12}}'",
        ),
        (
            f"{_ECS}.UpdateService",
            {"service": "a", "desiredCount": "1"},
            "SerializationException",
            "STRING_VALUE can not be converted to an Integer",
        ),
        (
            f"{_ECS}.UpdateService",
            {"service": 1},
            "SerializationException",
            "NUMBER_VALUE can not be converted to a String",
        ),
    ],
)
def test_the_json_protocol(target: str, request_body: Any, code: str, message: str) -> None:
    status, answer = act(target, request_body)
    assert (status, answer["__type"], answer["message"]) == (400, code, message)


@pytest.mark.parametrize(
    ("api", "version", "action", "fields", "code", "message"),
    [
        (
            "iam",
            "2010-05-08",
            "CreateRole",
            {"RoleName": "a b", "AssumeRolePolicyDocument": "{}"},
            "ValidationError",
            (
                rf"1 validation error detected: Value 'a b' at 'roleName' {_TAIL}Member must satisfy regular expression pattern: "
                r"[\w+=,.@-]+"
            ),
        ),
        (
            "elasticloadbalancing",
            "2015-12-01",
            "CreateTargetGroup",
            {"Name": "a", "Port": "65536", "HealthCheckIntervalSeconds": "4"},
            "ValidationError",
            (
                f"2 validation errors detected: Value '65536' at 'port' {_TAIL}Member must have value less than or equal to 65535; "
                f"Value '4' at 'healthCheckIntervalSeconds' {_TAIL}Member must have value greater than or equal to 5"
            ),
        ),
        (
            "cloudformation",
            "2010-05-15",
            "ListStacks",
            {"StackStatusFilter.member.1": "DONE"},
            "ValidationError",
            (
                f"1 validation error detected: Value '[DONE]' at 'stackStatusFilter' {_TAIL}Member must satisfy constraint: [Member "
                "must satisfy enum value set: [CREATE_IN_PROGRESS"
            ),
        ),
        (
            "ec2",
            "2016-11-15",
            "DescribeVpcs",
            {"MaxResults": "1"},
            "InvalidParameterValue",
            "Value ( 1 ) for parameter maxResults is invalid. Expecting a value greater than 5.",
        ),
        (
            "ec2",
            "2016-11-15",
            "CreateSubnet",
            {"CidrBlock": "10.0.0.0/24"},
            "MissingParameter",
            "The request must contain the parameter VpcId",
        ),
        ("ec2", "2016-11-15", "DescribeVpcs", {"Vpc": "a"}, "UnknownParameter", "The parameter Vpc is not recognized"),
    ],
)
def test_the_query_protocols(api: str, version: str, action: str, fields: Any, code: str, message: str) -> None:
    status, answer = query(api, version, action, **fields)
    assert status == 400 and f"<Code>{code}</Code>" in answer and message in answer, answer


def test_every_pattern_can_be_read() -> None:
    names = {api.name for api in (*BY_TARGET.values(), *BY_VERSION.values())}
    shapes = [model(name).shape_for(one) for name in names for one in model(name).shape_names]
    patterns = {one.metadata["pattern"] for one in shapes if "pattern" in one.metadata}
    assert len(patterns) > 200
    assert [one for one in patterns if _compiled(one)[0] is None] == []


@pytest.mark.parametrize(
    ("pattern", "value", "fits"),
    [
        ("[a-z]+", "abc1", False),
        (r"[\w]+", "é", False),
        (r"[\p{L}]+", "é", True),
        (r"^(range|count|sum)", "sum of all", True),
        (r"[\u0020-\uD7FF\uD800\uDC00-\uDBFF\uDFFF]*", "a \N{GRINNING FACE}", True),
        (r"^[a-z]*$", "a\n", False),
    ],
)
def test_patterns(pattern: str, value: str, fits: bool) -> None:
    assert matches(pattern, value) is fits


def test_what_is_secret_is_not_quoted_and_what_is_long_is_cut() -> None:
    secret = model("secretsmanager").operation_model("CreateSecret").input_shape
    [fault] = faults({"Name": "a", "SecretString": ""}, secret)
    assert str(fault).startswith("Value at 'secretString' failed")
    [fault] = faults({"Name": "a" * 600}, secret)
    assert len(sentence([fault])) < 400


def test_a_catalogue_is_open() -> None:
    shape = model("ec2").operation_model("RunInstances").input_shape
    assert not [*faults({"InstanceType": "m99.large", "MinCount": 1, "MaxCount": 1}, shape)]


def test_types_are_held_against_the_operation_of_their_handler() -> None:
    types = json.loads((HERE / "resource-types.json").read_text())
    assert operation("AWS::ECS::TaskDefinition") == ("ecs", "RegisterTaskDefinition")
    assert operation("AWS::ElasticLoadBalancingV2::ListenerRule") == ("elbv2", "CreateRule")
    assert operation("AWS::S3::Bucket") is None and operation("Custom::Mine") is None
    assert sum(operation(one) is not None for one in types) > 50


@pytest.mark.parametrize(
    ("resource_type", "properties", "said"),
    [
        (
            "AWS::ElasticLoadBalancingV2::TargetGroup",
            {"Port": 80, "HealthCheckTimeoutSeconds": 121},
            (
                "Value '121' at 'healthCheckTimeoutSeconds' failed to satisfy constraint: Member must have value less than or "
                "equal to 120 (Service: ElasticLoadBalancingV2, Status Code: 400, Request ID: "
            ),
        ),
        (
            "AWS::ECS::Service",
            {"NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": ["a"], "AssignPublicIp": "YES"}}},
            (
                "Value 'YES' at 'networkConfiguration.awsvpcConfiguration.assignPublicIp' failed to satisfy constraint: Member must "
                "satisfy enum value set: [ENABLED, DISABLED] (Service: Ecs, "
            ),
        ),
        (
            "AWS::Logs::LogGroup",
            {"LogGroupName": "a b"},
            "(Service: CloudWatchLogs, ",
        ),
        (
            "AWS::EC2::VPC",
            {"InstanceTenancy": "mine"},
            "Value (mine) for parameter instanceTenancy is invalid. (Service: Ec2, ",
        ),
    ],
)
def test_properties(resource_type: str, properties: Any, said: str) -> None:
    why = refusal(resource_type, properties)
    assert why.startswith('Resource handler returned message: "') and said in why, why
    assert why.endswith("HandlerErrorCode: InvalidRequest)")


@pytest.mark.parametrize(
    ("resource_type", "properties"),
    [
        # What a template leaves out, has under another name, or has as a document of its own.
        ("AWS::ECS::TaskDefinition", {"ContainerDefinitions": [{"Name": "a"}], "Tags": [{"Key": "a", "Value": "b"}]}),
        ("AWS::IAM::Role", {"AssumeRolePolicyDocument": {"Version": "2012-10-17"}, "Policies": [{"PolicyName": "a"}]}),
        ("AWS::SSM::Parameter", {"Type": "String", "Value": "a", "Tags": {"a": "b"}}),
        ("AWS::Logs::LogGroup", {"RetentionInDays": 7, "Tags": [{"Key": "a", "Value": "b"}]}),
        ("AWS::S3::Bucket", {"BucketName": "A"}),
    ],
)
def test_properties_that_are_right(resource_type: str, properties: Any) -> None:
    assert refusal(resource_type, properties) == ""


def test_a_stack_fails_with_the_sentence_of_the_service(plane: ControlPlane) -> None:
    stacks = plane.client("cloudformation")
    properties = {"Port": "80000", "Protocol": "HTTP", "TargetType": "ip", "VpcId": "vpc-00000001"}
    template = {
        "Resources": {"Targets": {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": properties}}
    }
    stacks.create_stack(StackName="S", TemplateBody=json.dumps(template))
    eventually(lambda: stacks.describe_stacks(StackName="S")["Stacks"][0]["StackStatus"] == "ROLLBACK_COMPLETE")
    events = stacks.describe_stack_events(StackName="S")["StackEvents"]
    [reason] = [one["ResourceStatusReason"] for one in events if one["ResourceStatus"] == "CREATE_FAILED"]
    assert (
        "Value '80000' at 'port' failed to satisfy constraint: Member must have value less than or equal to 65535"
        in reason
    )
    assert plane.client("elbv2").describe_target_groups()["TargetGroups"] == []
