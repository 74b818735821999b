"""The time that schedules go by: a minute of it is a minute of the region, which may be shorter than the machine's.

`highlands minute` makes the region's minutes shorter; the agent says when each of them ends. The clock runs with the machine's,
and goes ahead by what such a minute lacks.
"""

import time

MINUTE = 60.0
# What a minute may lack before that is no accident of when the agent's seconds ended.
_SLACK = 2.0


class LocalClock:
    """Epoch seconds of the region. Never behind the machine's."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._closed: float | None = None

    def now(self) -> float:
        """As `time.time`."""
        return time.time() + self._ahead

    def close_minute(self, at: float) -> None:
        """A minute of the region ended, at this moment of the machine's clock."""
        lacks = 0.0 if self._closed is None else MINUTE - (at - self._closed)
        self._closed = at
        if _SLACK < lacks <= MINUTE:
            self._ahead += lacks


CLOCK = LocalClock()
