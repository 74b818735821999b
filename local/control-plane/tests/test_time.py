"""No request holds the control plane for seconds, and no template is more than it looks."""

import asyncio
import json
import re
import time

import pytest
from in_process import query, run

from highlands_control_plane import template_limits, time_limit


def _aliases() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    return "\n".join([*lines, "Resources: {G: {Type: AWS::Logs::LogGroup}}"])


@pytest.mark.parametrize(
    ("template", "why"),
    [
        (_aliases(), "aliases are not allowed"),
        ("Resources: &r {G: {Type: AWS::Logs::LogGroup}}\nMetadata: *r\n", "aliases are not allowed"),
        ("Metadata: " + "[" * 20_000 + "]" * 20_000, "levels deep"),
        ("Metadata: " + "[" * 50_000, "levels deep"),
        ("Metadata: " + "{a: " * 9_000, "levels deep"),
        ('{"Metadata": ' + "[" * 20_000 + "]" * 20_000 + "}", "levels deep"),
        ("x" * 51_201, "51200"),
    ],
)
def test_templates_that_are_too_much(template: str, why: str) -> None:
    began = time.process_time()
    for action in ("ValidateTemplate", "GetTemplateSummary", "CreateStack"):
        status, answer = query("cloudformation", "2010-05-15", action, StackName="s", TemplateBody=template)
        assert status == 400 and why in answer, answer
    # Of seconds that nothing of it may take.
    assert time.process_time() - began < 3


def test_yaml_is_read_as_before() -> None:
    template = "Parameters: {Day: {Type: String, Default: 2010-09-09}}\nResources:\n  G: {Type: AWS::Logs::LogGroup, Properties: {LogGroupName: !Sub 'x-${Day}', Tags: [{Key: a, Value: !GetAtt H.Arn}]}}\n  H: {Type: AWS::Logs::LogGroup}\n"
    parsed = template_limits.engine._parse_template(template)
    assert parsed["Parameters"]["Day"]["Default"] == "2010-09-09"
    assert parsed["Resources"]["G"]["Properties"] == {
        "LogGroupName": {"Fn::Sub": "x-${Day}"},
        "Tags": [{"Key": "a", "Value": {"Fn::GetAtt": ["H", "Arn"]}}],
    }


def test_more_parameters_than_a_template_has() -> None:
    template = {
        "Parameters": {f"P{n}": {"Type": "String", "Default": ""} for n in range(201)},
        "Resources": {"G": {"Type": "AWS::Logs::LogGroup"}},
    }
    status, answer = query("cloudformation", "2010-05-15", "ValidateTemplate", TemplateBody=json.dumps(template))
    assert status == 400 and "200" in answer


def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time_limit, "MOST_SECONDS", 0.5)

    async def backtracks() -> None:
        re.match(r"(a+)+$", "a" * 60 + "b")

    async def loops() -> None:
        await asyncio.sleep(0)
        while True:
            pass

    async def waits() -> None:
        # No processor time: as long as it likes.
        await asyncio.sleep(1)

    time_limit.watch()
    for work in (backtracks, loops):

        async def one(work=work) -> None:  # noqa: ANN001
            await time_limit.limited(work())

        with pytest.raises(time_limit.TookTooLong):
            run(one())
    run(waits())


def test_a_pattern_that_backtracks_ends_and_its_value_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time_limit, "MOST_SECONDS", 0.5)
    time_limit.watch()
    template = {
        "Parameters": {"P": {"Type": "String", "AllowedPattern": "(a+)+$"}},
        "Resources": {"G": {"Type": "AWS::Logs::LogGroup"}},
    }
    fields = {"Parameters.member.1.ParameterKey": "P", "Parameters.member.1.ParameterValue": "a" * 60 + "b"}
    status, answer = query(
        "cloudformation", "2010-05-15", "CreateStack", StackName="slow", TemplateBody=json.dumps(template), **fields
    )
    assert status == 400 and "must match pattern (a+)+$" in answer, answer


def test_much_data_may_take_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time_limit, "_BYTES_A_SECOND", 1)
    short, long = (time_limit.limited(asyncio.sleep(0), size) for size in (0, 1000))
    assert long._seconds - short._seconds == 1000
    run(asyncio.wait_for(_both(short, long), 10))


async def _both(*work: time_limit.limited) -> None:
    for one in work:
        await one
