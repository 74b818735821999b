#!/usr/bin/env bash
# ministack 1.5.33: answers of the query-protocol APIs hold text of users as it was given, so one ampersand in a health check
# path makes the whole answer of DescribeTargetGroups unreadable to every SDK. One would guess that what an API of AWS answers
# in XML is escaped, all the more as DescribeVpcs of the same version escapes its tags.
# Expected: the path as it was given, as on AWS.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ministack==1.5.33 botocore==1.43.106
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
(cd "$folder" && GATEWAY_PORT=$port exec "$folder/venv/bin/ministack" >"$folder/log" 2>&1) &
server=$!
PORT=$port "$folder/venv/bin/python" - <<'PYTHON'
import os
import time

import botocore.parsers
import botocore.session


def client(name):
    return botocore.session.get_session().create_client(
        name,
        region_name="us-east-1",
        endpoint_url=f"http://127.0.0.1:{os.environ['PORT']}",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


ec2, elbv2 = client("ec2"), client("elbv2")
for _ in range(100):
    try:
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        break
    except botocore.exceptions.EndpointConnectionError:
        time.sleep(0.3)
ec2.create_tags(Resources=[vpc], Tags=[{"Key": "team", "Value": "R&D"}])
tags = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["Tags"]
print("DescribeVpcs:", tags)
assert {"Key": "team", "Value": "R&D"} in tags
try:
    elbv2.create_target_group(
        Name="web", Protocol="HTTP", Port=80, VpcId=vpc, TargetType="ip", HealthCheckPath="/health?deep=1&b=2"
    )
    elbv2.describe_target_groups()
    raise SystemExit("it is escaped now")
except botocore.parsers.ResponseParserError as error:
    print("DescribeTargetGroups:", str(error).splitlines()[0][:120])
PYTHON
