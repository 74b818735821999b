"""ECS services and their deployments as records. What happens to them is the agent's business.

Every change says so at once, not when the request that made it ends: CloudFormation's requests wait for the agent.
"""

import copy
import threading
import time
from typing import Any

from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.services import ecs

from . import deployment_events, service_deployments
from .changes import CHANGES
from .resources import new_number
from .service_validation import Refused, check, check_balancers, check_protocols

# One lock for all records: requests, CloudFormation threads and the agent's channel write the same ones.
LOCK = threading.RLock()

# What makes a new deployment when it changes:
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
_DEPLOYED = (
    "taskDefinition",
    "networkConfiguration",
    "serviceConnectConfiguration",
    "loadBalancers",
    "platformVersion",
)
# What is kept as it is given.
_KEPT = (
    "deploymentConfiguration",
    "healthCheckGracePeriodSeconds",
    "enableExecuteCommand",
    "enableECSManagedTags",
    "propagateTags",
    "availabilityZoneRebalancing",
    "capacityProviderStrategy",
)
_OF_A_DEPLOYMENT = (
    "taskDefinition",
    "networkConfiguration",
    "serviceConnectConfiguration",
    "platformVersion",
    "launchType",
    "capacityProviderStrategy",
)
# How many deployments that are over are kept for a rollback: the last completed one is what a rollback needs.
_PAST = 5


def find(cluster: str, service: str) -> dict[str, Any]:
    """The record of a service by name or ARN. Raises Refused when there is none."""
    cluster_name = ecs._resolve_cluster_name(cluster)
    name = service.rsplit("/", 1)[-1]
    record: dict[str, Any] | None = ecs._services.get(f"{cluster_name}/{name}")
    if record is None:
        raise Refused("ServiceNotFoundException", f"Service not found: {name} in cluster {cluster_name}.")
    return record


def task_definition_arn(reference: str) -> str:
    """The full ARN of a task definition by ARN, family or family:revision. Raises Refused when there is none."""
    definition = ecs._task_defs.get(ecs._resolve_td_key(reference) or "")
    if definition is None:
        raise Refused("ClientException", f"Unable to find task definition: {reference}")
    arn: str = definition["taskDefinitionArn"]
    return arn


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


def _launch(service: dict[str, Any]) -> None:
    """A service has a launch type or a capacity provider strategy, and never both."""
    if service.get("capacityProviderStrategy"):
        service.pop("launchType", None)
    else:
        service["launchType"] = service.get("launchType") or "FARGATE"


def _deploy(service: dict[str, Any]) -> None:
    for deployment in service["deployments"]:
        deployment["status"] = "ACTIVE"
    deployment = _new_deployment(service)
    service["deployments"].insert(0, deployment)
    service_deployments.began(service, deployment)
    deployment_events.changed(service["serviceArn"], deployment)


def create(request: dict[str, Any]) -> dict[str, Any]:
    """Makes a service and its first deployment. Raises Refused."""
    with LOCK:
        cluster_name = ecs._resolve_cluster_name(request.get("cluster", "default"))
        cluster = ecs._clusters.get(cluster_name or "")
        if cluster is None:
            raise Refused("ClusterNotFoundException", f"Cluster not found: {request.get('cluster')}")
        name = request.get("serviceName", "")
        existing = ecs._services.get(f"{cluster_name}/{name}")
        if existing is not None and existing["status"] != "INACTIVE":
            raise Refused("InvalidParameterException", "Creation of service was not idempotent.")
        arn = f"arn:aws:ecs:{get_region()}:{get_account_id()}:service/{cluster_name}/{name}"
        service = {
            "serviceArn": arn,
            "serviceName": name,
            "clusterArn": cluster["clusterArn"],
            "taskDefinition": task_definition_arn(request.get("taskDefinition", "")),
            "desiredCount": int(request.get("desiredCount", 1)),
            "runningCount": 0,
            "pendingCount": 0,
            "status": "ACTIVE",
            "launchType": request.get("launchType"),
            "platformVersion": request.get("platformVersion") or "LATEST",
            "platformFamily": "Linux",
            "networkConfiguration": request.get("networkConfiguration", {}),
            "loadBalancers": request.get("loadBalancers", []),
            "serviceRegistries": request.get("serviceRegistries", []),
            "serviceConnectConfiguration": request.get("serviceConnectConfiguration"),
            "schedulingStrategy": request.get("schedulingStrategy", "REPLICA"),
            "deploymentController": request.get("deploymentController", {"type": "ECS"}),
            "deployments": [],
            "events": [],
            "createdAt": time.time(),
            "createdBy": f"arn:aws:iam::{get_account_id()}:root",
            "tags": request.get("tags", []),
            "_past": [],
        }
        service |= {member: request[member] for member in _KEPT if member in request}
        check(service, cluster)
        check_balancers(service)
        _launch(service)
        _deploy(service)
        # DescribeServices has it on the deployment only.
        service["_service_connect"] = service.pop("serviceConnectConfiguration")
        ecs._services[f"{cluster_name}/{name}"] = service
        ecs._tags[arn] = list(service["tags"])
        ecs._recount_cluster(cluster_name)
        CHANGES.bump()
        return service


def update(request: dict[str, Any]) -> dict[str, Any]:
    """Changes a service; makes a new deployment where what is deployed changed. Raises Refused."""
    with LOCK:
        service = find(request.get("cluster", "default"), request.get("service", ""))
        if service["status"] != "ACTIVE":
            raise Refused("ServiceNotActiveException", f"Service {service['serviceName']} was not ACTIVE.")
        after = copy.deepcopy(service)
        after["serviceConnectConfiguration"] = after["_service_connect"]
        for member in (*_DEPLOYED, *_KEPT):
            if request.get(member) is not None:
                after[member] = request[member]
        after["taskDefinition"] = task_definition_arn(after["taskDefinition"])
        if request.get("desiredCount") is not None:
            after["desiredCount"] = int(request["desiredCount"])
        check(after, ecs._clusters[ecs._cluster_name_from_arn(service["clusterArn"])])
        before = {**service, "serviceConnectConfiguration": service["_service_connect"]}
        check_protocols(before, after)
        deployed = any(before.get(member) != after.get(member) for member in _DEPLOYED)
        service |= {k: after[k] for k in (*_DEPLOYED, *_KEPT, "desiredCount") if k in after}
        _launch(service)
        if deployed or request.get("forceNewDeployment"):
            _deploy(service)
        service["deployments"][0]["desiredCount"] = service["desiredCount"]
        service["_service_connect"] = service.pop("serviceConnectConfiguration")
        CHANGES.bump()
        return service


def delete(request: dict[str, Any]) -> dict[str, Any]:
    """Starts the end of a service: it is DRAINING until its last task is gone. Raises Refused."""
    with LOCK:
        service = find(request.get("cluster", "default"), request.get("service", ""))
        if service["desiredCount"] > 0 and not request.get("force"):
            message = "The service cannot be stopped while it is scaled above 0."
            raise Refused("InvalidParameterException", message)
        if service["status"] == "ACTIVE":
            service |= {"status": "DRAINING", "desiredCount": 0}
        CHANGES.bump()
        return service


def roll_back(service: dict[str, Any], deployment_id: str) -> dict[str, Any]:
    """Makes an earlier deployment PRIMARY again: ECS goes back to the deployment itself, so its tasks stay."""
    with LOCK:
        candidates: list[dict[str, Any]] = [*service["deployments"], *service["_past"]]
        target = next((one for one in candidates if one["id"] == deployment_id), None)
        if target is None:
            raise Refused("InvalidParameterException", f"deployment {deployment_id} is not known")
        others = [one for one in service["deployments"] if one is not target]
        for other in others:
            other["status"] = "ACTIVE"
            service_deployments.rolled_back(service, other["id"])
        target |= {
            "status": "PRIMARY",
            "rolloutState": "IN_PROGRESS",
            "rolloutStateReason": f"ECS deployment rolling back to {deployment_id}.",
            "desiredCount": service["desiredCount"],
        }
        service["deployments"] = [target, *others]
        service["taskDefinition"] = target["taskDefinition"]
        service["networkConfiguration"] = target.get("networkConfiguration", {})
        service["loadBalancers"] = target["_load_balancers"]
        service["_service_connect"] = target.get("serviceConnectConfiguration")
        return target


def report(service: dict[str, Any], state: dict[str, Any]) -> None:
    """Takes over what the agent says of a service and its deployments."""
    with LOCK:
        for reported in state.get("deployments", []):
            for deployment in service["deployments"]:
                if deployment["id"] == reported["id"]:
                    before = deployment["rolloutState"]
                    _merge(deployment, reported)
                    if deployment["rolloutState"] != before:
                        deployment_events.changed(service["serviceArn"], deployment)
        over = [one for one in service["deployments"] if one["status"] == "INACTIVE"]
        service["_past"] = [*over, *service["_past"]][:_PAST]
        service["deployments"] = [one for one in service["deployments"] if one["status"] != "INACTIVE"]
        service_deployments.reported(service, state.get("lifecycle"))
        for member in ("runningCount", "pendingCount"):
            service[member] = int(state.get(member, service[member]))
        for event in state.get("events", []):
            service["events"].insert(0, {"id": event.get("id", new_uuid()), **event})
        if service["status"] == "DRAINING" and service["runningCount"] == 0:
            service["status"] = "INACTIVE"
            service["deployments"] = []


def _merge(deployment: dict[str, Any], reported: dict[str, Any]) -> None:
    changed = {k: v for k, v in reported.items() if v is not None and deployment.get(k) != v}
    # The agent's view may be a moment old: it must not take PRIMARY from, or give it to, a deployment.
    if changed.get("status") != "INACTIVE":
        changed.pop("status", None)
    if changed:
        deployment |= changed
        deployment["updatedAt"] = time.time()
