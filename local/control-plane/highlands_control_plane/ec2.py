"""The EC2 resource types of a CDK VPC that ministack lacks."""

from typing import Any

from ministack.core.responses import now_iso
from ministack.services import ec2

from .changes import counted
from .replacing import wrap_entries
from .resources import HANDLERS, Created, Properties, count_changes_of, new_id, resource

# What the agent reads of a network, as an API changes it: its rules are counted beside them, in security_groups.py.
_CHANGES = (
    "CreateVpc",
    "CreateDefaultVpc",
    "DeleteVpc",
    "ModifyVpcAttribute",
    "CreateSubnet",
    "DeleteSubnet",
    "CreateSecurityGroup",
    "DeleteSecurityGroup",
)


def _create_eip(logical_id: str, properties: Properties, stack: str) -> Created:
    allocation = new_id("eipalloc-")
    address = ec2._random_ip("52.")
    ec2._addresses[allocation] = {
        "AllocationId": allocation,
        "PublicIp": address,
        "Domain": "vpc",
        "AssociationId": None,
        "InstanceId": None,
        "NetworkInterfaceId": None,
        "PrivateIpAddress": None,
    }
    ec2._tags[allocation] = properties.get("Tags", [])
    return address, {"AllocationId": allocation, "PublicIp": address}


def _delete_eip(address: str, properties: Properties) -> None:
    for allocation, record in list(ec2._addresses.items()):
        if record["PublicIp"] == address:
            del ec2._addresses[allocation]


def _create_nat_gateway(logical_id: str, properties: Properties, stack: str) -> Created:
    subnet = ec2._subnets.get(properties["SubnetId"])
    if subnet is None:
        raise ValueError(f"subnet {properties['SubnetId']} of the NAT gateway does not exist")
    gateway = new_id("nat-")
    ec2._nat_gateways[gateway] = {
        "NatGatewayId": gateway,
        "SubnetId": properties["SubnetId"],
        "VpcId": subnet["VpcId"],
        "AllocationId": properties.get("AllocationId"),
        "ConnectivityType": properties.get("ConnectivityType", "public"),
        "State": "available",
        "CreateTime": now_iso(),
        "Tags": properties.get("Tags", []),
    }
    return gateway, {"NatGatewayId": gateway}


def _delete_nat_gateway(gateway: str, properties: Properties) -> None:
    ec2._nat_gateways.pop(gateway, None)


def _create_flow_log(logical_id: str, properties: Properties, stack: str) -> Created:
    flow_log = new_id("fl-")
    ec2._flow_logs[flow_log] = {
        "FlowLogId": flow_log,
        "ResourceId": properties["ResourceId"],
        "TrafficType": properties.get("TrafficType", "ALL"),
        "LogDestinationType": properties.get("LogDestinationType", "cloud-watch-logs"),
        "LogGroupName": properties.get("LogGroupName", ""),
        "LogDestination": properties.get("LogDestination", ""),
        "DeliverLogsPermissionArn": properties.get("DeliverLogsPermissionArn"),
        "FlowLogStatus": "ACTIVE",
        "CreationTime": now_iso(),
        "LogFormat": properties.get("LogFormat", ""),
        "MaxAggregationInterval": properties.get("MaxAggregationInterval", 600),
    }
    return flow_log, {"Id": flow_log}


def _delete_flow_log(flow_log: str, properties: Properties) -> None:
    ec2._flow_logs.pop(flow_log, None)


def _with_cidr_block(handler: Any) -> Any:
    """A VPC's CidrBlock is an attribute that templates read: security groups of endpoints do."""

    def call(*arguments: Any, **options: Any) -> Created:
        vpc_id, attributes = handler(*arguments, **options)
        return vpc_id, {**attributes, "CidrBlock": ec2._vpcs[vpc_id]["CidrBlock"]}

    return call


def register() -> None:
    """Adds the types, and lets every change to the network count."""
    wrap_entries(HANDLERS["AWS::EC2::VPC"], ("create", "update"), _with_cidr_block)
    resource("AWS::EC2::EIP", create=_create_eip, delete=_delete_eip)
    resource("AWS::EC2::NatGateway", create=_create_nat_gateway, delete=_delete_nat_gateway)
    resource("AWS::EC2::FlowLog", create=_create_flow_log, delete=_delete_flow_log)
    for prefix in ("AWS::EC2::Subnet", "AWS::EC2::VPC", "AWS::EC2::SecurityGroup", "AWS::ServiceDiscovery::"):
        count_changes_of(prefix)
    wrap_entries(ec2._ACTION_MAP, _CHANGES, counted)
