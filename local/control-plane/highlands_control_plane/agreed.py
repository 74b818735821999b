"""What the agent and the control plane must say alike: agreed-with-agent.json, which the agent reads too."""

import json
from pathlib import Path
from typing import Any

_AGREED: dict[str, Any] = json.loads((Path(__file__).resolve().parent.parent / "agreed-with-agent.json").read_text())

# By which Service Connect's services of Cloud Map are told from those that somebody else made.
CLOUD_MAP_DESCRIPTION: str = _AGREED["cloudMapDescription"]
# Where tasks reach the region's APIs, as their Host header has it.
API_ENDPOINT = f"{_AGREED['apiEndpoint']['host']}:{_AGREED['apiEndpoint']['port']}"
# Where functions answer, below the name of CloudFormation's bucket.
ANSWERS_PATH: str = _AGREED["customResources"]["answersPath"]
# The property that `--answer` gives a custom resource, in the place of its function.
GIVEN_ANSWER: str = _AGREED["customResources"]["givenAnswer"]
# What the agent has a program for: Python's and Node's of this machine, and a program of the function's own.
FUNCTION_RUNTIMES: tuple[str, ...] = tuple(_AGREED["customResources"]["runtimes"])
