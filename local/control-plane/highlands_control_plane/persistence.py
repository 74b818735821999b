"""State that survives a kill: what was answered is on disk, and what CloudFormation was doing goes on.

ministack saves its state when it is shut down; a process that is killed is not.
"""

import asyncio
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ministack import app
from ministack.core import persistence
from ministack.services import ecr

from . import application_autoscaling, operations, service_records, snapshots

# While something changes without a request (an operation of CloudFormation, the agent's reports) a kill loses at most
# this much, and what was lost is made again: agents report again, operations go on.
_EVERY_SECONDS = 0.1
# What comes all the time, grows, and of which a kill may lose the last seconds.
_TELEMETRY = frozenset({"cloudwatch", "cloudwatch_logs"})
_TELEMETRY_EVERY_SECONDS = 5.0
_SCALING = "highlands-application-autoscaling"
_OPERATIONS = "highlands-operations"
# While nothing can be saved. A caller that waits gets this answer before clients give up by themselves, which is after a minute.
_AGAIN_SECONDS = 1.0
_WAIT_SECONDS = 20.0
# Characters of everything that is kept. An image takes a third more than it has, so these are some fifty of 60 MiB; it is in
# memory too, and a machine of a developer has no more to spare.
MOST_KEPT = 4 * 1024**3


class NotKept(Exception):  # noqa: N818 - the disk's fault
    """What was answered would be lost if this process ended: one line."""


class Keeper:
    """Saves whole snapshots: parts of different moments would contradict each other after a kill."""

    def __init__(self) -> None:
        self._dirty = asyncio.Event()
        self._dirty.set()
        self._waiting: list[tuple[float, asyncio.Future[None]]] = []
        self._failure: Exception | None = None
        self._texts: dict[str, str] = {}
        self._images: tuple[Any, ...] | None = None
        self._telemetry_saved = 0.0

    def changed(self) -> None:
        """Something may have changed: it is saved in a moment."""
        self._dirty.set()

    async def kept(self) -> None:
        """Returns when everything until now is on disk."""
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.append((time.monotonic() + _WAIT_SECONDS, waiting))
        self._dirty.set()
        await waiting

    async def run(self) -> None:
        """Saves as things change, for as long as the process lives."""
        while True:
            if not operations.OPEN:
                await self._dirty.wait()
            self._dirty.clear()
            waiting, self._waiting = self._waiting, []
            try:
                # On the event loop, where everything but a service's records changes: nothing moves meanwhile.
                with service_records.LOCK:
                    changed = self._changed()
                if changed:
                    files = {f"{name}.json": text for name, text in changed.items()}
                    await asyncio.to_thread(snapshots.write, Path(persistence.STATE_DIR), files)
                    self._texts |= changed
                self._note(None)
            except (OSError, RuntimeError, TypeError) as error:
                self._note(error)
                # Images are looked at only when there are others than at the last look.
                self._images = None
            if self._failure is not None:
                # Nothing else may change, and it has to be saved all the same.
                self._dirty.set()
            self._answer(waiting)
            pause = _EVERY_SECONDS if self._failure is None else _AGAIN_SECONDS
            until = time.monotonic() + pause
            while (self._failure is not None or not self._waiting) and time.monotonic() < until:
                await asyncio.sleep(_EVERY_SECONDS / 10)

    def _note(self, failure: Exception | None) -> None:
        """Tells once that saving does not work, and once that it does again."""
        if str(failure) != str(self._failure):
            said = "state is saved again" if failure is None else f"state can't be saved and is tried again: {failure}"
            print(said, file=sys.stderr, flush=True)
        self._failure = failure

    def _answer(self, waiting: list[tuple[float, asyncio.Future[None]]]) -> None:
        """Tells who waits that all is kept; while it is not, those who have waited for long that it is not."""
        for until, one in waiting:
            if one.done():
                continue
            if self._failure is None:
                one.set_result(None)
            elif time.monotonic() > until:
                one.set_exception(NotKept(f"it is done, but can't be kept on disk yet: {self._failure}"))
            else:
                self._waiting.append((until, one))

    @property
    def failure(self) -> OSError | None:
        """What the disk said to the last try to save, if it said no."""
        return self._failure if isinstance(self._failure, OSError) else None

    def size(self) -> int:
        """Of what is kept, in characters."""
        return sum(len(text) for text in self._texts.values())

    def _changed(self) -> dict[str, str]:
        """The services whose state is not what was written last."""
        states: dict[str, Callable[[], Any]] = app._build_persistence_save_dict()
        states |= {_SCALING: lambda: application_autoscaling.STATE, _OPERATIONS: lambda: operations.OPEN}
        found: dict[str, str] = {}
        telemetry = time.monotonic() - self._telemetry_saved > _TELEMETRY_EVERY_SECONDS
        if telemetry:
            self._telemetry_saved = time.monotonic()
        for name, get_state in states.items():
            if (name == "ecr" and not self._images_changed()) or (name in _TELEMETRY and not telemetry):
                continue
            state = get_state()
            if state is None:
                continue
            wrapped = {"__ministack_format__": persistence._state_format_version(name), "payload": state}
            text = json.dumps(wrapped, default=persistence._json_default)
            if self._texts.get(name) != text:
                found[name] = text
        return found

    def _images_changed(self) -> bool:
        tags = tuple(
            (repository, image["imageDigest"], *image.get("imageTags", []))
            for repository, images in ecr._images._data.items()
            for image in images
        )
        blobs = tuple(len(held) for store in (ecr._layer_blobs, ecr._manifest_blobs) for held in store._data.values())
        mark = (tuple(ecr._repositories._data), tags, blobs)
        changed, self._images = mark != self._images, mark
        return changed


def take_up() -> None:
    """Takes up what a former process left of our own; ministack does so with its own."""
    application_autoscaling.STATE.update(persistence.load_state(_SCALING) or {})
    operations.cut_off(persistence.load_state(_OPERATIONS) or {})


_keeper: Keeper | None = None


def keeper() -> Keeper:
    """Begins to hold answers back until they are kept; they are from when `run` runs. Called on the event loop."""
    global _keeper
    _keeper = Keeper()
    return _keeper


def full() -> bool:
    """Whether nothing may come on top of what is kept."""
    return _keeper is not None and _keeper.size() > MOST_KEPT


def failure() -> OSError | None:
    """Why nothing can be kept just now, such as a full disk."""
    return None if _keeper is None else _keeper.failure


def changed() -> None:
    """Something may have changed: it is saved in a moment."""
    if _keeper is not None:
        _keeper.changed()


async def kept() -> None:
    """Returns when everything until now is on disk."""
    if _keeper is not None:
        await _keeper.kept()
