"""A name that Route 53 has no zone for makes no namespace either, and that is a refusal: ministack has an error of the server.

https://docs.aws.amazon.com/cloud-map/latest/api/API_CreatePrivateDnsNamespace.html#API_CreatePrivateDnsNamespace_Errors
"""

from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import servicediscovery

from .replacing import replace


def register() -> None:
    """Takes the place of what makes the record of a namespace."""
    make = servicediscovery._create_namespace_record

    def made(name: str, *arguments: Any, **options: Any) -> Any:
        namespace, error = make(name, *arguments, **options)
        if error is not None and error[0] >= 500:
            error = error_response_json("InvalidInput", f"The namespace name {name} is not a valid domain name.", 400)
        return namespace, error

    replace(servicediscovery, "_create_namespace_record", made)
