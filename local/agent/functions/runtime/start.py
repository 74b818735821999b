"""The first program within the walls of a function: unpacks its code and layers there, and becomes its runtime.

Everything that reads what came from outside happens within the walls, this too. usage: start.py RUNTIME NODE
"""

import os
import sys
import zipfile

CODE = "/var/code"
TASK = "/var/task"
LAYERS = "/opt"
RUNTIME = "/var/runtime"


def unpack(archive: str, folder: str) -> None:
    """zipfile leaves out the rights of files, and a program needs them."""
    with zipfile.ZipFile(archive) as packed:
        for member in packed.infolist():
            path = packed.extract(member, folder)
            rights = member.external_attr >> 16 & 0o777
            if rights and not member.is_dir():
                os.chmod(path, rights | 0o444)


def command(runtime: str, node: str) -> list[str]:
    if runtime.startswith("python"):
        return [sys.executable, f"{RUNTIME}/bootstrap.py"]
    if runtime.startswith("nodejs"):
        return [node, f"{RUNTIME}/bootstrap.mjs"]
    # https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html
    own = [f"{folder}/bootstrap" for folder in (TASK, LAYERS)]
    return [next((one for one in own if os.path.exists(one)), own[0])]


def main() -> None:
    runtime, node = sys.argv[1:]
    for name in sorted(os.listdir(CODE)):
        unpack(f"{CODE}/{name}", TASK if name == "function.zip" else LAYERS)
    os.chdir(TASK)
    argv = command(runtime, node)
    os.execv(argv[0], argv)


main()
