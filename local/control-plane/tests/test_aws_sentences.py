"""The table that the control plane and the check before `up` share knows what AWS's model knows."""

import re

import pytest

from highlands_control_plane import aws_sentences
from highlands_control_plane.api_models import model


@pytest.mark.parametrize(
    ("shape", "known"),
    [
        ("LoadBalancerAttribute", "LoadBalancerAttributes"),
        ("TargetGroupAttribute", "TargetGroupAttributes"),
    ],
)
def test_every_attribute_of_the_model_is_known(shape: str, known: str) -> None:
    """The page of the API lists them, and the model has the text of that page, where a state of a target looks like one too."""
    text = model("elbv2").shape_for(shape).members["Key"].documentation
    keys = set(re.findall(r"<code>([a-z0-9_]+(?:\.[a-z0-9_]+)+)</code>", text)) - {"unhealthy.draining"}
    assert set(aws_sentences.ATTRIBUTES[known]) == keys


def test_values_take_the_place_of_their_names() -> None:
    refused = aws_sentences.refusal("redirectPort")
    assert str(refused).endswith("an integer between 1 and 65535 or '#{port}'.")
    refused = aws_sentences.refusal("sslPolicyNotFound", policy="<policy>")
    assert (refused.code, str(refused)) == ("SSLPolicyNotFound", "SSL policy '<policy>' not found")
