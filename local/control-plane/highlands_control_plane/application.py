"""The ASGI application: the agent's channel in front, ministack behind, and a version that counts changes."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from . import (
    addresses_in_answers,
    alarms,
    answered_tokens,
    autoscaling_resources,
    bucket_tags,
    cloud_map,
    conditions,
    credentials,
    custom_resources,
    ec2,
    ecr_images,
    ecs_cluster,
    ecs_resources,
    ecs_run_task,
    ecs_services,
    ecs_targets,
    ecs_tasks,
    elbv2,
    function_names,
    functions,
    gate,
    hosted_zones,
    http_body,
    iam,
    json_refusals,
    load_balancer_refusals,
    load_balancer_use,
    log_events,
    log_queries,
    metric_data,
    namespaces,
    network_balancers,
    network_refusals,
    no_programs,
    permissions,
    property_models,
    property_types,
    public_parameters,
    records,
    refusals,
    rule_conditions,
    scheduled_actions,
    schedules,
    secrets,
    security_groups,
    service_deployments,
    serving,
    ssm_parameters,
    stack_descriptions,
    stack_operations,
    target_group_versions,
    task_definition_resources,
    task_definition_rules,
    template_limits,
    template_urls,
    vpc_endpoints,
)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


def extend() -> None:
    """Registers everything that ministack lacks. Called once, before the first request."""
    parts = (
        ec2,
        security_groups,
        network_refusals,
        vpc_endpoints,
        ecs_cluster,
        ecs_services,
        service_deployments,
        ecs_run_task,
        ecs_targets,
        scheduled_actions,
        schedules,
        ecs_tasks,
        ecs_resources,
        task_definition_resources,
        network_balancers,
        target_group_versions,
        elbv2,
        load_balancer_use,
        rule_conditions,
        load_balancer_refusals,
        autoscaling_resources,
        iam,
        functions,
        function_names,
        custom_resources,
        bucket_tags,
        secrets,
        ssm_parameters,
        public_parameters,
        answered_tokens,
        namespaces,
        json_refusals,
        cloud_map,
        hosted_zones,
        conditions,
        template_urls,
        template_limits,
        property_models,
        property_types,
        stack_operations,
        stack_descriptions,
        task_definition_rules,
        credentials,
        ecr_images,
        no_programs,
        permissions,
        addresses_in_answers,
    )
    for part in parts:
        part.register()
    # Records are the last: of what nobody else has.
    for part in (metric_data, alarms, log_events, log_queries, records):
        part.register()


async def application(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    """Serves one request."""
    if scope["type"] == "websocket":
        # Before it is accepted, which is 403: none of the APIs here has one, and a page may open one anywhere.
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    if scope["type"] != "http":
        from ministack.app import app

        await app(scope, receive, send)
        return
    admitted = await gate.admit(scope, receive, scope["server"][1])
    if admitted is None:
        return
    if isinstance(admitted, gate.Admitted):
        await serving.serve(admitted, scope, http_body.given(admitted.body, receive), send)
    else:
        await refusals.send_answer(send, admitted)
