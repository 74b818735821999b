"""New deployments of services, as records."""

import copy
import time
from typing import Any

from . import deployment_events, service_deployments
from .resources import new_number

_OF_A_DEPLOYMENT = (
    "taskDefinition",
    "networkConfiguration",
    "serviceConnectConfiguration",
    "platformVersion",
    "launchType",
    "capacityProviderStrategy",
)


def _new_deployment(service: dict[str, Any]) -> dict[str, Any]:
    now = time.time()
    deployment = {
        "id": f"ecs-svc/{new_number(19)}",
        "status": "PRIMARY",
        "desiredCount": service["desiredCount"],
        "pendingCount": 0,
        "runningCount": 0,
        "failedTasks": 0,
        "createdAt": now,
        "updatedAt": now,
        "platformFamily": "Linux",
        "rolloutState": "IN_PROGRESS",
        "rolloutStateReason": "ECS deployment in progress.",
        "_load_balancers": copy.deepcopy(service["loadBalancers"]),
    }
    for member in _OF_A_DEPLOYMENT:
        if service.get(member):
            deployment[member] = copy.deepcopy(service[member])
    return deployment


def deploy(service: dict[str, Any]) -> None:
    """Makes a deployment of a service as it is, which is the PRIMARY one from now on."""
    for deployment in service["deployments"]:
        deployment["status"] = "ACTIVE"
    deployment = _new_deployment(service)
    service["deployments"].insert(0, deployment)
    service_deployments.began(service, deployment)
    deployment_events.changed(service["serviceArn"], deployment)
