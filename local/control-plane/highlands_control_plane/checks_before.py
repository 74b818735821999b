"""A check before an action of an API or before a handler of CloudFormation: its refusal has the form of either."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from .refused import Refused

Check = Callable[[dict[str, Any]], None]
Wrap = Callable[[Any], Any]
Said = Callable[[], AbstractContextManager[None]]


def answered(error: Callable[[str, str, int], Any], call: Callable[..., Any]) -> Callable[..., Any]:
    """A call whose refusals are answers: `error(code, sentence, status)`."""

    def run(*arguments: Any) -> Any:
        try:
            return call(*arguments)
        except Refused as refusal:
            return error(refusal.code, str(refusal), 400)

    return run


def before_action(check: Callable[[Any], None], error: Callable[[str, str, int], Any]) -> Wrap:
    """`check` gets what the action gets."""

    def wrap(action: Any) -> Any:
        def call(given: Any) -> Any:
            check(given)
            return action(given)

        return answered(error, call)

    return wrap


def before_handler(check: Callable[..., None], said: Said) -> Wrap:
    """`check` gets what the handler gets: (logical id, properties, stack), (physical id, old, new, stack, logical id), or (physical id, properties)."""

    def wrap(handler: Any) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            with said():
                check(*arguments)
            return handler(*arguments, **options)

        return call

    return wrap
