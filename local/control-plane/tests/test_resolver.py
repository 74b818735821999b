"""What the resolver of a VPC answers, from zones as the agent writes them."""

import json
import random
from collections.abc import Iterable
from typing import Any

import dns.edns
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import pytest

from highlands_resolver.answer import Answer, answer, datagram
from highlands_resolver.zones import Zones, parse

SOA = "ns-1.awsdns-1.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"


def rows(name: str, kind: str, *values: str, ttl: int = 60, policy: str = "simple") -> dict[str, Any]:
    sets = (
        [{"ttl": ttl, "values": list(values)}] if policy == "simple" else [{"ttl": ttl, "values": [v]} for v in values]
    )
    return {"name": name, "type": kind, "policy": policy, "sets": sets}


def zones_of(*records: dict[str, Any], soa_ttl: int = 15, **others: Iterable[dict[str, Any]]) -> Zones:
    own = [rows("prod.internal.", "SOA", SOA, ttl=soa_ttl), *records]
    more = [{"name": f"{name}.", "records": list(found)} for name, found in others.items()]
    return parse(json.dumps({"zones": [{"name": "prod.internal.", "records": own}, *more]}), pytest.fail).inside


def ask(zones: Zones, name: str, kind: str = "A", seed: int = 1, **options: Any) -> Answer:
    return answer(dns.message.make_query(name, kind, **options), zones, random.Random(seed))


def said(given: Answer) -> list[str]:
    return sorted(str(value) for rrset in given.message.answer for value in rrset)


def test_an_address_with_its_ttl_in_the_case_that_was_asked() -> None:
    message = ask(zones_of(rows("api.prod.internal.", "A", "10.0.1.5", ttl=7)), "API.prod.Internal").message
    assert message.answer[0].to_text() == "API.prod.Internal. 7 IN A 10.0.1.5"
    flags = message.flags & (dns.flags.QR | dns.flags.RA | dns.flags.AA)
    assert (message.rcode(), flags) == (dns.rcode.NOERROR, dns.flags.QR | dns.flags.RA)


def test_a_name_that_is_not_there_and_one_without_that_type_are_not_the_same() -> None:
    zones = zones_of(rows("a.deep.prod.internal.", "A", "10.0.1.5"))
    cases = {
        ("other.prod.internal", "A"): dns.rcode.NXDOMAIN,
        ("a.deep.prod.internal", "AAAA"): dns.rcode.NOERROR,
        # Exists for the name below it: RFC 8020.
        ("deep.prod.internal", "A"): dns.rcode.NOERROR,
    }
    for (name, kind), code in cases.items():
        message = ask(zones, name, kind).message
        assert (name, message.rcode(), message.answer) == (name, code, [])
        # min(TTL of the SOA, its last number): RFC 2308.
        assert [(one.name.to_text(), one.ttl) for one in message.authority] == [("prod.internal.", 15)]


def test_the_most_specific_zone_answers_and_what_it_lacks_is_not_there() -> None:
    zones = zones_of(
        rows("x.eu.prod.internal.", "A", "10.0.0.1"),
        **{"eu.prod.internal": [rows("y.eu.prod.internal.", "A", "10.0.0.2")]},
    )
    assert ask(zones, "x.eu.prod.internal").message.rcode() == dns.rcode.NXDOMAIN
    assert said(ask(zones, "y.eu.prod.internal")) == ["10.0.0.2"]


def test_a_wildcard_is_for_names_that_are_not_there() -> None:
    zones = zones_of(rows("*.prod.internal.", "A", "10.0.0.9"), rows("b.here.prod.internal.", "TXT", '"x y" "z"'))
    assert said(ask(zones, "any.thing.prod.internal")) == ["10.0.0.9"]
    assert ask(zones, "any.thing.prod.internal").message.answer[0].name.to_text() == "any.thing.prod.internal."
    assert said(ask(zones, "b.here.prod.internal")) == []
    # `here` is the closest encloser, and has no wildcard: RFC 4592, section 3.3.1.
    assert ask(zones, "c.here.prod.internal").message.rcode() == dns.rcode.NXDOMAIN
    assert said(ask(zones, "b.here.prod.internal", "TXT")) == ['"x y" "z"']


def test_multivalue_answers_have_up_to_eight_healthy_values_and_all_kinds_when_none_is() -> None:
    values = [f"10.0.0.{n}" for n in range(1, 13)]
    records = rows("m.prod.internal.", "A", *values, policy="multivalue")
    first, second = (said(ask(zones_of(records), "m.prod.internal", seed=seed)) for seed in (1, 2))
    assert len(first) == 8
    assert first != second
    for one in records["sets"][3:]:
        one["healthy"] = False
    assert said(ask(zones_of(records), "m.prod.internal")) == values[:3]
    for one in records["sets"]:
        one["healthy"] = False
    assert len(said(ask(zones_of(records), "m.prod.internal"))) == 8


def test_weighted_is_one_at_random_by_weight_of_those_that_are_healthy() -> None:
    records = rows("w.prod.internal.", "A", "10.0.0.1", "10.0.0.2", "10.0.0.3", policy="weighted")
    for one, weight in zip(records["sets"], (3, 1, 0), strict=True):
        one["weight"] = weight
    seen = [said(ask(zones_of(records), "w.prod.internal", seed=seed)) for seed in range(400)]
    assert {len(one) for one in seen} == {1}
    counts = [seen.count([f"10.0.0.{n}"]) for n in (1, 2, 3)]
    assert counts[2] == 0
    assert counts[1] < counts[0] < 4 * counts[1] + 100
    records["sets"][0]["healthy"] = False
    assert {str(said(ask(zones_of(records), "w.prod.internal", seed=seed))) for seed in range(20)} == {"['10.0.0.2']"}


def test_srv_has_the_addresses_of_its_hosts_beside_it() -> None:
    hosts = ["t1.db.prod.internal.", "t2.db.prod.internal."]
    zones = zones_of(
        rows("db.prod.internal.", "SRV", *(f"1 1 5432 {host}" for host in hosts), policy="multivalue"),
        *(rows(host, "A", f"10.0.0.{n}") for n, host in enumerate(hosts)),
    )
    message = ask(zones, "db.prod.internal", "SRV").message
    assert said(Answer(message)) == ["1 1 5432 t1.db.prod.internal.", "1 1 5432 t2.db.prod.internal."]
    assert sorted(one.to_text() for one in message.additional) == [
        "t1.db.prod.internal. 60 IN A 10.0.0.0",
        "t2.db.prod.internal. 60 IN A 10.0.0.1",
    ]


def test_a_cname_leads_on_also_into_another_zone_and_never_round_in_a_circle() -> None:
    zones = zones_of(
        rows("www.prod.internal.", "CNAME", "lb.example.com."),
        rows("out.prod.internal.", "CNAME", "elsewhere.example.org."),
        rows("round.prod.internal.", "CNAME", "round.prod.internal."),
        **{"example.com": [rows("lb.example.com.", "A", "10.0.0.7")]},
    )
    assert said(ask(zones, "www.prod.internal")) == ["10.0.0.7", "lb.example.com."]
    assert said(ask(zones, "www.prod.internal", "CNAME")) == ["lb.example.com."]
    away = ask(zones, "out.prod.internal")
    assert (said(away), away.message.rcode()) == (["elsewhere.example.org."], dns.rcode.NXDOMAIN)
    assert ask(zones, "round.prod.internal").message.rcode() == dns.rcode.SERVFAIL


def test_a_public_name_is_not_there_nobody_keeps_that_and_dig_says_why() -> None:
    given = ask(zones_of(), "api.example.com", use_edns=True)
    assert (given.message.rcode(), given.message.authority) == (dns.rcode.NXDOMAIN, [])
    assert given.public == dns.name.from_text("api.example.com.")
    [why] = given.message.options
    assert isinstance(why, dns.edns.EDEOption)
    assert (why.code, "no way out" in (why.text or "")) == (dns.edns.EDECode.BLOCKED, True)
    assert ask(zones_of(), "other.prod.internal").public is None


@pytest.mark.parametrize(
    ("name", "kind", "rdclass", "code"),
    [("prod.internal", "ANY", "IN", "NOTIMP"), ("prod.internal", "AXFR", "IN", "NOTIMP"), ("x.", "A", "CH", "REFUSED")],
)
def test_what_a_resolver_does_not_do(name: str, kind: str, rdclass: str, code: str) -> None:
    message = answer(dns.message.make_query(name, kind, rdclass), zones_of(), random.Random(1)).message
    assert dns.rcode.to_text(message.rcode()) == code


def test_what_does_not_fit_a_datagram_loses_its_additional_records_then_is_truncated() -> None:
    hosts = [f"{n:032x}.db.prod.internal." for n in range(8)]
    zones = zones_of(
        rows("db.prod.internal.", "SRV", *(f"1 1 80 {host}" for host in hosts), policy="multivalue"),
        *(rows(host, "A", "10.0.0.1") for host in hosts),
    )
    sizes = {None: (0, 0, True), 512: (0, 0, True), 720: (8, 0, False), 1232: (8, 8, False), 4096: (8, 8, False)}
    for payload, wanted in sizes.items():
        query = dns.message.make_query("db.prod.internal", "SRV", use_edns=payload is not None, payload=payload)
        wire = datagram(query, answer(query, zones, random.Random(1)).message)
        got = dns.message.from_wire(wire)
        truncated = bool(got.flags & dns.flags.TC)
        answers = sum(len(one) for one in got.answer)
        assert (payload, (answers, len(got.additional), truncated)) == (payload, wanted)
        assert len(wire) <= min(payload or 512, 1232)


def test_a_record_that_can_not_be_read_costs_itself_alone() -> None:
    records = [rows("good.a.", "A", "10.0.0.1"), rows("bad.a.", "A", "10.0.0"), rows("out.b.", "A", "10.0.0.1")]
    complaints: list[str] = []
    zones = parse(
        json.dumps({"zones": [{"name": "a.", "records": [*records, rows("x.a.", "NONE", "1")]}]}), complaints.append
    ).inside
    assert said(ask(zones, "good.a")) == ["10.0.0.1"]
    assert [one.split(" ")[0] for one in complaints] == ["bad.a.", "out.b.", "x.a."]


def test_a_zone_whose_name_is_none_costs_itself_alone() -> None:
    odd = ["empty..label.", f"{'x' * 64}.internal.", "a" + ".abcdefghi" * 26]
    zones = [{"name": name, "records": []} for name in odd]
    good = {"name": "a.", "records": [rows("good.a.", "A", "10.0.0.1")]}
    complaints: list[str] = []
    read = parse(json.dumps({"zones": [*zones, good]}), complaints.append).inside
    assert said(ask(read, "good.a")) == ["10.0.0.1"]
    assert [one.split(" ")[1] for one in complaints] == odd
