"""Public parameters of SSM, which every account can read: stand-ins, since what they name is not here.

Which there are is in public-parameters.json, which the check of an app reads too. A value that somebody gave comes first.
https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html
"""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ministack.core.responses import get_region
from ministack.services import ssm

from .replacing import replace

_FILE = Path(__file__).resolve().parent.parent / "public-parameters.json"


def _machine_image(name: str) -> str:
    """An id in the form of EC2's, the same at each look, and with zeros that no real one has."""
    return f"ami-000000000{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _container_image(name: str, repository: str) -> str:
    """Where AWS keeps it, the last part of the name as the tag: whoever deploys gives the image itself."""
    return f"{repository.replace('REGION', get_region())}:{name.rsplit('/', 1)[-1]}"


_VERSION = "0.0.0-stand-in"
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/retrieve-ecs-optimized_AMI.html
_FIELDS = (
    "schema_version",
    "image_name",
    "image_version",
    "os",
    "ecs_agent_version",
    "ecs_runtime_version",
    "source_image_name",
)
_VALUES: dict[str, Callable[[str, dict[str, str]], str]] = {
    "machine image": lambda name, _: _machine_image(name),
    "machine image in JSON": lambda name, _: json.dumps(
        {"image_id": _machine_image(f"{name}/image_id"), **dict.fromkeys(_FIELDS, _VERSION)}
    ),
    "version": lambda *_: _VERSION,
    "container image": lambda name, family: _container_image(name, family["repository"]),
}
_FAMILIES: list[dict[str, str]] = json.loads(_FILE.read_text())


def register() -> None:
    """Adds them to the few that ministack has; a name that is in no family is not found, as before."""
    known = ssm._public_parameter

    def public(name: str) -> dict[str, Any] | None:
        found: dict[str, Any] | None = known(name)
        if found is not None:
            return found
        value = next((_VALUES[one["value"]](name, one) for one in _FAMILIES if re.search(one["name"], name)), None)
        if value is None:
            return None
        arn = f"arn:aws:ssm:{get_region()}::parameter{name}"
        # The day has no meaning: what is behind the value never changes.
        return {
            "Name": name,
            "Type": "String",
            "Value": value,
            "Version": 1,
            "LastModifiedDate": 1728518400,
            "ARN": arn,
        }

    replace(ssm, "_public_parameter", public)
