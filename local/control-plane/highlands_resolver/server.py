"""The sockets: a datagram or a stream in, the answer of `answer.py` out."""

import asyncio
import random
import time
from pathlib import Path
from typing import cast

import dns.exception
import dns.message
import dns.name

from . import answer, forward, zones

# A client that says nothing more on its stream: https://www.rfc-editor.org/rfc/rfc7766#section-6.2.3
_IDLE_SECONDS = 10
# Streams at once: a task can't take more memory by opening them.
_MOST_STREAMS = 256
# Of each name and asker one line; more than that nobody reads.
_MOST_HINTS = 200


class Resolver:
    """Answers from a file, which is read again when another one is in its place."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: tuple[int, int] | None = None
        self._views = zones.NO_VIEWS
        # Those of the file that is read: the next one mostly has the same.
        self._complaints: frozenset[str] = frozenset()
        self._chance = random.SystemRandom()
        self._hinted: set[tuple[str, dns.name.Name]] = set()

    async def answered(self, wire: bytes, asker: str) -> tuple[dns.message.Message, dns.message.Message] | None:
        """The query and its response; None for what is no query, which is left without an answer."""
        try:
            query = dns.message.from_wire(wire)
        except (dns.exception.DNSException, ValueError):
            return None
        if query.flags & dns.flags.QR:
            return None
        seen, server = self._current().of(asker)
        given = answer.answer(query, seen, self._chance)
        if given.public is not None and server is not None:
            await forward.completed(given.message, given.public, server, asker)
        elif given.public is not None:
            self._hint(asker, given.public)
        return query, given.message

    def _current(self) -> zones.Views:
        """The agent replaces the whole file, so another one has another inode or time. One that can't be read is looked at
        once, and what was there before it stays.
        """
        complaints: list[str] = []
        try:
            stat = self._file.stat()
            seen = (stat.st_ino, stat.st_mtime_ns)
            if seen == self._seen:
                return self._views
            self._seen = seen
            self._views = zones.parse(self._file.read_text(encoding="utf-8"), complaints.append)
        except (OSError, ValueError, LookupError, TypeError) as error:
            complaints = [f"{self._file.name} can't be read, the zones stay as they are: {error}"]
        for line in complaints:
            if line not in self._complaints:
                _say(line)
        self._complaints = frozenset(complaints)
        return self._views

    def _hint(self, asker: str, name: dns.name.Name) -> None:
        if len(self._hinted) >= _MOST_HINTS or (asker, name) in self._hinted:
            return
        self._hinted.add((asker, name))
        why = "no zone of its VPC has it, and it is not open to this task: by its subnet's routes, and by up --egress"
        _say(f"{asker} asked for {name.to_text(omit_final_dot=True)}: {why}")


def _say(line: str) -> None:
    print(f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {line}", flush=True)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._transport: asyncio.DatagramTransport | None = None
        # The loop itself keeps no task alive.
        self._answering: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # The class of before Python 3.13 does not say that it is one.
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answering = asyncio.get_running_loop().create_task(self._answer(data, addr))
        self._answering.add(answering)
        answering.add_done_callback(self._answering.discard)

    async def _answer(self, data: bytes, addr: tuple[str, int]) -> None:
        given = await self._resolver.answered(data, addr[0])
        if given is not None and self._transport is not None:
            self._transport.sendto(answer.datagram(*given), addr)


class _Streams:
    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._open = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers what comes on one stream, in turn. RFC 7766"""
        self._open += 1
        try:
            if self._open <= _MOST_STREAMS:
                await self._exchange(reader, writer)
        except (asyncio.IncompleteReadError, asyncio.TimeoutError, ConnectionError):
            pass  # the client is done
        finally:
            self._open -= 1
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asker = writer.get_extra_info("peername")[0]
        while True:
            size = int.from_bytes(await asyncio.wait_for(reader.readexactly(2), _IDLE_SECONDS), "big")
            given = await self._resolver.answered(
                await asyncio.wait_for(reader.readexactly(size), _IDLE_SECONDS), asker
            )
            if given is None:
                return
            wire = given[1].to_wire(max_size=65_535)
            writer.write(len(wire).to_bytes(2, "big") + wire)
            await asyncio.wait_for(writer.drain(), _IDLE_SECONDS)


async def serve(file: Path, addresses: list[str], port: int) -> None:
    """Serves for ever. Raises OSError when an address can't be had."""
    resolver = Resolver(file)
    loop = asyncio.get_running_loop()
    streams = _Streams(resolver)
    for address in addresses:
        await loop.create_datagram_endpoint(lambda: _Datagrams(resolver), local_addr=(address, port))
        await asyncio.start_server(streams.serve, address, port)
    print("ready", flush=True)
    await asyncio.Event().wait()
