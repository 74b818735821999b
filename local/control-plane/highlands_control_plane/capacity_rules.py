"""What ECS refuses of capacity provider strategies, those of services and those that clusters have by default.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CapacityProviderStrategyItem.html
Sentences: the rules pf-ecs-svc-capacity-provider-* and pf-ecs-cluster-default-strategy-* of
https://github.com/badmintoncryer/cdk-preflight, which tries them on AWS.
"""

from typing import Any

from .given_values import number
from .refused import Refused

CODE = "InvalidParameterException"
_OF_FARGATE = ("FARGATE", "FARGATE_SPOT")
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html
_MOST = 20
Strategy = list[dict[str, Any]]


def check_of_service(strategy: Strategy, associated: list[str]) -> None:
    """Raises Refused."""
    for provider in [str(item.get("capacityProvider")) for item in strategy]:
        if provider not in _OF_FARGATE:
            message = f"capacity provider {provider} is not supported in the local region: use FARGATE or FARGATE_SPOT"
            raise Refused(CODE, message)
    check(strategy, associated)
    if strategy and not any(number(item.get("weight")) for item in strategy):
        message = (
            "There are no capacity providers in the capacity provider strategy with a weight value greater than zero. "
            "Specify a weight value greater than zero for at least one capacity provider and try again."
        )
        raise Refused(CODE, message)


def check(strategy: Strategy, associated: list[str]) -> None:
    """A strategy in a cluster that has these providers. Raises Refused."""
    if len(strategy) > _MOST:
        raise Refused(
            CODE, f"A capacity provider strategy can contain a maximum of {_MOST} capacity providers."
        )  # ours
    if any(item.get("capacityProvider") not in associated for item in strategy):
        message = (
            "The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. "
            "Associate the capacity provider with the cluster or specify a valid capacity provider and try again."
        )
        raise Refused(CODE, message)
    if len([item for item in strategy if number(item.get("base"))]) > 1:
        message = (
            "The specified capacity provider strategy contains multiple capacity providers with a base value defined. "
            "Only one capacity provider per strategy can have a base value defined."
        )
        raise Refused(CODE, message)
    names = [item["capacityProvider"] for item in strategy]
    if len(set(names)) < len(names):
        raise Refused(CODE, "The specified capacity provider strategy contains a capacity provider twice.")  # ours
