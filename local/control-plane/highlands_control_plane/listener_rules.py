"""What Elastic Load Balancing refuses of listeners and of their rules.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html
"""

import re
from typing import Any

from ministack.services import alb

from . import action_rules, condition_rules, network_balancers
from .aws_sentences import SSL_POLICIES, refusal
from .given_values import number
from .load_balancer_rules import CODE, Request
from .refused import Refused

_PROTOCOLS = ("HTTP", "HTTPS")
_SECURE = ("HTTPS", "TLS")
_PRIORITIES = (1, 50_000)
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html: without the default rules
_MOST_RULES = 100
_MOST_LISTENERS = 50
_CERTIFICATE = re.compile(r"arn:[\w-]+:(?:acm:[\w-]+:\d{12}:certificate|iam::\d{12}:server-certificate)/.+")


def check_listener(request: Request, arn: str | None = None) -> None:
    """A new listener, or one as it would be after a change. Raises Refused."""
    balancer = request.get("LoadBalancerArn")
    if balancer not in alb._lbs:
        raise Refused("LoadBalancerNotFound", f"Load balancer '{balancer}' not found")
    port, protocol = number(request.get("Port")), request.get("Protocol")
    # https://github.com/getmoto/moto/blob/master/moto/elbv2/models.py, tried on AWS
    for name, value in (("port", port), ("protocol", protocol)):
        if not value:
            raise refusal("needed", what=f"listener {name}")
    protocols = network_balancers.PROTOCOLS if network_balancers.is_network(balancer) else _PROTOCOLS
    if protocol not in protocols:
        # https://github.com/getmoto/moto/blob/master/moto/elbv2/exceptions.py
        raise refusal("listenerProtocol", protocol=protocol, protocols=", ".join(protocols))
    for other in list(alb._listeners.values()):
        if (other["LoadBalancerArn"], number(other["Port"])) == (balancer, port) and other["ListenerArn"] != arn:
            # https://github.com/aws/aws-cdk/issues/2563
            message = f"A listener already exists on this port for this load balancer '{balancer}'"
            raise Refused("DuplicateListener", message)
    _check_certificate(request)
    if arn is None and sum(one["LoadBalancerArn"] == balancer for one in alb._listeners.values()) >= _MOST_LISTENERS:
        sentence = f"The maximum number of listeners on a load balancer has been reached: '{_MOST_LISTENERS}'"  # ours
        raise Refused("TooManyListeners", sentence)
    action_rules.check(request.get("DefaultActions") or [], str(balancer), str(protocol))


def _check_certificate(request: Request) -> None:
    certificates = request.get("Certificates") or []
    protocol = str(request.get("Protocol"))
    if protocol in _SECURE and not certificates:
        # https://github.com/hashicorp/terraform-provider-aws/issues/5355
        raise refusal("certificateMissing", protocol=protocol)
    # The rest: the rules pf-elbv2-listener-* of https://github.com/badmintoncryer/cdk-preflight, with AWS's spelling.
    if protocol not in _SECURE:
        if certificates:
            raise refusal("certificateOnPlain", protocol=protocol)
        if request.get("SslPolicy"):
            raise refusal("sslPolicyOnPlain", protocol=protocol)
        if (request.get("MutualAuthentication") or {}).get("Mode", "off") != "off":
            raise Refused(CODE, "Mutual Authentication cannot be set for non secure listeners")
    if len(certificates) > 1:
        raise refusal("certificates", count=len(certificates))
    for one in certificates:
        if not _CERTIFICATE.fullmatch(str(one.get("CertificateArn"))):
            raise refusal("certificateNotFound", arn=one.get("CertificateArn"))
    policy = request.get("SslPolicy")
    # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
    if policy and policy not in SSL_POLICIES:
        raise refusal("sslPolicyNotFound", policy=policy)
    if request.get("AlpnPolicy") and protocol != "TLS" and network_balancers.is_network(request.get("LoadBalancerArn")):
        # "[TLS listeners]" is the rule of AWS's page; ours
        raise Refused(CODE, f"An ALPN policy cannot be specified for {protocol} listeners")
    if request.get("AlpnPolicy") and protocol != "TLS":
        raise Refused(CODE, "You cannot set ALPN policy on load balancers of type 'application'")


def check_priority(priority: Any, listener: str, rule: str | None = None) -> None:
    """Raises Refused. https://github.com/stelligent/mu/issues/324"""
    given = number(priority)
    if given is None or not _PRIORITIES[0] <= given <= _PRIORITIES[1]:
        raise refusal("priorityRange", priority=priority)  # ours
    for other in list(alb._rules.values()):
        if other["ListenerArn"] == listener and str(other["Priority"]) == str(given) and other["RuleArn"] != rule:
            raise refusal("priorityInUse", priority=given)


def check_rule(request: Request, arn: str | None = None) -> None:
    """A new rule, or one as it would be after a change. Raises Refused."""
    listener = alb._listeners.get(request.get("ListenerArn"))
    if listener is None:
        raise Refused("ListenerNotFound", f"Listener '{request.get('ListenerArn')}' not found")
    if network_balancers.is_network(listener["LoadBalancerArn"]):
        # From memory.
        raise Refused(CODE, "Rules are unsupported for Network Load Balancer listeners")
    check_priority(request.get("Priority"), listener["ListenerArn"], arn)
    balancer = listener["LoadBalancerArn"]
    listeners = [key for key, one in alb._listeners.items() if one["LoadBalancerArn"] == balancer]
    rules = [one for one in alb._rules.values() if one["ListenerArn"] in listeners and not one["IsDefault"]]
    if arn is None and len(rules) >= _MOST_RULES:
        raise Refused(
            "TooManyRules", f"The maximum number of rules on a load balancer has been reached: '{_MOST_RULES}'"
        )
    condition_rules.check(request.get("Conditions") or [])
    action_rules.check(request.get("Actions") or [], balancer, str(listener["Protocol"]))


def check_priorities(pairs: list[tuple[str, str]]) -> None:
    """SetRulePriorities: all at once, so that rules can swap theirs. Raises Refused."""
    given = [priority for _, priority in pairs]
    moved = [arn for arn, _ in pairs]
    for arn, priority in pairs:
        rule = alb._rules.get(arn)
        if rule is None:
            raise Refused("RuleNotFound", f"Rule '{arn}' not found")
        if rule["IsDefault"]:
            raise Refused("OperationNotPermitted", f"Default rule '{arn}' priority cannot be modified")  # ours
        if given.count(priority) > 1:
            # https://github.com/getmoto/moto/blob/master/moto/elbv2/exceptions.py
            raise Refused(CODE, f"Priority '{priority}' was provided multiple times")
        others = [one for one in alb._rules.values() if one["RuleArn"] not in moved]
        if any(one["ListenerArn"] == rule["ListenerArn"] and str(one["Priority"]) == priority for one in others):
            raise refusal("priorityInUse", priority=priority)
