"""The file that the agent writes for the resolver of a VPC: the agent's tests take the same example (zone-file.test.ts)."""

from pathlib import Path

import dns.name
import dns.rdatatype
import pytest

from highlands_resolver.zones import Records, parse

EXAMPLE = (Path(__file__).parents[2] / "aws-shapes/vpc-zones.json").read_text()


def test_the_example_is_read_whole() -> None:
    views = parse(EXAMPLE, pytest.fail)
    zone = views.inside.of(dns.name.from_text("x.a.internal."))
    assert zone is not None
    read = {
        f"{name} {dns.rdatatype.to_text(kind)}": _plain(records)
        for name, by_type in zone.records.items()
        for kind, records in by_type.items()
    }
    soa = "ns.a.internal. host.a.internal. 1 7200 900 1209600 86400"
    assert read == {
        "a.internal. SOA": ("simple", [(15, [soa], 1, True)]),
        "x.a.internal. A": ("simple", [(300, ["10.0.0.1", "10.0.0.2"], 1, True)]),
        "w.a.internal. A": ("weighted", [(300, ["10.0.0.3"], 0, True), (300, ["10.0.0.4"], 5, True)]),
        "m.a.internal. A": ("multivalue", [(60, ["10.0.0.5"], 1, True), (60, ["10.0.0.6"], 1, False)]),
    }


def test_only_those_with_a_way_out_see_what_is_outside() -> None:
    views = parse(EXAMPLE, pytest.fail)
    host, private = dns.name.from_text("host.highlands.internal."), dns.name.from_text("host.a.internal.")
    inside, nobody = views.of("10.0.0.9")
    assert (inside.of(host), nobody) == (None, None)
    outward, server = views.of("10.0.0.1")
    assert server == "198.51.100.3"
    assert outward.of(host) is not None
    # A zone of the VPC has all names below it, also where one is open.
    assert outward.of(private) == inside.of(private)


def _plain(records: Records) -> tuple[str, list[tuple[int, list[str], int, bool]]]:
    sets = [(one.ttl, [str(value) for value in one.values], one.weight, one.healthy) for one in records.sets]
    return records.policy, sets
