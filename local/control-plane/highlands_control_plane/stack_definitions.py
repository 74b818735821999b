"""What an operation on a stack knows of its resources: their definitions, their properties with every reference followed, their records."""

import copy
from typing import Any

from ministack.services.cloudformation import stacks

from . import property_types

Record = dict[str, Any]


class Definitions:
    """Of the new template, and of the one before where there was one."""

    def __init__(self, stack: Record, template: Record, parameters: Record, previous_stack: Record | None) -> None:
        self.stack, self.template, self.parameters = stack, template, parameters
        self.name, self.stack_id = stack["StackName"], stack["StackId"]
        self.previous_stack = previous_stack or {}
        self.is_update = previous_stack is not None
        self.prefix = "UPDATE" if self.is_update else "CREATE"
        self.definitions: Record = template.get("Resources", {})
        self.conditions = stacks._evaluate_conditions(template, parameters)
        self.records: Record = stack.setdefault("_resources", {})
        self.previous: Record = self.previous_stack.get("_resources", {})

    def record(self, logical_id: str, properties: Record, dynamic: Record) -> Record:
        """What is written down of a resource before it is made."""
        type_name = self.definitions[logical_id].get("Type", "AWS::CloudFormation::CustomResource")
        record = {"LogicalResourceId": logical_id, "ResourceType": type_name, "Properties": properties}
        return {**record, "_dynamic": dynamic} if dynamic else record

    def resolved(self, logical_id: str, before: Record | None) -> tuple[Record, Record]:
        """Properties with every reference followed, in the types of the schema."""
        definition = self.definitions[logical_id]
        raw = copy.deepcopy(definition.get("Properties", {}))
        mappings = self.template.get("Mappings", {})
        resolved = stacks._resolve_refs(
            raw, self.records, self.parameters, self.conditions, mappings, self.name, self.stack_id
        )
        given = {key: value for key, value in resolved.items() if value is not stacks._NO_VALUE}
        old_template = self.previous_stack.get("_template", {})
        same_stack = self.is_update and self.template == old_template
        same_stack = same_stack and self.parameters == self.previous_stack.get("_resolved_params")
        same = before is not None and old_template.get("Resources", {}).get(logical_id) == definition
        known = (before or {}).get("_dynamic")
        given, dynamic = stacks._resolve_dynamic_references(given, known, reuse_ssm=same_stack, reuse_secrets=same)
        property_types.check_rules(logical_id, definition.get("Type", ""), given)
        return property_types.checked(logical_id, definition.get("Type", ""), given), dynamic

    def tagged(self, logical_id: str, type_name: str, properties: Record, tags: list[Any]) -> Record:
        """Properties with the tags of the stack."""
        tagged: Record = stacks._with_stack_tags(type_name, properties, tags, self.name, self.stack_id, logical_id)
        return tagged

    def policy(self, logical_id: str, attribute: str) -> str:
        """A DeletionPolicy or UpdateReplacePolicy of the new template."""
        mappings = self.template.get("Mappings", {})
        definition = self.definitions.get(logical_id)
        found: str = stacks._resource_policy(
            definition, attribute, self.records, self.parameters, self.conditions, mappings, self.name, self.stack_id
        )
        return found
