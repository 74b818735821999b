"""The agent's channel: tasks, target health, the version, and what it refuses."""

import json

from conftest import ControlPlane

CLUSTER = "arn:aws:ecs:us-east-1:000000000000:cluster/c"
TASK = "arn:aws:ecs:us-east-1:000000000000:task/c/0123456789abcdef0123456789abcdef"


def task(**changes: object) -> dict[str, object]:
    return {
        "taskArn": TASK,
        "clusterArn": CLUSTER,
        "group": "service:web",
        "startedBy": "ecs-svc/1",
        "lastStatus": "RUNNING",
        "desiredStatus": "RUNNING",
        "createdAt": 1_700_000_000.5,
        "containers": [],
        **changes,
    }


def test_tasks_are_what_the_agent_says(plane: ControlPlane) -> None:
    ecs = plane.client("ecs")
    ecs.create_cluster(clusterName="c")
    plane.agent("put-tasks", tasks=[task()])
    assert ecs.list_tasks(cluster="c", serviceName="web")["taskArns"] == [TASK]
    assert ecs.list_tasks(cluster="c", startedBy="other")["taskArns"] == []
    [found] = ecs.describe_tasks(cluster="c", tasks=[TASK])["tasks"]
    assert (found["lastStatus"], found["createdAt"].timestamp()) == ("RUNNING", 1_700_000_000.5)
    assert ecs.describe_clusters(clusters=["c"])["clusters"][0]["runningTasksCount"] == 1


def test_stop_task_asks_and_the_agent_acts(plane: ControlPlane) -> None:
    ecs = plane.client("ecs")
    ecs.create_cluster(clusterName="c")
    plane.agent("put-tasks", tasks=[task()])
    ecs.stop_task(cluster="c", task=TASK, reason="tired")
    # A report that crossed the request does not undo it.
    plane.agent("put-tasks", tasks=[task()])
    [found] = ecs.describe_tasks(cluster="c", tasks=[TASK])["tasks"]
    assert (found["lastStatus"], found["desiredStatus"]) == ("RUNNING", "STOPPED")
    assert (found["stoppedReason"], found["stopCode"]) == ("tired", "UserInitiated")
    plane.agent("put-tasks", tasks=[task(lastStatus="STOPPED", desiredStatus="STOPPED", stoppedReason="tired")])
    assert ecs.describe_tasks(cluster="c", tasks=[TASK])["tasks"][0]["lastStatus"] == "STOPPED"


def test_the_version_goes_up_with_changes_and_not_with_reads(plane: ControlPlane) -> None:
    ecs = plane.client("ecs")
    before = plane.agent("version")["version"]
    ecs.list_clusters()
    plane.client("ec2").describe_security_groups()
    plane.client("elbv2").describe_load_balancers()
    plane.agent("heartbeat")
    assert plane.agent("version")["version"] == before
    sqs = plane.client("sqs")
    queue = sqs.create_queue(QueueName="of-version")["QueueUrl"]
    sqs.send_message(QueueUrl=queue, MessageBody="m")
    assert sqs.receive_message(QueueUrl=queue)["Messages"]
    assert plane.agent("version")["version"] == before
    ecs.create_cluster(clusterName="c")
    assert plane.agent("version")["version"] > before
    for change in (
        lambda: plane.client("ssm").put_parameter(Name="/of-version", Value="v", Type="String"),
        lambda: plane.client("secretsmanager").create_secret(Name="of-version", SecretString="s"),
        lambda: plane.client("servicediscovery").create_http_namespace(Name="of-version"),
        lambda: plane.client("acm").request_certificate(DomainName="a.example"),
    ):
        before = plane.agent("version")["version"]
        change()
        assert plane.agent("version")["version"] > before


def test_networks_that_come_and_go_count(plane: ControlPlane) -> None:
    ec2 = plane.client("ec2")
    versions = [plane.agent("version")["version"]]

    def seen() -> None:
        versions.append(plane.agent("version")["version"])

    vpc = ec2.create_vpc(CidrBlock="10.77.0.0/16")["Vpc"]["VpcId"]
    seen()
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.77.0.0/24")["Subnet"]["SubnetId"]
    seen()
    group = ec2.create_security_group(VpcId=vpc, GroupName="g", Description="g")["GroupId"]
    seen()
    ec2.delete_security_group(GroupId=group)
    seen()
    ec2.delete_subnet(SubnetId=subnet)
    seen()
    # A router goes with its VPC.
    ec2.delete_vpc(VpcId=vpc)
    seen()
    assert versions == sorted(set(versions))


def test_target_health_is_what_the_load_balancer_found(plane: ControlPlane) -> None:
    elb = plane.client("elbv2")
    [group] = elb.create_target_group(Name="t", Protocol="HTTP", Port=3000, VpcId="vpc-00000001", TargetType="ip")[
        "TargetGroups"
    ]
    arn = group["TargetGroupArn"]
    # What no listener sends to is unused.
    subnets = [one["SubnetId"] for one in plane.client("ec2").describe_subnets()["Subnets"]][:2]
    balancer = elb.create_load_balancer(Name="lb", Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    forward = [{"Type": "forward", "TargetGroupArn": arn}]
    elb.create_listener(LoadBalancerArn=balancer, Port=80, Protocol="HTTP", DefaultActions=forward)
    targets = [
        {"id": "10.0.0.4", "port": 3000, "availabilityZone": "us-east-1a", "state": "healthy"},
        {"id": "10.0.0.5", "port": 3000, "state": "draining", "reason": "Target.DeregistrationInProgress"},
    ]
    plane.agent("put-target-health", targetGroupArn=arn, targets=targets)
    found = elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
    assert [(one["Target"]["Id"], one["TargetHealth"]["State"]) for one in found] == [
        ("10.0.0.4", "healthy"),
        ("10.0.0.5", "draining"),
    ]
    assert found[1]["TargetHealth"]["Reason"] == "Target.DeregistrationInProgress"
    assert found[0]["HealthCheckPort"] == "3000"
    elb.modify_target_group(TargetGroupArn=arn, HealthCheckPort="9000")
    [asked, stranger] = elb.describe_target_health(
        TargetGroupArn=arn, Targets=[{"Id": "10.0.0.4"}, {"Id": "10.0.0.9"}]
    )["TargetHealthDescriptions"]
    assert (asked["Target"]["Id"], asked["HealthCheckPort"]) == ("10.0.0.4", "9000")
    assert stranger["TargetHealth"]["Reason"] == "Target.NotRegistered"


def test_what_it_cannot_read_is_one_clear_line(plane: ControlPlane) -> None:
    assert plane.agent("nope")["message"].startswith("no action nope: choose from")
    assert plane.agent("put-tasks")["message"] == "put-tasks: bad body: KeyError: 'tasks'"
    unknown = "arn:aws:ecs:us-east-1:000000000000:service/c/none"
    answer = plane.agent("put-service-state", serviceArn=unknown)
    assert answer["status"] == 400
    assert "Service not found: none in cluster c" in answer["message"]


def test_rule_conditions_come_back_whole(plane: ControlPlane) -> None:
    elb, cloudformation = plane.client("elbv2"), plane.client("cloudformation")
    conditions = [
        {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Test", "Values": ["a", "b"]}},
        {"Field": "query-string", "QueryStringConfig": {"Values": [{"Key": "v", "Value": "1"}]}},
        {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/x/*"]}},
        {"Field": "host-header", "HostHeaderConfig": {"RegexValues": ["^a[0-9]+$"]}},
    ]
    forward = {
        "TargetGroups": [{"TargetGroupArn": {"Ref": "G"}, "Weight": 3}, {"TargetGroupArn": {"Ref": "H"}, "Weight": 1}]
    }
    group = {
        "Type": "AWS::ElasticLoadBalancingV2::TargetGroup",
        "Properties": {"Port": 80, "Protocol": "HTTP", "TargetType": "ip", "VpcId": "vpc-00000001"},
    }
    subnets = [one["SubnetId"] for one in plane.client("ec2").describe_subnets()["Subnets"]][:2]
    not_found = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404", "MessageBody": "no"}}
    resources = {
        "L": {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Properties": {"Subnets": subnets}},
        "G": group,
        "H": group,
        "P": {
            "Type": "AWS::ElasticLoadBalancingV2::Listener",
            "Properties": {
                "LoadBalancerArn": {"Ref": "L"},
                "Port": 80,
                "Protocol": "HTTP",
                "DefaultActions": [not_found],
            },
        },
        "R": {
            "Type": "AWS::ElasticLoadBalancingV2::ListenerRule",
            "Properties": {
                "ListenerArn": {"Ref": "P"},
                "Priority": 5,
                "Conditions": conditions,
                "Actions": [{"Type": "forward", "ForwardConfig": forward}],
            },
        },
    }
    cloudformation.create_stack(StackName="s", TemplateBody=json.dumps({"Resources": resources}))
    cloudformation.get_waiter("stack_create_complete").wait(StackName="s", WaiterConfig={"Delay": 1, "MaxAttempts": 20})
    [balancer] = elb.describe_load_balancers()["LoadBalancers"]
    [listener] = elb.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    rules = {rule["Priority"]: rule for rule in elb.describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]}
    assert rules["default"]["Actions"][0]["FixedResponseConfig"]["StatusCode"] == "404"
    found = {condition["Field"]: condition for condition in rules["5"]["Conditions"]}
    assert found["http-header"]["HttpHeaderConfig"] == {"HttpHeaderName": "X-Test", "Values": ["a", "b"]}
    assert found["query-string"]["QueryStringConfig"]["Values"] == [{"Key": "v", "Value": "1"}]
    assert found["path-pattern"]["PathPatternConfig"]["Values"] == ["/x/*"]
    # A pattern alone, without the values that were there before patterns.
    assert found["host-header"]["HostHeaderConfig"] == {"RegexValues": ["^a[0-9]+$"]}
    weights = [one["Weight"] for one in rules["5"]["Actions"][0]["ForwardConfig"]["TargetGroups"]]
    assert weights == [3, 1]
