"""What the agent and the control plane must say alike: agreed-with-agent.json, which the agent reads too."""

import json
from pathlib import Path
from typing import Any

_AGREED: dict[str, Any] = json.loads((Path(__file__).resolve().parent.parent / "agreed-with-agent.json").read_text())

# By which Service Connect's services of Cloud Map are told from those that somebody else made.
CLOUD_MAP_DESCRIPTION: str = _AGREED["cloudMapDescription"]
# Where tasks reach the region's APIs, as their Host header has it.
API_ENDPOINT = f"{_AGREED['apiEndpoint']['host']}:{_AGREED['apiEndpoint']['port']}"
