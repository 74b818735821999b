"""VPC endpoints, with what the agent needs of them and ministack does not say: security groups, and whether names lead there."""

from typing import Any

from markupsafe import Markup
from ministack.services import ec2

from .changes import counted
from .given_values import is_true
from .replacing import replace, wrap_entries
from .resources import HANDLERS, Created, Properties, count_changes_of
from .security_group_rules import default_groups

# What leads out of a subnet, as an API changes it.
_CHANGES = (
    "AssociateRouteTable",
    "CreateRoute",
    "CreateVpcEndpoint",
    "DeleteRoute",
    "DeleteRouteTable",
    "DeleteVpcEndpoints",
    "DisassociateRouteTable",
    "ModifyVpcEndpoint",
    "ReplaceRoute",
    "ReplaceRouteTableAssociation",
)


def _names_lead_there(kind: str, given: object) -> bool:
    """True by default: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVpcEndpoint.html"""
    return kind == "Interface" and (given in (None, "") or is_true(given))


def _groups_of(endpoint: dict[str, Any]) -> list[str]:
    """The default group of the VPC where none is given, as in AWS's page on CreateVpcEndpoint."""
    given: list[str] = endpoint.get("SecurityGroupIds") or []
    if given or endpoint["VpcEndpointType"] != "Interface":
        return given
    return default_groups(endpoint["VpcId"])


def _with_names(handler: Any) -> Any:
    """A template's endpoint; the properties are the last but one argument of each operation."""

    def call(*arguments: Any, **options: Any) -> Created:
        created: Created = handler(*arguments, **options)
        properties: Properties = arguments[-2]
        endpoint = ec2._vpc_endpoints[created[0]]
        endpoint["SecurityGroupIds"] = _groups_of(endpoint)
        endpoint["PrivateDnsEnabled"] = _names_lead_there(
            endpoint["VpcEndpointType"], properties.get("PrivateDnsEnabled")
        )
        return created

    return call


def _with_groups(handler: Any) -> Any:
    """CreateVpcEndpoint keeps what it is given of these."""

    def call(parameters: Any) -> Any:
        before = set(ec2._vpc_endpoints)
        answer = handler(parameters)
        for key in set(ec2._vpc_endpoints) - before:
            endpoint = ec2._vpc_endpoints[key]
            endpoint["SecurityGroupIds"] = ec2._parse_member_list(parameters, "SecurityGroupId")
            endpoint["SecurityGroupIds"] = _groups_of(endpoint)
            endpoint["PrivateDnsEnabled"] = _names_lead_there(
                endpoint["VpcEndpointType"], ec2._p(parameters, "PrivateDnsEnabled")
            )
        return answer

    return call


def _with_members(fields: Any) -> Any:
    """What is between tags is escaped unless it is Markup: see `xml_answers`."""

    def call(endpoint: dict[str, Any], tag: str = "item") -> Markup:
        group = Markup("<item><groupId>{}</groupId></item>")
        groups = Markup("").join(group.format(one) for one in endpoint.get("SecurityGroupIds", []))
        names = "true" if endpoint.get("PrivateDnsEnabled") else "false"
        more = Markup("<groupSet>{}</groupSet><privateDnsEnabled>{}</privateDnsEnabled>").format(groups, names)
        end = f"</{tag}>"
        return Markup(str(fields(endpoint, tag)).removesuffix(end)) + more + Markup(end)

    return call


def register() -> None:
    replace(ec2, "_vpce_fields_xml", _with_members(ec2._vpce_fields_xml))
    wrap_entries(ec2._ACTION_MAP, ("CreateVpcEndpoint",), _with_groups)
    wrap_entries(ec2._ACTION_MAP, _CHANGES, counted)
    wrap_entries(HANDLERS["AWS::EC2::VPCEndpoint"], ("create", "update"), _with_names)
    # Those of endpoints count with what begins with AWS::EC2::VPC: see `ec2`.
    count_changes_of("AWS::EC2::Route")
