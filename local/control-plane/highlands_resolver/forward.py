"""Names that no zone of the VPC has, asked of the machine's own resolver for a task with a way out."""

import asyncio

import dns.asyncquery
import dns.exception
import dns.message
import dns.rcode

PORT = 53
# A client's own resolver waits five seconds (resolv.conf(5)): it hears of the failure before it gives up.
_PATIENCE_SECONDS = 4
# Questions under way at once: a task can't take more sockets by asking.
_MOST_QUESTIONS = 128
_room = asyncio.Semaphore(_MOST_QUESTIONS)


async def completed(response: dns.message.Message, name: dns.name.Name, server: str) -> None:
    """Adds what the server says of a name that nobody here has; SERVFAIL when it says nothing."""
    question = response.question[0]
    query = dns.message.make_query(name, question.rdtype, question.rdclass, use_edns=True)
    try:
        async with _room:
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
