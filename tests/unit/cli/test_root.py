from __future__ import annotations

import shlex

import click
import pytest

from equipoise import __version__
from equipoise.cli import root
from equipoise.errors import InputError


def outcome(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        root.main(args)
    printed = capsys.readouterr()
    assert isinstance(stop.value.code, int)
    return stop.value.code, printed.out, printed.err


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A group with one command, ``fail``, that raises what ``raised`` holds."""

    @click.command()
    def fail() -> None:
        raise raised[0]

    monkeypatch.setitem(root.equipoise.commands, "fail", fail)
    monkeypatch.delenv("EQUIPOISE_TRACEBACK", raising=False)
    return monkeypatch


raised: list[BaseException] = [RuntimeError()]


@pytest.mark.parametrize("args", [["--help"], ["-h"], []])
def test_help_names_every_command(capsys: pytest.CaptureFixture[str], args: list[str]) -> None:
    code, out, err = outcome(capsys, *args)
    assert (code, err) == (0, "")
    for name in ("run", "catalog", "fly", "radar", "footprint", "schema"):
        assert f"\n  {name} " in out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome(capsys, "--version") == (0, f"equipoise {__version__}\n", "")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("fyl", "No such command 'fyl'. Did you mean 'fly'?"),
        ("fly", "Missing argument 'MISSILE'."),
        ("fly nodong", "Missing option '--from'."),
        ("fly nodong --from 91,0", "--from: latitude must lie in [-90, 90] degrees; got 91"),
        (r"fly nodong --from 'a\nb'", r"--from: must be LAT,LON in degrees, for example 39.2,125.7; got 'a\\nb'"),
        ("fly nodong --from 0,0", "give either --to LAT,LON or --azimuth DEG"),
        ("fly nodong --from 0,0 --to 1,1 --max-range", "--angle and --max-range go with --azimuth, not with --to"),
        ("fly nodong --from 0,0 --azimuth 0 --apogee 9", "--apogee goes with --to, not with --azimuth"),
        ("fly nodong --from 0,0 --azimuth 0", "--azimuth needs one of --angle DEG and --max-range"),
        ("fly nodong --from 0,0 --azimuth nan", "--azimuth: must be a number in [-360, 360] degrees; got 'nan'"),
        ("fly nodong --from 0,0 --to 1,1 --apogee -3", "--apogee: must be a number in (0, 50000] km; got '-3'"),
        ("radar an-tpy-2 --rcs 0", "--rcs: must be a number in (0, 1e+06] m2; got '0'"),
        ("schema extra", "Got unexpected extra argument (extra)"),
        ("footprint", "Missing argument 'STUDY'."),
        ("catalog --jsn", "No such option '--jsn'. Did you mean '--json'?"),
    ],
)
def test_bad_usage_is_one_line_and_exit_code_2(capsys: pytest.CaptureFixture[str], typed: str, message: str) -> None:
    assert outcome(capsys, *shlex.split(typed)) == (2, "", f"equipoise: {message}\n")


def test_an_error_of_ours_is_its_message(capsys: pytest.CaptureFixture[str], failing: pytest.MonkeyPatch) -> None:
    raised[0] = InputError("x.yaml, burn_time: got -1 s;\nallowed: 0.1 to 10000 s")
    assert outcome(capsys, "fail") == (2, "", "equipoise: x.yaml, burn_time: got -1 s; allowed: 0.1 to 10000 s\n")


def test_an_unexpected_error_asks_for_a_report(capsys: pytest.CaptureFixture[str], failing: pytest.MonkeyPatch) -> None:
    raised[0] = ZeroDivisionError("float division by zero")
    code, out, err = outcome(capsys, "fail")
    assert (code, out) == (1, "")
    assert err.startswith("equipoise: unexpected ZeroDivisionError: float division by zero (")
    assert "EQUIPOISE_TRACEBACK=1" in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("error", [ZeroDivisionError("x"), InputError("x")])
def test_a_traceback_comes_on_request(failing: pytest.MonkeyPatch, error: Exception) -> None:
    failing.setenv("EQUIPOISE_TRACEBACK", "1")
    raised[0] = error
    with pytest.raises(type(error)):
        root.main(["fail"])


def test_an_interrupt_is_130(capsys: pytest.CaptureFixture[str], failing: pytest.MonkeyPatch) -> None:
    raised[0] = KeyboardInterrupt()
    code, out, err = outcome(capsys, "fail")
    assert (code, out) == (130, "")
    assert err.split() == ["equipoise:", "interrupted"]
