"""Names that no zone of the VPC has, asked of the machine's own resolver for a task with a way out."""

import asyncio
from collections import Counter

import dns.asyncquery
import dns.exception
import dns.message
import dns.rcode

PORT = 53
# A client's own resolver waits five seconds (resolv.conf(5)): it hears of the failure before it gives up.
_PATIENCE_SECONDS = 4
# Questions under way at once, each with a socket: with the streams of `server.py` they are half of the 1024 that a program
# mostly may have.
_MOST_QUESTIONS = 256
# Of one address, so that one task does not keep the names from the others. AWS lets an interface ask 1024 times a second:
# https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html#vpc-dns-limits. At 1/16 s a question it is that.
_MOST_OF_ONE = 64
_under_way: Counter[str] = Counter()


async def completed(response: dns.message.Message, name: dns.name.Name, server: str, asker: str) -> None:
    """Adds what the server says of a name that nobody here has; SERVFAIL when it says nothing.

    Whoever finds no room is told so at once, and may ask again: nothing waits here, so nothing grows.
    """
    if _under_way.total() >= _MOST_QUESTIONS or _under_way[asker] >= _MOST_OF_ONE:
        response.set_rcode(dns.rcode.SERVFAIL)
        return
    _under_way[asker] += 1
    try:
        await _asked(response, name, server)
    finally:
        _under_way[asker] -= 1
        if _under_way[asker] == 0:
            del _under_way[asker]


async def _asked(response: dns.message.Message, name: dns.name.Name, server: str) -> None:
    question = response.question[0]
    query = dns.message.make_query(name, question.rdtype, question.rdclass, use_edns=True)
    try:
        said, _ = await dns.asyncquery.udp_with_fallback(query, server, timeout=_PATIENCE_SECONDS, port=PORT)
    # dnspython says EOFError of a stream that is closed before its answer.
    except (dns.exception.DNSException, OSError, EOFError, asyncio.TimeoutError):
        response.set_rcode(dns.rcode.SERVFAIL)
        return
    # It said why the name is not there.
    if response.edns >= 0:
        response.use_edns(0, 0, response.payload)
    response.set_rcode(said.rcode())
    response.answer.extend(said.answer)
    response.authority.extend(said.authority)
