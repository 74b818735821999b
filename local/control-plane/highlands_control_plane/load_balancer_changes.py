"""What Elastic Load Balancing refuses of changes: a thing as it would be after one, by its record. Raises Refused."""

from typing import Any

from ministack.services import alb

from . import attribute_rules, listener_rules, load_balancer_rules, registered_targets, target_group_rules
from .load_balancer_requests import refuse_name
from .load_balancer_rules import Request
from .refused import Refused


def balancer(properties: Request, arn: str | None) -> None:
    """Of CloudFormation, as the next three: `arn` is None where it makes a new one."""
    load_balancer_rules.check(properties)
    if arn is None:
        refuse_name(properties, alb._lbs, "LoadBalancer")
    elif (record := alb._lbs.get(arn)) is not None and record["Type"] == properties.get("Type", "application"):
        load_balancer_rules.check_kept_groups(record, properties.get("SecurityGroups") or [])


def group(properties: Request, arn: str | None) -> None:
    target_group_rules.check(properties)
    registered_targets.check(properties)
    if arn is None:
        refuse_name(properties, alb._tgs, "TargetGroup")


def listener(properties: Request, arn: str | None) -> None:
    record = alb._listeners.get(arn)
    moved = record is None or record["LoadBalancerArn"] != properties.get("LoadBalancerArn")
    listener_rules.check_listener(properties, None if moved else arn)


def rule(properties: Request, arn: str | None) -> None:
    record = alb._rules.get(arn)
    moved = record is None or record["ListenerArn"] != properties.get("ListenerArn")
    listener_rules.check_rule(properties, None if moved else arn)


def modified_group(request: Request) -> None:
    """Of the API, as the next ones."""
    record = alb._tgs.get(request.get("TargetGroupArn"))
    if record is not None:
        target_group_rules.check_health_check({**record, **request}, str(record.get("Protocol", "HTTP")))


def _attributes(records: Any, arn: Any) -> dict[str, str]:
    return {str(one["Key"]): str(one["Value"]) for one in records.get(arn) or []}


def modified_balancer_attributes(request: Request) -> None:
    arn = request.get("LoadBalancerArn")
    kind = str((alb._lbs.get(arn) or {}).get("Type") or "application")
    attribute_rules.check_balancer(request["Attributes"], kind, _attributes(alb._lb_attrs, arn))


def modified_group_attributes(request: Request) -> None:
    arn = request.get("TargetGroupArn")
    before = _attributes(alb._tg_attrs, arn)
    record = alb._tgs.get(arn) or {}
    attribute_rules.check_group(request["Attributes"], str(record.get("Protocol", "HTTP")), before)


def modified_listener(request: Request) -> None:
    record = alb._listeners.get(request.get("ListenerArn"))
    if record is None:
        return  # which the action itself says
    before = {**record, "Certificates": [{"CertificateArn": one} for one in record.get("Certificates") or []]}
    if request.get("Protocol", record["Protocol"]) not in ("HTTPS", "TLS"):
        before = {name: value for name, value in before.items() if name not in ("Certificates", "SslPolicy")}
    listener_rules.check_listener({**before, **request}, request["ListenerArn"])


def modified_rule(request: Request) -> None:
    record = alb._rules.get(request.get("RuleArn"))
    if record is not None and not record["IsDefault"]:
        listener_rules.check_rule({**record, **request, "Priority": record["Priority"]}, record["RuleArn"])


def deleted_rule(request: Request) -> None:
    record = alb._rules.get(request.get("RuleArn"))
    if record is None:
        raise Refused("RuleNotFound", f"Rule '{request.get('RuleArn')}' not found")
    if record["IsDefault"]:
        # https://github.com/hashicorp/terraform-provider-aws/issues/11032; from memory
        raise Refused("OperationNotPermitted", f"Default rule '{record['RuleArn']}' cannot be deleted")
