"""Where Cloud Map, Systems Manager, Secrets Manager, CloudWatch and ECR refuse: by their APIs, and by the handlers of CloudFormation."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import cloudwatch_logs, ecr, secretsmanager, servicediscovery, ssm

from . import alarm_rules, cloud_map_rules, log_rules, parameter_rules, repository_rules
from .checks_before import before_action, before_handler
from .refused import told_by_sdk
from .replacing import replace, wrap_entries
from .resources import HANDLERS

Check = Callable[[dict[str, Any]], None]
# What ministack calls for an action, also from its handlers of CloudFormation.
_ACTIONS: tuple[tuple[ModuleType, str, Check], ...] = (
    (servicediscovery, "_create_service", cloud_map_rules.check_service),
    (servicediscovery, "_delete_service", cloud_map_rules.check_deletable),
    (servicediscovery, "_register_instance", cloud_map_rules.check_instance),
    (ssm, "_put_parameter", parameter_rules.check_parameter),
    (secretsmanager, "_create_secret", parameter_rules.check_secret),
    (cloudwatch_logs, "_put_retention_policy", log_rules.check_retention),
    (cloudwatch_logs, "_put_metric_filter", log_rules.check_metric_filter),
    (cloudwatch_logs, "_put_subscription_filter", log_rules.check_pattern),
    (cloudwatch_logs, "_put_resource_policy", log_rules.check_policy),
    (ecr, "_create_repository", repository_rules.check_repository),
    (
        ecr,
        "_put_lifecycle_policy",
        lambda request: repository_rules.check_lifecycle(request.get("lifecyclePolicyText")),
    ),
)
# By type: the service as the SDK calls it, what is checked when one is made, and when one is changed.
_TYPES: dict[str, tuple[str, Check, Check | None]] = {
    "AWS::ServiceDiscovery::Service": ("ServiceDiscovery", cloud_map_rules.check_service_of_stack, None),
    "AWS::ServiceDiscovery::Instance": ("ServiceDiscovery", cloud_map_rules.check_instance, None),
    "AWS::SSM::Parameter": (
        "Ssm",
        lambda properties: parameter_rules.check_parameter({"Name": "x", **properties}),
        None,
    ),
    "AWS::SecretsManager::Secret": ("SecretsManager", parameter_rules.check_secret_of_stack, None),
    "AWS::Logs::LogGroup": ("CloudWatchLogs", log_rules.check_retention, log_rules.check_retention),
    "AWS::Logs::MetricFilter": ("CloudWatchLogs", log_rules.check_metric_filter, log_rules.check_metric_filter),
    "AWS::Logs::SubscriptionFilter": ("CloudWatchLogs", log_rules.check_pattern, log_rules.check_pattern),
    "AWS::Logs::ResourcePolicy": ("CloudWatchLogs", log_rules.check_policy, log_rules.check_policy),
    "AWS::ECR::Repository": ("Ecr", repository_rules.check_repository, repository_rules.check_repository),
    "AWS::CloudWatch::Alarm": ("CloudWatch", alarm_rules.check_alarm, alarm_rules.check_alarm),
    "AWS::CloudWatch::Dashboard": ("CloudWatch", alarm_rules.check_dashboard, alarm_rules.check_dashboard),
}


def _before(service: str, check: Check, properties_at: int) -> Callable[[Any], Any]:
    return before_handler(lambda *given: check(given[properties_at]), lambda: told_by_sdk(service))


def register() -> None:
    """Puts the checks in front of the actions and of the handlers."""
    for module, name, check in _ACTIONS:
        replace(module, name, before_action(check, error_response_json)(getattr(module, name)))
    for kind, (service, made, changed) in _TYPES.items():
        wrap_entries(HANDLERS[kind], ("create",), _before(service, made, 1))
        if changed is not None and "update" in HANDLERS[kind]:
            wrap_entries(HANDLERS[kind], ("update",), _before(service, changed, 2))
