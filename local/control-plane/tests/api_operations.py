"""The operations that the agent, the command line, CDK and the handlers of CloudFormation use, as `service.Operation`.

`api-operations.txt` is the list, made by `UPDATE_GOLDENS=1 pytest tests/test_models.py`; what the sources use has to be on it.
"""

import json
import re
from pathlib import Path

from highlands_control_plane.property_models import operation

ROOT = Path(__file__).resolve().parents[3]
_TOOLKIT = ROOT / "node_modules/@aws-cdk/toolkit-lib/lib/api/aws-auth/sdk.js"
_CLIENTS = {
    "acm": "acm",
    "application-auto-scaling": "application-autoscaling",
    "cloudformation": "cloudformation",
    "cloudwatch": "cloudwatch",
    "cloudwatch-logs": "logs",
    "ec2": "ec2",
    "ecr": "ecr",
    "ecs": "ecs",
    "elastic-load-balancing-v2": "elbv2",
    "iam": "iam",
    "kms": "kms",
    "secrets-manager": "secretsmanager",
    "servicediscovery": "servicediscovery",
    "ssm": "ssm",
    "sts": "sts",
}
# Spoken to in REST, which says the operation by method and path: the filter by models is for JSON and query. Only read here.
_REST = {"route-53"}
_IMPORT = re.compile(r"import (?:type )?\{([^}]*)\} from '@aws-sdk/client-([\w-]+)'")
_NAME = re.compile(r"\b(?:([A-Z]\w*)Command|paginate([A-Z]\w*))\b(?!Input|Output)")
_DOCUMENTED = re.compile(r"\baws (\w[\w-]*) ([a-z][a-z0-9-]+)")
# Commands of the AWS CLI that are no operations.
_NO_OPERATIONS = {"wait", "deploy", "package"}


def used() -> set[str]:
    return _in_typescript() | _in_toolkit() | _in_documents() | _of_resource_types()


def _in_typescript() -> set[str]:
    found = set()
    for file in (ROOT / "local").rglob("*.ts"):
        if "node_modules" in file.parts:
            continue
        for names, client in _IMPORT.findall(file.read_text()):
            if client in _REST:
                continue
            if client not in _CLIENTS:
                raise AssertionError(f"{file} uses @aws-sdk/client-{client}, which is not in tests/api_operations.py")
            found |= {f"{_CLIENTS[client]}.{one or other}" for one, other in _NAME.findall(names)}
    return found


def _in_toolkit() -> set[str]:
    """CDK has all its calls in one file; what is for hotswaps and resources that don't run here is left out with its clients."""
    source = _TOOLKIT.read_text()
    found = set()
    # As in `new client_ecs_1.UpdateServiceCommand(input)`.
    for client, name in re.findall(r"client_(\w+)_\d+\.(\w+)Command\b", source):
        service = _CLIENTS.get(client.replace("_", "-"))
        found |= {f"{service}.{name}"} if service else set()
    return found


def _of_resource_types() -> set[str]:
    types = json.loads((ROOT / "local/control-plane/resource-types.json").read_text())
    return {".".join(of) for of in map(operation, types) if of is not None}


def _in_documents() -> set[str]:
    texts = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]
    found = set()
    for text in texts:
        for service, command in _DOCUMENTED.findall(text.read_text()):
            if service in _CLIENTS.values() and command not in _NO_OPERATIONS:
                found.add(f"{service}.{''.join(part.capitalize() for part in command.split('-'))}")
    return found
