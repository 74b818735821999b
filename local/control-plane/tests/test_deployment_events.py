"""A rule on failed deployments reaches its topic, as the alarm on the circuit breaker has it."""

import json

from conftest import eventually
from test_cloudwatch import inbox
from test_services import Region, region, template  # noqa: F401 - the fixture


def test_a_failed_deployment_reaches_the_topic_of_a_rule(region: Region) -> None:  # noqa: F811
    topic, received = inbox(region.plane)
    events = region.plane.client("events")
    pattern = {
        "source": ["aws.ecs"],
        "detail-type": ["ECS Deployment State Change"],
        "detail": {"eventName": ["SERVICE_DEPLOYMENT_FAILED"]},
    }
    events.put_rule(Name="failed", EventPattern=json.dumps(pattern))
    events.put_targets(Rule="failed", Targets=[{"Id": "t", "Arn": topic}])
    region.cloudformation.create_stack(StackName="s", TemplateBody=template())
    service = region.service()["serviceArn"]
    deployment = region.finish("FAILED", "ECS deployment circuit breaker: task failed to start.")
    [event] = eventually(received)
    assert event["resources"] == [service]
    assert event["detail"]["eventName"] == "SERVICE_DEPLOYMENT_FAILED"
    assert event["detail"]["deploymentId"] == deployment
    assert "circuit breaker" in event["detail"]["reason"]
