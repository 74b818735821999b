"""The one seam to ministack: what is put in the place of a name of its own has to find that name there.

Its functions are no interface that it promises, so another version may have other ones. A name that is gone would make a
replacement that nobody calls, and the local region quietly less than it says.
"""

from importlib import metadata
from types import ModuleType
from typing import Any


def replace(module: ModuleType, name: str, by: Any) -> None:
    """Puts something in the place of a function, class or number of a module.

    Raises AttributeError when the module does not have the name.
    """
    if not hasattr(module, name):
        raise AttributeError(
            f"{module.__name__} of ministack {metadata.version('ministack')} has no {name}, which is replaced here"
        )
    setattr(module, name, by)


def replace_entry(table: dict[str, Any], name: str, by: Any) -> None:
    """The same for an entry of a table, such as the handlers of a service by action.

    Raises KeyError when the table does not have the entry.
    """
    if name not in table:
        raise KeyError(f"ministack {metadata.version('ministack')} has no handler of {name}, which is replaced here")
    table[name] = by
