"""What a client can make that would run as a program, or call out, is a record and nothing else.

The control plane has the rights of whoever started the region, so code from outside has no place in it. What runs, runs in the
walls of a task, and so do functions of Lambda: `functions.py`. A request that asks for it is refused; what an event would start is not started, which the log says.
"""

import re
import sys
from collections.abc import Callable
from typing import Any, NoReturn

from ministack import app
from ministack.services import athena, codebuild, eventbridge, glue, lambda_svc, sns, stepfunctions

from .audit import NotDone
from .http_request import HttpRequest
from .replacing import replace

# By the part of X-Amz-Target before the action: the actions, and what they would run.
TARGETS: dict[str, tuple[frozenset[str], str]] = {
    "AWSStepFunctions": (frozenset({"StartExecution", "StartSyncExecution", "TestState"}), "a state machine"),
    "AWSGlue": (
        frozenset({"StartJobRun", "StartCrawler", "StartTrigger", "StartWorkflowRun", "RunStatement"}),
        "a Glue job",
    ),
    "CodeBuild_20161006": (frozenset({"StartBuild", "StartBuildBatch", "RetryBuild", "RetryBuildBatch"}), "a build"),
    "AmazonAthena": (
        frozenset({"StartQueryExecution", "StartCalculationExecution", "StartSession"}),
        "a query of Athena",
    ),
    "AmazonSSM": (frozenset({"SendCommand", "StartSession", "StartAutomationExecution"}), "a command on an instance"),
    "ElasticMapReduce": (frozenset({"RunJobFlow", "AddJobFlowSteps"}), "an EMR job"),
    "KinesisAnalytics_20180523": (frozenset({"StartApplication"}), "a Flink application"),
    "AWSEvents": (frozenset({"StartReplay"}), "a replay of events"),
}
# The same for APIs that have no such header.
PATHS: tuple[tuple[str, re.Pattern[str], str], ...] = tuple(
    (method, re.compile(pattern), what)
    for method, pattern, what in (
        ("POST", r"/2014-11-13/functions/.+/invoke-async/?", "a Lambda function by the API of 2014"),
        ("POST", r"/2021-11-15/functions/.+/response-streaming-invocations", "a Lambda function that streams"),
        ("POST", r"/2020-05-31/function/.+/test", "a CloudFront function"),
        ("POST", r"/v1/submitjob", "a Batch job"),
        ("POST", r"/(Execute|ExecuteSql|BatchExecute|BeginTransaction)", "an SQL statement"),
        ("POST", r"/v1/dataplane-evaluate(code|template)", "an AppSync resolver"),
        ("POST", r"/(v1/apis/.+/)?graphql", "an AppSync resolver"),
        ("POST", r"/restapis/.+/(methods|authorizers)/.+", "an integration of API Gateway"),
        ("POST", r"/model/.+/(invoke|converse)(-.+)?", "a model of Bedrock"),
        ("POST", r"/runtimes/.+/invocations", "an agent of Bedrock"),
    )
)
# What an event, a schedule, a template or another service would start inside the process.
INSIDE: tuple[tuple[Any, str, str], ...] = (
    (lambda_svc, "_execute_function_local", "a Lambda function within its own process"),
    (lambda_svc, "_execute_function_warm", "a Lambda function within its own process"),
    (lambda_svc, "_execute_function_docker", "a Lambda function by Docker"),
    (stepfunctions, "_run_execution", "a state machine"),
    (glue, "_execute_subprocess", "a Glue job"),
    (codebuild, "_execute_build", "a build"),
    (athena, "_execute_query", "a query of Athena"),
    (sns, "_http_post_sync", "a call of SNS to an address"),
    (eventbridge, "_dispatch_to_api_destination", "a call of EventBridge to an address"),
)


def asked_for(request: HttpRequest, body: bytes) -> str | None:
    """The refusal of a request that would run something, in one line."""
    prefix, _, action = request.header("x-amz-target").rpartition(".")
    if prefix in TARGETS and action in TARGETS[prefix][0]:
        return refusal(TARGETS[prefix][1])
    for method, pattern, what in PATHS:
        if request.method == method and pattern.fullmatch(request.path):
            return refusal(what)
    if _is_data_plane(request):
        return refusal("what was made with API Gateway, Lambda, CloudFront or a load balancer of the APIs")
    return None


def refusal(what: str) -> str:
    return f"the local region does not run {what}: only tasks of ECS and functions of Lambda run here, in walls of their own"


def _is_data_plane(request: HttpRequest) -> bool:
    host, path = request.header("host"), request.path
    return any(
        (
            app._parse_execute_api_url(host, path) is not None,
            app._parse_lambda_url(host, path) is not None,
            app._parse_cloudfront_dataplane_host(host) is not None,
            app._is_potential_alb_request(host, path),
        )
    )


def _not_done(what: str) -> Callable[..., NoReturn]:
    def refuse(*_arguments: Any, **_options: Any) -> NoReturn:
        print(refusal(what), file=sys.stderr, flush=True)
        raise NotDone(refusal(what))

    return refuse


def register() -> None:
    for module, name, what in INSIDE:
        replace(module, name, _not_done(what))
    # Scripts of folders of the machine that ministack runs at its start.
    replace(app, "_run_init_scripts", lambda: None)
    replace(app, "_collect_scripts", lambda *_directories: [])
