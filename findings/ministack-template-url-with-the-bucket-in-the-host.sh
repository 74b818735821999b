#!/usr/bin/env bash
# ministack 1.5.33: a template by URL in the virtual-hosted form, which the CDK and the AWS CLI make, is not found: the first
# part of the key is taken for the bucket. The path form of the same object works. One would guess that an endpoint that serves
# both forms of S3 also reads both.
# Expected: both make the stack, as on AWS: https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ministack==1.5.33 botocore==1.43.106
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
(cd "$folder" && GATEWAY_PORT=$port exec "$folder/venv/bin/ministack" >"$folder/log" 2>&1) &
server=$!
PORT=$port "$folder/venv/bin/python" - <<'PYTHON'
import json
import os
import time

import botocore.exceptions
import botocore.session


def client(name):
    return botocore.session.get_session().create_client(
        name,
        region_name="us-east-1",
        endpoint_url=f"http://127.0.0.1:{os.environ['PORT']}",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


s3, cloudformation = client("s3"), client("cloudformation")
for _ in range(100):
    try:
        s3.create_bucket(Bucket="templates")
        break
    except botocore.exceptions.EndpointConnectionError:
        time.sleep(0.3)
template = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}
s3.put_object(Bucket="templates", Key="shop/one.json", Body=json.dumps(template))
path = "https://s3.us-east-1.amazonaws.com/templates/shop/one.json"
virtual = "https://templates.s3.us-east-1.amazonaws.com/shop/one.json"
cloudformation.create_stack(StackName="by-path", TemplateURL=path)
print("path form: made")
try:
    cloudformation.create_stack(StackName="by-host", TemplateURL=virtual)
    raise SystemExit("the virtual-hosted form works now")
except botocore.exceptions.ClientError as error:
    print("virtual-hosted form:", error)
PYTHON
