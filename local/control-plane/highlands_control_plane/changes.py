"""A number that goes up whenever the agent has something new to look at."""

import itertools
import threading
import uuid
from collections.abc import Callable
from typing import Any


class Changes:
    """Counts changes, from any thread."""

    def __init__(self) -> None:
        self._next = itertools.count(1)
        self._lock = threading.Lock()
        self.version = 0
        # Of this process: an agent that finds another one tells everything again.
        self.epoch = uuid.uuid4().hex

    def bump(self) -> None:
        """Says that something changed."""
        with self._lock:
            self.version = next(self._next)


CHANGES = Changes()


def counted(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Wraps a handler so that each call counts as a change, whether it succeeds or not."""

    def call(*arguments: Any, **options: Any) -> Any:
        try:
            return handler(*arguments, **options)
        finally:
            CHANGES.bump()

    return call
