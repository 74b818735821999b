"""Every answer of the services is as their OpenAPI description says, whatever is asked: https://schemathesis.readthedocs.io"""

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from conftest import RUST

# The same requests on every run, so that a failure can be had again; more than this finds nothing else in these small surfaces.
SETTINGS = settings(
    max_examples=150, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)


def _description(name: str) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_path(RUST / name / "openapi.json")


a, b, c = (_description(name) for name in ("service-a", "service-b", "service-c"))


@a.parametrize()
@SETTINGS
def test_service_a(case: schemathesis.Case, services: dict[str, str]) -> None:
    case.call_and_validate(base_url=services["service-a"])


@b.parametrize()
@SETTINGS
def test_service_b(case: schemathesis.Case, services: dict[str, str]) -> None:
    case.call_and_validate(base_url=services["service-b"])


@c.parametrize()
@SETTINGS
def test_service_c(case: schemathesis.Case, services: dict[str, str]) -> None:
    case.call_and_validate(base_url=services["service-c"])


def test_a_description_that_is_wrong_is_found(services: dict[str, str]) -> None:
    """The test can fail: the same request fails once the description promises something else."""
    description = _description("service-a")
    description.raw_schema["paths"]["/health"]["get"]["responses"]["200"]["content"] = {"application/json": {}}
    case = description["/health"]["GET"].Case()
    with pytest.raises(schemathesis.core.failures.FailureGroup, match="application/json"):
        case.call_and_validate(base_url=services["service-a"])
