"""Without room on the disk nothing that runs ends, and what could not be kept is kept when there is room again."""

import asyncio
import errno
import os
from pathlib import Path
from typing import Any

import pytest
from ministack.core import persistence as ministack_persistence

from highlands_control_plane import log_output, persistence, snapshots


def test_what_can_not_be_kept_is_tried_again_and_told_once(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    saved: list[dict[str, str]] = []
    tries = 0

    def write(link: Path, files: dict[str, str]) -> None:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        saved.append(files)

    monkeypatch.setattr(snapshots, "write", write)
    monkeypatch.setattr(ministack_persistence, "STATE_DIR", "/nowhere")
    monkeypatch.setattr(persistence, "_AGAIN_SECONDS", 0.01)

    async def run() -> list[bool]:
        keeper = persistence.Keeper()
        monkeypatch.setattr(keeper, "_changed", lambda: {"ssm": "text"} if not saved else {})
        keeping = asyncio.create_task(keeper.run())
        refused = []
        waiting = asyncio.create_task(keeper.kept())
        while not waiting.done():
            refused.append(keeper.failure is not None)
            await asyncio.sleep(0.005)
        await waiting
        refused.append(keeper.failure is not None)
        keeping.cancel()
        return refused

    refused = asyncio.run(run())
    assert saved == [{"ssm.json": "text"}]
    assert True in refused
    assert refused[-1] is False
    assert capsys.readouterr().err.splitlines() == [
        "state can't be saved and is tried again: [Errno 28] No space left on device",
        "state is saved again",
    ]


def test_half_a_snapshot_takes_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = Path(snapshots.current(str(tmp_path)))
    snapshots.write(link, {"a.json": "1"})
    before = sorted(tmp_path.iterdir())

    def full(self: Path, text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_text", full)
        with pytest.raises(OSError, match="No space"):
            snapshots.write(link, {"a.json": "2"})
    assert sorted(tmp_path.iterdir()) == before
    assert (link / "a.json").read_text() == "1"


def test_a_log_without_room_is_no_reason_to_end() -> None:
    descriptor = os.open("/dev/full", os.O_WRONLY)
    stream = log_output.unfailing(descriptor)
    print("a line", file=stream, flush=True)
    stream.close()
    os.close(descriptor)
