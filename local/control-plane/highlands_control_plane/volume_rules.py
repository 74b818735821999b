"""What ECS refuses of the volumes of a task, and of where its containers mount them.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Volume.html
Sentences of EFS: the rules pf-ecs-efs-* of https://github.com/badmintoncryer/cdk-preflight, which tries them on AWS.
"""

import re
from typing import Any

from .given_values import is_true, number
from .refused import Refused

CODE = "ClientException"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")


def _check_files(configuration: dict[str, Any]) -> None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EFSVolumeConfiguration.html"""
    encrypted = configuration.get("transitEncryption") == "ENABLED"
    authorization = configuration.get("authorizationConfig") or {}
    if authorization.get("iam") == "ENABLED" and not encrypted:
        raise Refused(CODE, "EFS IAM authorization requires TransitEncryption to be enabled.")
    if number(configuration.get("transitEncryptionPort")) is not None and not encrypted:
        raise Refused(CODE, "TransitEncryptionPort requires that TransitEncryption is enabled.")
    if authorization.get("accessPointId") and configuration.get("rootDirectory") not in (None, "", "/"):
        message = 'When using an EFS access point, the root directory must either be set to "/" or be omitted.'
        raise Refused(CODE, message)


def _check_volumes(volumes: list[dict[str, Any]]) -> None:
    names = [volume.get("name") for volume in volumes]
    for name in names:
        if name is not None and not _NAME.fullmatch(name):
            raise Refused(CODE, "Volume.name contains invalid characters.")
        if names.count(name) > 1:
            raise Refused(CODE, f"The volume name {name} is there more than once.")  # ours
    later = [str(volume.get("name")) for volume in volumes if is_true(volume.get("configuredAtLaunch"))]
    if len(later) > 1:
        # "You can configure at most one Amazon EBS volume": https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ebs-volumes.html; ours
        raise Refused(CODE, f"Only one volume of a task can be configured at launch: {', '.join(later)}.")
    for volume in volumes:
        _check_files(volume.get("efsVolumeConfiguration") or {})


def check(definition: dict[str, Any], containers: list[dict[str, Any]]) -> None:
    """Raises Refused."""
    volumes = definition.get("volumes") or []
    _check_volumes(volumes)
    names = [volume.get("name") for volume in volumes]
    for container in containers:
        for mount in container.get("mountPoints") or []:
            if mount.get("sourceVolume") not in names:
                raise Refused(CODE, f"Unknown volume '{mount.get('sourceVolume') or 'null'}'.")
        for volume in container.get("volumesFrom") or []:
            # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_VolumeFrom.html; ours
            if volume.get("sourceContainer") not in [one["name"] for one in containers]:
                raise Refused(CODE, f"Unknown container '{volume.get('sourceContainer') or 'null'}' in volumesFrom.")
