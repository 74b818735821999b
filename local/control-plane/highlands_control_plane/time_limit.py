"""No request holds the event loop: what takes too much processor time is ended where it is.

Everything of ministack is done on the event loop, a step of each request after the other, so one that loops (a pattern with
catastrophic backtracking, say) would stop them all. A timer of processor time interrupts such a step, regular expressions too.
"""

import atexit
import signal
import threading
import time
from collections.abc import Coroutine, Generator
from types import FrameType
from typing import Any

# The longest that is known, a template of 500 resources, takes a third of it on a slow machine.
MOST_SECONDS = 3.0
# What is put is hashed and copied in one step: 500 MB take 0.7 s, and four times as long on a slow machine.
_BYTES_A_SECOND = 150_000_000
_LOOK_EVERY_SECONDS = 0.25


class TookTooLong(Exception):  # noqa: N818 - the client's error, not ours
    """A step of a request was ended."""

    def __init__(self) -> None:
        super().__init__(f"the request was ended: it took more than {MOST_SECONDS:g} seconds of processor time")


# When the processor time of the step that is done just now is over.
_until: float | None = None


def _look(_signal: int, _frame: FrameType | None) -> None:
    global _until
    if _until is not None and time.thread_time() > _until:
        # Once: what is done about it gets time of its own.
        _until = None
        raise TookTooLong


def watch() -> None:
    """From now on; called in the thread of the event loop."""
    assert threading.current_thread() is threading.main_thread()
    signal.signal(signal.SIGPROF, _look)
    signal.setitimer(signal.ITIMER_PROF, _LOOK_EVERY_SECONDS, _LOOK_EVERY_SECONDS)
    # The interpreter gives its handlers up before it ends, and without one the signal would kill it.
    atexit.register(signal.setitimer, signal.ITIMER_PROF, 0)


class limited:  # noqa: N801 - awaited like a function
    """A coroutine none of whose steps may take longer. Raises TookTooLong in it."""

    def __init__(self, work: Coroutine[Any, Any, None], size: int = 0) -> None:
        """`size` in bytes of what the work is about."""
        self._work = work
        self._seconds = MOST_SECONDS + size / _BYTES_A_SECOND

    def __await__(self) -> Generator[Any, Any, None]:
        global _until
        answer: Any = None
        step = self._work.send
        while True:
            _until = time.thread_time() + self._seconds
            try:
                wanted = step(answer)
            except StopIteration:
                return
            finally:
                _until = None
            try:
                answer = yield wanted
                step = self._work.send
            except BaseException as error:  # noqa: BLE001 - it is the coroutine's to handle
                answer = error
                step = self._work.throw
