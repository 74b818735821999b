"""Where a load balancer is: the VPC and the zones of its subnets."""

import re
from typing import Any

from markupsafe import Markup
from ministack.services import alb, ec2

from .replacing import replace, wrap_entries
from .resources import HANDLERS, Created, Properties
from .xml_answers import text


def _in_its_vpc(create: Any) -> Any:
    """A load balancer is in the VPC of its subnets, not in the default one."""

    def call(logical_id: str, properties: Properties, stack: str) -> Created:
        arn, attributes = create(logical_id, properties, stack)
        for subnet_id in alb._lbs[arn]["Subnets"]:
            if subnet_id in ec2._subnets:
                alb._lbs[arn]["VpcId"] = ec2._subnets[subnet_id]["VpcId"]
        return arn, attributes

    return call


_SUBNET_IN_ZONE = re.compile(r"<ZoneName>[^<]*</ZoneName><SubnetId>([^<]*)</SubnetId>")


def _in_its_zones(serialise: Any) -> Any:
    """A load balancer is in the zones of its subnets: ministack says the first one of the region for each."""

    def zone(found: re.Match[str]) -> str:
        name = ec2._subnets.get(found[1], {}).get("AvailabilityZone", "")
        return f"<ZoneName>{text(name)}</ZoneName><SubnetId>{found[1]}</SubnetId>"

    def call(balancer: Any) -> Markup:
        return Markup(_SUBNET_IN_ZONE.sub(zone, serialise(balancer)))

    return call


def register() -> None:
    """Extends load balancers."""
    wrap_entries(HANDLERS["AWS::ElasticLoadBalancingV2::LoadBalancer"], ("create",), _in_its_vpc)
    replace(alb, "_lb_xml", _in_its_zones(alb._lb_xml))
