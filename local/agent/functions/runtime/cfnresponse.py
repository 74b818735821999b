"""What AWS's runtime has for inline functions: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-lambda-function-code-cfnresponsemodule.html"""

import json

import urllib3

SUCCESS = "SUCCESS"
FAILED = "FAILED"


def send(event, context, responseStatus, responseData, physicalResourceId=None, noEcho=False, reason=None):
    body = {
        "Status": responseStatus,
        "Reason": reason or f"See the details in CloudWatch Log Stream: {context.log_stream_name}",
        "PhysicalResourceId": physicalResourceId or context.log_stream_name,
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
        "NoEcho": noEcho,
        "Data": responseData,
    }
    headers = {"content-type": ""}
    try:
        answer = urllib3.PoolManager().request(
            "PUT", event["ResponseURL"], headers=headers, body=json.dumps(body), retries=False
        )
        print("Status code:", answer.status)
    except Exception as error:
        print("send(..) failed executing http.request(..):", error)
