"""The resources of one operation on a stack: each made or changed in a step of its own, several at the same time.

What does not wait runs on the event loop, one after the other; what waits (services, custom resources) has a thread. The steps
are those of ministack's `stacks._deploy_stack_async`, which has them in a row.
"""

import asyncio
import threading
from typing import Any

from ministack.core.concurrency import run_reentrant
from ministack.core.responses import now_iso
from ministack.services.cloudformation import engine, stacks

from . import side_by_side, stack_names
from .custom_resources import Failed
from .stack_definitions import Definitions, Record

_WAIT_CONDITION = "AWS::CloudFormation::WaitCondition"


class Resources(Definitions):
    """What an operation does to resources, and what is known when it ends."""

    def __init__(
        self,
        stack: Record,
        template: Record,
        parameters: Record,
        previous_stack: Record | None,
        imports: dict[str, Any],
    ) -> None:
        super().__init__(stack, template, parameters, previous_stack)
        self.imports = imports
        self.tags, self.previous_tags = stack.get("Tags") or [], self.previous_stack.get("Tags") or []
        self.stop = threading.Event()
        # Whoever deletes the stack waits for this.
        self.over = asyncio.Event()
        self.abandoned = self.cancelled = False
        # In the order in which they were complete: backwards, none goes before what depends on it.
        self.made: list[str] = []
        self.replaced: list[tuple[Any, ...]] = []
        self.failed: str | None = None
        self.reason = ""
        # (logical id, type, physical id, applied, previous, attributes) of the resource whose change failed first.
        self.failed_update: tuple[Any, ...] | None = None

    async def run(self, ordered: list[str]) -> None:
        """All of them. What went wrong is in `failed` and `reason`."""
        names = set(ordered)
        dependencies = {name: engine._extract_deps(self.definitions[name], names) - {name} for name in ordered}
        with side_by_side.stopped_by(self.stop):
            await side_by_side.run(dependencies, self._step, self.stop, self._watch)

    def event(self, logical_id: str, status: str, reason: str = "", physical_id: str = "") -> None:
        """An event of a resource, with the time that it has now."""
        type_name = self.definitions[logical_id].get("Type", "")
        stacks._add_event(self.stack_id, self.name, logical_id, type_name, status, reason, physical_id)

    def _watch(self) -> None:
        """CancelUpdateStack ends an update at once: what follows carries the token of whoever cancelled."""
        if self.is_update and self.stack.pop("_cancel_requested", False):
            stacks.CLIENT_REQUEST_TOKEN.set(self.stack.pop("_cancel_token", ""))
            self.cancelled, self.reason = True, "User Initiated"
            self.stop.set()

    async def _step(self, logical_id: str) -> None:
        before = self.previous.get(logical_id)
        attempt: list[Any] = []
        record: Record = {}
        try:
            properties, dynamic = self.resolved(logical_id, before)
            record = self.record(logical_id, properties, dynamic)
            if logical_id not in self.imports:
                self.event(logical_id, f"{self.prefix}_IN_PROGRESS")
            if before is None:
                await self._create(logical_id, record)
            else:
                await self._update(logical_id, record, before, attempt)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the reason of the event
            self._failed(logical_id, error, record, before, attempt)
            return
        record["ResourceStatus"] = "UPDATE_COMPLETE" if logical_id in self.imports else f"{self.prefix}_COMPLETE"
        record["Timestamp"] = now_iso()
        self.records[logical_id] = record
        self.made.append(logical_id)
        if logical_id not in self.imports:
            self.event(logical_id, f"{self.prefix}_COMPLETE", physical_id=record["PhysicalResourceId"])

    async def _create(self, logical_id: str, record: Record) -> None:
        type_name = record["ResourceType"]
        if logical_id in self.imports:
            found = stacks._adopt_resource(self.stack_id, self.name, logical_id, type_name, self.imports[logical_id])
            record["PhysicalResourceId"], record["Attributes"] = found
            return
        stack_names.check_free(type_name, record["Properties"], self.stack_id, logical_id)
        properties = self.tagged(logical_id, type_name, record["Properties"], self.tags)
        made = self._call(type_name, stacks._provision_keeping_seed, type_name, logical_id, properties, self.name)
        _keep(record, *await made)

    async def _update(self, logical_id: str, record: Record, before: Record, attempt: list[Any]) -> None:
        type_name, old_id = record["ResourceType"], before.get("PhysicalResourceId", logical_id)
        stack_names.check_change(
            type_name, before.get("Properties", {}), record["Properties"], self.stack_id, logical_id
        )
        old = self.tagged(logical_id, type_name, before.get("Properties", {}), self.previous_tags)
        new = self.tagged(logical_id, type_name, record["Properties"], self.tags)
        attributes = before.get("Attributes", {})
        # What a handler asks for about its predecessor; each step has a context of its own.
        stacks._RETAIN_REPLACED.set(self.policy(logical_id, "UpdateReplacePolicy") in stacks._RETAINING_POLICIES)
        predecessors: list[Any] = []
        stacks._DEFERRED_PREDECESSOR_DELETES.set(predecessors)
        stacks._NAME_SEED.set(before.get("_name_seed", ""))
        # A refusal or a replacement leaves the resource as it was: nothing to send back.
        if not stacks._custom_named_replacement_error(type_name, old, new):
            if stacks._replacing_change(type_name, old, new):
                reason = "Requested update requires the creation of a new physical resource; hence creating one."
                self.event(logical_id, "UPDATE_IN_PROGRESS", reason, old_id)
            else:
                attempt[:] = [old_id, new, old, attributes]
        arguments = (type_name, old_id, old, new, self.name, logical_id, attributes)
        _keep(record, *await self._call(type_name, stacks._update_keeping_seed, *arguments))
        if record["PhysicalResourceId"] != old_id or predecessors:
            replaced = (
                logical_id,
                type_name,
                old_id,
                record["PhysicalResourceId"],
                before.get("Properties", {}),
                predecessors,
            )
            self.replaced.append(replaced)

    async def _call(self, type_name: str, function: Any, *arguments: Any) -> Any:
        if not stacks._runs_on_worker_thread(type_name):
            return function(*arguments)
        call = asyncio.create_task(run_reentrant(function, *arguments))
        # A wait condition is not told that its wait is over, and it leaves nothing behind.
        while type_name == _WAIT_CONDITION and not call.done():
            await asyncio.wait([call], timeout=0.1)
            side_by_side.look()
        return await call

    def _failed(
        self, logical_id: str, error: Exception, record: Record, before: Record | None, attempt: list[Any]
    ) -> None:
        cancelled = isinstance(error, side_by_side.Cancelled)
        reason = f"Resource {'creation' if before is None else 'update'} cancelled" if cancelled else str(error)
        prefix = "IMPORT" if logical_id in self.imports else self.prefix
        self.event(logical_id, f"{prefix}_FAILED", reason, (before or {}).get("PhysicalResourceId", ""))
        self.stop.set()
        if self.failed is None and not cancelled:
            self.failed, self.reason = logical_id, f"Resource {logical_id} failed: {error}"
            if before is not None:
                sent = attempt or [before.get("PhysicalResourceId", logical_id), None, None, None]
                self.failed_update = (logical_id, self.definitions[logical_id].get("Type", ""), *sent)
        elif attempt:
            # Changed in part: it is sent back with those that are complete.
            self.records[logical_id] = {
                **(before or {}),
                **record,
                "ResourceStatus": "UPDATE_FAILED",
                "Timestamp": now_iso(),
            }
            self.made.append(logical_id)
        if before is None and isinstance(error, Failed) and error.physical_id:
            # Its function may have made something: it is told to delete that, at the rollback or with the stack.
            self.records[logical_id] = {
                **record,
                "PhysicalResourceId": error.physical_id,
                "Attributes": {},
                "ResourceStatus": "CREATE_FAILED",
                "Timestamp": now_iso(),
            }
            self.made.append(logical_id)


def _keep(record: Record, result: tuple[str, Record], seed: str) -> None:
    record["PhysicalResourceId"], record["Attributes"] = result
    if seed:
        record["_name_seed"] = seed
