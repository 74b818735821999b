"""`python -m highlands_resolver --zones FILE --address ADDRESS...`: ends at SIGTERM."""

import argparse
import asyncio
import sys
from pathlib import Path

from .server import serve


def main() -> None:
    """Serves until it is ended."""
    parser = argparse.ArgumentParser(prog="highlands_resolver", description=__doc__)
    parser.add_argument("--zones", type=Path, required=True, help="the file with the zones of the VPC")
    parser.add_argument("--address", action="append", required=True, help="where it listens; may be given again")
    parser.add_argument("--port", type=int, default=53)
    options = parser.parse_args()
    try:
        asyncio.run(serve(options.zones, options.address, options.port))
    except OSError as error:
        sys.exit(f"highlands_resolver: {error}")


if __name__ == "__main__":
    main()
