"""Templates above 51,200 bytes come from S3, where the host may have the bucket's name: ministack reads the path alone.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
"""

import re
from typing import Any
from urllib.parse import urlsplit

from ministack.services.cloudformation import handlers, helpers

from .replacing import replace

# `<bucket>.s3.<region>.<domain>`, and the older `<bucket>.s3-<region>.<domain>`.
_BUCKET = re.compile(r"^(?P<bucket>[a-z0-9][a-z0-9.-]+)\.s3[.-]")


def with_bucket_in_path(url: str) -> str:
    """The same address with the bucket in its path."""
    parts = urlsplit(url)
    found = _BUCKET.match(parts.hostname or "")
    return url if found is None else f"{parts.scheme}://{parts.netloc}/{found['bucket']}{parts.path}"


def register() -> None:
    """Of templates and of stack policies, in stacks, change sets and nested stacks."""
    resolve = helpers._resolve_document

    def resolved(params: Any, body_key: str, url_key: str, label: str) -> Any:
        url = handlers._p(params, url_key)
        if url:
            params = {**params, url_key: [with_bucket_in_path(url)]}
        return resolve(params, body_key, url_key, label)

    replace(helpers, "_resolve_document", resolved)
