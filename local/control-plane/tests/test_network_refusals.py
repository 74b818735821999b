"""What EC2 refuses, with AWS's code and sentence: by the API, and by the handlers of CloudFormation."""

import html
import re
from typing import Any

import pytest
from in_process import query, run

from highlands_control_plane.resources import HANDLERS

Fields = dict[str, str]


def ask(action: str, **fields: str) -> str:
    given = {name.replace("__", "."): value for name, value in fields.items()}
    return html.unescape(query("ec2", "2016-11-15", action, **given)[1])


def id_of(answer: str, name: str) -> str:
    found = re.search(rf"<{name}>([^<]+)<", answer)
    assert found is not None, answer
    return found[1]


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """A VPC with a subnet in it, a group with one rule, and a gateway; another VPC with a gateway."""
    vpc = id_of(ask("CreateVpc", CidrBlock="10.50.0.0/16"), "vpcId")
    subnet = id_of(ask("CreateSubnet", VpcId=vpc, CidrBlock="10.50.0.0/24", AvailabilityZone="us-east-1a"), "subnetId")
    named = {"GroupName": "taken", "GroupDescription": "d", "VpcId": vpc}
    group = id_of(ask("CreateSecurityGroup", **named), "groupId")
    assert "<Error>" not in ask("AuthorizeSecurityGroupIngress", GroupId=group, **rule())
    gateways = [id_of(ask("CreateInternetGateway"), "internetGatewayId") for _ in range(2)]
    assert "<Error>" not in ask("AttachInternetGateway", VpcId=vpc, InternetGatewayId=gateways[0])
    table = id_of(ask("CreateRouteTable", VpcId=vpc), "routeTableId")
    route = {"RouteTableId": table, "DestinationCidrBlock": "0.0.0.0/0", "GatewayId": gateways[0]}
    assert "<Error>" not in ask("CreateRoute", **route)
    address = id_of(ask("AllocateAddress", Domain="vpc"), "allocationId")
    return {
        "vpc": vpc,
        "subnet": subnet,
        "group": group,
        "table": table,
        "address": address,
        "gateway": gateways[0],
        "spare": gateways[1],
    }


def rule(protocol: str = "tcp", first: str = "80", last: str = "80", peer: str = "10.0.0.0/8", **more: str) -> Fields:
    base = "IpPermissions__1__"
    ports = {f"{base}FromPort": first, f"{base}ToPort": last} if first else {}
    return {f"{base}IpProtocol": protocol, **ports, f"{base}IpRanges__1__CidrIp": peer, **more}


def ingress(**changes: str) -> Fields:
    return {"GroupId": "{group}", **rule(**changes)}


def subnet(block: str, **more: str) -> Fields:
    return {"VpcId": "{vpc}", "CidrBlock": block, **more}


def group(**more: str) -> Fields:
    return {"VpcId": "{vpc}", "GroupName": "g", "GroupDescription": "d", **more}


ROUTE = {"RouteTableId": "{table}", "DestinationCidrBlock": "10.99.0.0/16"}
NAT = {"SubnetId": "{subnet}"}
LOGS = {"ResourceId__1": "{vpc}", "ResourceType": "VPC", "TrafficType": "ALL", "LogGroupName": "g"}
S3 = {"ServiceName": "com.amazonaws.us-east-1.s3", "VpcId": "{vpc}"}
TYPE, ID = "VpcEndpointType", "SubnetId__1"

REFUSED: list[tuple[str, Fields, str, str]] = [
    ("CreateVpc", {"CidrBlock": "10.0.0.0/8"}, "InvalidVpc.Range", "The CIDR '10.0.0.0/8' is invalid."),
    ("CreateVpc", {"CidrBlock": "10.0.0.0/29"}, "InvalidVpc.Range", "The CIDR '10.0.0.0/29' is invalid."),
    ("CreateVpc", {"CidrBlock": "127.0.0.0/16"}, "InvalidVpc.Range", "The CIDR '127.0.0.0/16' is invalid."),
    ("CreateVpc", {"CidrBlock": "x"}, "InvalidParameterValue", "Value (x) for parameter cidrBlock is invalid."),
    ("CreateSubnet", subnet("10.50.1.0/29"), "InvalidSubnet.Range", "The CIDR '10.50.1.0/29' is invalid."),
    ("CreateSubnet", subnet("10.51.0.0/24"), "InvalidSubnet.Range", "The CIDR '10.51.0.0/24' is invalid."),
    (
        "CreateSubnet",
        subnet("10.50.0.128/25"),
        "InvalidSubnet.Conflict",
        "The CIDR '10.50.0.128/25' conflicts with another subnet",
    ),
    (
        "CreateSubnet",
        {"VpcId": "vpc-gone", "CidrBlock": "10.0.0.0/24"},
        "InvalidVpcID.NotFound",
        "The vpc ID 'vpc-gone' does not exist",
    ),
    (
        "CreateSubnet",
        subnet("10.50.1.0/24", AvailabilityZone="us-east-1z"),
        "InvalidParameterValue",
        "Value (us-east-1z) for parameter availabilityZone is invalid. Subnets can currently only be created in",
    ),
    (
        "CreateSecurityGroup",
        group(GroupName="default"),
        "InvalidParameterValue",
        "Cannot use reserved security group name: default",
    ),
    (
        "CreateSecurityGroup",
        group(GroupName="sg-mine"),
        "InvalidParameterValue",
        "Value (sg-mine) for parameter GroupName is invalid. Group names may not be in the format sg-*.",
    ),
    (
        "CreateSecurityGroup",
        group(GroupDescription="très"),
        "InvalidParameterValue",
        "Invalid security group description. Valid descriptions are strings less than 256 characters",
    ),
    (
        "CreateSecurityGroup",
        group(GroupName="a|b"),
        "InvalidParameterValue",
        "Invalid security group name. Valid names",
    ),
    ("CreateSecurityGroup", group(GroupName="taken"), "InvalidGroup.Duplicate", "already exists for VPC 'vpc-"),
    ("CreateSecurityGroup", group(VpcId="vpc-gone"), "InvalidVpcID.NotFound", "The vpc ID 'vpc-gone' does not exist"),
    (
        "AuthorizeSecurityGroupIngress",
        ingress(),
        "InvalidPermission.Duplicate",
        'the specified rule "peer: 10.0.0.0/8, TCP, from port: 80, to port: 80, ALLOW" already exists',
    ),
    (
        "AuthorizeSecurityGroupEgress",
        ingress(protocol="-1", first="", peer="0.0.0.0/0"),
        "InvalidPermission.Duplicate",
        'the specified rule "peer: 0.0.0.0/0, ALL, ALLOW" already exists',
    ),
    (
        "AuthorizeSecurityGroupIngress",
        {**ingress(first="90", last="90"), "IpPermissions__1__IpRanges__2__CidrIp": "10.0.0.0/8"},
        "InvalidParameterValue",
        "The same permission must not appear multiple times",
    ),
    (
        "AuthorizeSecurityGroupIngress",
        ingress(first="65536", last="65536"),
        "InvalidParameterValue",
        "TCP/UDP (from) port (65536) out of range",
    ),
    (
        "AuthorizeSecurityGroupIngress",
        ingress(first="90", last="80"),
        "InvalidParameterValue",
        "Invalid TCP/UDP port range(90:80)",
    ),
    (
        "AuthorizeSecurityGroupIngress",
        ingress(first=""),
        "InvalidParameterValue",
        "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.",
    ),
    (
        "AuthorizeSecurityGroupIngress",
        ingress(protocol="icmp", first="256", last="0"),
        "InvalidParameterValue",
        "ICMP type (256) out of range",
    ),
    (
        "AuthorizeSecurityGroupIngress",
        ingress(protocol="http"),
        "InvalidParameterValue",
        "Invalid value 'http' for IP protocol. Unknown protocol.",
    ),
    (
        "AuthorizeSecurityGroupIngress",
        ingress(peer="10.0.0.0/33"),
        "InvalidParameterValue",
        "CIDR block 10.0.0.0/33 is malformed",
    ),
    (
        "AuthorizeSecurityGroupIngress",
        ingress(IpPermissions__1__IpRanges__1__Description="très"),
        "InvalidParameterValue",
        "Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:",
    ),
    (
        "AuthorizeSecurityGroupIngress",
        ingress(first="91", last="91", IpPermissions__1__Groups__1__GroupId="sg-gone"),
        "InvalidGroup.NotFound",
        "The security group 'sg-gone' does not exist",
    ),
    (
        "AuthorizeSecurityGroupIngress",
        {**ingress(), **{f"IpPermissions__1__IpRanges__{n}__CidrIp": f"10.{n}.0.0/16" for n in range(1, 61)}},
        "RulesPerSecurityGroupLimitExceeded",
        "The maximum number of rules per security group has been reached.",
    ),
    (
        "CreateNatGateway",
        NAT,
        "MissingParameter",
        "The request must include the AllocationId parameter.",
    ),
    (
        "CreateNatGateway",
        {**NAT, "ConnectivityType": "private", "AllocationId": "{address}"},
        "InvalidParameterCombination",
        "AllocationId cannot be specified for a NAT Gateway with Connectivity Type private.",
    ),
    (
        "CreateNatGateway",
        {"SubnetId": "subnet-gone", "AllocationId": "{address}"},
        "InvalidSubnetID.NotFound",
        "The subnet ID 'subnet-gone' does not exist",
    ),
    (
        "CreateNatGateway",
        {**NAT, "AllocationId": "eipalloc-gone"},
        "InvalidAllocationID.NotFound",
        "The allocation ID 'eipalloc-gone' does not exist",
    ),
    (
        "AttachInternetGateway",
        {"VpcId": "{vpc}", "InternetGatewayId": "{spare}"},
        "InvalidParameterValue",
        "already has an internet gateway attached",
    ),
    (
        "AttachInternetGateway",
        {"VpcId": "vpc-00000001", "InternetGatewayId": "{gateway}"},
        "Resource.AlreadyAssociated",
        "is already associated",
    ),
    (
        "CreateRoute",
        ROUTE,
        "InvalidParameterCombination",
        "The request must contain exactly one of gatewayId, localGate",
    ),
    (
        "CreateRoute",
        {**ROUTE, "GatewayId": "{gateway}", "NatGatewayId": "nat-1"},
        "InvalidParameterCombination",
        "natGatewayId, networkInterfaceId, vpcPeeringConnectionId, egressOnlyInternetGatewayId, transitGatewayId, ",
    ),
    (
        "CreateRoute",
        {**ROUTE, "GatewayId": "{gateway}", "DestinationCidrBlock": "0.0.0.0/0"},
        "RouteAlreadyExists",
        "The route identified by 0.0.0.0/0 already exists.",
    ),
    (
        "CreateRoute",
        {**ROUTE, "GatewayId": "{gateway}", "RouteTableId": "rtb-gone"},
        "InvalidRouteTableID.NotFound",
        "The routeTable ID 'rtb-gone' does not exist",
    ),
    (
        "CreateVpcEndpoint",
        {**S3, ID: "{subnet}"},
        "InvalidParameter",
        "Subnet IDs are only supported for Interface and GatewayLoadBalancer type VPC Endpoints.",
    ),
    (
        "CreateVpcEndpoint",
        {**S3, TYPE: "Interface", "RouteTableId__1": "{table}"},
        "InvalidParameter",
        "Route table IDs are only supported for Gateway type VPC Endpoint.",
    ),
    (
        "CreateVpcEndpoint",
        {**S3, TYPE: "Interface", ID: "{subnet}", "SubnetId__2": "{subnet}"},
        "DuplicateSubnetsInSameZone",
        "Found another VPC endpoint subnet in the availability zone of subnet-",
    ),
    (
        "CreateFlowLogs",
        {**LOGS, "MaxAggregationInterval": "300"},
        "InvalidParameter",
        "Invalid Flow Log Max Aggregation Interval.",
    ),
    (
        "CreateFlowLogs",
        LOGS,
        "InvalidParameter",
        "DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs.",
    ),
    (
        "CreateFlowLogs",
        {**LOGS, "LogGroupName": "", "LogDestinationType": "s3"},
        "InvalidParameter",
        "LogDestination can't be empty if LogGroupName is not provided.",
    ),
    ("DeleteVpc", {"VpcId": "{vpc}"}, "DependencyViolation", "has dependencies and cannot be deleted."),
]


@pytest.mark.parametrize(
    ("action", "fields", "code", "sentence"), REFUSED, ids=[f"{one[0]} {one[3]}" for one in REFUSED]
)
def test_it_is_refused(made: dict[str, str], action: str, fields: Fields, code: str, sentence: str) -> None:
    given = {name: value.format(**made) for name, value in fields.items() if value}
    answer = ask(action, **given)
    assert f"<Code>{code}</Code>" in answer, answer
    assert sentence in answer


TAKEN: list[tuple[str, Fields]] = [
    ("CreateVpc", {"CidrBlock": "100.64.0.0/16"}),
    ("CreateSubnet", subnet("10.50.2.0/28")),
    ("AuthorizeSecurityGroupIngress", ingress(protocol="udp")),
    ("AuthorizeSecurityGroupIngress", ingress(protocol="-1", first="")),
    ("AuthorizeSecurityGroupIngress", ingress(protocol="50", first="")),
    ("AuthorizeSecurityGroupIngress", ingress(protocol="icmp", first="-1", last="-1")),
    ("CreateNatGateway", {**NAT, "AllocationId": "{address}"}),
    ("CreateRoute", {**ROUTE, "GatewayId": "{gateway}"}),
]


@pytest.mark.parametrize(("action", "fields"), TAKEN)
def test_it_is_taken(made: dict[str, str], action: str, fields: Fields) -> None:
    assert "<Error>" not in ask(action, **{name: value.format(**made) for name, value in fields.items()})


def make(kind: str, **properties: Any) -> Any:
    async def create() -> Any:
        return HANDLERS[f"AWS::EC2::{kind}"]["create"]("Made", properties, "stack")

    return run(create())


WEB = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": "80"}


def test_by_cloudformation_it_is_the_same_sentence(made: dict[str, str]) -> None:
    handled = (
        r'Resource handler returned message: "The CIDR \'10.0.0.0/8\' is invalid. \(Service: Ec2, Status Code: 400'
    )
    with pytest.raises(ValueError, match=handled):
        make("VPC", CidrBlock="10.0.0.0/8")
    base = {"GroupDescription": "d", "VpcId": made["vpc"]}
    both = {**WEB, "CidrIp": "10.0.0.0/8", "SourceSecurityGroupId": made["group"]}
    with pytest.raises(ValueError, match="Both CidrIp and SourceSecurityGroup cannot be specified"):
        make("SecurityGroup", **base, SecurityGroupIngress=[both])
    out = {**WEB, "CidrIp": "10.0.0.0/8", "DestinationSecurityGroupId": made["group"]}
    with pytest.raises(ValueError, match="Only one of CidrIp, CidrIpv6, DestinationPrefixListId or Dest"):
        make("SecurityGroup", **base, SecurityGroupEgress=[out])
    with pytest.raises(ValueError, match="The same permission must not appear multiple times"):
        make("SecurityGroup", **base, SecurityGroupIngress=[{**WEB, "CidrIp": "10.0.0.0/8"}] * 2)
    with pytest.raises(ValueError, match="Exactly one of CidrIp, CidrIpv6, SourcePrefixListId"):
        make("SecurityGroupIngress", GroupId=made["group"], **WEB)
    with pytest.raises(ValueError, match="already exists"):
        make("SecurityGroupIngress", GroupId=made["group"], **WEB, CidrIp="10.0.0.0/8")
    with pytest.raises(ValueError, match="The security group 'sg-gone' does not exist"):
        make("SecurityGroupIngress", GroupId="sg-gone", **WEB, CidrIp="10.0.0.0/8")


def test_a_rule_whose_description_alone_changes_is_changed(made: dict[str, str]) -> None:
    given = {"GroupId": made["group"], **WEB, "CidrIp": "10.6.0.0/16"}
    rule_id, _ = make("SecurityGroupIngress", **given)

    async def update() -> Any:
        handler = HANDLERS["AWS::EC2::SecurityGroupIngress"]["update"]
        return handler(rule_id, given, {**given, "Description": "new"}, "stack", "Made")

    assert run(update())[0] != rule_id


def test_what_is_in_use_stays(made: dict[str, str]) -> None:
    """A group that a rule of another group names, and a subnet with a NAT gateway."""
    user = id_of(ask("CreateSecurityGroup", **{**group(GroupName="user"), "VpcId": made["vpc"]}), "groupId")
    named = {"IpPermissions__1__IpProtocol": "-1", "IpPermissions__1__Groups__1__GroupId": made["group"]}
    assert "<Error>" not in ask("AuthorizeSecurityGroupIngress", GroupId=user, **named)
    answer = ask("DeleteSecurityGroup", GroupId=made["group"])
    assert "<Code>DependencyViolation</Code>" in answer
    assert f"<Message>resource {made['group']} has a dependent object</Message>" in answer
    assert "<Error>" not in ask("DeleteSecurityGroup", GroupId=user)
    address = id_of(ask("AllocateAddress", Domain="vpc"), "allocationId")
    ask("CreateNatGateway", SubnetId=made["subnet"], AllocationId=address)
    sentence = f"The subnet '{made['subnet']}' has dependencies and cannot be deleted."
    assert sentence in ask("DeleteSubnet", SubnetId=made["subnet"])
