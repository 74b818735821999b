"""What EC2 refuses of gateways, routes, endpoints and flow logs.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
Sentences: pf-ec2-natgw-allocation, -vpc-single-igw, -route-target-exactly-one, -vpce-*, and -flow-log-* of
https://github.com/badmintoncryer/cdk-preflight, which tries them on AWS.
"""

from typing import Any

from ministack.services import ec2

from . import vpc_rules
from .given_values import number
from .refused import Refused

Request = dict[str, Any]
# As the API has them, and with a capital letter CloudFormation.
_TARGETS = (
    *(
        "gatewayId",
        "localGatewayId",
        "carrierGatewayId",
        "natGatewayId",
        "networkInterfaceId",
        "vpcPeeringConnectionId",
    ),
    *("egressOnlyInternetGatewayId", "transitGatewayId", "vpcEndpointId", "coreNetworkArn", "instanceId"),
)
_INTERVALS = (60, 600)


def check_nat(request: Request) -> None:
    """Raises Refused."""
    private = request.get("ConnectivityType") == "private"
    allocation = request.get("AllocationId")
    if private and allocation:
        sentence = "AllocationId cannot be specified for a NAT Gateway with Connectivity Type private."
        raise Refused("InvalidParameterCombination", sentence)
    if not private and not allocation:
        raise Refused("MissingParameter", "The request must include the AllocationId parameter.")
    vpc_rules.check_subnet_there(request.get("SubnetId"))
    if allocation and allocation not in ec2._addresses:
        # From memory.
        raise Refused("InvalidAllocationID.NotFound", f"The allocation ID '{allocation}' does not exist")


def check_attachment(request: Request) -> None:
    """Raises Refused."""
    vpc, gateway = request.get("VpcId"), request.get("InternetGatewayId")
    if not gateway:
        return
    vpc_rules.check_there(vpc)
    if gateway not in ec2._internet_gateways:
        sentence = f"The internetGateway ID '{gateway}' does not exist"
        raise Refused("InvalidInternetGatewayID.NotFound", sentence)
    if ec2._internet_gateways[gateway].get("Attachments"):
        # https://github.com/getmoto/moto/blob/master/moto/ec2/exceptions.py
        raise Refused("Resource.AlreadyAssociated", f"Resource {gateway} is already associated.")
    attached = [each.get("VpcId") for one in list(ec2._internet_gateways.values()) for each in one["Attachments"]]
    if vpc in attached:
        raise Refused("InvalidParameterValue", f"Network {vpc} already has an internet gateway attached")


def check_route(request: Request) -> None:
    """Raises Refused."""
    named = {name[0].upper() + name[1:]: name for name in _TARGETS}
    if len([name for name in named if request.get(name)]) != 1:
        sentence = f"The request must contain exactly one of {', '.join(_TARGETS[:-1])} or {_TARGETS[-1]}"
        raise Refused("InvalidParameterCombination", sentence)
    table = ec2._route_tables.get(request.get("RouteTableId"))
    if table is None:
        # https://github.com/getmoto/moto/blob/master/moto/ec2/exceptions.py
        sentence = f"The routeTable ID '{request.get('RouteTableId')}' does not exist"
        raise Refused("InvalidRouteTableID.NotFound", sentence)
    block = request.get("DestinationCidrBlock")
    if block is None:
        return
    vpc_rules.network(block)
    if any(one.get("DestinationCidrBlock") == block for one in table.get("Routes") or []):
        # https://github.com/hashicorp/terraform-provider-aws/issues/5631
        raise Refused("RouteAlreadyExists", f"The route identified by {block} already exists.")


def check_endpoint(request: Request) -> None:
    """Raises Refused."""
    vpc_rules.check_there(request.get("VpcId"))
    kind, subnets = request.get("VpcEndpointType") or "Gateway", request.get("SubnetIds") or []
    if kind == "Gateway" and subnets:
        sentence = "Subnet IDs are only supported for Interface and GatewayLoadBalancer type VPC Endpoints."
        raise Refused("InvalidParameter", sentence)
    if kind != "Gateway" and request.get("RouteTableIds"):
        raise Refused("InvalidParameter", "Route table IDs are only supported for Gateway type VPC Endpoint.")
    zones: set[str] = set()
    for subnet in subnets:
        zone = str(vpc_rules.check_subnet_there(subnet)["AvailabilityZone"])
        if zone in zones:
            sentence = f"Found another VPC endpoint subnet in the availability zone of {subnet}"
            raise Refused("DuplicateSubnetsInSameZone", sentence)
        zones.add(zone)


def check_flow_log(request: Request) -> None:
    """Raises Refused."""
    interval = number(request.get("MaxAggregationInterval"))
    if interval is not None and interval not in _INTERVALS:
        raise Refused("InvalidParameter", "Invalid Flow Log Max Aggregation Interval.")
    kind = request.get("LogDestinationType") or "cloud-watch-logs"
    if not request.get("LogDestination") and not request.get("LogGroupName"):
        raise Refused("InvalidParameter", "LogDestination can't be empty if LogGroupName is not provided.")
    if kind == "cloud-watch-logs" and not request.get("DeliverLogsPermissionArn"):
        sentence = "DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs."
        raise Refused("InvalidParameter", sentence)
