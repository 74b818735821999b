"""Steps side by side, each once those that it depends on are done: as CloudFormation makes the resources of a stack.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-dependson.html
"""

import asyncio
import contextvars
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

# How soon a wait sees that it was stopped from elsewhere.
_LOOK_SECONDS = 0.1


class Cancelled(Exception):  # noqa: N818 - what CloudFormation calls it
    """What was under way when something else failed, or when somebody asked for the end of it."""


# Of the operation that the current thread works for; none outside of an operation.
_STOP: contextvars.ContextVar[threading.Event | None] = contextvars.ContextVar("stop", default=None)


@contextmanager
def stopped_by(stop: threading.Event) -> Iterator[None]:
    """Within, and in the threads that are begun within, `look` looks at this. A rollback comes after it."""
    token = _STOP.set(stop)
    try:
        yield
    finally:
        _STOP.reset(token)


def look() -> None:
    """To be called while waiting. Raises Cancelled once the operation was stopped."""
    stop = _STOP.get()
    if stop is not None and stop.is_set():
        raise Cancelled


async def run(
    dependencies: dict[str, set[str]],
    step: Callable[[str], Awaitable[None]],
    stop: threading.Event,
    watch: Callable[[], None],
) -> None:
    """Runs every step, in the order of the names where nothing else ties them. After `stop` nothing new is begun.

    `watch` is called from time to time; it may stop. Returns when nothing is under way any more. Steps don't raise.
    """
    waiting = list(dependencies)
    done: set[str] = set()
    under_way: dict[asyncio.Task[None], str] = {}

    async def begun(name: str) -> None:
        # Something of the same moment may have failed.
        if not stop.is_set():
            await step(name)

    while True:
        watch()
        if not stop.is_set():
            for name in [one for one in waiting if dependencies[one] <= done]:
                waiting.remove(name)
                under_way[asyncio.create_task(begun(name))] = name
        if not under_way:
            return
        over, _ = await asyncio.wait(under_way, timeout=_LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for task in over:
            done.add(under_way.pop(task))
            task.result()
