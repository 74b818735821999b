"""The recipe of docs/operations.md that goes back to the image before, typed after more deliveries than a page holds."""

import os
import re
import subprocess
import sys
from pathlib import Path

from conftest import HERE, KEY, REGION, ControlPlane

DOCUMENT = HERE.parents[1] / "docs/operations.md"
NAME = "/highlands/service-b/image"
# GetParameterHistory gives 50 at a time: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameterHistory.html
DELIVERIES = 60


def test_the_image_before_is_the_one_before_the_last(plane: ControlPlane) -> None:
    ssm = plane.client("ssm")
    for delivery in range(DELIVERIES):
        ssm.put_parameter(Name=NAME, Value=f"image@{delivery}", Type="String", Overwrite=True)
    [recipe] = re.findall(r"^(?:version=.*\n)?image=.*\naws ssm put-parameter .*\n", DOCUMENT.read_text(), re.MULTILINE)
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "AWS_ENDPOINT_URL": plane.url,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": KEY.access_key,
        "AWS_SECRET_ACCESS_KEY": KEY.secret_key,
    }
    subprocess.run(["bash", "-euc", recipe], env=environment, check=True, timeout=60)
    assert ssm.get_parameter(Name=NAME)["Parameter"]["Value"] == f"image@{DELIVERIES - 2}"
