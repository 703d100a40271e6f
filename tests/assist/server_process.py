"""A server in a process of its own, to be killed.

usage: python -m tests.assist.server_process DIRECTORY PORT CATALOGUE CACHE
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from extractors.catalogue.cache import opened
from tests.assist.running import running
from tests.assist.scripted import ScriptedEngine


async def main(directory: Path, port: int, folder: Path, caches: Path) -> None:
    catalogue = opened(folder, caches)
    async with running(directory, ScriptedEngine(), catalogue, port=port) as server:
        print(server.port, flush=True)  # noqa: T201
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4])))
