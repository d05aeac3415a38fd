"""What holds for the repository as a whole: names, floors, licences, and nothing of one machine."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import equipoise

ROOT = Path(__file__).parents[2]
FLOORS = ("catalog", "study", "physics", "sensors", "defence", "analysis", "present")
BINARY = {".npz", ".png", ".nc", ".gz"}


def repository_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode != 0:  # an unpacked archive
        return [path for top in ("src", "tests", "docs", "scripts", "benchmarks") for path in (ROOT / top).rglob("*")]
    return [ROOT / name for name in listed.stdout.splitlines()]


def texts() -> list[tuple[Path, str]]:
    return [
        (path, path.read_text(encoding="utf-8"))
        for path in repository_files()
        if path.is_file() and path.suffix not in BINARY and path != Path(__file__)
    ]


def test_no_file_names_a_path_of_a_machine_or_a_package_index() -> None:
    forbidden = re.compile(
        r"(?<![\w.>})/])/(?:home|root|Users|work|farm)/\w|files\.pythonhosted\.org|https?://[^\s]*/simple\b"
    )
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path, text in texts()
        for match in [forbidden.search(text)]
        if match
    ]
    assert found == []


def test_the_direction_of_imports_holds() -> None:
    code = "from importlinter.cli import lint_imports_command as check; check()"
    run = subprocess.run(
        [sys.executable, "-c", code, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("name", ["equipoise", *(f"equipoise.{floor}" for floor in FLOORS)])
def test_public_names_are_those_of_all_and_each_exists(name: str) -> None:
    module = importlib.import_module(name)
    listed = module.__all__
    assert len(listed) == len(set(listed))
    for public in listed:
        assert getattr(module, public) is not None
    if name != "equipoise":
        submodules = {info.name for info in pkgutil.iter_modules(module.__path__)}
        visible = {n for n in vars(module) if not n.startswith("_") and n not in submodules and n != "annotations"}
        assert visible <= set(listed)


def test_importing_the_package_and_the_command_line_loads_nothing_heavy() -> None:
    heavy = ["numpy", "numba", "scipy", "matplotlib", "xarray", "pydantic", "pint", "shapely", "pyproj", "rich", "yaml"]
    code = f"import sys, equipoise.cli; print([m for m in {heavy!r} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_list_of_kernels_in_the_import_contract_is_complete() -> None:
    source = ROOT / "src"
    kernels = [
        ".".join(path.relative_to(source).with_suffix("").parts) for path in sorted(source.rglob("*_kernels.py"))
    ]
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    contract = next(c for c in tools["importlinter"]["contracts"] if c["name"].startswith("Kernels"))
    assert contract["source_modules"] == kernels


def test_versions_agree() -> None:
    citation = (ROOT / "CITATION.cff").read_text()
    assert f"\nversion: {equipoise.__version__}\n" in citation


def test_each_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    requirements = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *(r for extra in project["project"]["optional-dependencies"].values() for r in extra),
    ]
    page = json.loads((ROOT / "frontend" / "package.json").read_text())
    of_page = {name for kind in ("dependencies", "devDependencies") for name in page[kind] if "@types/" not in name}
    wanted = of_page | {re.split(r"[<>=\[ ]", requirement)[0] for requirement in requirements}
    section = (ROOT / "docs" / "design-notes.md").read_text().split("## Dependencies")[1]
    given = {line.split("|")[1].strip() for line in section.splitlines() if line.startswith("| ")} - {"Package"}
    assert given == wanted


def test_the_wheel_takes_the_whole_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["src/equipoise"]
    ignored = subprocess.run(
        ["git", "ls-files", "--others", "--ignored", "--exclude-standard", "src"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    ).stdout.split()  # fmt: skip
    # hatchling leaves out what git ignores, but for its artifacts: nothing else that the package reads may be among it
    assert project["tool"]["hatch"]["build"]["artifacts"] == ["src/equipoise/web/page/"]
    built = ("src/equipoise/web/page/", ".pyc", ".nbi", ".nbc")
    assert [name for name in ignored if not (name.startswith(built[0]) or name.endswith(built[1:]))] == []


def test_no_test_is_skipped_without_running() -> None:
    skip = re.compile(r"pytest\.(mark\.)?skip\b(?!if)|pytest\.importorskip")  # a strict xfail does run
    assert [path.name for path, text in texts() if "tests" in path.parts and skip.search(text)] == []
