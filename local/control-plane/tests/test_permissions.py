"""What a task's role may do, and that nobody else is judged by its policies."""

import json
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError
from conftest import REGION, ControlPlane, started

TASK = "0123456789abcdef0123456789abcdef"
TRUST = json.dumps(
    {
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ]
    }
)


class Role:
    """A role, and clients of a task that has it."""

    def __init__(self, plane: ControlPlane, name: str) -> None:
        self._plane, self.name = plane, name
        self.arn = plane.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]

    def may(self, effect: str, action: str, resource: str) -> None:
        statement = {"Effect": effect, "Action": action, "Resource": resource}
        self._plane.client("iam").put_role_policy(
            RoleName=self.name,
            PolicyName=action.replace(":", "-").replace("*", "any") + effect,
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
        )

    def client(self, service: str, session_name: str = TASK) -> Any:
        sts = self._plane.client("sts")
        given = sts.assume_role(RoleArn=self.arn, RoleSessionName=session_name)["Credentials"]
        session = botocore.session.Session()
        session.set_credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
        return session.create_client(service, region_name=REGION, endpoint_url=self._plane.url)


@pytest.fixture
def role(plane: ControlPlane, request: pytest.FixtureRequest) -> Iterator[Role]:
    made = Role(plane, f"role-{request.node.name[:40]}")
    yield made


def denied(call: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    error = caught.value.response["Error"]
    assert error["Code"].startswith("AccessDenied") or error["Code"] == "AuthorizationError"
    return str(error["Message"])


def test_a_denial_names_who_asked_for_which_action_on_what(plane: ControlPlane, role: Role) -> None:
    plane.client("s3").create_bucket(Bucket="of-permissions")
    plane.client("sqs").create_queue(QueueName="of-permissions")
    arn = "arn:aws:s3:::of-permissions"
    role.may("Allow", "s3:GetObject", f"{arn}/*")
    plane.client("s3").put_object(Bucket="of-permissions", Key="k", Body=b"x")
    s3 = role.client("s3")
    assert s3.get_object(Bucket="of-permissions", Key="k")["Body"].read() == b"x"
    message = denied(s3.put_object, Bucket="of-permissions", Key="k", Body=b"y")
    assert f"assumed-role/{role.name}/{TASK} is not authorized to perform: s3:PutObject on resource: {arn}/k" in message
    message = denied(role.client("sqs").get_queue_url, QueueName="of-permissions")
    assert "sqs:GetQueueUrl on resource: arn:aws:sqs:us-east-1:000000000000:of-permissions" in message
    table = {"TableName": "absent", "Key": {"id": {"S": "1"}}}
    assert "dynamodb:GetItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table/absent" in denied(
        role.client("dynamodb").get_item, **table
    )
    assert "ssm:GetParameter on resource: arn:aws:ssm:us-east-1:000000000000:parameter/x" in denied(
        role.client("ssm").get_parameter, Name="/x"
    )


def test_a_resource_policy_allows_too_and_a_deny_wins(plane: ControlPlane, role: Role) -> None:
    s3 = plane.client("s3")
    s3.create_bucket(Bucket="by-resource")
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": role.arn},
        "Action": "s3:PutObject",
        "Resource": "arn:aws:s3:::by-resource/*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    s3.put_bucket_policy(Bucket="by-resource", Policy=policy)
    role.client("s3").put_object(Bucket="by-resource", Key="k", Body=b"x")
    role.may("Deny", "s3:PutObject", "*")
    assert "explicit deny" in denied(role.client("s3").put_object, Bucket="by-resource", Key="k", Body=b"x")


def test_a_caller_that_is_no_task_may_do_everything(plane: ControlPlane, role: Role) -> None:
    plane.client("s3").create_bucket(Bucket="of-others")
    # As the CDK assumes its roles; and whoever has the region's own key.
    role.client("s3", "aws-cdk-user").put_object(Bucket="of-others", Key="k", Body=b"x")
    plane.client("s3").put_object(Bucket="of-others", Key="k", Body=b"x")
    assert role.client("sts").get_caller_identity()["Arn"].endswith(f":assumed-role/{role.name}/{TASK}")


def test_what_a_task_assumes_is_judged_by_the_policies_of_that_role(plane: ControlPlane, role: Role) -> None:
    account = {"Effect": "Allow", "Principal": {"AWS": "000000000000"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [account]})
    second, third = (Role(plane, f"assumed-{number}") for number in (2, 3))
    for one in (second, third):
        plane.client("iam").update_assume_role_policy(RoleName=one.name, PolicyDocument=trust)
    role.may("Allow", "sts:AssumeRole", second.arn)
    second.may("Allow", "sts:AssumeRole", third.arn)
    plane.client("sqs").create_queue(QueueName="assumed")
    third.may("Allow", "sqs:GetQueueUrl", ARN.format("sqs", "assumed"))
    by_second = client_of(plane, role.client("sts"), second)
    message = denied(by_second("sqs").get_queue_url, QueueName="assumed")
    assert f"assumed-role/{second.name}/any.name is not authorized to perform: sqs:GetQueueUrl" in message
    by_third = client_of(plane, by_second("sts"), third)
    assert by_third("sqs").get_queue_url(QueueName="assumed")["QueueUrl"]
    assert "sqs:ListQueues" in denied(by_third("sqs").list_queues)


def client_of(plane: ControlPlane, sts: Any, role: Role) -> Any:
    given = sts.assume_role(RoleArn=role.arn, RoleSessionName="any.name")["Credentials"]
    session = botocore.session.Session()
    session.set_credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    return lambda service: session.create_client(service, region_name=REGION, endpoint_url=plane.url)


def test_warnings_let_everything_through_and_say_what_aws_would(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HIGHLANDS_TASK_PERMISSIONS", "warn")
    port, process = started()
    try:
        plane = ControlPlane(port)
        plane.client("sqs").create_queue(QueueName="q")
        role = Role(plane, "warned")
        assert role.client("sqs").get_queue_url(QueueName="q")["QueueUrl"]
        said = capfd.readouterr().err
        assert "AWS would not: User: arn:aws:sts::000000000000:assumed-role/warned/" in said
        assert "sqs:GetQueueUrl on resource: arn:aws:sqs:us-east-1:000000000000:q" in said
    finally:
        process.kill()
        process.wait()


def test_a_policy_of_aws_that_is_not_here_is_not_judged(plane: ControlPlane, role: Role) -> None:
    arn = "arn:aws:iam::aws:policy/AmazonSNSFullAccess"
    assert denied(role.client("sns").list_topics)
    try:
        plane.client("iam").attach_role_policy(RoleName=role.name, PolicyArn=arn)
    except ClientError as error:
        pytest.skip(f"it can not be attached: {error}")
    assert "Topics" in role.client("sns").list_topics()


ARN = "arn:aws:{0}:us-east-1:000000000000:{1}"


def test_narrow_grants_are_enough_for_what_apps_do(plane: ControlPlane, role: Role) -> None:
    queue = plane.client("sqs").create_queue(QueueName="narrow")["QueueUrl"]
    topic = plane.client("sns").create_topic(Name="narrow")["TopicArn"]
    secret = plane.client("secretsmanager").create_secret(Name="narrow", SecretString="s")["ARN"]
    for name in ("/narrow/a", "/narrow/b"):
        plane.client("ssm").put_parameter(Name=name, Value="v", Type="String")
    key = {"AttributeName": "id", "KeyType": "HASH"}
    plane.client("dynamodb").create_table(
        TableName="narrow",
        KeySchema=[key],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    plane.client("kinesis").create_stream(StreamName="narrow", ShardCount=1)
    plane.client("s3").create_bucket(Bucket="narrow")
    role.may("Allow", "sqs:*", ARN.format("sqs", "narrow"))
    role.may("Allow", "sns:Publish", topic)
    role.may("Allow", "secretsmanager:GetSecretValue", secret)
    role.may("Allow", "ssm:*", ARN.format("ssm", "parameter/narrow/*"))
    role.may("Allow", "dynamodb:*", ARN.format("dynamodb", "table/narrow"))
    role.may("Allow", "kinesis:*", ARN.format("kinesis", "stream/narrow"))
    role.may("Allow", "s3:ListBucket", "arn:aws:s3:::narrow")
    role.may("Allow", "events:PutEvents", ARN.format("events", "event-bus/default"))
    sqs = role.client("sqs")
    sqs.send_message(QueueUrl=queue, MessageBody="m")
    sqs.send_message_batch(QueueUrl=queue, Entries=[{"Id": "1", "MessageBody": "m"}])
    for message in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=1)["Messages"]:
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    role.client("sns").publish(TopicArn=topic, Message="m")
    for secret_id in ("narrow", secret):
        role.client("secretsmanager").get_secret_value(SecretId=secret_id)
    ssm = role.client("ssm")
    ssm.get_parameters(Names=["/narrow/a", "/narrow/b"])
    ssm.get_parameters_by_path(Path="/narrow/")
    dynamodb = role.client("dynamodb")
    put = {"Put": {"TableName": "narrow", "Item": {"id": {"S": "1"}}}}
    dynamodb.transact_write_items(TransactItems=[put])
    dynamodb.batch_get_item(RequestItems={"narrow": {"Keys": [{"id": {"S": "1"}}]}})
    dynamodb.query(TableName="narrow", KeyConditionExpression="id = :i", ExpressionAttributeValues={":i": {"S": "1"}})
    kinesis = role.client("kinesis")
    [shard] = kinesis.list_shards(StreamName="narrow")["Shards"]
    place = {"StreamName": "narrow", "ShardId": shard["ShardId"], "ShardIteratorType": "LATEST"}
    kinesis.get_records(ShardIterator=kinesis.get_shard_iterator(**place)["ShardIterator"])
    role.client("s3").list_objects_v2(Bucket="narrow")
    event = {"Source": "s", "DetailType": "t", "Detail": "{}"}
    assert role.client("events").put_events(Entries=[event])["FailedEntryCount"] == 0


def test_a_denial_of_one_of_several_resources_names_that_one(plane: ControlPlane, role: Role) -> None:
    key = {"AttributeName": "id", "KeyType": "HASH"}
    for table in ("first", "second"):
        plane.client("dynamodb").create_table(
            TableName=table,
            KeySchema=[key],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    table_arn = "arn:aws:dynamodb:us-east-1:000000000000:table"
    parameter_arn = "arn:aws:ssm:us-east-1:000000000000:parameter"
    role.may("Allow", "dynamodb:BatchGetItem", f"{table_arn}/first")
    role.may("Allow", "ssm:GetParameters", f"{parameter_arn}/first")
    keys = {"Keys": [{"id": {"S": "1"}}]}
    message = denied(role.client("dynamodb").batch_get_item, RequestItems={"first": keys, "second": keys})
    assert f"on resource: {table_arn}/second" in message
    message = denied(role.client("ssm").get_parameters, Names=["/first", "/second"])
    assert f"on resource: {parameter_arn}/second" in message


def test_a_policy_that_wants_tls_is_not_about_the_plain_endpoint(plane: ControlPlane, role: Role) -> None:
    plane.client("s3").create_bucket(Bucket="of-tls")
    role.may("Allow", "s3:*", "*")
    condition = {"Bool": {"aws:SecureTransport": "false"}}
    deny = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::of-tls/*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [{**deny, "Condition": condition}]})
    plane.client("s3").put_bucket_policy(Bucket="of-tls", Policy=policy)
    role.client("s3").put_object(Bucket="of-tls", Key="k", Body=b"x")
    plane.client("s3").put_bucket_policy(Bucket="of-tls", Policy=policy.replace('"false"', '"true"'))
    assert "s3:PutObject" in denied(role.client("s3").put_object, Bucket="of-tls", Key="k", Body=b"x")
