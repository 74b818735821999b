"""Which load balancers send to a target group: whose listeners or rules name it now, by any of the two ways to name it.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html
"""

from typing import Any

from ministack.services import alb

from .replacing import replace_entry


def _groups(actions: list[dict[str, Any]]) -> set[str]:
    forwards = [group for action in actions for group in (action.get("ForwardConfig") or {}).get("TargetGroups", [])]
    return {one["TargetGroupArn"] for one in (*actions, *forwards) if one.get("TargetGroupArn")}


def balancers_of(target_group_arn: str) -> list[str]:
    """The ARNs of the load balancers, in the order in which their listeners were made."""
    listeners = dict(alb._listeners.items())
    using = [
        arn for arn, listener in listeners.items() if target_group_arn in _groups(listener.get("DefaultActions", []))
    ]
    using += [
        rule["ListenerArn"]
        for rule in list(alb._rules.values())
        if target_group_arn in _groups(rule.get("Actions", []))
    ]
    return list(dict.fromkeys(listeners[arn]["LoadBalancerArn"] for arn in listeners if arn in using))


def register() -> None:
    """DescribeTargetGroups says how it is now, not how it once was."""
    describe = alb._ACTION_MAP["DescribeTargetGroups"]

    def call(parameters: Any) -> Any:
        for arn, group in list(alb._tgs.items()):
            group["LoadBalancerArns"] = balancers_of(arn)
        return describe(parameters)

    replace_entry(alb._ACTION_MAP, "DescribeTargetGroups", call)
