"""AWS::IAM::OIDCProvider: ministack has its API, and no resource type for it."""

from ministack.services import iam

from .resources import Created, Properties, resource


def _create(logical_id: str, properties: Properties, stack: str) -> Created:
    clients = {
        f"ClientIDList.member.{number}": client
        for number, client in enumerate(properties.get("ClientIdList", []), start=1)
    }
    status, _, text = iam._create_oidc_provider({"Url": properties["Url"], **clients})
    if status != 200:
        raise ValueError(f"IAM refuses the identity provider {properties['Url']}: {text!r}")
    host = properties["Url"].removeprefix("https://").rstrip("/")
    arn = f"arn:aws:iam::{iam.get_account_id()}:oidc-provider/{host}"
    return arn, {"Arn": arn}


def _delete(physical_id: str, properties: Properties) -> None:
    iam._delete_oidc_provider({"OpenIDConnectProviderArn": physical_id})


def register() -> None:
    resource("AWS::IAM::OIDCProvider", create=_create, delete=_delete)
