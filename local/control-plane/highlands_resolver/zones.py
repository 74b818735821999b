"""The zones that a VPC sees, as the agent writes them: the file in plain data, and how a name is found in it."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import dns.exception
import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype

_WILDCARD = b"*"


@dataclass(frozen=True)
class RecordSet:
    """One record set of Route 53: what one answer may have of it, and what decides whether it is chosen."""

    ttl: int
    values: tuple[dns.rdata.Rdata, ...]
    weight: int = 1
    healthy: bool = True


@dataclass(frozen=True)
class Records:
    """All record sets with one name and type, and the routing policy that chooses among them: simple, weighted, multivalue."""

    policy: str
    sets: tuple[RecordSet, ...]


@dataclass
class Zone:
    """A hosted zone. Whatever it does not have does not exist for its VPC, even if the internet has it."""

    name: dns.name.Name
    records: dict[dns.name.Name, dict[dns.rdatatype.RdataType, Records]] = field(default_factory=dict)
    # A name with names below it exists, though it has no record: RFC 8020.
    existing: set[dns.name.Name] = field(default_factory=set)

    def at(self, name: dns.name.Name) -> dict[dns.rdatatype.RdataType, Records] | None:
        """The records of a name, those of a wildcard if there is no such name; None when it does not exist. RFC 4592."""
        if name in self.existing:
            return self.records.get(name, {})
        encloser = name.parent()
        while encloser not in self.existing:
            encloser = encloser.parent()
        return self.records.get(dns.name.Name((_WILDCARD, *encloser.labels)))


@dataclass(frozen=True)
class Zones:
    """What one VPC sees."""

    by_name: dict[dns.name.Name, Zone]

    def of(self, name: dns.name.Name) -> Zone | None:
        """The zone that answers for a name: the most specific one.

        https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zone-private-considerations.html
        """
        for cut in range(len(name.labels)):
            zone = self.by_name.get(dns.name.Name(name.labels[cut:]))
            if zone is not None:
                return zone
        return None


NO_ZONES = Zones({})


@dataclass(frozen=True)
class Views:
    """What one VPC sees, and what those of its tasks see that have a way out."""

    inside: Zones = NO_ZONES
    outward: Zones = NO_ZONES
    askers: frozenset[str] = frozenset()
    # Who is asked for names that no zone has; None where they do not exist.
    forward: str | None = None

    def of(self, asker: str) -> tuple[Zones, str | None]:
        """The zones that an address sees, and who knows the rest for it."""
        return (self.outward, self.forward) if asker in self.askers else (self.inside, None)


NO_VIEWS = Views()


_NOTHING: dict[str, Any] = {"askers": [], "zones": [], "forward": None}


def parse(text: str, complain: Callable[[str], None]) -> Views:
    """Reads the file. A zone or a record that Route 53 would not have taken is complained about, and left out."""
    read = json.loads(text)
    inside, outside = _zones(read["zones"], complain), {**_NOTHING, **read.get("outside", {})}
    # Of a name that is in a zone of the VPC nobody outside says anything.
    more = {name: zone for name, zone in _zones(outside["zones"], complain).by_name.items() if inside.of(name) is None}
    outward = Zones({**more, **inside.by_name})
    return Views(inside, outward, frozenset(outside["askers"]), outside["forward"])


def _zones(raws: Iterable[dict[str, Any]], complain: Callable[[str], None]) -> Zones:
    zones: dict[dns.name.Name, Zone] = {}
    for raw in raws:
        try:
            zone = Zone(_name(raw["name"]))
        except (dns.exception.DNSException, ValueError) as error:
            complain(f"zone {raw['name']} is left out: {error}")
            continue
        _fill(zone, raw, complain)
        zones[zone.name] = zone
    return Zones(zones)


def _fill(zone: Zone, raw: dict[str, Any], complain: Callable[[str], None]) -> None:
    zone.existing.add(zone.name)
    for one in raw["records"]:
        try:
            name, kind = _name(one["name"]), dns.rdatatype.from_text(one["type"])
            records = Records(one["policy"], tuple(_sets(kind, one["sets"])))
            if not name.is_subdomain(zone.name):
                raise ValueError("it is outside of its zone")
        except (dns.exception.DNSException, ValueError) as error:
            complain(f"{one['name']} {one['type']} of zone {raw['name']} is left out: {error}")
            continue
        zone.records.setdefault(name, {})[kind] = records
        while name != zone.name:
            zone.existing.add(name)
            name = name.parent()


def _sets(kind: dns.rdatatype.RdataType, sets: Iterable[dict[str, Any]]) -> Iterable[RecordSet]:
    for one in sets:
        values = tuple(
            dns.rdata.from_text(dns.rdataclass.IN, kind, value, origin=dns.name.root, relativize=False)
            for value in one["values"]
        )
        yield RecordSet(one["ttl"], values, one.get("weight", 1), one.get("healthy", True))


def _name(text: str) -> dns.name.Name:
    # Names are the same in any case: RFC 4343.
    return dns.name.from_text(text).canonicalize()
