"""A question and the zones of a VPC to an answer. Starts nothing and asks nobody."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

import dns.edns
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.opcode
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.rdtypes.ANY.SOA import SOA

from .zones import Records, RecordSet, Zone, Zones

# https://docs.aws.amazon.com/cloud-map/latest/api/API_DnsConfig.html: up to eight of those that are healthy
_MOST_VALUES = 8
# Of the names behind one name; whoever has more has a circle.
_MOST_ALIASES = 8
# https://www.rfc-editor.org/rfc/rfc1035#section-4.2.1, without EDNS
_SMALLEST_DATAGRAM = 512
# What no network on the way takes apart: https://www.dnsflagday.net/2020/
_LARGEST_DATAGRAM = 1232
# Why a public name is not there, for whoever looks with dig: https://www.rfc-editor.org/rfc/rfc8914#name-extended-dns-error-code-15-
_WHY = "public names do not resolve here: this task has no way out of its VPC"


@dataclass(frozen=True)
class Answer:
    """What is sent, and the name that was asked for in vain because it is none of the VPC's."""

    message: dns.message.Message
    public: dns.name.Name | None = None


def answer(query: dns.message.Message, zones: Zones, chance: random.Random) -> Answer:
    """Answers a query. The same chance gives the same answer."""
    response = dns.message.make_response(query, recursion_available=True, our_payload=_LARGEST_DATAGRAM)
    if query.opcode() != dns.opcode.QUERY:
        return _refused(response, dns.rcode.NOTIMP)
    if len(query.question) != 1:
        return _refused(response, dns.rcode.FORMERR)
    question = query.question[0]
    if question.rdclass != dns.rdataclass.IN:
        return _refused(response, dns.rcode.REFUSED)
    # Zone transfers, and all that a name has: Route 53 Resolver has neither.
    if dns.rdatatype.is_metatype(question.rdtype):
        return _refused(response, dns.rcode.NOTIMP)
    return _resolved(response, question.name, question.rdtype, zones, chance)


def _refused(response: dns.message.Message, code: dns.rcode.Rcode) -> Answer:
    response.set_rcode(code)
    return Answer(response)


def _resolved(
    response: dns.message.Message,
    asked: dns.name.Name,
    kind: dns.rdatatype.RdataType,
    zones: Zones,
    chance: random.Random,
) -> Answer:
    name, shown = asked.canonicalize(), asked
    for _ in range(_MOST_ALIASES):
        zone = zones.of(name)
        if zone is None:
            return _no_such_public_name(response, name)
        found = zone.at(name)
        if found is None:
            response.set_rcode(dns.rcode.NXDOMAIN)
            _say_who_knows(response, zone)
            return Answer(response)
        alias = None if kind == dns.rdatatype.CNAME else found.get(dns.rdatatype.CNAME)
        records = alias or found.get(kind)
        chosen = None if records is None else _rrset(shown, dns.rdatatype.CNAME if alias else kind, records, chance)
        if chosen is None:
            _say_who_knows(response, zone)
            return Answer(response)
        response.answer.append(chosen)
        if alias is None:
            response.additional.extend(_targets(chosen, zones, chance))
            return Answer(response)
        shown = chosen[0].target
        name = shown.canonicalize()
    return _refused(response, dns.rcode.SERVFAIL)


def _no_such_public_name(response: dns.message.Message, name: dns.name.Name) -> Answer:
    """No SOA goes with it, so that nobody keeps the answer: RFC 2308, section 5."""
    response.set_rcode(dns.rcode.NXDOMAIN)
    if response.edns >= 0:
        blocked = dns.edns.EDEOption(dns.edns.EDECode.BLOCKED, _WHY)
        response.use_edns(0, 0, response.payload, options=[blocked])
    return Answer(response, name)


def _say_who_knows(response: dns.message.Message, zone: Zone) -> None:
    """The zone's SOA, which says for how long the negative answer is kept: RFC 2308, section 3."""
    records = zone.records.get(zone.name, {}).get(dns.rdatatype.SOA)
    if records is None:
        return
    one = records.sets[0]
    ttl = min([one.ttl, *(value.minimum for value in one.values if isinstance(value, SOA))])
    response.authority.append(dns.rrset.from_rdata_list(zone.name, ttl, one.values))


def _rrset(
    name: dns.name.Name, kind: dns.rdatatype.RdataType, records: Records, chance: random.Random
) -> dns.rrset.RRset | None:
    chosen = _chosen(records, chance)
    values = [value for one in chosen for value in one.values]
    if not values:
        return None
    # Every answer begins elsewhere, so that whoever takes the first one does not always take the same.
    chance.shuffle(values)
    rrset = dns.rrset.RRset(name, dns.rdataclass.IN, kind)
    rrset.update_ttl(min(one.ttl for one in chosen))
    for value in values:
        rrset.add(value)
    return rrset


def _chosen(records: Records, chance: random.Random) -> list[RecordSet]:
    """As the routing policy has it, of what is healthy; of all when nothing is.

    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html
    """
    able = [one for one in records.sets if one.healthy] or list(records.sets)
    if records.policy == "simple" or not able:
        return able
    if records.policy == "multivalue":
        return chance.sample(able, min(_MOST_VALUES, len(able)))
    weights = [one.weight for one in able]
    # Where every weight is zero, all are the same: API_ResourceRecordSet, Weight.
    return chance.choices(able, weights if any(weights) else None)


def _targets(rrset: dns.rrset.RRset, zones: Zones, chance: random.Random) -> Iterator[dns.rrset.RRset]:
    """The addresses of the hosts that SRV records name: RFC 2782."""
    if rrset.rdtype != dns.rdatatype.SRV:
        return
    for host in dict.fromkeys(value.target.canonicalize() for value in rrset):
        zone = zones.of(host)
        found = (zone.at(host) if zone else None) or {}
        for kind in (dns.rdatatype.A, dns.rdatatype.AAAA):
            addresses = _rrset(host, kind, found[kind], chance) if kind in found else None
            if addresses is not None:
                yield addresses


def datagram(query: dns.message.Message, response: dns.message.Message) -> bytes:
    """What goes into one datagram. What does not fit is left out, and the asker comes again over TCP: RFC 2181, section 9."""
    size = max(_SMALLEST_DATAGRAM, min(query.payload, _LARGEST_DATAGRAM)) if query.edns >= 0 else _SMALLEST_DATAGRAM
    try:
        return response.to_wire(max_size=size)
    except dns.exception.TooBig:
        # The addresses of hosts may be asked for; without them nothing is missing.
        response.additional.clear()
    try:
        return response.to_wire(max_size=size)
    except dns.exception.TooBig:
        response.answer.clear()
        response.authority.clear()
        response.flags |= dns.flags.TC
        return response.to_wire(max_size=size)
