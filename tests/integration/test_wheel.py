"""What is installed from a wheel: with Node it holds the page, and without it works and says what is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "src" / "equipoise" / "web" / "page" / "index.html"
TOOLS = ("sh", "dirname", "find", "sort", "xargs", "sha256sum", "cut", "cat")


def build(root: Path, out: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    return subprocess.run(
        command, cwd=root, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


def inside(out: Path) -> set[str]:
    (wheel,) = out.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        return set(packed.namelist())


@pytest.mark.skipif(
    not BUILT.is_file() and os.environ.get("EQUIPOISE_BROWSER") != "required", reason="the page is not built"
)
def test_a_wheel_holds_the_page_and_the_data(tmp_path: Path) -> None:
    done = build(ROOT, tmp_path)
    assert done.returncode == 0, done.stderr
    names = inside(tmp_path)
    page = {name.removeprefix("equipoise/web/page/") for name in names if name.startswith("equipoise/web/page/")}
    on_disk = {path.relative_to(BUILT.parent).as_posix() for path in BUILT.parent.rglob("*") if path.is_file()}
    assert page == on_disk
    assert any(name.endswith(".js") for name in page)
    assert any("NaturalEarthII" in name for name in page)
    assert any(name.startswith("equipoise/catalog/") and name.endswith(".yaml") for name in names)
    assert not any("node_modules" in name for name in names)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The tracked files alone, as they are now: no built page among them."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if name.startswith(("src/", "scripts/", "frontend/")) or "/" not in name:
            source, there = ROOT / name, tmp_path / "copy" / name
            if source.is_file():
                there.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, there)
    return tmp_path / "copy"


def test_without_node_the_package_works_and_says_what_is_missing(copy: Path, tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for tool in TOOLS:
        (tools / tool).symlink_to(str(shutil.which(tool)))
    out = tmp_path / "out"
    demanded = build(copy, out, PATH=str(tools), EQUIPOISE_PAGE="required")
    assert demanded.returncode != 0
    assert "EQUIPOISE_PAGE=required asks for it" in demanded.stderr + demanded.stdout
    done = build(copy, out, PATH=str(tools))
    assert done.returncode == 0, done.stderr
    assert "for want of Node 20" in done.stderr + done.stdout
    assert not any(name.startswith("equipoise/web/page/") for name in inside(out))
    (wheel,) = out.glob("*.whl")
    place = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(place)
    asks = """
import equipoise
from fastapi.testclient import TestClient
from equipoise.web.app import create_app
client = TestClient(create_app())
page = client.get("/")
print(equipoise.__file__, page.status_code, client.get("/api/about").status_code, page.text, sep="\\n")
"""
    said = subprocess.run(
        [sys.executable, "-c", asks],
        env={**os.environ, "PYTHONPATH": str(place)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert Path(said[0]).is_relative_to(place)
    assert said[1:3] == ["503", "200"]
    assert "install Node 20 or later and run <code>make page</code>" in "\n".join(said[3:])
