"""Nothing of ministack's code is replaced but through `replacing.py`."""

from pathlib import Path

import pytest
from conftest import HERE
from patches import patches

SEAM = "replacing.py"
FILES = sorted(file for file in (HERE / "highlands_control_plane").glob("**/*.py") if file.name != SEAM)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_file_goes_past_the_seam(file: Path) -> None:
    assert patches(file.read_text()) == [], f"use {SEAM}"


IMPORTS = (
    "from ministack.services import alb, ecs, sqs as queues\nfrom .resources import HANDLERS\nimport ministack.app\n"
)
PAST_IT = [
    "ecs._get_docker = lambda: None",
    "queues._send = ecs._get_docker = None",
    "ministack.app.handle = None",
    "ecs._register, other = None, None",
    "ecs._LIMIT: int = 3",
    "del ecs._get_docker",
    'ecs._ACTION_MAP["RunTask"] = None',
    'ecs._ACTION_MAP |= {"RunTask": None}',
    'ecs._ACTION_MAP.update({"RunTask": None})',
    'ecs._ACTION_MAP.pop("RunTask")',
    'del ecs._ACTION_MAP["RunTask"]',
    'HANDLERS["AWS::ECS::Service"]["create"] = None',
    "HANDLERS.update(more)",
    'vpc = HANDLERS["AWS::EC2::VPC"]\nvpc.update(more)',
    'table = ecs._ACTION_MAP\ntable["RunTask"] = None',
    'def register():\n    for name, handler in HANDLERS.items():\n        handler["create"] = None',
    "for module in (alb, ecs):\n    module._register = None",
    'setattr(ecs, "_get_docker", None)',
    "module.__dict__.update(more)",
    'vars(ecs)["_get_docker"] = None',
]


@pytest.mark.parametrize("source", PAST_IT)
def test_what_goes_past_it_is_found(source: str) -> None:
    assert patches(IMPORTS + source) != []


RECORDS = [
    'ecs._services["default/web"] = service',
    'ecs._clusters[name] |= {"status": "ACTIVE"}',
    'ecs._tasks.pop("arn", None)',
    'group = alb._tgs["arn"]\ngroup["Port"] = 80',
    'replace(ecs, "_get_docker", None)',
    'wrap_entries(HANDLERS["AWS::EC2::VPC"], ("create",), wrapped)',
    'def one():\n    handler = HANDLERS["A"]\ndef other():\n    handler = {}\n    handler |= {"update": None}',
    "self.stack = ecs",
]


@pytest.mark.parametrize("source", RECORDS)
def test_records_are_written_without_it(source: str) -> None:
    assert patches(IMPORTS + source) == []
