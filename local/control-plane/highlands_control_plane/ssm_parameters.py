"""AWS::SSM::Parameter without a name: CloudFormation's own is `CFN-<logical id>-<random>`, without a slash.

ministack's begins with one, and the ARN that CDK writes for a name that it does not know, `parameter/` and the name, has two.
https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.aws_ssm.StringParameter.html, simpleName
"""

import random
import string

from ministack.services.cloudformation import provisioners

from .replacing import replace_entry
from .resources import HANDLERS, Created, Properties

# As long as the random part of other names of CloudFormation.
_RANDOM = 12


def _create(logical_id: str, properties: Properties, stack: str) -> Created:
    suffix = "".join(random.choices(string.ascii_letters + string.digits, k=_RANDOM))
    created: Created = provisioners._ssm_create(logical_id, {"Name": f"CFN-{logical_id}-{suffix}", **properties}, stack)
    return created


def register() -> None:
    """Gives the type names of its own; what else it does is ministack's."""
    replace_entry(HANDLERS["AWS::SSM::Parameter"], "create", _create)
