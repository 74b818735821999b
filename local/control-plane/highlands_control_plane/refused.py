"""What an API answers with an error: its code and one line."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4


class Refused(Exception):  # noqa: N818 - what AWS does with such a request
    """A request that AWS answers with an error: its code and one line."""

    def __init__(self, code: str, message: str) -> None:
        # What it quotes may have lines of its own.
        super().__init__(" ".join(message.split()))
        self.code = code

    def of_handler(self, operation: str) -> ValueError:
        """What CloudFormation's handlers of Amazon ECS make of it: a stack event has this sentence.

        Quoted in https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1313 and
        https://github.com/towardsthecloud/aws-cdk-examples/issues/1
        """
        error = f"(Service: AmazonECS; Status Code: 400; Error Code: {self.code}; Request ID: {uuid4()}; Proxy: null)"
        return ValueError(
            f'Resource handler returned message: "Invalid request provided: {operation}: {self} {error}" '
            f"(RequestToken: {uuid4()}, HandlerErrorCode: InvalidRequest)"
        )


@contextmanager
def told_by_handler(operation: str) -> Iterator[None]:
    """Turns what is refused within into the sentence of CloudFormation's handler."""
    try:
        yield
    except Refused as refusal:
        raise refusal.of_handler(operation) from refusal


@contextmanager
def told_by_sdk(service: str, handler_code: str = "InvalidRequest") -> Iterator[None]:
    """The same for the handlers of other services, which quote the SDK for Java that they are written with.

    `service` as that SDK has it: "Ec2". https://github.com/badmintoncryer/cdk-preflight quotes dozens.
    """
    try:
        yield
    except Refused as refusal:
        by = f"(Service: {service}, Status Code: 400, Request ID: {uuid4()}) (SDK Attempt Count: 1)"
        raise ValueError(
            f'Resource handler returned message: "{refusal} {by}" (RequestToken: {uuid4()}, HandlerErrorCode: {handler_code})'
        ) from refusal
