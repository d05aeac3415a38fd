"""A package directory that nobody may write, a cache elsewhere: all works, and the second run compiles nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import equipoise

FLY = ["fly", "nodong", "--from", "39.2,125.7", "--to", "36.0,128.0", "--json"]


def test_a_read_only_package_compiles_once_into_the_cache(tmp_path: Path) -> None:
    site = tmp_path / "site"
    shutil.copytree(Path(equipoise.__file__).parent, site / "equipoise", ignore=shutil.ignore_patterns("__pycache__"))
    for path in [site, *site.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = sorted(path.relative_to(site) for path in site.rglob("*"))
    environment = {
        **os.environ,
        "PYTHONPATH": str(site),
        "PYTHONDONTWRITEBYTECODE": "1",
        "EQUIPOISE_CACHE_DIR": str(tmp_path / "cache"),
    }
    code = "import sys, equipoise.cli; sys.stderr.write(equipoise.__file__ + '\\n'); equipoise.cli.main()"
    command = [sys.executable, "-c", code, *FLY]

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)

    try:
        first, second = run(), run()
        assert str(site) in first.stderr
        assert "compiling" in first.stderr
        assert "compiling" not in second.stderr
        assert first.stdout == second.stdout
        assert sorted(path.relative_to(site) for path in site.rglob("*")) == before
        assert list((tmp_path / "cache").rglob("*.nbi"))
    finally:
        for path in [site, *site.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
