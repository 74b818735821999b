"""The net below everything: this process starts no other, calls nobody, and opens no file that is not its own.

Whatever a request makes ministack do, Python asks these hooks before it does it: https://docs.python.org/3/library/audit_events.html
It is no wall against code that runs in this process. None from outside does.
"""

import mimetypes
import os
import site
import sys
import tempfile
import zoneinfo
from pathlib import Path
from typing import Any

_PROGRAMS = frozenset(
    {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty", "pty.spawn"}
)
_NETWORK = frozenset(
    {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"}
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class NotDone(PermissionError):  # noqa: N818 - a refusal
    """Something that the control plane does for nobody."""


def install(port: int, state_directory: str | None) -> None:
    """From now on, for the life of the process, in all of its threads. It may listen at `port` of 127.0.0.1."""
    own = Path(__file__).resolve().parent
    packages = [sys.prefix, sys.base_prefix, sys.exec_prefix, *site.getsitepackages(), str(own.parent)]
    # Python's own compiled files; what `xml_answers` compiled lies beside them.
    caches = [path for path in (*packages, sys.pycache_prefix) if path]
    kept = [str(Path(state_directory).resolve()), str(Path.cwd() / state_directory)] if state_directory else []
    readable = _below(
        [*packages, *kept, "/dev/null", "/dev/urandom", "/proc/self/", "/sys/fs/cgroup/", "/etc/localtime"]
        # Time zones of schedules; zoneinfo takes no key that leads out of them.
        + list(zoneinfo.TZPATH)
    )
    readable += tuple(map(str, mimetypes.knownfiles))
    writable = _below([*kept, "/dev/null"])
    here = ("127.0.0.1", port)
    # Looked for by writing; ministack asks where it is, and nothing is put there.
    tempfile.gettempdir()

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = arguments
            if isinstance(path, int) or path is None:
                return
            name = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - asked at every file, and nothing is to be opened for it
            if isinstance(flags, int) and flags & _WRITES:
                if not name.startswith(writable) and not ("__pycache__" in name and name.startswith(_below(caches))):
                    raise NotDone(f"the control plane writes nothing outside of its own folder: {name}")
            # A bare name is one within an open folder, as shutil.rmtree goes through a former snapshot; no request has such.
            elif os.sep in os.fsdecode(path) and not name.startswith(readable):
                raise NotDone(f"the control plane reads no file that is not its own: {name}")
        elif event in _PROGRAMS:
            raise NotDone("the control plane starts no program: only tasks of ECS run here")
        elif event in _NETWORK:
            address = arguments[:2] if event == "socket.getaddrinfo" else arguments[-1]
            if address != here:
                raise NotDone(f"the control plane calls nobody: {address!r}")

    sys.addaudithook(hook)


def _below(paths: list[str]) -> tuple[str, ...]:
    return tuple(path if path.startswith(("/dev/", "/etc/")) else path.rstrip("/") + "/" for path in paths if path)
