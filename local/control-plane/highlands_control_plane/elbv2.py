"""Load balancer records: rule conditions kept whole, and target health as the agent sees it."""

import copy
from typing import Any

from markupsafe import Markup
from ministack.services import alb, waf
from ministack.services.cloudformation import provisioners

from . import balancer_places, load_balancer_use, registered_targets
from .changes import counted
from .replacing import replace, replace_entry, wrap_entries
from .resources import HANDLERS, Created, Properties, count_changes_of, properties_of, resource
from .xml_answers import text

# https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html
_NOT_REGISTERED = {
    "State": "unused",
    "Reason": "Target.NotRegistered",
    "Description": "Target is not registered to the target group",
}
_NOT_IN_USE = {
    "State": "unused",
    "Reason": "Target.NotInUse",
    "Description": "Target group is not configured to receive traffic from the load balancer",
}
_MUTATIONS = ("Create", "Modify", "Delete", "Set", "Register", "Deregister")


def _xml(value: Any) -> Markup:
    if isinstance(value, list):
        return Markup("").join(Markup("<member>{}</member>").format(_xml(item)) for item in value)
    if isinstance(value, dict):
        return Markup("").join(Markup("<{0}>{1}</{0}>").format(key, _xml(item)) for key, item in value.items())
    return text(str(value).lower() if isinstance(value, bool) else value)


def _condition(condition: dict[str, Any]) -> Markup:
    """A condition as DescribeRules has it: the typed config, and for the old fields the flat values too. A config may have
    RegexValues alone."""
    configs = [condition.get("PathPatternConfig", {}), condition.get("HostHeaderConfig", {})]
    flat: list[str] = condition.get("Values") or next(
        (config["Values"] for config in configs if "Values" in config), []
    )
    typed = {key: value for key, value in condition.items() if key != "Values"}
    key = alb._CONDITION_VALUE_KEYS.get(condition.get("Field"))
    if flat and key and key not in typed:
        typed[key] = {"Values": flat}
    return _xml([{**typed, "Values": flat}])


def _keep_conditions(handler: Any) -> Any:
    def call(*arguments: Any) -> Created:
        rule_arn, attributes = handler(*arguments)
        properties = properties_of(arguments)
        alb._rules[rule_arn]["Conditions"] = copy.deepcopy(properties.get("Conditions", []))
        return rule_arn, attributes

    return call


def _forward_groups(params: Any, prefix: str) -> list[dict[str, Any]]:
    groups: list[dict[str, Any]] = []
    while arn := alb._p(params, f"{prefix}.{len(groups) + 1}.TargetGroupArn"):
        weight = alb._p(params, f"{prefix}.{len(groups) + 1}.Weight", "1")
        groups.append({"TargetGroupArn": arn, "Weight": int(weight)})
    return groups


def _keep_weights() -> None:
    """Listener actions keep their ForwardConfig: in the record, and in what the API answers."""
    actions, action_xml, parse = provisioners._elbv2_listener_actions, alb._action_xml, alb._parse_actions

    def with_forward(
        properties: Properties, balancer: str | None, prop: str = "DefaultActions"
    ) -> list[dict[str, Any]]:
        records: list[dict[str, Any]] = actions(properties, balancer, prop)
        for record, action in zip(records, properties.get(prop) or [], strict=True):
            if "ForwardConfig" in action:
                record["ForwardConfig"] = copy.deepcopy(action["ForwardConfig"])
        return records

    def forward_xml(action: dict[str, Any]) -> Markup:
        member: Markup = action_xml(action)
        if "ForwardConfig" not in action:
            return member
        return member.removesuffix("</member>") + _xml({"ForwardConfig": action["ForwardConfig"]}) + Markup("</member>")

    def parsed(params: Any, prefix: str = "DefaultActions") -> list[dict[str, Any]]:
        records: list[dict[str, Any]] = parse(params, prefix)
        for number, record in enumerate(records, 1):
            groups = _forward_groups(params, f"{prefix}.member.{number}.ForwardConfig.TargetGroups.member")
            if groups:
                record["ForwardConfig"] = {"TargetGroups": groups}
                base = f"{prefix}.member.{number}.ForwardConfig.TargetGroupStickinessConfig"
                if enabled := alb._p(params, f"{base}.Enabled"):
                    duration = alb._p(params, f"{base}.DurationSeconds")
                    record["ForwardConfig"]["TargetGroupStickinessConfig"] = {
                        "Enabled": enabled.lower() == "true",
                        **({"DurationSeconds": int(duration)} if duration else {}),
                    }
        return records

    replace(provisioners, "_elbv2_listener_actions", with_forward)
    replace(alb, "_parse_actions", parsed)
    replace(alb, "_action_xml", forward_xml)


def _full_name(arn: str) -> str:
    """`targetgroup/<name>/<id>`, the last part of the ARN:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-elasticloadbalancingv2-targetgroup.html
    """
    return arn.rsplit(":", 1)[-1]


def put_target_health(target_group_arn: str, targets: list[dict[str, Any]]) -> None:
    """These targets have this health; of those that ECS registered there are no others."""
    if target_group_arn not in alb._tgs:
        return  # it was deleted a moment ago
    reported = [
        {
            "Id": target["id"],
            "Port": target["port"],
            "AvailabilityZone": target.get("availabilityZone", "all"),
            "_health": {
                "State": target["state"],
                **({"Reason": target["reason"]} if "reason" in target else {}),
                **({"Description": target["description"]} if "description" in target else {}),
            },
        }
        for target in targets
    ]
    alb._targets[target_group_arn] = registered_targets.merged(target_group_arn, reported)


def _describe_target_health(parameters: Any) -> Any:
    arn = alb._p(parameters, "TargetGroupArn")
    group = alb._tgs.get(arn)
    if group is None:
        return alb._error("TargetGroupNotFound", f"Target group '{arn}' not found.")
    registered = registered_targets.described(arn)
    wanted = alb._parse_targets_param(parameters)
    known = {one["Id"] for one in registered}
    asked = [one for one in registered if not wanted or one["Id"] in {target["Id"] for target in wanted}]
    unknown = [one for one in wanted if one["Id"] not in known]
    used = load_balancer_use.balancers_of(arn) != []
    descriptions = [_target_description(one, group, used) for one in asked]
    descriptions += [_target_description(one, group, True) for one in unknown]
    return alb._xml(200, "DescribeTargetHealth", _xml({"TargetHealthDescriptions": descriptions}))


def _target_description(target: dict[str, Any], group: dict[str, Any], used: bool) -> dict[str, Any]:
    port = target.get("Port") or group.get("Port", 80)
    check_port = group.get("HealthCheckPort", "traffic-port")
    return {
        "Target": {"Id": target["Id"], "Port": port, "AvailabilityZone": target.get("AvailabilityZone", "all")},
        "HealthCheckPort": port if check_port == "traffic-port" else check_port,
        "TargetHealth": target.get("_health", _NOT_REGISTERED) if used else _NOT_IN_USE,
    }


def _associate_web_acl(logical_id: str, properties: Properties, stack: str) -> Created:
    """A record: nothing here looks at requests, and the web ACL may be one of the account on AWS."""
    resource_arn, web_acl_arn = properties["ResourceArn"], properties["WebACLArn"]
    waf._associations[resource_arn] = web_acl_arn
    return f"{resource_arn}|{web_acl_arn}", {}


def _disassociate_web_acl(physical_id: str, properties: Properties) -> None:
    waf._associations.pop(physical_id.split("|", 1)[0], None)


def register() -> None:
    """Extends rules and load balancers, replaces DescribeTargetHealth, and lets every change count."""
    wrap_entries(HANDLERS["AWS::ElasticLoadBalancingV2::ListenerRule"], ("create", "update"), _keep_conditions)
    balancer_places.register()
    resource("AWS::WAFv2::WebACLAssociation", create=_associate_web_acl, delete=_disassociate_web_acl)
    replace(alb, "_condition_xml", _condition)
    replace(alb, "_target_group_full_name_from_arn", _full_name)
    _keep_weights()
    replace_entry(alb._ACTION_MAP, "DescribeTargetHealth", _describe_target_health)
    registered_targets.register()
    wrap_entries(alb._ACTION_MAP, tuple(name for name in alb._ACTION_MAP if name.startswith(_MUTATIONS)), counted)
    count_changes_of("AWS::ElasticLoadBalancingV2::")
