"""The one seam to ministack: what is put in the place of a name of its own has to find that name there.

Its functions are no interface that it promises, so another version may have other ones. A name that is gone would make a
replacement that nobody calls, and the local region quietly less than it says. What is added must not be there yet, so that a
version which has it too is heard of. Nothing else in this package assigns to a name of ministack: tests/test_seam.py looks for it.
"""

from collections.abc import Callable, MutableMapping
from importlib import metadata
from types import ModuleType
from typing import Any


def replace(module: ModuleType, name: str, by: Any) -> None:
    """Puts something in the place of a function, class or number of a module.

    Raises AttributeError when the module does not have the name.
    """
    if not hasattr(module, name):
        raise AttributeError(f"{module.__name__} of {_ministack()} has no {name}, which is replaced here")
    setattr(module, name, by)


def replace_in(modules: tuple[ModuleType, ...], name: str, by: Any) -> None:
    """The same in each of the modules that have imported the name."""
    for module in modules:
        replace(module, name, by)


def replace_entry(table: MutableMapping[str, Any], name: str, by: Any) -> None:
    """The same for an entry of a table, such as the handlers of a service by action.

    Raises KeyError when the table does not have the entry.
    """
    _find(table, name)
    table[name] = by


def wrap_entries(table: MutableMapping[str, Any], names: tuple[str, ...], wrap: Callable[[Any], Any]) -> None:
    """Puts around each of these entries of a table what `wrap` makes of it. Raises KeyError as `replace_entry` does."""
    for name in names:
        table[name] = wrap(_find(table, name))


def add_entry(table: MutableMapping[str, Any], name: str, entry: Any) -> None:
    """Adds an entry that ministack lacks.

    Raises KeyError when the table has it: then it is ministack's that may be good enough.
    """
    if name in table:
        raise KeyError(f"{_ministack()} has a handler of {name} already, which is added here")
    table[name] = entry


def _find(table: MutableMapping[str, Any], name: str) -> Any:
    if name not in table:
        raise KeyError(f"{_ministack()} has no handler of {name}, which is replaced here")
    return table[name]


def _ministack() -> str:
    return f"ministack {metadata.version('ministack')}"
