"""ECS services and their deployments as records. What happens to them is the agent's business.

Every change says so at once, not when the request that made it ends: CloudFormation's requests wait for the agent.
"""

import copy
import threading
import time
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import ecs

from . import service_balancers
from .changes import CHANGES
from .new_deployments import deploy
from .refused import Refused
from .service_protocols import check_protocols
from .service_validation import check, check_new

# One lock for all records: requests, CloudFormation threads and the agent's channel write the same ones.
LOCK = threading.RLock()

# What makes a new deployment when it changes:
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
_DEPLOYED = (
    "taskDefinition",
    "networkConfiguration",
    "serviceConnectConfiguration",
    "loadBalancers",
    "serviceRegistries",
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
    "placementConstraints",
    "placementStrategy",
    "volumeConfigurations",
    "capacityProviderStrategy",
)


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


def _launch(service: dict[str, Any]) -> None:
    """A service has a launch type or a capacity provider strategy, and never both."""
    if service.get("capacityProviderStrategy"):
        service.pop("launchType", None)
    else:
        service["launchType"] = service.get("launchType") or "FARGATE"


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
        check_new({**request, "serviceName": name})
        check(service, cluster, "created")
        service_balancers.check_used(service)
        _launch(service)
        deploy(service)
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
            raise Refused("ServiceNotActiveException", "Service was not ACTIVE.")
        after = copy.deepcopy(service)
        after["serviceConnectConfiguration"] = after["_service_connect"]
        for member in (*_DEPLOYED, *_KEPT):
            if request.get(member) is not None:
                after[member] = request[member]
        after["taskDefinition"] = task_definition_arn(after["taskDefinition"])
        if request.get("desiredCount") is not None:
            after["desiredCount"] = int(request["desiredCount"])
        check(after, ecs._clusters[ecs._cluster_name_from_arn(service["clusterArn"])])
        service_balancers.check_used(after, service["loadBalancers"])
        before = {**service, "serviceConnectConfiguration": service["_service_connect"]}
        check_protocols(before, after)
        deployed = any(before.get(member) != after.get(member) for member in _DEPLOYED)
        service |= {k: after[k] for k in (*_DEPLOYED, *_KEPT, "desiredCount") if k in after}
        _launch(service)
        if deployed or request.get("forceNewDeployment"):
            deploy(service)
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
