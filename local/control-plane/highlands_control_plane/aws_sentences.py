"""What AWS says where it refuses, and the values that it knows: aws-sentences.json.

The check of templates before `up` reads the same file (local/support/aws/aws-sentences.ts), so that both say one thing.
Where each sentence comes from stands where it is said; "ours" where AWS's page has the rule alone.
"""

import json
import re
from pathlib import Path
from typing import Any

from .refused import Refused

_TABLE: dict[str, Any] = json.loads((Path(__file__).resolve().parent.parent / "aws-sentences.json").read_text())
# By list and key: the values that an attribute may have, texts and ranges of numbers; None where any will do.
ATTRIBUTES: dict[str, dict[str, list[Any] | None]] = _TABLE["attributes"]
SSL_POLICIES: frozenset[str] = frozenset(_TABLE["sslPolicies"])
CONDITIONS: dict[str, dict[str, Any]] = _TABLE["conditions"]


def refusal(sentence: str, /, **values: Any) -> Refused:
    """AWS's code and sentence, with the values in the place of their names."""
    code, text = _TABLE["sentences"][sentence]
    return Refused(code, re.sub(r"<(\w+)>", lambda found: str(values[found[1]]), text))
