"""What ECS refuses of the target groups of a service.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LoadBalancer.html
"""

from typing import Any

from ministack.services import alb

from . import load_balancer_use
from .given_values import number
from .refused import Refused

CODE = "InvalidParameterException"
# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/register-multiple-targetgroups.html
_MOST = 5


def check_used(service: dict[str, Any], before: list[dict[str, Any]] | None = None) -> None:
    """Target groups that are new to a service get traffic from somewhere. Raises Refused."""
    known = [one.get("targetGroupArn") for one in before or []]
    for arn in [one.get("targetGroupArn") for one in service.get("loadBalancers") or []]:
        if arn not in known and arn in alb._tgs and not load_balancer_use.balancers_of(arn):
            message = f"The target group with targetGroupArn {arn} does not have an associated load balancer."
            raise Refused(CODE, message)


def _check_container(balancer: dict[str, Any], definition: dict[str, Any]) -> None:
    container, port = balancer.get("containerName"), int(balancer.get("containerPort") or -1)
    for one in definition["containerDefinitions"]:
        if one["name"] == container:
            if any(int(mapping.get("containerPort") or 0) == port for mapping in one.get("portMappings", [])):
                return
            message = (
                f"The container {container} did not have a container port {balancer.get('containerPort')} defined."
            )
            raise Refused(CODE, message)
    raise Refused(CODE, f"The container {container} does not exist in the task definition.")


def _check_group(balancer: dict[str, Any]) -> None:
    arn = balancer.get("targetGroupArn")
    if balancer.get("loadBalancerName") and arn:
        # cdk-preflight pf-ecs-service-lb-target-exclusive
        message = (
            "loadBalancerName and targetGroupArn cannot both be specified. "
            "You must specify either a loadBalancerName or a targetGroupArn in all loadBalancer entries"
        )
        raise Refused(CODE, message)
    if balancer.get("loadBalancerName"):
        # https://github.com/badmintoncryer/cdk-preflight quotes it
        raise Refused(CODE, "Classic Load Balancers are not supported with Fargate.")
    if not arn:
        raise Refused(CODE, "targetGroupArn or loadBalancerName must be specified.")
    kind = alb._tgs[arn].get("TargetType", "instance") if arn in alb._tgs else "ip"
    # Quoted in https://stackoverflow.com/questions/60506103
    if kind != "ip":
        message = (
            f"The provided target group {arn} has target type {kind}, "
            "which is incompatible with the awsvpc network mode specified in the task definition."
        )
        raise Refused(CODE, message)


def check(service: dict[str, Any], definition: dict[str, Any]) -> None:
    """Raises Refused."""
    balancers = service.get("loadBalancers") or []
    if len(balancers) > _MOST:
        raise Refused(CODE, f"loadBalancers can have at most {_MOST} items.")
    for balancer in balancers:
        _check_group(balancer)
        _check_container(balancer, definition)
    pairs = [(one.get("targetGroupArn"), one.get("containerName"), one.get("containerPort")) for one in balancers]
    if len(set(pairs)) < len(pairs):
        raise Refused(CODE, "A target group is there more than once for the same container and port.")  # ours
    grace = number(service.get("healthCheckGracePeriodSeconds")) or 0
    if grace < 0:
        # "from 0 to 2,147,483,647": https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html; ours
        raise Refused(CODE, f"healthCheckGracePeriodSeconds is {grace}: it can't be below 0.")
    # https://github.com/hashicorp/terraform-provider-aws/issues/31104
    if int(service.get("healthCheckGracePeriodSeconds") or 0) > 0 and not balancers:
        raise Refused(CODE, "Health check grace period is only valid for services configured to use load balancers")
