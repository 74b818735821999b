"""The sizes that a Fargate task can have.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
"""

import re
from typing import Any

# MiB of memory by CPU units: from, to, in steps of. Larger ones than these are not looked at: the page gains new ones.
_MEMORY = {
    256: {512, 1024, 2048},
    512: set(range(1024, 4096 + 1, 1024)),
    1024: set(range(2048, 8192 + 1, 1024)),
    2048: set(range(4096, 16384 + 1, 1024)),
    4096: set(range(8192, 30720 + 1, 1024)),
    8192: set(range(16384, 61440 + 1, 4096)),
    16384: set(range(32768, 122880 + 1, 8192)),
}
_WITH_UNIT = re.compile(r"([\d.]+)\s*(?:vcpu|gb)", re.IGNORECASE)


def units(value: Any) -> int | None:
    """1024 for "1024", "1 vCPU" and "1 GB"; None for what is no number."""
    found = _WITH_UNIT.fullmatch(str(value).strip())
    try:
        return int(float(found[1]) * 1024) if found else int(value)
    except (TypeError, ValueError):
        return None


def exists(cpu: int, memory: int) -> bool:
    """Whether Fargate has tasks of so many CPU units and MiB."""
    return memory in _MEMORY[cpu] if cpu in _MEMORY else cpu > max(_MEMORY)
