"""Starts the control plane: `python -m highlands_control_plane --port 4566 --region us-east-1`."""

import argparse
import asyncio
import os
import signal
import socket
import sys
from typing import cast

from . import audit, log_output
from .key_names import ENFORCE, KEY_ID, PERMISSIONS, SECRET, WARN


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="highlands_control_plane", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1")
    parser.add_argument("--region", default="us-east-1")
    parser.add_argument(
        "--state-dir", help="directory from which a former run's state is taken up, and where it is kept"
    )
    return parser.parse_args()


def _port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def main() -> int:
    arguments = _arguments()
    log_output.never_fail()
    if not _port_is_free(arguments.port):
        print(f"control plane: port {arguments.port} is in use: choose another with --port", file=sys.stderr)
        return 1
    missing = [name for name in (KEY_ID, SECRET) if not os.environ.get(name)]
    if missing:
        print(
            f"control plane: {missing[0]} is not in the environment: it is half of the key that clients sign with",
            file=sys.stderr,
        )
        return 1
    if os.environ.get(PERMISSIONS, ENFORCE) not in (ENFORCE, WARN):
        print(
            f'control plane: {PERMISSIONS} is "{os.environ[PERMISSIONS]}": it is {ENFORCE} or {WARN}', file=sys.stderr
        )
        return 1
    audit.install(arguments.port, arguments.state_dir)
    from . import snapshots

    # Nobody else may read what is kept: it has secrets in it.
    os.umask(0o077)
    # A user's own settings of AWS are none of this process's business.
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    # ministack reads its settings from the environment when it is imported.
    os.environ.update(
        GATEWAY_PORT=str(arguments.port),
        BIND_HOST="127.0.0.1",
        MINISTACK_REGION=arguments.region,
        PERSIST_STATE="1" if arguments.state_dir else "0",
        STATE_DIR=snapshots.current(arguments.state_dir) if arguments.state_dir else "",
        LOG_LEVEL=os.environ.get("LOG_LEVEL", "WARNING"),
        # It checks presigned addresses with these.
        AWS_ACCESS_KEY_ID=os.environ[KEY_ID],
        AWS_SECRET_ACCESS_KEY=os.environ[SECRET],
        AWS_CONFIG_FILE="/dev/null",
        AWS_SHARED_CREDENTIALS_FILE="/dev/null",
        # Ports of its own.
        IOT_MTLS_ENABLED="0",
        SFTP_ENABLED="0",
    )
    from hypercorn.asyncio import serve
    from hypercorn.config import Config
    from hypercorn.typing import Framework

    from . import operations, persistence, time_limit
    from .application import application, extend

    extend()
    if arguments.state_dir:
        operations.register()
        persistence.take_up()
    config = Config()
    config.bind = [f"127.0.0.1:{arguments.port}"]
    # Longer than the SDKs keep a connection, so that the client closes first.
    config.keep_alive_timeout = 75
    config.loglevel = "WARNING"

    async def run() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, stop.set)
        time_limit.watch()
        keeper = persistence.keeper() if arguments.state_dir else None
        # Hypercorn names each kind of message, which ASGI leaves open.
        server = asyncio.create_task(serve(cast(Framework, application), config, shutdown_trigger=stop.wait))
        while not server.done() and _port_is_free(arguments.port):
            await asyncio.sleep(0.02)
        # Not before: until it serves, ministack has not taken its former state up.
        keeping = None if keeper is None else asyncio.create_task(keeper.run())
        operations.resume()
        print(f"ready http://127.0.0.1:{arguments.port}", flush=True)
        await server
        if keeping is not None:
            keeping.cancel()

    # asyncio.run() would end with waiting for the threads of CloudFormation, which wait for the agent.
    asyncio.new_event_loop().run_until_complete(run())
    return 0


if __name__ == "__main__":
    # Waiting CloudFormation threads must not hold the process back when it is told to stop.
    code = main()
    sys.stdout.flush()
    os._exit(code)
