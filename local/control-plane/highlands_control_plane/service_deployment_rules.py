"""What ECS refuses of how a service is deployed.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
"""

from typing import Any

from .api_models import model
from .given_values import is_true, number
from .refused import Refused

CODE = "InvalidParameterException"
# A day: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
_LONGEST_BAKE = 1440


def _check_percents(configuration: dict[str, Any]) -> None:
    least, most = number(configuration.get("minimumHealthyPercent")), number(configuration.get("maximumPercent"))
    for name, value, low in (("minimumHealthyPercent", least, 0), ("maximumPercent", most, 100)):
        # A lower maximum would leave no room for the desired count; the sentence is ours.
        if value is not None and value < low:
            raise Refused(CODE, f"{name} is {value}: it can't be below {low}.")
    bake = number(configuration.get("bakeTimeInMinutes"))
    if bake is not None and not 0 <= bake <= _LONGEST_BAKE:
        # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html; ours
        raise Refused(CODE, f"bakeTimeInMinutes is {bake}: it must be between 0 and {_LONGEST_BAKE}.")
    # The defaults of REPLICA are 100 and 200. Quoted in https://github.com/badmintoncryer/cdk-preflight
    if (100 if least is None else least) >= (200 if most is None else most):
        message = "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments."
        raise Refused(CODE, message)


def _check_hook(hook: dict[str, Any], number_: int) -> None:
    kind = hook.get("targetType", "AWS_LAMBDA")
    if kind != "PAUSE":
        message = (
            f"lifecycle hook {kind} is not supported in the local region, which runs no Lambda functions: use PAUSE"
        )
        raise Refused(CODE, message)
    stages = model("ecs").shape_for("DeploymentLifecycleHookStage").enum
    given = hook.get("lifecycleStages") or []
    odd = [stage for stage in given if stage not in stages]
    # In the form that AWS's services have for what their models do not take. A hook has a stage to wait at.
    if odd or not given:
        message = (
            f"1 validation error detected: Value '[{', '.join(map(str, given))}]' at "
            f"'deploymentConfiguration.lifecycleHooks.{number_}.member.lifecycleStages' failed to satisfy constraint: "
            f"Member must satisfy constraint: [Member must satisfy enum value set: [{', '.join(stages)}]]"
        )
        raise Refused(CODE, message)


def check(service: dict[str, Any]) -> None:
    """Raises Refused."""
    configuration = service.get("deploymentConfiguration") or {}
    controller = (service.get("deploymentController") or {}).get("type", "ECS")
    if controller != "ECS":
        # "... only supported with the ECS deployment controller":
        # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentCircuitBreaker.html
        message = f"deployment controller {controller} is not supported in the local region: use ECS"
        raise Refused(CODE, message)
    # "Tasks using the Fargate launch type ... don't support the DAEMON scheduling strategy":
    # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
    if service.get("schedulingStrategy", "REPLICA") != "REPLICA":
        raise Refused(CODE, "Tasks using the Fargate launch type don't support the DAEMON scheduling strategy.")
    strategy = configuration.get("strategy", "ROLLING")
    if strategy not in ("ROLLING", "BLUE_GREEN"):
        message = f"deployment strategy {strategy} is not supported in the local region: use ROLLING or BLUE_GREEN"
        raise Refused(CODE, message)
    for number_, hook in enumerate(configuration.get("lifecycleHooks") or [], 1):
        _check_hook(hook, number_)
    _check_percents(configuration)
    most = number(configuration.get("maximumPercent"))
    if service.get("availabilityZoneRebalancing") == "ENABLED" and most is not None and most <= 100:
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html; after the sentence of DAEMON in cdk-preflight
        message = (
            "The service couldn't be created because Availability Zone Rebalancing does not support a maximum percent of 100 "
            "or less. Update maximum percent and try again."
        )
        raise Refused(CODE, message)
    alarms = configuration.get("alarms") or {}
    if is_true(alarms.get("enable")) and not alarms.get("alarmNames"):
        # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentAlarms.html; ours
        raise Refused(CODE, "alarmNames can not be empty.")
