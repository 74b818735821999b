"""Addresses of the region's APIs within what templates and messages have: those that tasks reach.

On AWS an address of a queue is good everywhere; here `localhost` is another machine to every task. A client of the SDK for
JavaScript sends to the queue's address, whatever its endpoint is:
https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/Package/-aws-sdk-client-sqs/Interface/SQSClientResolvedConfig/
What SQS itself answers has the host that the caller asked, by ministack's own doing; what CloudFormation puts into a task
definition, a parameter or a secret is read by tasks.
"""

from ministack.services import sns, sqs

from .agreed import API_ENDPOINT
from .replacing import replace


def register() -> None:
    host, _, port = API_ENDPOINT.partition(":")
    replace(sqs, "DEFAULT_HOST", host)
    replace(sqs, "DEFAULT_PORT", port)
    replace(sqs, "_CANONICAL_NETLOC", API_ENDPOINT)
    # Of the addresses to confirm and to end a subscription, in each message.
    replace(sns, "_HOST", host)
    replace(sns, "_PORT", port)
