"""What ECS refuses of the network of a service's tasks.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html
"""

from typing import Any

from ministack.services import ec2

from .refused import Refused

CODE = "InvalidParameterException"
_MOST = {"subnets": 16, "securityGroups": 5}


def check(configuration: dict[str, Any]) -> None:
    """Raises Refused."""
    awsvpc = configuration.get("awsvpcConfiguration")
    if not awsvpc:
        # https://github.com/tryretool/retool-onpremise/pull/84
        raise Refused(CODE, "Network Configuration must be provided when networkMode 'awsvpc' is specified.")
    if not awsvpc.get("subnets"):
        raise Refused(CODE, "subnets can not be empty.")
    for member, most in _MOST.items():
        if len(awsvpc.get(member) or []) > most:
            raise Refused(CODE, f"{member} can have at most {most} items.")
    _check_there(awsvpc["subnets"], awsvpc.get("securityGroups") or [])


def _check_there(subnets: list[str], groups: list[str]) -> None:
    """Both sentences as https://github.com/getmoto/moto/blob/master/moto/ecs/models.py has them, with the code of EC2."""
    for one in subnets:
        if one not in ec2._subnets:
            why = f"The subnet ID '{one}' does not exist (ErrorCode: InvalidSubnetID.NotFound)"
            raise Refused(CODE, f"Error retrieving subnet information for [{', '.join(subnets)}]: {why}")
    for one in groups:
        if one not in ec2._security_groups:
            why = f"The security group '{one}' does not exist (ErrorCode: InvalidGroup.NotFound)"
            raise Refused(CODE, f"Error retrieving security group information for [{', '.join(groups)}]: {why}")
    vpcs = {ec2._subnets[one]["VpcId"] for one in subnets}
    # "All specified subnets must be from the same VPC", and so the groups: AWS's page; ours
    if len(vpcs) > 1:
        raise Refused(CODE, f"The subnets [{', '.join(subnets)}] must be from the same VPC.")
    if any(ec2._security_groups[one].get("VpcId") not in vpcs for one in groups):
        raise Refused(CODE, f"The security groups [{', '.join(groups)}] must be from the VPC of the subnets.")
