"""Addresses of APIs lead whoever reads them to the region: a task to where tasks reach it, a program of this machine to the port."""

import json
from typing import Any

from conftest import ControlPlane, eventually

from highlands_control_plane.agreed import API_ENDPOINT

QUEUE = "of-addresses"
IN_TASKS = f"http://{API_ENDPOINT}/000000000000/{QUEUE}"


def as_a_task_asks(plane: ControlPlane, service: str) -> Any:
    client = plane.client(service)

    def ask(request: Any, **_more: Any) -> None:
        request.headers["Host"] = API_ENDPOINT

    client.meta.events.register(f"before-sign.{service}", ask)
    return client


def test_a_queue_has_the_address_that_its_reader_reaches(plane: ControlPlane) -> None:
    resources = {
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": QUEUE}},
        "Url": {
            "Type": "AWS::SSM::Parameter",
            "Properties": {"Name": "/of-addresses/url", "Type": "String", "Value": {"Ref": "Queue"}},
        },
    }
    formation, sqs = plane.client("cloudformation"), plane.client("sqs")
    formation.create_stack(StackName="Addresses", TemplateBody=json.dumps({"Resources": resources}))
    eventually(
        lambda: formation.describe_stacks(StackName="Addresses")["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"
    )
    assert plane.client("ssm").get_parameter(Name="/of-addresses/url")["Parameter"]["Value"] == IN_TASKS
    for client, url in ((as_a_task_asks(plane, "sqs"), IN_TASKS), (sqs, f"{plane.url}/000000000000/{QUEUE}")):
        assert client.get_queue_url(QueueName=QUEUE)["QueueUrl"] == url
        assert url in client.list_queues()["QueueUrls"]
        # Either address is that of the queue, for either reader.
        for given in (IN_TASKS, url):
            client.send_message(QueueUrl=given, MessageBody="hello")
            [message] = client.receive_message(QueueUrl=url)["Messages"]
            client.delete_message(QueueUrl=given, ReceiptHandle=message["ReceiptHandle"])


def test_a_message_of_a_topic_has_an_address_that_tasks_reach(plane: ControlPlane) -> None:
    sns, sqs = plane.client("sns"), plane.client("sqs")
    url = sqs.create_queue(QueueName="of-topics")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    topic = sns.create_topic(Name="of-addresses")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    sns.publish(TopicArn=topic, Message="hello")
    [message] = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"]
    assert json.loads(message["Body"])["UnsubscribeURL"].startswith(f"http://{API_ENDPOINT}/")


def test_an_upload_in_parts_says_where_it_is_to_who_asked(plane: ControlPlane) -> None:
    plane.client("s3").create_bucket(Bucket="of-addresses")
    s3 = as_a_task_asks(plane, "s3")
    upload = {"Bucket": "of-addresses", "Key": "k"}
    upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]
    part = s3.upload_part(**upload, PartNumber=1, Body=b"hello")
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}
    where = s3.complete_multipart_upload(**upload, MultipartUpload=parts)["Location"]
    assert where == f"http://{API_ENDPOINT}/of-addresses/k"
