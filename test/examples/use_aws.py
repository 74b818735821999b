"""What an SDK does in a task, with nothing but what Fargate gives it: no endpoint, Region or key is named here."""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import botocore.session

session = botocore.session.Session()
client = session.create_client
names = json.loads(client("ssm").get_parameter(Name="/in-tasks/names")["Parameter"]["Value"])


def s3() -> object:
    client("s3").put_object(Bucket=names["bucket"], Key="a/b c", Body=b"x" * 100_000)
    return len(client("s3").get_object(Bucket=names["bucket"], Key="a/b c")["Body"].read())


def dynamodb() -> object:
    client("dynamodb").put_item(TableName=names["table"], Item={"id": {"S": "1"}, "value": {"N": "2"}})
    return client("dynamodb").get_item(TableName=names["table"], Key={"id": {"S": "1"}})["Item"]["value"]


def _received() -> str:
    for _ in range(50):
        answer = client("sqs").receive_message(QueueUrl=names["queue"], WaitTimeSeconds=0)
        for message in answer.get("Messages", []):
            client("sqs").delete_message(QueueUrl=names["queue"], ReceiptHandle=message["ReceiptHandle"])
            return str(message["Body"])
        time.sleep(0.1)
    raise AssertionError("no message came")


def sns_to_sqs() -> object:
    client("sns").publish(TopicArn=names["topic"], Message="by a topic")
    return json.loads(_received())["Message"]


def eventbridge_to_sqs() -> object:
    entry = {"Source": "example", "DetailType": "it", "Detail": '{"n": 1}', "EventBusName": names["bus"]}
    client("events").put_events(Entries=[entry])
    return json.loads(_received())["detail"]


def kinesis() -> object:
    client("kinesis").put_record(StreamName=names["stream"], Data=b"one", PartitionKey="p")
    shard = client("kinesis").list_shards(StreamName=names["stream"])["Shards"][0]["ShardId"]
    place = {"StreamName": names["stream"], "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"}
    iterator = client("kinesis").get_shard_iterator(**place)["ShardIterator"]
    return client("kinesis").get_records(ShardIterator=iterator)["Records"][0]["Data"].decode()


def secretsmanager() -> object:
    return len(client("secretsmanager").get_secret_value(SecretId=names["secret"])["SecretString"])


def sts() -> object:
    return client("sts").get_caller_identity()["Arn"]


CALLS: dict[str, Callable[[], Any]] = {
    call.__name__: call for call in (s3, dynamodb, sns_to_sqs, eventbridge_to_sqs, kinesis, secretsmanager, sts)
}
if __name__ == "__main__":
    json.dump({name: call() for name, call in CALLS.items()}, sys.stdout)
