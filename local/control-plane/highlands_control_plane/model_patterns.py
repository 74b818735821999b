"""The patterns of the models, which are those of Java: https://docs.oracle.com/javase/8/docs/api/java/util/regex/Pattern.html"""

import re
from functools import cache
from typing import Any

import regex

# Patterns are AWS's, values are not: some of the one go over some of the other for ever.
_MATCH_SECONDS = 0.2
_CLASSES = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]")
_PAIRS = re.compile(r"\\u([dD][89abAB]..)\\u([dD][c-fC-F]..)")


def matches(pattern: str, value: str) -> bool:
    """Whether the whole value matches; with an anchor at one end only, whether it does as far as the pattern says.

    A pattern that can't be read or does not end is no reason to refuse anything.
    """
    compiled, in_part = _compiled(pattern)
    if compiled is None:
        return True
    try:
        if compiled.fullmatch(value, timeout=_MATCH_SECONDS):
            return True
        return in_part and compiled.search(value, timeout=_MATCH_SECONDS) is not None
    except TimeoutError:
        return True


def matches_whole(pattern: str, value: str) -> bool:
    """Whether the whole value matches, whatever the anchors; as `matches` where that can't be said."""
    compiled, _ = _compiled(pattern)
    try:
        return compiled is None or compiled.fullmatch(value, timeout=_MATCH_SECONDS) is not None
    except TimeoutError:
        return True


def problem(pattern: str) -> str | None:
    """Why a pattern can't be read."""
    try:
        regex.compile(pattern)
    except regex.error as odd:
        return str(odd)
    return None


@cache
def _compiled(pattern: str) -> tuple[Any, bool]:
    """For Java, whose classes of \\p are Unicode's here too, whose \\w is ASCII's, and whose characters may be pairs."""
    whole = _PAIRS.sub(lambda pair: rf"\U{_code_point(pair[1], pair[2]):08x}", pattern)
    bare = _CLASSES.sub("", pattern)
    in_part = ("^" in bare or "$" in bare) and not (bare.startswith("^") and bare.endswith("$"))
    try:
        return regex.compile(whole, 0 if r"\p" in pattern else regex.ASCII), in_part
    except regex.error:
        return None, False


def _code_point(high: str, low: str) -> int:
    return 0x10000 + ((int(high, 16) - 0xD800) << 10) + (int(low, 16) - 0xDC00)
