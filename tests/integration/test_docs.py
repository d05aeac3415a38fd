"""Every code block of the documentation and the README runs.

``python`` blocks run in one namespace per page; ``console`` blocks run each ``$ equipoise ...`` line and compare what
follows it: ``...`` stands for anything, and a number may differ in its last digit, as processors do; a ``yaml``
block whose first line is ``# name.yaml`` is written under that name for the blocks after it.
"""

from __future__ import annotations

import html
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from sybil import Document, Example, Sybil
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser

from equipoise._jit import COMPILE_NOTICE
from equipoise.analysis.validation import AUTHORITIES, validate
from equipoise.cli import main
from equipoise.cli.root import equipoise
from equipoise.present.validation_page import render_validation_markdown

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
WRITTEN_BEFORE_THE_BUILD = {"catalogue.md", "validation.md"}
WRITTEN_BY_HAND = [page for page in PAGES if "_build" not in page.parts and page.name not in WRITTEN_BEFORE_THE_BUILD]
FENCE = re.compile(r"^(?P<fence>`{3,}|~{3,})(?P<language>\S*)[^\n]*\n.*?^(?P=fence)\s*$", re.MULTILINE | re.DOTALL)
RUN_HERE = {"python", "console", "yaml"}
NOT_CODE = {"text", "{math}", "{toctree}", "{include}"}


NUMBER = re.compile(r"[-+]?(?:\d[\d,]*\.\d+|\d[\d,]*)")


def agrees(expected: str, shown: str) -> bool:
    """Compare what a page shows with what a command printed, white space aside."""
    pattern, numbers = "", []
    for part in re.split(rf"(\.\.\.|{NUMBER.pattern})", " ".join(expected.split())):
        if part == "...":
            pattern += ".*?"
        elif NUMBER.fullmatch(part):
            numbers.append(part)
            pattern += rf"({NUMBER.pattern})"
        else:
            pattern += re.escape(part)
    found = re.fullmatch(pattern, " ".join(shown.split()))
    return found is not None and all(map(_close, numbers, found.groups()))


def _close(expected: str, shown: str) -> bool:
    """Agree to one in the last digit that is shown, or to one part in 5,000."""
    a, b = (float(text.replace(",", "")) for text in (expected, shown))
    return abs(a - b) <= max(1.01 * 10.0 ** -len(expected.partition(".")[2]), 2e-4 * abs(a))


@pytest.mark.parametrize(
    ("expected", "shown", "same"),
    [
        ("a  1.5 km\n", "a 1.6  km", True),
        ("a 1.5 km", "a 1.7 km", False),
        ("a 1,234\n...", "a 1,235\nb 2", True),
        ("a 1,234", "a 1,236", False),
        ("a 100,000", "a 100,020", True),
        ("a 100,000", "a 100,021", False),
        ("a ... c", "a b b c", True),
        ("a 1", "a 1 b", False),
    ],
)
def test_agreement_is_to_the_last_digit(expected: str, shown: str, same: bool) -> None:
    assert agrees(expected, shown) is same


class Shell:
    """Runs console blocks in the process of the test."""

    def __init__(self, capfd: pytest.CaptureFixture[str]) -> None:
        self.capfd = capfd

    def run(self, example: Example) -> str | None:
        for session in re.split(r"^(?=\$ )", example.parsed, flags=re.MULTILINE):
            command, _, expected = session.partition("\n")
            if not command.strip():
                continue
            program, *arguments = shlex.split(command.removeprefix("$ "))
            assert program == "equipoise", f"{command!r}: only equipoise commands run here"
            self.capfd.readouterr()
            with pytest.raises(SystemExit) as stop:
                main(arguments)
            out, err = self.capfd.readouterr()
            shown = out + err.replace(COMPILE_NOTICE, "")  # a machine that runs it for the first time says so
            if not expected.startswith("equipoise: "):
                assert stop.value.code == 0, f"{command!r}: exit code {stop.value.code}: {err}"
            if expected.strip() and not agrees(expected, shown):
                return f"{command}\nshould print\n{expected}\nbut prints\n{shown}"
        return None


def write_file(example: Example) -> None:
    name = re.match(r"# ([\w-]+\.ya?ml)\n", example.parsed)
    assert name, "a yaml block starts with the name of its file, as a comment"
    Path(name[1]).write_text(example.parsed, encoding="utf-8")


@pytest.mark.parametrize("page", WRITTEN_BY_HAND, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_each_block_of_the_page_runs(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    parsers = [
        PythonCodeBlockParser(),
        CodeBlockParser("console", Shell(capfd).run),
        CodeBlockParser("yaml", write_file),
    ]
    document: Document = Sybil(parsers=parsers).parse(page)
    for example in document.examples():
        example.evaluate()


def test_there_is_no_block_that_nobody_runs() -> None:
    languages = {
        f"{page.name}: {match['language']}"
        for page in WRITTEN_BY_HAND
        for match in FENCE.finditer(page.read_text(encoding="utf-8"))
        if match["language"] not in RUN_HERE | NOT_CODE
    }
    assert languages == set()


def test_make_targets_that_the_pages_name_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        target
        for page in [*WRITTEN_BY_HAND, ROOT / "CONTRIBUTING.md"]
        for target in re.findall(
            r"(?:`|^    )make (?:PYTHON=\S+ )?([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE
        )
    }
    assert {"demo", "test"} <= named <= targets


def test_the_command_reference_names_every_command_and_option() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    for name, command in equipoise.commands.items():
        section = page.split(f"\n## {name}\n")[1].split("\n## ")[0]
        for parameter in command.params:
            for spelling in parameter.opts if parameter.param_type_name == "option" else []:
                assert f"`{spelling}" in section, f"{name}: {spelling} is not described"
    named = set(re.findall(r"^## ([a-z-]+)$", page, re.MULTILINE))
    assert named == set(equipoise.commands)


def test_the_documentation_builds_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", ROOT / "docs", tmp_path]
    built = subprocess.run([*command, "-d", tmp_path / "trees"], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    assert "nodong" in (tmp_path / "catalogue.html").read_text(encoding="utf-8")
    current = render_validation_markdown(validate())
    assert (ROOT / "docs" / "validation.md").read_text(encoding="utf-8") == current
    built_page = html.unescape((tmp_path / "validation.html").read_text(encoding="utf-8"))
    assert [authority.title for authority in AUTHORITIES if authority.title not in built_page] == []
