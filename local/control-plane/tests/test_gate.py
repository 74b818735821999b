"""Who is served at the port: programs of this machine that have the region's key, and nobody else."""

import base64
import json
import re
import time
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from botocore.auth import HmacV1QueryAuth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from conftest import BASIC, KEY, REGION
from in_process import FORM, JSON, PORT, act, query, send, signed

from highlands_control_plane import limits

LIST = {"content-type": JSON, "x-amz-target": "AmazonEC2ContainerServiceV20141113.ListClusters"}


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]", "bucket.localhost", "a.b-c.localhost"]
)
def test_hosts_that_are_this_machine(host: str) -> None:
    # Refused for want of a key, which is looked at after the host.
    assert b'"MissingAuthenticationTokenException"' in send("POST", "/", {**LIST, "host": f"{host}:{PORT}"}, b"{}")[2]


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:4566",
        "127.0.0.1",
        "127.0.0.1:80",
        "localhost",
        "localhost:45660",
        "127.0.0.1.evil.example:4566",
        "localhost.evil.example:4566",
        "evillocalhost:4566",
        "[::2]:4566",
        "0.0.0.0:4566",
        "127.0.0.2:4566",
        "",
        ":4566",
        "localhost:4566,x",
        "x@localhost:4566",
        "local\xffhost:4566",
        ".localhost:4566",
    ],
)
def test_other_hosts_are_refused_even_with_the_key(host: str) -> None:
    status, _, answer = signed("POST", "/", {**LIST, "host": host}, b"{}")
    assert status == 403 and b"Host is" in answer


@pytest.mark.parametrize(
    "header",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": f"http://localhost:{PORT}"},
        {"origin": ""},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "same-origin"},
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/"), ("GET", "/bucket/key"), ("OPTIONS", "/"), ("GET", "/_agent/v1/version"), ("GET", "/v2/")],
)
def test_web_pages_are_refused(header: dict[str, str], method: str, path: str) -> None:
    status, headers, answer = signed(method, path, {**LIST, **header})
    assert status == 403 and b"no web page" in answer
    assert not [name for name in headers if name.startswith("access-control")]


def test_a_preflight_is_refused_and_no_answer_is_for_pages() -> None:
    assert send("OPTIONS", "/", {"access-control-request-method": "POST"})[0] == 403
    for _, headers, _ in (
        signed("POST", "/", LIST, b"{}"),
        signed("GET", "/", service="s3"),
        signed("POST", "/", LIST, b"["),
    ):
        assert not [name for name in headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "multipart/form-data; boundary=x", "", "application/json", "text/plain; application/x-amz-json-1.1"],
)
def test_types_that_no_protocol_of_aws_has(content_type: str) -> None:
    status, _, answer = signed("POST", "/", {**LIST, "content-type": content_type}, b"{}")
    assert status == 415 and b"Content-Type" in answer


def test_objects_have_any_type() -> None:
    assert signed("PUT", "/types", service="s3")[0] == 200
    assert signed("PUT", "/types/page", {"content-type": "text/plain; charset=utf-8"}, b"<p>", "s3")[0] == 200
    status, headers, body = signed("GET", "/types/page", service="s3")
    assert (status, headers["content-type"], body) == (200, "text/plain; charset=utf-8", b"<p>")


def test_objects_of_a_bucket_in_the_name_of_the_host() -> None:
    assert signed("PUT", "/named", service="s3")[0] == 200
    host = {"host": f"named.localhost:{PORT}"}
    assert signed("PUT", "/key", host, b"it", "s3")[0] == 200
    objects = b"<Delete><Object><Key>key</Key></Object></Delete>"
    assert signed("POST", "/?delete", {**host, "content-type": "application/xml"}, objects, "s3")[0] == 200
    assert signed("GET", "/key", host, b"", "s3")[0] == 404


OTHERS = [
    Credentials("local", "local"),
    Credentials("test", "test"),
    Credentials("000000000000", "test"),
    Credentials("", ""),
    Credentials(KEY.access_key, "another secret"),
    Credentials("LKIAOTHEROTHEROTHER1", KEY.secret_key),
    Credentials(KEY.access_key, KEY.secret_key, "a token"),
]


@pytest.mark.parametrize("key", OTHERS)
def test_other_keys(key: Credentials) -> None:
    for status, _, answer in (
        signed("POST", "/", LIST, b"{}", key=key),
        signed("POST", "/", {"content-type": FORM}, b"Action=ListStacks&Version=2010-05-15", "cloudformation", key),
        signed("POST", "/", {"content-type": FORM}, b"Action=DescribeVpcs&Version=2016-11-15", "ec2", key),
        signed("GET", "/", {}, b"", "s3", key),
    ):
        assert status == 403, answer
        assert re.search(
            b"UnrecognizedClientException|Signature|InvalidClientTokenId|AuthFailure|InvalidAccessKeyId", answer
        ), answer


def test_who_has_the_key_of_a_former_region_is_told_where_this_one_is() -> None:
    answer = signed("POST", "/", LIST, b"{}", key=OTHERS[5])[2]
    assert b"The security token included in the request is invalid" in answer and b"highlands -- env" in answer


def test_no_key_in_each_protocol() -> None:
    form = {"content-type": FORM}
    status, _, answer = send("POST", "/", LIST, b"{}")
    assert (status, json.loads(answer)["__type"]) == (403, "MissingAuthenticationTokenException")
    status, _, answer = send("POST", "/", form, b"Action=ListStacks&Version=2010-05-15")
    assert status == 403 and b"<Code>MissingAuthenticationToken</Code>" in answer
    assert send("GET", "/bucket/key")[0] == 403
    assert send("GET", "/2015-03-31/functions")[0] == 403
    for path in ("/v2/", "/v2/a/blobs/uploads/", "/v2/a/manifests/latest"):
        status, headers, answer = send("GET", path)
        assert (
            status == 401
            and headers["www-authenticate"].startswith("Basic ")
            and json.loads(answer)["errors"][0]["code"] == "UNAUTHORIZED"
        )
    for action in ("version", "put-tasks", "heartbeat"):
        assert send("POST", f"/_agent/v1/{action}", {}, b"{}")[0] == 401
        assert send("POST", f"/_agent/v1/{action}", {"authorization": "Basic bG9jYWw6bG9jYWw="}, b"{}")[0] == 401


@pytest.mark.parametrize(
    "path",
    [
        "/_ministack/reset",
        "/_ministack/config",
        "/_ministack/health",
        "/_localstack/health",
        "/_aws/sqs/messages",
        "/_ministack/rds/iam-auth",
    ],
)
def test_what_ministack_has_beyond_aws_is_not_there(path: str) -> None:
    assert signed("POST", path, {"content-type": "application/json"}, b"{}")[0] == 404


def test_the_body_and_the_path_are_signed() -> None:
    request = AWSRequest(method="POST", url=f"http://127.0.0.1:{PORT}/", data=b"{}", headers=dict(LIST))
    SigV4Auth(KEY, "ecs", REGION).add_auth(request)
    headers = dict(request.headers.items())
    assert send("POST", "/", headers, b"{}")[0] == 200
    assert send("POST", "/", headers, b'{"maxResults": 1}')[0] == 403
    assert send("POST", "/x", headers, b"{}")[0] == 403
    assert (
        send("POST", "/", {**headers, "x-amz-target": LIST["x-amz-target"].replace("List", "Describe")}, b"{}")[0]
        == 403
    )


def test_a_signature_of_another_day(monkeypatch: pytest.MonkeyPatch) -> None:
    import botocore.auth

    then = datetime.now(timezone.utc) - timedelta(minutes=20)
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda **_: then.replace(tzinfo=None))
    status, _, answer = signed("POST", "/", LIST, b"{}")
    assert status == 403 and b"Signature expired" in answer


def _presigned(expires: int, key: Any = KEY) -> str:
    request = AWSRequest(method="GET", url=f"http://127.0.0.1:{PORT}/presigned/a%20key")
    S3SigV4QueryAuth(key, "s3", REGION, expires=expires).add_auth(request)
    return request.url.removeprefix(f"http://127.0.0.1:{PORT}")


def test_presigned_addresses() -> None:
    assert signed("PUT", "/presigned", service="s3")[0] == 200
    assert signed("PUT", "/presigned/a%20key", {}, b"it", "s3")[0] == 200
    path = _presigned(60)
    assert send("GET", path)[::2] == (200, b"it")
    assert send("GET", path.replace("presigned", "another"))[0] == 403
    assert send("GET", _presigned(60, OTHERS[4]))[0] == 403
    assert send("GET", _presigned(60, OTHERS[0]))[0] == 403
    assert send("GET", _presigned(-10))[0] == 403


def test_a_presigned_call_of_sts_without_an_end() -> None:
    path = "/?Action=GetCallerIdentity&Version=2011-06-15"
    request = AWSRequest(method="GET", url=f"http://127.0.0.1:{PORT}{path}")
    _WithoutEnd(KEY, "sts", REGION).add_auth(request)
    status, _, answer = send("GET", request.url.removeprefix(f"http://127.0.0.1:{PORT}"))
    assert status == 200 and b"<Account>" in answer


class _WithoutEnd(SigV4QueryAuth):
    """As the SDK for Go signs it."""

    def _modify_request_before_signing(self, request: Any) -> None:
        super()._modify_request_before_signing(request)
        request.url = request.url.replace("X-Amz-Expires=3600&", "")


@pytest.mark.parametrize(("key", "status"), [(KEY, 200), (OTHERS[0], 403), (OTHERS[4], 403)])
def test_addresses_signed_in_the_old_way(key: Credentials, status: int) -> None:
    signed("PUT", "/presigned", service="s3")
    signed("PUT", "/presigned/old", {}, b"it", "s3")
    request = AWSRequest(method="GET", url=f"http://127.0.0.1:{PORT}/presigned/old")
    HmacV1QueryAuth(key, expires=60).add_auth(request)
    path = request.url.removeprefix(f"http://127.0.0.1:{PORT}")
    assert send("GET", path)[0] == status
    assert send("GET", path.replace("/old", "/other"))[0] == 403


def test_what_sts_and_iam_give_out() -> None:
    act_as = {"RoleArn": "arn:aws:iam::000000000000:role/r", "RoleSessionName": "session"}
    query(
        "iam",
        "2010-05-08",
        "CreateRole",
        RoleName="r",
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": []}),
    )
    status, answer = query("sts", "2011-06-15", "AssumeRole", **act_as)
    assert status == 200, answer
    found = {
        name: re.search(f"<{name}>(.*?)</{name}>", answer)
        for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")
    }
    values = {name: match[1] for name, match in found.items() if match}
    assert query("cloudformation", "2010-05-15", "ListStacks", Credentials(*values.values()))[0] == 200
    assert (
        query(
            "cloudformation", "2010-05-15", "ListStacks", Credentials(values["AccessKeyId"], values["SecretAccessKey"])
        )[0]
        == 403
    )
    assert query("iam", "2010-05-08", "CreateUser", UserName="u")[0] == 200
    _, answer = query("iam", "2010-05-08", "CreateAccessKey", UserName="u")
    user = Credentials(
        *[
            found[1]
            for name in ("AccessKeyId", "SecretAccessKey")
            if (found := re.search(f"<{name}>(.*?)</{name}>", answer))
        ]
    )
    assert query("ec2", "2016-11-15", "DescribeVpcs", user)[0] == 200
    query("iam", "2010-05-08", "UpdateAccessKey", UserName="u", AccessKeyId=user.access_key, Status="Inactive")
    assert query("ec2", "2016-11-15", "DescribeVpcs", user)[0] == 403


def test_tokens_of_ecr_open_the_registry() -> None:
    _, answer = act("AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken", {}, "ecr")
    token = answer["authorizationData"][0]["authorizationToken"]
    assert send("GET", "/v2/", {"authorization": f"Basic {token}"})[0] == 200
    assert send("GET", "/v2/", {"authorization": BASIC})[0] == 200
    # Of a registry without this part of the API clients expect 404: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers
    assert send("GET", "/v2/a/referrers/sha256:aa", {"authorization": BASIC})[0] == 404
    password = base64.b64decode(token).decode().removeprefix("AWS:")
    later = str(int(time.time()) + 10**6)
    for other in ("ministack-auth-token", "", password[:-1], f"{later}.{password.partition('.')[2]}"):
        assert (
            send("GET", "/v2/", {"authorization": "Basic " + base64.b64encode(f"AWS:{other}".encode()).decode()})[0]
            == 401
        )


def test_the_channel_of_the_agent_takes_the_key_of_the_region_alone() -> None:
    _, answer = act("AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken", {}, "ecr")
    token = answer["authorizationData"][0]["authorizationToken"]
    # The server takes the escapes out of a path before anything looks at it.
    for path in ("/_agent/v1/version", "/%5Fagent/v1/version"):
        assert send("POST", path, {"authorization": f"Basic {token}"}, b"{}")[0] == 401
        assert send("POST", path, {"authorization": BASIC}, b"{}")[0] == 200


def test_sizes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "API_BYTES", 1000)
    monkeypatch.setattr(limits, "DATA_BYTES", 2000)
    assert signed("POST", "/", LIST, b"{" + b" " * 1000 + b"}")[0] == 413
    assert send("POST", "/", {**LIST, "content-length": "99999999999999999999999"}, b"")[0] == 403
    assert signed("PUT", "/sizes", service="s3")[0] == 200
    assert signed("PUT", "/sizes/key", {}, b" " * 1900, "s3")[0] == 200
    status, _, answer = signed("PUT", "/sizes/key", {}, b" " * 2001, "s3")
    assert status == 413 and b"2000" in answer


def test_depths_and_numbers() -> None:
    for deep in (b"[" * 200 + b"]" * 200, b'{"a":' * 101 + b"1" + b"}" * 101, b"[" * 50_000):
        status, answer = act(LIST["x-amz-target"], deep)
        assert status == 400 and "levels deep" in answer["message"]
    # What S3 keeps is read by nobody.
    assert signed("PUT", "/depths", service="s3")[0] == 200
    assert signed("PUT", "/depths/key", {"content-type": "application/json"}, b"[" * 200 + b"]" * 200, "s3")[0] == 200
    # Not in a text.
    assert act("AmazonEC2ContainerServiceV20141113.DescribeClusters", {"clusters": ['"[' * 300]})[0] == 200
    many = b"&".join(b"Tag.%d.Key=a" % number for number in range(20_000))
    for body in (many, b"Action=CreateVpc&" + b".a" * 5_000 + b"=1"):
        assert signed("POST", "/", {"content-type": FORM}, body, "ec2")[0] == 400


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    from highlands_control_plane import persistence

    ecs = "AmazonEC2ContainerServiceV20141113"
    assert signed("PUT", "/full", service="s3")[0] == 200
    monkeypatch.setattr(persistence, "full", lambda: True)
    status, answer = act(f"{ecs}.CreateCluster", {"clusterName": "more"})
    assert status == 400 and "keeps all that it may" in answer["message"]
    assert query("ec2", "2016-11-15", "CreateVpc", CidrBlock="10.0.0.0/16")[0] == 400
    assert signed("PUT", "/full/key", {}, b"x", "s3")[0] == 400
    assert send("POST", "/v2/a/blobs/uploads/", {"authorization": BASIC})[0] == 400
    assert act(f"{ecs}.ListClusters", {})[0] == 200
    assert query("ec2", "2016-11-15", "DescribeVpcs")[0] == 200
    form = b"Action=CreateVpc&Version=2016-11-15&CidrBlock=10.0.0.0/16"
    assert signed("POST", "/?delete", {"content-type": FORM}, form, "ec2")[0] == 400
    objects = b"<Delete><Object><Key>key</Key></Object></Delete>"
    assert signed("POST", "/full?delete", {"content-type": "application/xml"}, objects, "s3")[0] == 200
    assert signed("DELETE", "/full", {}, b"", "s3")[0] == 204
