"""Snapshots of the state on disk: a directory each, and a link that leads to the last whole one.

Known before ministack is imported, which reads its state through the link.
"""

import os
import shutil
from itertools import count
from pathlib import Path

_LINK = "current"


def current(state_directory: str) -> str:
    """The link to the last snapshot; what was being written when a former process ended is taken away."""
    root = Path(state_directory)
    root.mkdir(parents=True, exist_ok=True)
    link = root / _LINK
    kept = link.resolve() if link.exists() else None
    for one in root.iterdir():
        if one.is_dir() and not one.is_symlink() and one.resolve() != kept:
            shutil.rmtree(one)
    return str(link)


def write(link: Path, texts: dict[str, str]) -> None:
    """Makes a snapshot of these files and the unchanged ones of the last, then leads the link to it at once."""
    former = link.resolve() if link.exists() else None
    directory = next(path for path in (link.parent / str(number) for number in count(1)) if not path.exists())
    directory.mkdir()
    try:
        _fill(directory, former, texts)
    except OSError:
        # Half of one would take the room that the next try needs.
        shutil.rmtree(directory)
        raise
    following = link.with_suffix(".next")
    following.unlink(missing_ok=True)
    following.symlink_to(directory.name)
    following.replace(link)
    if former:
        shutil.rmtree(former)


def _fill(directory: Path, former: Path | None, texts: dict[str, str]) -> None:
    for file in former.iterdir() if former else ():
        if file.is_dir():
            # ministack keeps the code of Lambda functions so, each file by its content.
            shutil.copytree(file, directory / file.name, copy_function=os.link)
        elif file.name not in texts:
            os.link(file, directory / file.name)
    for name, text in texts.items():
        (directory / name).write_text(text)
