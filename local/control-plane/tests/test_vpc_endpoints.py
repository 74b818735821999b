"""VPC endpoints and routes: what the agent reads of them, and that it hears of a change."""

import json

from conftest import ControlPlane, eventually


def test_an_endpoint_says_its_groups_and_whether_names_lead_there(plane: ControlPlane) -> None:
    ec2 = plane.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.44.0.0/16")["Vpc"]["VpcId"]
    common = {"VpcId": vpc, "VpcEndpointType": "Interface", "SecurityGroupIds": ["sg-1"]}
    before = plane.agent("version")["version"]
    ec2.create_vpc_endpoint(ServiceName="com.amazonaws.us-east-1.sqs", **common)
    assert plane.agent("version")["version"] > before
    ec2.create_vpc_endpoint(ServiceName="com.amazonaws.us-east-1.sns", PrivateDnsEnabled=False, **common)
    ec2.create_vpc_endpoint(ServiceName="com.amazonaws.us-east-1.s3", VpcId=vpc, RouteTableIds=["rtb-1"])
    found = {
        one["ServiceName"].split(".")[-1]: (
            [group["GroupId"] for group in one["Groups"]],
            one["PrivateDnsEnabled"],
            one["RouteTableIds"],
        )
        for one in ec2.describe_vpc_endpoints()["VpcEndpoints"]
        if one["VpcId"] == vpc
    }
    assert found == {"sqs": (["sg-1"], True, []), "sns": (["sg-1"], False, []), "s3": ([], False, ["rtb-1"])}


def test_an_endpoint_of_a_template_has_them_too(plane: ControlPlane) -> None:
    endpoint = {
        "VpcId": {"Ref": "Vpc"},
        "ServiceName": "com.amazonaws.us-east-1.ssm",
        "VpcEndpointType": "Interface",
        "SecurityGroupIds": ["sg-2"],
    }
    resources = {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.45.0.0/16"}},
        "Named": {"Type": "AWS::EC2::VPCEndpoint", "Properties": endpoint},
        "Nameless": {"Type": "AWS::EC2::VPCEndpoint", "Properties": {**endpoint, "PrivateDnsEnabled": "false"}},
    }
    cloudformation = plane.client("cloudformation")
    cloudformation.create_stack(StackName="endpoints", TemplateBody=json.dumps({"Resources": resources}))
    status = lambda: cloudformation.describe_stacks(StackName="endpoints")["Stacks"][0]["StackStatus"]
    eventually(lambda: status() == "CREATE_COMPLETE")
    names = {
        one["VpcEndpointId"]: one["PrivateDnsEnabled"]
        for one in plane.client("ec2").describe_vpc_endpoints()["VpcEndpoints"]
        if one["Groups"] and one["Groups"][0]["GroupId"] == "sg-2"
    }
    ids = {
        one["LogicalResourceId"]: one["PhysicalResourceId"]
        for one in cloudformation.describe_stack_resources(StackName="endpoints")["StackResources"]
    }
    assert names == {ids["Named"]: True, ids["Nameless"]: False}


def test_an_endpoint_without_groups_has_the_default_one_of_its_vpc(plane: ControlPlane) -> None:
    ec2 = plane.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.46.0.0/16")["Vpc"]["VpcId"]
    service = {"ServiceName": "com.amazonaws.us-east-1.sqs", "VpcEndpointType": "Interface"}
    ec2.create_vpc_endpoint(VpcId=vpc, **service)
    template = {"Resources": {"It": {"Type": "AWS::EC2::VPCEndpoint", "Properties": {"VpcId": vpc, **service}}}}
    cloudformation = plane.client("cloudformation")
    cloudformation.create_stack(StackName="groupless", TemplateBody=json.dumps(template))
    status = lambda: cloudformation.describe_stacks(StackName="groupless")["Stacks"][0]["StackStatus"]
    eventually(lambda: status() == "CREATE_COMPLETE")
    groups = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["SecurityGroups"]
    found = [one["Groups"] for one in ec2.describe_vpc_endpoints()["VpcEndpoints"] if one["VpcId"] == vpc]
    assert [[group["GroupId"] for group in one] for one in found] == [[groups[0]["GroupId"]]] * 2
