"""What Elastic Load Balancing refuses of the values of a rule's conditions, and what it takes."""

import pytest

from highlands_control_plane import condition_rules
from highlands_control_plane.refused import Refused


def refusal_of(field: str, config: str, **values: object) -> str | None:
    try:
        condition_rules.check([{"Field": field, config: values}])
    except Refused as refused:
        return str(refused)
    return None


@pytest.mark.parametrize(
    ("block", "fits"),
    [
        *((one, True) for one in ("10.0.0.0/8", "10.1.2.3/8", "0.0.0.0/0", "2001:db8::/32", "::/0")),
        *((one, False) for one in ("10.0.0.0/33", "10.0.0.0/129", "999.1.1.1/8", "10.0.0/8", "10.0.0.0/255.0.0.0")),
        *((one, False) for one in ("10.0.0.1", "2001:db8::/129", "2001:db8:/32", ":/8")),
    ],
)
def test_a_block_of_addresses(block: str, fits: bool) -> None:
    said = refusal_of("source-ip", "SourceIpConfig", Values=[block])
    assert said == (None if fits else f"The specified value '{block}' is not a valid CIDR block")


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        *(
            (one, None)
            for one in (r"^/a[0-9]+$", r"/(?:a|b)+?", r"(?i)/a", r"/\pL+", r"[*+]+", r"\++", r"[[:alpha:]]+")
        ),
        (r"(?P<a>x)", None),
        ("x" * 128, None),
        ("x" * 129, "The 'path-pattern' value is too long; the limit is '128'"),
        *(
            (one, f"The regular expression '{one}' is not valid")
            for one in ("(", "[a", "*a", "a)", r"(?=a)", r"(?<!a)b", r"(a)\1", "a++", "(?>a)")
        ),
    ],
)
def test_a_regular_expression(expression: str, sentence: str | None) -> None:
    assert refusal_of("path-pattern", "PathPatternConfig", RegexValues=[expression]) == sentence
