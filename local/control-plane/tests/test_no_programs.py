"""Nothing that a client can make runs as a program, whoever asks for it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ENVIRONMENT, HERE, KEY
from in_process import PORT, act, send, signed

from highlands_control_plane import no_programs
from highlands_control_plane.audit import NotDone

ASKED = [(prefix, action) for prefix, (actions, _) in no_programs.TARGETS.items() for action in sorted(actions)]
# One address for each of the table.
PATHS = [
    "/2014-11-13/functions/f/invoke-async/",
    "/2021-11-15/functions/arn:aws:lambda:us-east-1:000000000000:function:f/response-streaming-invocations",
    "/2020-05-31/function/f/test",
    "/v1/submitjob",
    "/Execute",
    "/v1/dataplane-evaluatecode",
    "/v1/apis/a/graphql",
    "/restapis/a/resources/b/methods/GET",
    "/model/m/invoke",
    "/runtimes/r/invocations",
]


@pytest.mark.parametrize(("prefix", "action"), ASKED)
def test_actions(prefix: str, action: str) -> None:
    status, answer = act(f"{prefix}.{action}", {})
    assert status == 400 and "does not run" in answer["message"]


@pytest.mark.parametrize("path", PATHS)
def test_addresses(path: str) -> None:
    status, _, answer = signed("POST", path, {"content-type": "application/json"}, b"{}", "lambda")
    assert status == 400 and b"does not run" in answer


def test_every_row_has_an_address() -> None:
    assert all(any(pattern.fullmatch(path) for path in PATHS) for _, pattern, _ in no_programs.PATHS)


@pytest.mark.parametrize(
    "host",
    [
        "abcdef01.execute-api.localhost",
        "x.cloudfront.localhost",
        f"{'a' * 32}.lambda-url.us-east-1.localhost",
        "web.alb.localhost",
    ],
)
def test_what_was_made_with_the_apis_is_not_served(host: str) -> None:
    status, _, answer = signed("GET", "/stage/path", {"host": f"{host}:{PORT}"})
    assert status == 400 and b"does not run" in answer


@pytest.mark.parametrize(
    ("module", "name", "what"), no_programs.INSIDE, ids=[name for _, name, _ in no_programs.INSIDE]
)
def test_what_would_be_started_inside(module: object, name: str, what: str) -> None:
    with pytest.raises(NotDone, match=re.escape(what)):
        getattr(module, name)({}, {})


_TRIES = {
    "a process": "import subprocess; subprocess.run(['true'])",
    "a shell": "import os; os.system('true')",
    "a fork": "import os; os.fork()",
    "a spawn": "import os; os.posix_spawn('/bin/true', ['true'], {})",
    "a call": "import urllib.request; urllib.request.urlopen('http://127.0.0.1:1/')",
    "a call to a name": "import socket; socket.getaddrinfo('example.com', 80)",
    "a socket of Docker": "import socket; socket.socket(socket.AF_UNIX).connect('/var/run/docker.sock')",
    "a port": "import socket; socket.socket().bind(('0.0.0.0', 0))",
    "a datagram": "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
    "a file of the machine": "open('/etc/passwd').read()",
    "another's environment": "open('/proc/1/environ').read()",
    "a way around": "open('/usr/../etc/passwd').read()",
    "a file to be written": "open('/tmp/highlands-should-not-be-here', 'w')",
    "a file to be written by descriptor": "import os; os.open('/tmp/highlands-should-not-be-here', os.O_CREAT | os.O_WRONLY)",
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the net says, in one process: it can't be taken away again."""
    state = tmp_path_factory.mktemp("state")
    program = f"""
import json
from highlands_control_plane import audit
audit.install(4566, {str(state)!r})
said = {{}}
for name, code in {_TRIES!r}.items():
    try:
        exec(code)
        said[name] = "done"
    except Exception as error:
        said[name] = f"{{type(error).__name__}}: {{error}}"
open({str(state / "kept")!r}, "w").write("x")
said["a file of its own"] = open({str(state / "kept")!r}).read()
print(json.dumps(said))
"""
    result = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(HERE)},
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(result.stdout)


@pytest.mark.parametrize("what", list(_TRIES))
def test_the_net_below(outcomes: dict[str, str], what: str) -> None:
    assert "the control plane" in outcomes[what], outcomes[what]
    assert not Path("/tmp/highlands-should-not-be-here").exists()


def test_its_own_files_are_its_own(outcomes: dict[str, str]) -> None:
    assert outcomes["a file of its own"] == "x"


def test_it_does_not_start_without_a_key() -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ENVIRONMENT}
    command = [sys.executable, "-m", "highlands_control_plane", "--port", "1"]
    result = subprocess.run(
        command, check=False, env={**environment, "PYTHONPATH": str(HERE)}, capture_output=True, text=True
    )
    assert result.returncode == 1 and len(result.stderr.splitlines()) == 1
    assert KEY.secret_key not in result.stderr


def test_no_websocket() -> None:
    assert send("GET", "/", {"upgrade": "websocket", "connection": "upgrade"})[0] == 403
