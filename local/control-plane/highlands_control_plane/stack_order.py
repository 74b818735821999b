"""In which order the resources of a nested stack are made."""

from collections.abc import Callable

from ministack.services.cloudformation import engine, stacks

from .stack_definitions import Record


def with_what_waits_last(sort: Callable[..., list[str]]) -> Callable[..., list[str]]:
    """The order of a nested stack, whose resources are made in a row: what another resource may be needed for comes late."""

    def call(resources: Record, conditions: Record) -> list[str]:
        try:
            ordered = sort(resources, conditions)
        except ValueError as circle:
            names = str(circle).rpartition(": ")[2]
            raise ValueError(f"Circular dependency between resources: [{names}]") from None
        late: set[str] = set()
        for name in ordered:
            waits = stacks._runs_on_worker_thread(resources[name].get("Type", ""))
            if waits or engine._extract_deps(resources[name], late):
                late.add(name)
        return [one for one in ordered if one not in late] + [one for one in ordered if one in late]

    return call
