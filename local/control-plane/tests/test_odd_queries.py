"""Odd requests of the query protocol and of REST are refused in the API's own form: never with 500, never with a traceback."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from in_process import FORM, act, query, signed

# The same requests on every run.
TRIES = settings(
    max_examples=25, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)

_TEMPLATE = '{"Resources": {"G": {"Type": "AWS::Logs::LogGroup"}}}'
REQUESTS: list[tuple[str, str, dict[str, str]]] = [
    (
        "ec2",
        "2016-11-15",
        {
            "Action": "CreateVpc",
            "CidrBlock": "10.0.0.0/16",
            "TagSpecification.1.ResourceType": "vpc",
            "TagSpecification.1.Tag.1.Key": "a",
        },
    ),
    (
        "ec2",
        "2016-11-15",
        {"Action": "CreateSubnet", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24", "AvailabilityZone": "us-east-1a"},
    ),
    (
        "ec2",
        "2016-11-15",
        {
            "Action": "AuthorizeSecurityGroupIngress",
            "GroupId": "sg-1",
            "IpPermissions.1.IpProtocol": "tcp",
            "IpPermissions.1.FromPort": "80",
            "IpPermissions.1.ToPort": "80",
            "IpPermissions.1.IpRanges.1.CidrIp": "10.0.0.0/8",
        },
    ),
    (
        "ec2",
        "2016-11-15",
        {"Action": "DescribeVpcs", "Filter.1.Name": "vpc-id", "Filter.1.Value.1": "vpc-1", "MaxResults": "5"},
    ),
    (
        "ec2",
        "2016-11-15",
        {"Action": "RunInstances", "ImageId": "ami-1", "MinCount": "1", "MaxCount": "1", "InstanceType": "t3.micro"},
    ),
    (
        "elasticloadbalancing",
        "2015-12-01",
        {
            "Action": "CreateTargetGroup",
            "Name": "tg",
            "Protocol": "HTTP",
            "Port": "80",
            "VpcId": "vpc-1",
            "HealthCheckIntervalSeconds": "5",
        },
    ),
    (
        "elasticloadbalancing",
        "2015-12-01",
        {"Action": "CreateLoadBalancer", "Name": "lb", "Subnets.member.1": "subnet-1", "Tags.member.1.Key": "a"},
    ),
    (
        "elasticloadbalancing",
        "2015-12-01",
        {
            "Action": "CreateRule",
            "ListenerArn": "arn",
            "Priority": "1",
            "Conditions.member.1.Field": "path-pattern",
            "Conditions.member.1.Values.member.1": "/a",
            "Actions.member.1.Type": "forward",
        },
    ),
    ("cloudformation", "2010-05-15", {"Action": "ValidateTemplate", "TemplateBody": _TEMPLATE}),
    ("cloudformation", "2010-05-15", {"Action": "GetTemplateSummary", "TemplateBody": _TEMPLATE}),
    (
        "cloudformation",
        "2010-05-15",
        {
            "Action": "CreateChangeSet",
            "StackName": "s",
            "ChangeSetName": "c",
            "ChangeSetType": "CREATE",
            "TemplateBody": _TEMPLATE,
            "Parameters.member.1.ParameterKey": "P",
        },
    ),
    ("cloudformation", "2010-05-15", {"Action": "DescribeStackEvents", "StackName": "s", "NextToken": "1"}),
    (
        "iam",
        "2010-05-08",
        {
            "Action": "CreateRole",
            "RoleName": "r",
            "AssumeRolePolicyDocument": "{}",
            "MaxSessionDuration": "3600",
            "Tags.member.1.Key": "a",
        },
    ),
    ("iam", "2010-05-08", {"Action": "ListRoles", "MaxItems": "10", "Marker": "x"}),
    (
        "sns",
        "2010-03-31",
        {
            "Action": "CreateTopic",
            "Name": "t",
            "Attributes.entry.1.key": "DisplayName",
            "Attributes.entry.1.value": "x",
        },
    ),
    ("sns", "2010-03-31", {"Action": "Publish", "TopicArn": "arn:aws:sns:us-east-1:000000000000:t", "Message": "m"}),
    (
        "sts",
        "2011-06-15",
        {
            "Action": "AssumeRole",
            "RoleArn": "arn:aws:iam::000000000000:role/r",
            "RoleSessionName": "session",
            "DurationSeconds": "900",
        },
    ),
    (
        "sqs",
        "2012-11-05",
        {"Action": "CreateQueue", "QueueName": "q", "Attribute.1.Name": "DelaySeconds", "Attribute.1.Value": "1"},
    ),
    (
        "monitoring",
        "2010-08-01",
        {
            "Action": "GetMetricStatistics",
            "Namespace": "n",
            "MetricName": "m",
            "StartTime": "2026-01-01T00:00:00Z",
            "EndTime": "2026-01-02T00:00:00Z",
            "Period": "60",
            "Statistics.member.1": "Sum",
        },
    ),
    (
        "autoscaling",
        "2011-01-01",
        {"Action": "CreateAutoScalingGroup", "AutoScalingGroupName": "g", "MinSize": "1", "MaxSize": "1"},
    ),
]
ODD = st.sampled_from(
    [
        "",
        " ",
        "-1",
        "0",
        "99999999999999999999",
        "1e999",
        "nan",
        "null",
        "true",
        "{}",
        "[]",
        "[1]",
        '{"a": 1}',
        "{",
        "a" * 5000,
        "\x00",
        "é\u2028",
        "../../etc",
        "<x>&",
        "arn:",
        "arn:aws:::",
        "10.0.0.0/99",
        "::/0",
        "*",
    ]
) | st.text(max_size=20)


def _ids() -> Iterator[str]:
    return (fields["Action"] for _, _, fields in REQUESTS)


def _check(status: int, headers: dict[str, str], answer: bytes) -> None:
    text = answer.decode()
    assert status < 500, text
    assert "Traceback" not in text and 'File "' not in text, text
    if status >= 400 and text:
        if "xml" in headers["content-type"]:
            codes = [one.text for one in ElementTree.fromstring(text).iter() if one.tag.rpartition("}")[2] == "Code"]
            assert codes and codes[0], text
        else:
            assert "message" in text.lower(), text


@pytest.mark.parametrize(("service", "version", "fields"), REQUESTS, ids=[*_ids()])
@TRIES
@given(data=st.data())
def test_one_parameter_odd(service: str, version: str, fields: dict[str, str], data: st.DataObject) -> None:
    changed = dict(fields)
    names = sorted(name for name in fields if name != "Action")
    name = data.draw(st.sampled_from(names))
    how = data.draw(st.sampled_from(["value", "away", "below", "above", "another number", "empty list"]))
    value = data.draw(ODD)
    if how == "value":
        changed[name] = value
    else:
        changed.pop(name)
        other = {
            "below": f"{name}.1.X",
            "above": name.partition(".")[0],
            "another number": re.sub(r"\.1\b", ".x", name),
            "empty list": name.partition(".")[0] + ".member.0",
        }.get(how)
        if other:
            changed[other] = value
    body = urlencode({**changed, "Version": version}, errors="surrogatepass").encode()
    _check(*signed("POST", "/", {"content-type": FORM}, body, service))


@TRIES
@given(body=st.binary(max_size=60))
@example(b"Action=%ff")
@example(b"\xff\xfe=1&Action=CreateVpc")
@example(b"Action=CreateVpc&Version=2016-11-15&Action=x")
@example(b"=&=&=")
@example(b"Action=NoSuchThing&Version=2010-05-15")
def test_bodies_that_are_no_form(body: bytes) -> None:
    for service in ("ec2", "cloudformation", "iam"):
        _check(*signed("POST", "/", {"content-type": FORM}, body, service))


_METHODS = ["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH"]


@TRIES
@given(
    method=st.sampled_from(_METHODS),
    path=st.lists(
        st.sampled_from(
            ["bucket", "", ".", "..", "a b", "é", "%", "2015-03-31", "functions", "v2", "v20180820", "x" * 300]
        )
        | st.text(max_size=6),
        max_size=4,
    ),
    query_string=st.dictionaries(
        st.sampled_from(
            ["uploads", "uploadId", "partNumber", "list-type", "max-keys", "versionId", "tagging", "policy", "acl", "x"]
        ),
        ODD,
        max_size=2,
    ),
    body=st.sampled_from([b"", b"<x", b"<a>1</a>", b"{", b"[]", b'{"a": []}', b"\xff", b"null"]),
)
def test_odd_objects_and_paths(method: str, path: list[str], query_string: dict[str, str], body: bytes) -> None:
    address = "/" + "/".join(quote(part, errors="surrogatepass") for part in path)
    if query_string:
        address += "?" + urlencode(query_string, quote_via=quote, errors="surrogatepass")
    signed("PUT", "/bucket", {}, b"", "s3")
    status, _, answer = signed(method, address, {"content-type": "application/xml"}, body, "s3")
    assert status < 500, answer
    assert b"Traceback" not in answer


@pytest.mark.parametrize(
    "target",
    [
        "AmazonEC2ContainerServiceV20141113.DescribeTasks",
        "AmazonEC2ContainerRegistry_V20150921.PutImage",
        "AmazonSSM.PutParameter",
        "Logs_20140328.PutLogEvents",
        "Logs_20140328.FilterLogEvents",
        "Logs_20140328.StartQuery",
        "GraniteServiceVersion20100801.PutMetricData",
        "AWSEvents.PutRule",
        "AWSEvents.PutEvents",
        "TrentService.Encrypt",
        "DynamoDB_20120810.PutItem",
        "DynamoDB_20120810.Query",
        "AmazonSQS.SendMessage",
        "CertificateManager.RequestCertificate",
        "Route53AutoNaming_v20170314.RegisterInstance",
        "secretsmanager.CreateSecret",
        "AWSStepFunctions.CreateStateMachine",
        "AWSWAF_20190729.CreateWebACL",
    ],
)
@TRIES
@given(
    body=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "Name",
                        "TableName",
                        "Item",
                        "Key",
                        "logGroupName",
                        "logEvents",
                        "tasks",
                        "Entries",
                        "MetricData",
                        "Namespace",
                        "definition",
                        "QueueUrl",
                        "KeyId",
                        "Plaintext",
                        "EventPattern",
                        "filterPattern",
                        "queryString",
                    ]
                ),
                inner,
                max_size=3,
            )
        ),
        max_leaves=5,
    )
)
def test_odd_json(target: str, body: Any) -> None:
    status, answer = act(target, body)
    assert status < 500, answer
    assert "Traceback" not in str(answer)


def test_what_is_missing_and_what_is_no_number_is_named() -> None:
    status, answer = query("ec2", "2016-11-15", "CreateSubnet", CidrBlock="10.0.0.0/24")
    assert status == 400 and "<Code>MissingParameter</Code>" in answer and "VpcId" in answer
    status, answer = query("elasticloadbalancing", "2015-12-01", "CreateTargetGroup", Name="t", Port="eighty")
    assert status == 400 and "<Code>ValidationError</Code>" in answer and "Port" in answer and "eighty" in answer
    status, answer = query("iam", "2010-05-08", "CreateRole", RoleName="r")
    assert status == 400 and "Value null at 'assumeRolePolicyDocument'" in answer
    status, answer = query(
        "sns", "2010-03-31", "Subscribe", TopicArn="a", Protocol="https", ReturnSubscriptionArn="perhaps"
    )
    assert status == 400 and "perhaps" in answer
