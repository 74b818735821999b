"""What this process says goes to files: a full disk costs the words, and nothing else."""

import contextlib
import io
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class _Unfailing(io.RawIOBase):
    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def write(self, data: "ReadableBuffer", /) -> int:
        view = memoryview(data)
        with contextlib.suppress(OSError):
            os.write(self._descriptor, view)
        return view.nbytes


def unfailing(descriptor: int) -> io.TextIOWrapper:
    """A text stream to a descriptor; what can't be written is dropped."""
    return io.TextIOWrapper(io.BufferedWriter(_Unfailing(descriptor)), errors="backslashreplace", line_buffering=True)


def never_fail() -> None:
    """Lets a `print` to the log be no reason to end."""
    sys.stderr = unfailing(2)
