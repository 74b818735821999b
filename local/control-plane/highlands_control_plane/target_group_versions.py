"""What records of target groups lose: protocol version and gRPC codes.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html
"""

from typing import Any

from markupsafe import Markup
from ministack.services import alb

from . import network_balancers
from .load_balancer_requests import request_of
from .replacing import replace, replace_entry, wrap_entries
from .resources import HANDLERS, Created, properties_of
from .xml_answers import text

# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
_GRPC_PATH = "/AWS.ALB/healthcheck"
_GRPC_CODE = "12"


def _keep(group: dict[str, Any], version: str | None, path: str | None, grpc_code: str | None) -> None:
    """Puts into a record what was asked for; what a template leaves out is as by default."""
    if group["Protocol"] in network_balancers.PROTOCOLS:
        return  # which have no versions
    group["ProtocolVersion"] = version or group.get("ProtocolVersion") or "HTTP1"
    if group["ProtocolVersion"] != "GRPC":
        return
    group["HealthCheckPath"] = path or _GRPC_PATH
    group["Matcher"] = {"GrpcCode": grpc_code or _GRPC_CODE}


def _by_stack(handler: Any) -> Any:
    def call(*arguments: Any) -> Created:
        arn, attributes = handler(*arguments)
        properties = properties_of(arguments)
        matcher = properties.get("Matcher") or {}
        network_balancers.fill_checks(alb._tgs[arn], properties.get)
        _keep(
            alb._tgs[arn],
            properties.get("ProtocolVersion"),
            properties.get("HealthCheckPath"),
            str(matcher["GrpcCode"]) if "GrpcCode" in matcher else None,
        )
        return arn, attributes

    return call


def _create(create: Any) -> Any:
    def call(parameters: Any) -> Any:
        before = set(alb._tgs)
        answer = create(parameters)
        for arn in set(alb._tgs) - before:
            network_balancers.fill_checks(alb._tgs[arn], request_of(parameters).get)
            _keep(
                alb._tgs[arn],
                alb._p(parameters, "ProtocolVersion"),
                alb._p(parameters, "HealthCheckPath"),
                alb._p(parameters, "Matcher.GrpcCode"),
            )
            answer = alb._xml(200, "CreateTargetGroup", _members("TargetGroups", alb._tg_xml(alb._tgs[arn])))
        return answer

    return call


def _modify(modify: Any) -> Any:
    def call(parameters: Any) -> Any:
        group = alb._tgs.get(alb._p(parameters, "TargetGroupArn"))
        code = alb._p(parameters, "Matcher.GrpcCode")
        if group is not None and code:
            group["Matcher"] = {"GrpcCode": code}
        return modify(parameters)

    return call


def _members(name: str, inner: str) -> Markup:
    return Markup("<{0}>{1}</{0}>").format(name, Markup(inner))


def _described(describe: Any) -> Any:
    def call(group: dict[str, Any]) -> Markup:
        member: str = network_balancers.described_group(describe(group), group)
        if group["Protocol"] in network_balancers.PROTOCOLS:
            return Markup(member)
        version = group.get("ProtocolVersion", "HTTP1")
        more = Markup("<ProtocolVersion>{}</ProtocolVersion>").format(text(version))
        if "GrpcCode" in group.get("Matcher", {}):
            code = Markup("<Matcher><GrpcCode>{}</GrpcCode></Matcher>").format(text(group["Matcher"]["GrpcCode"]))
            before, _, rest = member.partition("<Matcher>")
            member = before + code + rest.partition("</Matcher>")[2]
        return Markup(member.removesuffix("</member>")) + more + Markup("</member>")

    return call


def register() -> None:
    """Adds them to stacks, to the API and to its answers; before changes are counted."""
    wrap_entries(HANDLERS["AWS::ElasticLoadBalancingV2::TargetGroup"], ("create", "update"), _by_stack)
    replace(alb, "_tg_xml", _described(alb._tg_xml))
    for name, wrapped in (("CreateTargetGroup", _create), ("ModifyTargetGroup", _modify)):
        replace_entry(alb._ACTION_MAP, name, wrapped(alb._ACTION_MAP[name]))
