"""What ECR refuses of repositories and their lifecycle policies.

https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
Sentences: pf-ecr-* of https://github.com/badmintoncryer/cdk-preflight, which tries them on AWS, but where it says "ours".
"""

import json
from typing import Any

from .refused import Refused

CODE = "InvalidParameterException"
Request = dict[str, Any]
_MOST_RULES = 50
_KEYS = {"rulePriority", "description", "selection", "action"}


def _invalid(member: str, why: str) -> Refused:
    return Refused(CODE, f"Invalid parameter at '{member}' failed to satisfy constraint: '{why}'")


def check_encryption(configuration: Request) -> None:
    """Raises Refused."""
    kind = configuration.get("encryptionType", configuration.get("EncryptionType", "AES256"))
    if kind == "AES256" and (configuration.get("kmsKey") or configuration.get("KmsKey")):
        why = "Invalid encryption configuration: Encryption key should not be set for AES256 encryption."
        raise _invalid("encryptionConfiguration", why)


def check_lifecycle(text: Any) -> None:
    """Raises Refused."""
    failed = "Lifecycle policy validation failure:"
    try:
        rules = json.loads(str(text))["rules"]
        priorities = [rule["rulePriority"] for rule in rules]
        statuses = [rule["selection"]["tagStatus"] for rule in rules]
        extra = [key for rule in rules for key in rule if key not in _KEYS]
    except (ValueError, TypeError, KeyError, IndexError) as odd:
        raise _invalid("LifecyclePolicyText", f"{failed} {odd}") from odd  # ours
    if len(rules) > _MOST_RULES:
        rule = f"must have at most {_MOST_RULES} elements but instance has {len(rules)} elements"
        raise _invalid("LifecyclePolicyText", f"{failed} array is too long: {rule}")
    if extra:
        raise _invalid("LifecyclePolicyText", f"{failed} instance has the unexpected property {extra[0]}")  # ours
    if len(set(priorities)) < len(priorities):
        raise _invalid("LifecyclePolicyText", f"{failed} Duplicate priority in multiple rules")
    if statuses.count("untagged") > 1:
        raise _invalid("LifecyclePolicyText", f"{failed} Only one rule can select Untagged images")
    if "any" in statuses and priorities[statuses.index("any")] != max(priorities):
        raise _invalid(
            "LifecyclePolicyText", f"{failed} the rule with tagStatus any must have the highest priority"
        )  # ours


def check_repository(request: Request) -> None:
    """Of the API, or the properties of a template. Raises Refused."""
    check_encryption(request.get("encryptionConfiguration") or request.get("EncryptionConfiguration") or {})
    policy = (request.get("LifecyclePolicy") or {}).get("LifecyclePolicyText")
    if policy is not None:
        check_lifecycle(policy)
