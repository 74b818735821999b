"""Text of users in the APIs that answer in XML: it comes back as it was given, and the answer can be read."""

import json
from typing import Any

import pytest
from conftest import ControlPlane

# Markup, an entity that is text, quotes, and what looks like the answer itself.
TEXT = """<b>R&D</b> &amp; "it's" </member><Host>x</Host> ]]> é"""
# Of a security group, where EC2 takes no bracket like the first one.
DESCRIPTION = "R&D &amp; a=[1]; #2"


def test_ec2(module_plane: ControlPlane) -> None:
    ec2 = module_plane.client("ec2")
    vpc = ec2.create_vpc(
        CidrBlock="10.0.0.0/16", TagSpecifications=[{"ResourceType": "vpc", "Tags": [{"Key": "team", "Value": TEXT}]}]
    )
    vpc_id = vpc["Vpc"]["VpcId"]
    assert ec2.describe_vpcs(VpcIds=[vpc_id])["Vpcs"][0]["Tags"] == [{"Key": "team", "Value": TEXT}]
    group = ec2.create_security_group(GroupName="web & api", Description=DESCRIPTION, VpcId=vpc_id)["GroupId"]
    rule = {
        "IpProtocol": "tcp",
        "FromPort": 80,
        "ToPort": 80,
        "IpRanges": [{"CidrIp": "10.0.0.0/16", "Description": DESCRIPTION}],
    }
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    [found] = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
    assert (found["GroupName"], found["Description"]) == ("web & api", DESCRIPTION)
    assert found["IpPermissions"][0]["IpRanges"] == rule["IpRanges"]
    rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
    assert DESCRIPTION in [one.get("Description") for one in rules]
    assert TEXT in [one["Value"] for one in ec2.describe_tags()["Tags"]]


def _action() -> dict[str, Any]:
    body = {"StatusCode": "503", "ContentType": "text/html", "MessageBody": TEXT}
    return {"Type": "fixed-response", "FixedResponseConfig": body}


def test_load_balancers(module_plane: ControlPlane) -> None:
    elbv2 = module_plane.client("elbv2")
    subnets = [one["SubnetId"] for one in module_plane.client("ec2").describe_subnets()["Subnets"]][:2]
    balancer = elbv2.create_load_balancer(Name="lb", Subnets=subnets, Tags=[{"Key": "team", "Value": TEXT}])
    arn = balancer["LoadBalancers"][0]["LoadBalancerArn"]
    assert elbv2.describe_tags(ResourceArns=[arn])["TagDescriptions"][0]["Tags"] == [{"Key": "team", "Value": TEXT}]
    group = elbv2.create_target_group(
        Name="tg", Protocol="HTTP", Port=80, VpcId="vpc-00000001", HealthCheckPath="/health?deep=1&b=<2>"
    )
    assert group["TargetGroups"][0]["HealthCheckPath"] == "/health?deep=1&b=<2>"
    assert elbv2.describe_target_groups()["TargetGroups"][0]["HealthCheckPath"] == "/health?deep=1&b=<2>"
    listener = elbv2.create_listener(LoadBalancerArn=arn, Port=80, Protocol="HTTP", DefaultActions=[_action()])[
        "Listeners"
    ][0]
    assert listener["DefaultActions"][0]["FixedResponseConfig"]["MessageBody"] == TEXT
    assert elbv2.describe_listeners(LoadBalancerArn=arn)["Listeners"][0]["DefaultActions"] == listener["DefaultActions"]
    redirect = {
        "Protocol": "HTTPS",
        "Port": "443",
        "Host": "#{host}",
        "Path": "/a&b",
        "Query": "a=<1>&b=2",
        "StatusCode": "HTTP_301",
    }
    rules = [
        ({"Field": "path-pattern", "PathPatternConfig": {"Values": ["/a&b/*"]}}, _action()),
        ({"Field": "query-string", "QueryStringConfig": {"Values": [{"Key": "a<b", "Value": "c&d"}]}}, _action()),
        (
            {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-A", "Values": ["<&>"]}},
            {"Type": "redirect", "RedirectConfig": redirect},
        ),
    ]
    for priority, (condition, action) in enumerate(rules, 1):
        elbv2.create_rule(
            ListenerArn=listener["ListenerArn"], Priority=priority, Conditions=[condition], Actions=[action]
        )
    # The default rule last.
    found = sorted(
        elbv2.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"], key=lambda rule: rule["Priority"]
    )
    bodies = [one["Actions"][0].get("FixedResponseConfig", {}).get("MessageBody") for one in found]
    assert bodies == [TEXT, TEXT, None, TEXT]
    assert found[0]["Conditions"][0]["PathPatternConfig"]["Values"] == ["/a&b/*"]
    assert found[1]["Conditions"][0]["QueryStringConfig"]["Values"] == [{"Key": "a<b", "Value": "c&d"}]
    assert found[2]["Conditions"][0]["HttpHeaderConfig"]["Values"] == ["<&>"]
    assert found[2]["Actions"][0]["RedirectConfig"] == redirect


def test_cloudformation(module_plane: ControlPlane) -> None:
    stacks = module_plane.client("cloudformation")
    template = {
        "Description": TEXT,
        "Parameters": {"It": {"Type": "String", "Description": TEXT}},
        "Resources": {"Group": {"Type": "AWS::Logs::LogGroup", "Metadata": {"text": TEXT}}},
        "Outputs": {"It": {"Value": {"Ref": "It"}, "Description": TEXT}},
    }
    body = json.dumps(template)
    parameters = [{"ParameterKey": "It", "ParameterValue": TEXT}]
    assert stacks.validate_template(TemplateBody=body)["Description"] == TEXT
    stacks.create_stack(
        StackName="S", TemplateBody=body, Parameters=parameters, Tags=[{"Key": "team", "Value": "R&D <x>"}]
    )
    stacks.get_waiter("stack_create_complete").wait(StackName="S", WaiterConfig={"Delay": 1, "MaxAttempts": 20})
    [stack] = stacks.describe_stacks(StackName="S")["Stacks"]
    assert stack["Description"] == TEXT
    assert (stack["Outputs"][0]["OutputValue"], stack["Outputs"][0]["Description"]) == (TEXT, TEXT)
    assert stack["Parameters"] == parameters
    assert stack["Tags"] == [{"Key": "team", "Value": "R&D <x>"}]
    assert stacks.get_template(StackName="S")["TemplateBody"] == template
    summary = stacks.get_template_summary(TemplateBody=body)
    assert (summary["Description"], summary["Parameters"][0]["Description"]) == (TEXT, TEXT)
    broken = {
        "Resources": {
            "It": {
                "Type": "AWS::EC2::SubnetRouteTableAssociation",
                "Properties": {"SubnetId": TEXT, "RouteTableId": TEXT},
            }
        }
    }
    stacks.create_change_set(
        StackName="T", ChangeSetName="c", ChangeSetType="CREATE", Description=TEXT, TemplateBody=json.dumps(broken)
    )
    assert stacks.describe_change_set(StackName="T", ChangeSetName="c")["Description"] == TEXT


def test_descriptions_by_change_set_and_by_update(module_plane: ControlPlane) -> None:
    stacks = module_plane.client("cloudformation")

    def body(description: str, name: str) -> str:
        return json.dumps({"Description": description, "Resources": {name: {"Type": "AWS::Logs::LogGroup"}}})

    def described() -> list[str]:
        return [one["Description"] for one in stacks.describe_stacks(StackName="U")["Stacks"]]

    stacks.create_change_set(
        StackName="U", ChangeSetName="c", ChangeSetType="CREATE", TemplateBody=body("A & <b>", "One")
    )
    stacks.get_waiter("change_set_create_complete").wait(StackName="U", ChangeSetName="c", WaiterConfig={"Delay": 1})
    stacks.execute_change_set(StackName="U", ChangeSetName="c")
    stacks.get_waiter("stack_create_complete").wait(StackName="U", WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    assert described() == ["A & <b>"]
    stacks.update_stack(StackName="U", TemplateBody=body(TEXT, "Two"))
    stacks.get_waiter("stack_update_complete").wait(StackName="U", WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    assert described() == [TEXT]


def test_iam(module_plane: ControlPlane) -> None:
    iam = module_plane.client("iam")
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    iam.create_role(
        RoleName="r",
        AssumeRolePolicyDocument=json.dumps(policy),
        Description=TEXT,
        Tags=[{"Key": "team", "Value": "é + a"}],
    )
    role = iam.get_role(RoleName="r")["Role"]
    assert (role["Description"], role["Tags"]) == (TEXT, [{"Key": "team", "Value": "é + a"}])
    assert role["AssumeRolePolicyDocument"] == policy
    assert TEXT in [one.get("Description") for one in iam.list_roles()["Roles"]]
    allowed = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "arn:aws:s3:::a&b<c>"}],
    }
    iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=json.dumps(allowed))
    assert iam.get_role_policy(RoleName="r", PolicyName="p")["PolicyDocument"] == allowed


def test_topics_and_queues(module_plane: ControlPlane) -> None:
    sns, sqs = module_plane.client("sns"), module_plane.client("sqs")
    arn = sns.create_topic(Name="t", Attributes={"DisplayName": TEXT}, Tags=[{"Key": "team", "Value": TEXT}])[
        "TopicArn"
    ]
    assert sns.get_topic_attributes(TopicArn=arn)["Attributes"]["DisplayName"] == TEXT
    assert sns.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": TEXT}]
    sns.subscribe(TopicArn=arn, Protocol="https", Endpoint="https://example.com/?a=1&b=2")
    assert (
        sns.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"][0]["Endpoint"] == "https://example.com/?a=1&b=2"
    )
    url = sqs.create_queue(QueueName="q", tags={"team": TEXT})["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody=TEXT)
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == TEXT
    assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"team": TEXT}


def test_what_xml_can_not_hold_is_replaced(module_plane: ControlPlane) -> None:
    ec2 = module_plane.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    ec2.create_tags(Resources=[vpc], Tags=[{"Key": "k", "Value": "a\x01b\x0bc\td"}])
    assert ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Tags"] == [{"Key": "k", "Value": "a\ufffdb\ufffdc\td"}]


@pytest.mark.parametrize(
    ("service", "call", "arguments"),
    [
        ("ec2", "describe_vpcs", {"VpcIds": [TEXT]}),
        ("elbv2", "create_rule", {"ListenerArn": TEXT, "Priority": 1, "Conditions": [], "Actions": []}),
        ("iam", "get_role", {"RoleName": TEXT}),
        ("sns", "get_topic_attributes", {"TopicArn": TEXT}),
        ("cloudformation", "describe_stacks", {"StackName": TEXT}),
    ],
)
def test_refusals_that_quote(module_plane: ControlPlane, service: str, call: str, arguments: dict[str, Any]) -> None:
    client = module_plane.client(service)
    with pytest.raises(client.exceptions.ClientError) as refusal:
        getattr(client, call)(**arguments)
    assert "Unable to parse" not in str(refusal.value)
    assert refusal.value.response["Error"]["Code"]
