"""Build the page into the wheel, where there is Node; a wheel without it works and says what is missing."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NO_NODE = 3


class PageHook(BuildHookInterface[Any]):
    """Runs ``scripts/page``, which does nothing where the page is that of its sources."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the page; with ``EQUIPOISE_PAGE=required`` a failure is one of the whole build."""
        script = Path(self.root) / "scripts" / "page"
        wanted = os.environ.get("EQUIPOISE_PAGE", "")
        if wanted == "none" or not script.is_file():
            return
        done = subprocess.run(["sh", str(script)], check=False)
        if done.returncode == 0:
            return
        if wanted == "required":
            raise RuntimeError("the page was not built, and EQUIPOISE_PAGE=required asks for it")
        self.app.display_warning("the page was not built: equipoise serve will say so")
