"""Templates that CloudFormation refuses before it makes anything, each with its sentence."""

import itertools
import json
from typing import Any

import in_process
import pytest

VERSION = "2010-05-15"
NUMBERS = itertools.count()
QUEUE: dict[str, Any] = {"Type": "AWS::SQS::Queue"}
FORMAT = "Template format error: "
ERROR = "Template error: "


def queue(name: Any, **more: Any) -> dict[str, Any]:
    return {**QUEUE, "Properties": {"QueueName": name}, **more}


def resources(**more: Any) -> dict[str, Any]:
    return {"Resources": {"Q": QUEUE, **more}}


def said(template: Any, action: str = "ValidateTemplate", **fields: str) -> str:
    body = template if isinstance(template, str) else json.dumps(template)
    # Each has a name of its own: a stack is there for a while after its deletion.
    stack = {"StackName": f"s{next(NUMBERS)}"}
    given = {"TemplateBody": body, **({} if action == "ValidateTemplate" else stack), **fields}
    status, answer = in_process.query("cloudformation", VERSION, action, **given)
    if status == 200:
        in_process.query("cloudformation", VERSION, "DeleteStack", **stack)
        return ""
    assert status == 400
    assert "<Code>ValidationError</Code>" in answer
    text = answer.partition("<Message>")[2].partition("</Message>")[0]
    return text.replace("&#39;", "'").replace("&apos;", "'").replace("&quot;", '"').replace("&#34;", '"')


FORMS: list[tuple[Any, str]] = [
    ("[]", f"{FORMAT}unsupported structure."),
    ({"Extras": {}, "More": 1, **resources()}, "Invalid template property or properties [Extras, More]"),
    ({"Resources": None}, "[/Resources] 'null' values are not allowed in templates"),
    (resources(R=queue(None)), "[/Resources/R/Type/QueueName] 'null' values are not allowed in templates"),
    (resources(R={**QUEUE, "Properties": None}), "[/Resources/R/Properties] 'null' values are not allowed in templates"),
    ({"Outputs": {"O": {"Value": None}}, **resources()}, "[/Outputs/O/Value] 'null' values are not allowed in templates"),
    ({}, f"{FORMAT}At least one Resources member must be defined."),
    ({"Resources": {}}, f"{FORMAT}At least one Resources member must be defined."),
    ({"Resources": []}, f"{FORMAT}Any Resources member must be a JSON object."),
    ({"Resources": {"A": "x"}}, f"{FORMAT}Any Resources member must be a JSON object."),
    ({"AWSTemplateFormatVersion": "2011", **resources()}, f"{FORMAT}unsupported value for AWSTemplateFormatVersion."),
    ({"Resources": {"my-queue": QUEUE}}, f"{FORMAT}Resource name my-queue is non alphanumeric."),
    ({"Resources": {"A": {}}}, f"{FORMAT}[/Resources/A] Every Resources object must contain a Type member."),
    (resources(A={**QUEUE, "Properties": []}), f"{FORMAT}Any Properties member must be a JSON object."),
    (resources(A={**QUEUE, "QueueName": "x"}), "Invalid template resource property 'QueueName'"),
    (resources(A={**QUEUE, "DependsOn": {"Fn::If": ["C", "Q", "Q"]}}), f"{FORMAT}Every DependsOn value must be a string."),
    (resources(A={**QUEUE, "DeletionPolicy": "Keep"}), f"{FORMAT}Unrecognized DeletionPolicy Keep for resource A"),
    (resources(A={"Type": "AWS::SQS::Quee"}), f"{FORMAT}Unrecognized resource types: [AWS::SQS::Quee]"),
    ({"Description": {"a": "b"}, **resources()}, f"{FORMAT}Every Description member must be a string."),
    ({"Parameters": {"Q": {"Type": "String"}}, **resources()}, f"{FORMAT}Duplicate logical names of Parameters and Resources: [Q]"),
    ({"Parameters": {"P": {"Type": "String", "AllowedPattern": "["}}, **resources()}, f"{FORMAT}[/Parameters/P/AllowedPattern] The pattern is not a regular expression: unterminated character set at position 1"),
    (resources(A={**QUEUE, "DeletionPolicy": "Snapshot"}), f"{ERROR}resource type AWS::SQS::Queue does not support deletion policy Snapshot"),
    ({"Transform": "Mine", **resources()}, "No transform named Mine found."),
    ({"Transform": ["AWS::Include", {"Name": "AWS::Nope-2016-10-31"}], **resources()}, "No transform named AWS::Nope-2016-10-31 found."),
    (resources(A=queue({"Fn::Transform": {"Name": "Mine"}})), "No transform named Mine found."),
    ({"Conditions": {"A": "true"}, **resources()}, f"{FORMAT}Conditions can only be boolean operations on parameters and other conditions"),
    ({"Conditions": {"A": {"Ref": "AWS::Region"}}, **resources()}, f"{FORMAT}Conditions can only be boolean operations on parameters and other conditions"),
    ({"Parameters": {"P": {}}, **resources()}, f"{FORMAT}Every Parameters object must contain a Type member."),
    ({"Parameters": {"P": {"Type": "Text"}}, **resources()}, f"{FORMAT}Unrecognized parameter type: Text"),
    ({"Parameters": {"P": {"Type": "String", "Pattern": "x"}}, **resources()}, "Invalid template parameter property 'Pattern'"),
    ({"Outputs": {"O": {"Description": "x"}}, **resources()}, f"{FORMAT}Every Outputs member must contain a Value object"),
    ({"Outputs": {"O": {"Value": ["x"]}}, **resources()}, f"{FORMAT}The Value field of every Outputs member must evaluate to a String."),
    ({"Mappings": {"M": {"a": "b"}}, **resources()}, f"{FORMAT}[/Mappings/M/a] Every Mappings attribute must be a map"),
    ({"Mappings": {"M": {"a": {"b": {}}}}, **resources()}, f"{FORMAT}[/Mappings/M/a/b] Every Mappings attribute must be a String or a List."),
]  # fmt: skip


@pytest.mark.parametrize(("template", "sentence"), FORMS)
def test_the_form_of_a_template(template: Any, sentence: str) -> None:
    assert said(template) == sentence
    assert said(template, "CreateStack") == sentence
    assert said(template, "CreateChangeSet", ChangeSetName="c", ChangeSetType="CREATE") == sentence


UNRESOLVED = f"{FORMAT}Unresolved resource dependencies [{{}}] in the {{}} block of the template"
NAMES: list[tuple[Any, str]] = [
    (resources(A=queue({"Ref": "Nope"})), UNRESOLVED.format("Nope", "Resources")),
    (resources(A=queue({"Ref": "AWS::Resion"})), UNRESOLVED.format("AWS::Resion", "Resources")),
    (resources(A=queue({"Fn::Sub": "${Nope}-${Q}-${!Text}-${AWS::Region}"})), UNRESOLVED.format("Nope", "Resources")),
    (resources(A=queue({"Fn::Sub": ["${Own}${Nope.Arn}", {"Own": {"Ref": "No"}}]})), UNRESOLVED.format("Nope, No", "Resources")),
    (resources(A={**QUEUE, "DependsOn": ["Q", "Nope"]}), UNRESOLVED.format("Nope", "Resources")),
    ({"Outputs": {"O": {"Value": {"Ref": "Nope"}}}, **resources()}, UNRESOLVED.format("Nope", "Outputs")),
    (resources(A=queue({"Fn::GetAtt": ["Nope", "Arn"]})), f"{ERROR}instance of Fn::GetAtt references undefined resource Nope"),
    (resources(A=queue({"Fn::GetAtt": "Nope.Arn"})), f"{ERROR}instance of Fn::GetAtt references undefined resource Nope"),
    (resources(A={**QUEUE, "Condition": "Nope"}), f"{FORMAT}Unresolved condition dependency Nope in the Resources block of the template"),
    ({"Outputs": {"O": {"Value": "x", "Condition": "Nope"}}, **resources()}, f"{FORMAT}Unresolved condition dependency Nope in the Outputs block of the template"),
    ({"Conditions": {"A": {"Fn::Not": [{"Condition": "Nope"}]}}, **resources()}, f"{FORMAT}Unresolved condition dependency Nope in the Conditions block of the template"),
    ({"Conditions": {"A": {"Fn::Equals": [{"Ref": "Q"}, "x"]}}, **resources()}, f"{FORMAT}Unresolved dependencies [Q]. Cannot reference resources in the Conditions block of the template"),
    (resources(A=queue({"Fn::If": ["Nope", "a", "b"]})), f"{ERROR}unresolved condition dependency Nope in Fn::If"),
    (resources(A=queue({"Fn::FindInMap": ["Nope", "a", "b"]})), f"{ERROR}Mapping named 'Nope' is not present in the 'Mappings' section of template."),
    ({"Mappings": {"M": {"a": {"b": "c"}}}, **resources(A=queue({"Fn::FindInMap": ["M", "a", "x"]}))}, f"{ERROR}Unable to get mapping for M::a::x"),
    (resources(A=queue({"Ref": "B"}), B=queue({"Ref": "A"})), "Circular dependency between resources: [A, B]"),
    (resources(A={**QUEUE, "DependsOn": "A"}), "Circular dependency between resources: [A]"),
    ({"Outputs": {"O": {"Value": "x", "Export": {"Name": {"Ref": "Q"}}}}, **resources()}, f"{FORMAT}Output O is malformed.  The Name field of Export must not depend on any resources, imported values, or Fn::GetAZs."),
    ({"Outputs": {"O": {"Value": "x", "Export": {"Name": "a b"}}}, **resources()}, f"{FORMAT}Output O is malformed. The Name field of every Export member must be specified and consist only of alphanumeric characters, colons, or hyphens."),
    ({"Outputs": {"O": {"Value": "x", "Export": {}}}, **resources()}, f"{FORMAT}Output O is malformed. The Name field of every Export member must be specified and consist only of alphanumeric characters, colons, or hyphens."),
]  # fmt: skip


@pytest.mark.parametrize(("template", "sentence"), NAMES)
def test_names_that_are_not_there(template: Any, sentence: str) -> None:
    # One line has no second space.
    one_line = " ".join(sentence.split())
    assert " ".join(said(template).split()) in (one_line, one_line.replace("[A, B]", "[B, A]"))
    assert " ".join(said(template, "CreateStack").split()) in (one_line, one_line.replace("[A, B]", "[B, A]"))


CALLS: list[tuple[Any, str]] = [
    ({"Ref": ["Q"]}, "every Ref object must have a single String value."),
    ({"Fn::GetAtt": ["Q"]}, "every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute"),
    ({"Fn::GetAtt": "Q"}, "every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute"),
    ({"Fn::Sub": "${a b}"}, "variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons"),
    ({"Fn::Sub": ["x"]}, "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string"),
    ({"Fn::Join": ["a", "b"]}, "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined."),
    ({"Fn::Select": [2, ["a", "b"]]}, "Fn::Select cannot select nonexistent value at index 2"),
    ({"Fn::Select": ["-1", ["a", "b"]]}, "Fn::Select cannot select nonexistent value at index -1"),
    ({"Fn::Select": ["x", ["a"]]}, "Fn::Select requires a list argument with two elements: an integer index and a list"),
    ({"Fn::Split": ["a"]}, "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split."),
    ({"Fn::If": ["C", "a"]}, "Fn::If requires a list argument with three elements"),
    ({"Fn::If": [{"Fn::Equals": ["a", "b"]}, "a", "b"]}, "Fn::If requires a list argument with the first element being a condition"),
    ({"Fn::FindInMap": ["M", "a"]}, "every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value"),
    ({"Fn::Base64": ["a"]}, "every Fn::Base64 object must have a String-typed value."),
    *(({"Fn::ImportValue": inner}, "the attribute in Fn::ImportValue must not depend on any resources, imported values, or Fn::GetAZs") for inner in ({"Ref": "Q"}, {"Fn::GetAtt": ["Q", "Arn"]}, {"Fn::Sub": "${Q.Arn}"}, {"Fn::ImportValue": "x"}, {"Fn::Select": [0, {"Fn::GetAZs": ""}]})),
    ({"Fn::Foo": "a"}, "Encountered unsupported function: Fn::Foo"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "sentence"), CALLS)
def test_arguments_of_functions(call: Any, sentence: str) -> None:
    assert said(resources(A=queue(call))) == f"{ERROR}{sentence}"


CONDITIONS: list[tuple[Any, str]] = [
    ({"Fn::Equals": ["a"]}, "every Fn::Equals object requires a list of 2 string parameters."),
    ({"Fn::And": [{"Fn::Equals": ["a", "a"]}]}, "every Fn::And object requires a list of at least 2 and at most 10 boolean parameters."),
    ({"Fn::Or": [{"Fn::Equals": ["a", "a"]}] * 11}, "every Fn::Or object requires a list of at least 2 and at most 10 boolean parameters."),
    ({"Fn::Not": [{"Fn::Equals": ["a", "a"]}] * 2}, "every Fn::Not object requires a list of 1 boolean parameter."),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "sentence"), CONDITIONS)
def test_arguments_of_conditions(condition: Any, sentence: str) -> None:
    assert said({"Conditions": {"C": condition}, **resources()}) == f"{ERROR}{sentence}"


def _conditional(name: str, value: Any, **more: Any) -> dict[str, Any]:
    conditions = {"Yes": {"Fn::Equals": ["a", "a"]}, "No": {"Fn::Equals": ["a", "b"]}}
    return {"Conditions": conditions, **resources(Left=queue("left", Condition="No"), **{name: value}), **more}


@pytest.mark.parametrize(
    ("template", "block"),
    [
        (_conditional("A", queue({"Ref": "Left"})), "Resources"),
        (_conditional("A", queue({"Fn::GetAtt": ["Left", "QueueName"]})), "Resources"),
        (_conditional("A", queue({"Fn::Sub": "${Left}"})), "Resources"),
        (_conditional("A", queue({"Fn::If": ["Yes", {"Ref": "Left"}, "x"]})), "Resources"),
        (_conditional("A", queue("x", DependsOn="Left")), "Resources"),
        (_conditional("A", QUEUE, Outputs={"O": {"Value": {"Ref": "Left"}}}), "Outputs"),
    ],
)
def test_what_a_condition_leaves_out_is_not_there(template: Any, block: str) -> None:
    assert said(template) == ""
    assert said(template, "CreateStack") == UNRESOLVED.format("Left", block)


@pytest.mark.parametrize(
    "template",
    [
        _conditional("A", queue({"Fn::If": ["No", {"Ref": "Left"}, "x"]})),
        _conditional("A", queue({"Ref": "Left"}, Condition="No")),
        _conditional("A", queue("x", Condition="No", DependsOn="Left")),
        _conditional("A", QUEUE, Outputs={"O": {"Condition": "No", "Value": {"Ref": "Left"}}}),
        {"Parameters": {"Name": {"Type": "String", "Default": "x"}}, **resources(A=queue({"Fn::Sub": "${Name}-${AWS::StackName}"}))},
        {"Mappings": {"M": {"us-east-1": {"a": "x"}}}, **resources(A=queue({"Fn::FindInMap": ["M", {"Ref": "AWS::Region"}, "a"]}))},
        resources(A={**QUEUE, "Metadata": {"x": [1, True, "text"]}, "UpdateReplacePolicy": "Retain"}),
    ],
)  # fmt: skip
def test_what_is_right_passes(template: Any) -> None:
    assert said(template) == ""
    assert said(template, "CreateStack") == ""


PARAMETERS = {
    "Kind": {"Type": "String", "AllowedValues": ["a", "b"], "Default": "a"},
    "Many": {"Type": "CommaDelimitedList", "AllowedValues": ["a", "b"], "Default": "b, a"},
    "Name": {"Type": "String", "AllowedPattern": "[a-z]+", "Default": "a"},
    "Told": {
        "Type": "String",
        "AllowedPattern": "[a-z]+",
        "ConstraintDescription": "must be lower case",
        "Default": "a",
    },
    "Long": {"Type": "String", "MinLength": 2, "MaxLength": "3", "Default": "aa"},
    "Size": {"Type": "Number", "MinValue": "1", "MaxValue": 3, "Default": 2},
}


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("Kind", "c", "Parameter 'Kind' must be one of AllowedValues"),
        ("Many", "a,c", "Parameter 'Many' must be one of AllowedValues"),
        ("Name", "A", "Parameter 'Name' must match pattern [a-z]+"),
        ("Name", "a1", "Parameter 'Name' must match pattern [a-z]+"),
        ("Told", "A", "Parameter Told failed to satisfy constraint: must be lower case"),
        ("Long", "a", "Parameter 'Long' must contain at least 2 characters"),
        ("Long", "aaaa", "Parameter 'Long' must contain at most 3 characters"),
        ("Size", "0", "Parameter 'Size' must be a number not less than 1"),
        ("Size", "4", "Parameter 'Size' must be a number not greater than 3"),
        ("Size", "x", "Parameter 'Size' must be a number"),
        ("Size", "nan", "Parameter 'Size' must be a number"),
        ("Other", "x", "Parameters: [Other] do not exist in the template"),
    ],
)
def test_values_of_parameters(name: str, value: str, sentence: str) -> None:
    fields = {"Parameters.member.1.ParameterKey": name, "Parameters.member.1.ParameterValue": value}
    assert said({"Parameters": PARAMETERS, **resources()}, "CreateStack", **fields) == sentence
    assert said({"Parameters": PARAMETERS, **resources()}, "CreateStack") == ""


def test_parameters_without_a_value() -> None:
    bare = {"Parameters": {"A": {"Type": "String"}, "B": {"Type": "Number"}}, **resources()}
    assert said(bare, "CreateStack") == "Parameters: [A, B] must have values"
    path = {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/nope"}
    sentence = "Unable to fetch parameters [/nope] from parameter store for this account."
    assert said({"Parameters": {"P": path}, **resources()}, "CreateStack") == sentence


def test_one_export_name_twice() -> None:
    export = {"Value": "x", "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-x"}}}
    template = {"Outputs": {"A": export, "B": export}, **resources()}
    assert said(template, "CreateStack") == (
        f"{FORMAT}The Outputs section contains duplicate Export names: [${{AWS::StackName}}-x]. Specify a unique name for each export."
    )
