"""What Application Auto Scaling does itself here: step policies at the word of an alarm, and scheduled actions by the clock.

The agent sets the count of what tracks a target, and holds every count within the bounds of its target.
"""

from typing import Any

from . import service_records, step_scaling
from .application_autoscaling import STATE, note_activity
from .local_clock import CLOCK
from .refused import Refused
from .step_scaling import Last

_ACTIONS = {"ALARM": "AlarmActions", "OK": "OKActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}
# By resource id; an alarm goes on after a restart, and a cooldown begins anew.
_last: dict[str, Last] = {}


def alarm_is(alarm: dict[str, Any], value: float | None) -> None:
    """An alarm was looked at, and its metric is this.

    "The alarm continues to invoke the action for every minute that the alarm remains in the new state":
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html#alarm-actions
    """
    if value is None or str(alarm.get("ActionsEnabled", True)).lower() != "true":
        return
    for arn in alarm.get(_ACTIONS[alarm["StateValue"]]) or []:
        policy = STATE["policies"].get(arn)
        if policy is not None and policy["PolicyType"] == "StepScaling":
            _follow(policy, alarm, value)


def _follow(policy: dict[str, Any], alarm: dict[str, Any], value: float) -> None:
    resource_id = policy["ResourceId"]
    target = STATE["targets"].get(resource_id)
    _, cluster, name = resource_id.split("/")
    try:
        service = service_records.find(cluster, name)
    except Refused:
        return
    if target is None or service["status"] != "ACTIVE":
        return
    current, now = int(service["desiredCount"]), CLOCK.now()
    configuration, last = policy["StepScalingPolicyConfiguration"], _last.get(resource_id)
    bounds = (target["MinCapacity"], target["MaxCapacity"])
    wanted = step_scaling.desired(configuration, value - float(alarm["Threshold"]), current, bounds, last, now)
    if wanted is None:
        return
    cause = f"monitor alarm {alarm['AlarmName']} in state {alarm['StateValue']} triggered policy {policy['PolicyName']}"
    activity = {"resourceId": resource_id, "cause": cause, "description": f"Setting desired count to {wanted}."}
    try:
        service_records.update({"cluster": cluster, "service": name, "desiredCount": wanted})
    except Refused as refusal:
        # The other alarms go on.
        note_activity({**activity, "failure": f"Failed to set desired count to {wanted}. Reason: {refusal}"})
        return
    _last[resource_id] = Last(now, step_scaling.begun_at(configuration, current, last, now), wanted > current)
    note_activity(activity)
