"""A real control plane in a process of its own, and the agent's part played by the test."""

import base64
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

HERE = Path(__file__).resolve().parent.parent
REGION = "us-east-1"
KEY = Credentials("LKIATESTTESTTESTTEST", "a secret of the tests")
ENVIRONMENT = {"HIGHLANDS_ACCESS_KEY_ID": KEY.access_key, "HIGHLANDS_SECRET_ACCESS_KEY": KEY.secret_key}
BASIC = "Basic " + base64.b64encode(f"{KEY.access_key}:{KEY.secret_key}".encode()).decode()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class ControlPlane:
    """Clients of the APIs, and calls of the agent's channel."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._session = botocore.session.Session()
        self._session.set_credentials(KEY.access_key, KEY.secret_key)

    def client(self, service: str) -> Any:
        # DiscoverInstances would go to `data-` and the address, which does not resolve here.
        config = Config(inject_host_prefix=False)
        return self._session.create_client(service, region_name=REGION, endpoint_url=self.url, config=config)

    def agent(self, action: str, **body: Any) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self.url}/_agent/v1/{action}",
            data=json.dumps(body).encode(),
            headers={"content-type": "application/json", "authorization": BASIC},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            return {"status": error.code, **json.load(error)}


def start(port: int, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "highlands_control_plane", "--port", str(port), *more]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, **ENVIRONMENT, "PYTHONPATH": str(HERE)}
    )
    assert process.stdout is not None
    assert process.stdout.readline() == f"ready http://127.0.0.1:{port}\n"
    return process


def started() -> tuple[int, subprocess.Popen[str]]:
    """At a port that nobody took between the look for it and the start."""
    for _ in range(5):
        port = free_port()
        try:
            return port, start(port)
        except AssertionError:
            pass
    raise AssertionError("no control plane starts")


def post(plane: ControlPlane, path: str, body: str, **headers: str) -> tuple[int, str]:
    """A request as no client of AWS would make it, but signed: its status and answer."""
    request = urllib.request.Request(
        f"{plane.url}{path}", data=body.encode(), headers=signed(plane.url + path, body, headers)
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def signed(url: str, body: str, headers: dict[str, str], method: str = "POST") -> dict[str, str]:
    """The headers with a signature; that of the agent on its channel."""
    if "/_agent/" in url:
        return {**headers, "authorization": BASIC}
    request = AWSRequest(method=method, url=url, data=body.encode(), headers=headers)
    SigV4Auth(KEY, "ecs", REGION).add_auth(request)
    return dict(request.headers.items())


def _running() -> Iterator[ControlPlane]:
    port, process = started()
    try:
        yield ControlPlane(port)
    finally:
        process.terminate()
        assert process.wait(timeout=10) == 0


plane = pytest.fixture(_running, name="plane")
module_plane = pytest.fixture(_running, name="module_plane", scope="module")


def eventually(look: Any, seconds: float = 60) -> Any:
    """The first true answer; bounded, because a change may take a moment to come through."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it never came true")
