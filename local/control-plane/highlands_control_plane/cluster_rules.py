"""What ECS refuses of clusters.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html
Sentences: the rules pf-ecs-cluster-* of https://github.com/badmintoncryer/cdk-preflight, which tries them on AWS.
"""

import re
from typing import Any

from ministack.services import ecs

from . import capacity_rules
from .refused import Refused

CODE = "InvalidParameterException"
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,255}")


def _check_commands(configuration: dict[str, Any]) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ExecuteCommandConfiguration.html"""
    logs, overridden = configuration.get("logConfiguration"), configuration.get("logging") == "OVERRIDE"
    if logs and not overridden:
        raise Refused(CODE, "You must set logging to 'OVERRIDE' when you supply a log configuration.")
    if overridden and not any((logs or {}).get(name) for name in ("cloudWatchLogGroupName", "s3BucketName")):
        message = "A CloudWatch log group name or S3 bucket name must be specified when overriding the default log configuration."
        raise Refused(CODE, message)


def check(request: dict[str, Any]) -> None:
    """A cluster that is made or changed. Raises Refused."""
    name = request.get("clusterName")
    if name is not None and not _NAME.fullmatch(name):
        raise Refused(CODE, r"ClusterName must match ^[a-zA-Z0-9\-_]{1,255}$")
    _check_commands((request.get("configuration") or {}).get("executeCommandConfiguration") or {})
    check_providers(request)


def check_providers(request: dict[str, Any]) -> None:
    """Raises Refused."""
    strategy, providers = request.get("defaultCapacityProviderStrategy"), request.get("capacityProviders")
    capacity_rules.check(strategy or [], providers or [])


def check_left(request: dict[str, Any]) -> None:
    """Providers that services use stay. Raises Refused.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PutClusterCapacityProviders.html#API_PutClusterCapacityProviders_Errors
    """
    check_providers(request)
    cluster = ecs._clusters.get(ecs._resolve_cluster_name(request.get("cluster", "default")) or "") or {}
    kept = request.get("capacityProviders") or []
    for service in list(ecs._services.values()):
        used = [one["capacityProvider"] for one in service.get("capacityProviderStrategy") or []]
        gone = [one for one in used if one not in kept]
        if service["clusterArn"] == cluster.get("clusterArn") and service["status"] == "ACTIVE" and gone:
            message = "The specified capacity provider is in use and cannot be removed."  # https://github.com/hashicorp/terraform-provider-aws/issues/11409
            raise Refused("ResourceInUseException", message)
