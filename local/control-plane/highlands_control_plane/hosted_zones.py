"""Route 53 as the resolver of a VPC needs it: the VPCs of a zone in a template, record set groups, and changes that are counted.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-route53-hostedzone.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-route53-recordsetgroup.html
"""

from typing import Any

from ministack.services import route53
from ministack.services.cloudformation import provisioners

from .changes import counted
from .replacing import replace, wrap_entries
from .resources import HANDLERS, Created, Properties, count_changes_of, new_number, resource

# What the agent reads of zones, as the API changes it.
_CHANGES = (
    "_create_hosted_zone",
    "_delete_hosted_zone",
    "_associate_vpc",
    "_disassociate_vpc",
    "_change_resource_record_sets",
)
# What a group gives each of its record sets.
_OF_GROUP = ("HostedZoneId", "HostedZoneName")


def _with_vpcs(handler: Any) -> Any:
    """A zone with VPCs is a private one; ministack's handler of the type makes every zone a public one."""

    def call(*arguments: Any, **options: Any) -> Created:
        zone_id, attributes = handler(*arguments, **options)
        # The arguments of a create are id, properties, stack; those of an update id, old, new, stack.
        properties: Properties = [one for one in arguments if isinstance(one, dict)][-1]
        vpcs = [{"VPCRegion": one["VPCRegion"], "VPCId": one["VPCId"]} for one in properties.get("VPCs") or []]
        with route53._lock:
            zone = route53._zones[zone_id]
            zone["private"], zone["vpcs"] = bool(vpcs), vpcs
        return zone_id, attributes

    return call


def _record_sets(properties: Properties) -> dict[tuple[str, str, str], Properties]:
    """The record sets of a group as resources of their own, by what makes each the same one."""
    shared = {name: properties[name] for name in _OF_GROUP if name in properties}
    found = [{**shared, **one} for one in properties.get("RecordSets") or []]
    return {route53._rs_key(provisioners._r53_record_set_build_rs(one)): one for one in found}


def _create_group(logical_id: str, properties: Properties, stack: str) -> Created:
    made: list[Properties] = []
    try:
        for one in _record_sets(properties).values():
            provisioners._r53_record_set_create(logical_id, one, stack)
            made.append(one)
    except ValueError:
        # CloudFormation knows no id of a group that was not made, so nobody else takes these away.
        for one in made:
            provisioners._r53_record_set_delete("", one)
        raise
    name = f"{stack}-{logical_id}-{new_number(12)}"
    return name, {"Id": name}


def _update_group(name: str, old: Properties, new: Properties, stack: str, logical_id: str | None = None) -> Created:
    before, after = _record_sets(old), _record_sets(new)
    for key in before.keys() - after.keys():
        provisioners._r53_record_set_delete("", before[key])
    for key, one in after.items():
        if key in before:
            provisioners._r53_record_set_update(name, before[key], one, stack)
        else:
            provisioners._r53_record_set_create(name, one, stack)
    return name, {"Id": name}


def _delete_group(name: str, properties: Properties) -> None:
    for one in _record_sets(properties).values():
        provisioners._r53_record_set_delete("", one)


def register() -> None:
    """Takes the place of what makes zones, and lets every change of one count."""
    wrap_entries(HANDLERS["AWS::Route53::HostedZone"], ("create", "update"), _with_vpcs)
    count_changes_of("AWS::Route53::")
    resource("AWS::Route53::RecordSetGroup", create=_create_group, update=_update_group, delete=_delete_group)
    for name in _CHANGES:
        replace(route53, name, counted(getattr(route53, name)))
