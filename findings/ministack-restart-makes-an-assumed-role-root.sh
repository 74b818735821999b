#!/usr/bin/env bash
# ministack 1.5.33 with PERSIST_STATE=1: a role outlives a restart, and the session of whoever assumed it does not. Its
# credentials, which are valid for an hour, are answered all the same, as the account's root: GetCallerIdentity names another
# identity than before, with no error. One would guess that sessions are kept with the roles, since a file sts.json is
# written, or else that their credentials are refused (ExpiredToken), as on AWS when a session has ended.
# Expected: the same identity before and after: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check ministack==1.5.33 botocore==1.43.106
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat >"$folder/ask.py" <<'PYTHON'
import json
import os
import sys
import time

import botocore.exceptions
import botocore.session


def client(name, key="test", secret="test", token=None):
    return botocore.session.get_session().create_client(
        name,
        region_name="us-east-1",
        endpoint_url=f"http://127.0.0.1:{os.environ['PORT']}",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
    )


iam, sts, kept = client("iam"), client("sts"), os.path.join(os.path.dirname(__file__), "session.json")
for _ in range(100):
    try:
        iam.list_roles()
        break
    except botocore.exceptions.EndpointConnectionError:
        time.sleep(0.3)
if sys.argv[1] == "before":
    role = iam.create_role(RoleName="deployer", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    session = sts.assume_role(RoleArn=role, RoleSessionName="session")["Credentials"]
    with open(kept, "w") as file:
        json.dump([session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"]], file)
with open(kept) as file:
    identity = client("sts", *json.load(file)).get_caller_identity()["Arn"]
print(f"{sys.argv[1]}: role {iam.get_role(RoleName='deployer')['Role']['RoleName']} is there, its session is {identity}")
expected = {"before": ":assumed-role/deployer/session", "after": ":root"}[sys.argv[1]]
if not identity.endswith(expected):
    raise SystemExit(f"not as it was seen: {identity}")
PYTHON
for when in before after; do
  (cd "$folder" && PERSIST_STATE=1 STATE_DIR="$folder/state" GATEWAY_PORT=$port exec "$folder/venv/bin/ministack" >"$folder/log" 2>&1) &
  server=$!
  PORT=$port "$folder/venv/bin/python" "$folder/ask.py" "$when"
  # It writes what it keeps when it is asked to end.
  kill "$server"
  wait "$server" || true
done
