"""The resolver as a program: asked over UDP and TCP, with a file that another one takes the place of."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rrset
import pytest
from conftest import HERE, free_port

from highlands_resolver import forward
from highlands_resolver.server import Resolver

SERVERS = ("127.0.0.1", "127.0.0.2")
# A machine may be slow; nothing waits for it where it is not.
PATIENCE = 20


def write(file: Path, *addresses: str) -> None:
    sets = [{"ttl": 5, "values": [one]} for one in addresses]
    records = [{"name": "many.internal.", "type": "A", "policy": "simple", "sets": sets}]
    fresh = file.with_suffix(".new")
    fresh.write_text(json.dumps({"zones": [{"name": "internal.", "records": records if addresses else []}]}))
    fresh.rename(file)


@pytest.fixture(name="server")
def _server(tmp_path: Path) -> Iterator[tuple[int, Path, "subprocess.Popen[str]"]]:
    file, port = tmp_path / "zones.json", free_port()
    write(file, "10.0.0.1")
    where = [word for one in SERVERS for word in ("--address", one)]
    command = [sys.executable, "-m", "highlands_resolver", "--zones", str(file), "--port", str(port), *where]
    with subprocess.Popen(command, cwd=HERE, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield port, file, process
        finally:
            process.kill()


def test_both_addresses_answer_over_both_protocols_and_take_up_another_file(
    server: tuple[int, Path, "subprocess.Popen[str]"],
) -> None:
    port, file, _ = server
    query = dns.message.make_query("many.internal", "A")

    def asked() -> list[list[str]]:
        answers = [ask(query, where, PATIENCE, port) for where in SERVERS for ask in (dns.query.udp, dns.query.tcp)]
        return [sorted(str(value) for rrset in one.answer for value in rrset) for one in answers]

    assert asked() == [["10.0.0.1"]] * 4
    write(file, "10.0.0.2", "10.0.0.3")
    assert asked() == [["10.0.0.2", "10.0.0.3"]] * 4
    write(file)
    assert dns.query.udp(query, SERVERS[0], PATIENCE, port).rcode() == dns.rcode.NXDOMAIN


def test_what_does_not_fit_is_asked_for_again_over_tcp(server: tuple[int, Path, "subprocess.Popen[str]"]) -> None:
    port, file, _ = server
    write(file, *(f"10.0.{n}.1" for n in range(100)))
    answer, by_tcp = dns.query.udp_with_fallback(
        dns.message.make_query("many.internal", "A"), SERVERS[0], PATIENCE, port
    )
    assert (by_tcp, len(answer.answer[0])) == (True, 100)


def test_what_is_no_query_gets_no_answer_and_costs_nobody_else_one(
    server: tuple[int, Path, "subprocess.Popen[str]"],
) -> None:
    port, _, process = server
    query = dns.message.make_query("many.internal", "A")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        for wire in (b"", b"\0", b"\xff" * 600, dns.message.make_response(query).to_wire()):
            asker.sendto(wire, (SERVERS[0], port))
        asker.sendto(query.to_wire(), (SERVERS[0], port))
        asker.settimeout(PATIENCE)
        assert dns.message.from_wire(asker.recv(512)).id == query.id
    with socket.create_connection((SERVERS[0], port)) as stream:
        stream.sendall(b"\0\2ab")
        assert stream.recv(1) == b""
    assert process.poll() is None


def test_a_public_name_leaves_one_line_with_who_asked(server: tuple[int, Path, "subprocess.Popen[str]"]) -> None:
    port, _, process = server
    for _ in range(2):
        dns.query.udp(dns.message.make_query("api.example.com", "A"), SERVERS[0], PATIENCE, port)
    dns.query.udp(dns.message.make_query("other.example.com", "A"), SERVERS[0], PATIENCE, port)
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(2)]
    assert ["127.0.0.1 asked for api.example.com:" in lines[0], "asked for other.example.com:" in lines[1]] == [
        True,
        True,
    ]


def test_what_can_not_be_read_is_told_once_and_the_zones_stay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "zones.json"
    write(file, "10.0.0.1")
    resolver = Resolver(file)
    query = dns.message.make_query("many.internal", "A")

    def asked() -> list[str]:
        given = asyncio.run(resolver.answered(query.to_wire(), "10.0.0.9"))
        assert given is not None
        return [str(value) for rrset in given[1].answer for value in rrset]

    def replaced(text: str) -> None:
        fresh = file.with_suffix(".new")
        fresh.write_text(text)
        fresh.rename(file)

    assert asked() == ["10.0.0.1"]
    for text in ("[", "{}", '{"zones": [1]}'):
        replaced(text)
        assert [asked(), asked()] == [["10.0.0.1"]] * 2
        assert capsys.readouterr().out.count("zones.json can't be read") == 1
    # The agent writes again at each change, mostly with what was odd before too.
    write(file, "10.0.0.2", "10.0.0")
    assert asked() == []
    for address in ("10.0.0.2", "10.0.0.3"):
        content = json.loads(file.read_text())
        content["zones"][0]["records"][0]["sets"] = [{"ttl": 5, "values": [address]}]
        bad = {"name": "bad.internal.", "type": "A", "policy": "simple", "sets": [{"ttl": 5, "values": ["10.0.0"]}]}
        content["zones"][0]["records"][1:] = [bad]
        replaced(json.dumps(content))
        assert asked() == [address]
    said = capsys.readouterr().out
    assert [said.count(f"{name}.internal. A of zone internal. is left out") for name in ("many", "bad")] == [1, 1]


class _Elsewhere(asyncio.DatagramProtocol):
    """The machine's own resolver: it knows one name."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        response = dns.message.make_response(dns.message.from_wire(data))
        if response.question[0].name == dns.name.from_text("api.example.com."):
            response.answer.append(dns.rrset.from_text("api.example.com.", 7, "IN", "A", "192.0.2.1"))
        else:
            response.set_rcode(dns.rcode.NXDOMAIN)
        self.transport.sendto(response.to_wire(), addr)


def test_whoever_has_a_way_out_hears_what_the_resolver_of_the_machine_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file, port = tmp_path / "zones.json", free_port()
    file.write_text(
        json.dumps({"zones": [], "outside": {"askers": ["10.0.0.9"], "zones": [], "forward": SERVERS[0]}}),
    )
    monkeypatch.setattr(forward, "PORT", port)
    resolver = Resolver(file)

    async def asked(name: str, asker: str) -> tuple[str, list[str], int]:
        given = await resolver.answered(dns.message.make_query(name, "A", use_edns=True).to_wire(), asker)
        assert given is not None
        values = [str(value) for rrset in given[1].answer for value in rrset]
        return dns.rcode.to_text(given[1].rcode()), values, len(given[1].options)

    async def all_of_it() -> list[tuple[str, list[str], int]]:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(_Elsewhere, local_addr=(SERVERS[0], port))
        try:
            return [
                await asked("api.example.com", "10.0.0.9"),
                await asked("other.example.com", "10.0.0.9"),
                await asked("api.example.com", "10.0.0.8"),
            ]
        finally:
            transport.close()

    assert asyncio.run(all_of_it()) == [
        ("NOERROR", ["192.0.2.1"], 0),
        ("NXDOMAIN", [], 0),
        ("NXDOMAIN", [], 1),
    ]
    assert capsys.readouterr().out.count("asked for") == 1


class _OnlyByStream(_Elsewhere):
    """A resolver whose answers do not fit into a datagram."""

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        response = dns.message.make_response(dns.message.from_wire(data))
        response.flags |= dns.flags.TC
        self.transport.sendto(response.to_wire(), addr)


def test_a_resolver_of_the_machine_that_closes_its_stream_is_one_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, port = tmp_path / "zones.json", free_port()
    file.write_text(
        json.dumps({"zones": [], "outside": {"askers": ["10.0.0.9"], "zones": [], "forward": SERVERS[0]}}),
    )
    monkeypatch.setattr(forward, "PORT", port)

    async def asked() -> str:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(_OnlyByStream, local_addr=(SERVERS[0], port))
        stream = await asyncio.start_server(lambda _, writer: writer.close(), SERVERS[0], port)
        try:
            query = dns.message.make_query("api.example.com", "A")
            given = await Resolver(file).answered(query.to_wire(), "10.0.0.9")
            assert given is not None
            return dns.rcode.to_text(given[1].rcode())
        finally:
            stream.close()
            transport.close()

    assert asyncio.run(asked()) == "SERVFAIL"


class _Late(_Elsewhere):
    """A resolver that answers when it is told to."""

    def __init__(self) -> None:
        self.waiting: asyncio.Queue[tuple[bytes, tuple[str, int]]] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.waiting.put_nowait((data, addr))

    async def answer_one(self) -> None:
        super().datagram_received(*(await self.waiting.get()))


def test_who_has_much_under_way_hears_so_at_once_and_does_not_keep_the_names_from_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, port = tmp_path / "zones.json", free_port()
    askers = ["10.0.0.7", "10.0.0.8", "10.0.0.9"]
    file.write_text(json.dumps({"zones": [], "outside": {"askers": askers, "zones": [], "forward": SERVERS[0]}}))
    for name, value in {"PORT": port, "_MOST_OF_ONE": 2, "_MOST_QUESTIONS": 3, "_PATIENCE_SECONDS": PATIENCE}.items():
        monkeypatch.setattr(forward, name, value)
    resolver = Resolver(file)

    async def asked(asker: str) -> str:
        given = await resolver.answered(dns.message.make_query("api.example.com", "A").to_wire(), asker)
        assert given is not None
        return dns.rcode.to_text(given[1].rcode())

    async def all_of_it() -> list[str]:
        loop = asyncio.get_running_loop()
        transport, late = await loop.create_datagram_endpoint(_Late, local_addr=(SERVERS[0], port))

        async def begun(*from_whom: str) -> list["asyncio.Task[str]"]:
            before = late.waiting.qsize()
            tasks = [loop.create_task(asked(asker)) for asker in from_whom]
            while late.waiting.qsize() < before + len(tasks):
                await asyncio.sleep(0.01)
            return tasks

        try:
            under_way = await begun("10.0.0.9", "10.0.0.9")
            full = [await asked("10.0.0.9")]
            under_way += await begun("10.0.0.8")
            full.append(await asked("10.0.0.7"))
            for _ in under_way:
                await late.answer_one()
            done = [await one for one in under_way]
            again = await begun("10.0.0.9")
            await late.answer_one()
            return [*full, *done, await again[0]]
        finally:
            transport.close()

    assert asyncio.run(all_of_it()) == ["SERVFAIL", "SERVFAIL", "NOERROR", "NOERROR", "NOERROR", "NOERROR"]
