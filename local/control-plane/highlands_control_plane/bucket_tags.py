"""Buckets of a template have its tags: CDK's function that empties one asks whether it may by a tag.

https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_s3.Bucket.html, autoDeleteObjects
"""

from collections.abc import Callable
from typing import Any

from ministack.services import s3

from .replacing import wrap_entries
from .resources import HANDLERS, properties_of


def _tagged(handler: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        made = handler(*arguments)
        tags = {tag["Key"]: str(tag["Value"]) for tag in properties_of(arguments).get("Tags") or []}
        s3._bucket_tags[made[0]] = tags
        return made

    return call


def register() -> None:
    """Made and changed ones."""
    wrap_entries(HANDLERS["AWS::S3::Bucket"], ("create", "update"), _tagged)
