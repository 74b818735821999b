"""Attributes of load balancers and target groups, which come in several calls."""

import pytest
from test_load_balancer_refusals import Fields, arn_of, balancer, elb


def attributes(given: dict[str, str]) -> Fields:
    fields = {}
    for number, (key, value) in enumerate(given.items(), 1):
        fields |= {f"Attributes__member__{number}__Key": key, f"Attributes__member__{number}__Value": value}
    return fields


@pytest.fixture(scope="module")
def application() -> str:
    return arn_of(balancer("attributes"), "LoadBalancer")


@pytest.fixture(scope="module")
def network() -> str:
    return arn_of(balancer("network-attributes", Type="network"), "LoadBalancer")


@pytest.mark.parametrize(
    ("first", "then", "sentence"),
    [
        ({"access_logs.s3.bucket": "logs"}, {"access_logs.s3.enabled": "true"}, None),
        ({"connection_logs.s3.bucket": "logs"}, {"connection_logs.s3.enabled": "true"}, None),
        ({"access_logs.s3.enabled": "false"}, {"access_logs.s3.bucket": ""}, None),
        (
            {"access_logs.s3.bucket": "", "access_logs.s3.enabled": "false"},
            {"access_logs.s3.enabled": "true"},
            "The key 'access_logs.s3.bucket' must set in order to enable access logs",
        ),
        (
            {"access_logs.s3.bucket": "logs", "access_logs.s3.enabled": "true"},
            {"access_logs.s3.bucket": ""},
            "The key 'access_logs.s3.bucket' must set in order to enable access logs",
        ),
    ],
)
def test_a_call_goes_on_from_the_one_before(
    application: str, first: dict[str, str], then: dict[str, str], sentence: str | None
) -> None:
    assert "<Error>" not in elb("ModifyLoadBalancerAttributes", LoadBalancerArn=application, **attributes(first))
    answer = elb("ModifyLoadBalancerAttributes", LoadBalancerArn=application, **attributes(then))
    assert (sentence in answer) if sentence else ("<Error>" not in answer)


def test_zones_of_a_network_load_balancer_are_its_own(network: str) -> None:
    given = attributes({"load_balancing.cross_zone.enabled": "false"})
    assert "<Error>" not in elb("ModifyLoadBalancerAttributes", LoadBalancerArn=network, **given)
