"""Running the command line inside the test's own process: the kernels are loaded once."""

from __future__ import annotations

import pytest
from whole_commands import Command, Outcome

from equipoise.cli import main


@pytest.fixture
def equipoise(capfd: pytest.CaptureFixture[str]) -> Command:
    """Return a function that runs one command and gives its exit code and both streams."""

    def run(*args: str) -> Outcome:
        capfd.readouterr()
        with pytest.raises(SystemExit) as stop:
            main(list(args))
        out, err = capfd.readouterr()
        return Outcome(stop.value.code, out, err)

    return run
