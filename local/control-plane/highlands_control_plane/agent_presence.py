"""Whether an agent is there to run tasks."""

import time

# The agent says so every second. One that was killed is started again; on a busy machine that takes half of this.
_SILENCE_SECONDS = 30.0


class AgentPresence:
    """Remembers the agent's last sign of life."""

    def __init__(self) -> None:
        # An agent gets this long to come up.
        self._last = time.monotonic()

    def heartbeat(self) -> None:
        """Notes a sign of life."""
        self._last = time.monotonic()

    def present(self) -> bool:
        """Whether the last sign of life is recent."""
        return time.monotonic() - self._last < _SILENCE_SECONDS


AGENT = AgentPresence()
