"""A rollback is written down for as long as it lasts, whoever begins it."""

import os
import subprocess
import sys

from conftest import ENVIRONMENT, HERE

# In a process of its own: what is registered stays registered.
PROGRAM = """
from highlands_control_plane import operations
from ministack.services.cloudformation import handlers, stacks
operations.register()
print(handlers._roll_back_operation is stacks._roll_back_operation, stacks._roll_back_operation.__module__)
"""


def test_the_api_begins_the_rollback_that_is_written_down() -> None:
    said = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=HERE,
        env={**os.environ, **ENVIRONMENT},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "True highlands_control_plane.operations\n"
