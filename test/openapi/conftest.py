"""The three services as they are built, on the loopback, B with the real A and C behind it."""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

RUST = Path(__file__).resolve().parents[2] / "services-rust"
# A service is up in milliseconds; this is for a machine that has much else to do.
START_SECONDS = 20


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Base URL by service."""
    subprocess.run(["cargo", "build", "--workspace", "--bins", "--locked", "--quiet"], cwd=RUST, check=True)
    logs = tmp_path_factory.mktemp("logs")
    urls = {name: f"http://127.0.0.1:{_free_port()}" for name in ("service-a", "service-b", "service-c")}
    upstreams = {f"{name.upper().replace('-', '_')}_URL": url for name, url in urls.items()}
    running: list[subprocess.Popen[bytes]] = []
    try:
        for name, url in urls.items():
            with (logs / name).open("wb") as log:
                environment = {**os.environ, **upstreams, "BIND_ADDRESS": url.removeprefix("http://")}
                running.append(
                    subprocess.Popen([RUST / "target/debug" / name], env=environment, stdout=log, stderr=log)
                )
        for url in urls.values():
            _wait_for(f"{url}/health")
        yield urls
        assert [process.poll() for process in running] == [None] * 3, "a service ended while it was asked"
    finally:
        for process in running:
            process.terminate()
        codes = [process.wait(timeout=30) for process in running]
    assert codes == [0, 0, 0]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(url: str) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except urllib.error.URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
