"""The ``equipoise`` command: its group, and what becomes of an error."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Sequence

import click

from equipoise._version import __version__
from equipoise.cli.balance import balance
from equipoise.cli.catalog import catalog
from equipoise.cli.claims import claims
from equipoise.cli.export import export
from equipoise.cli.flight_test import flight_test
from equipoise.cli.fly import fly
from equipoise.cli.footprint import footprint
from equipoise.cli.network import network
from equipoise.cli.proportion import proportion
from equipoise.cli.radar import radar
from equipoise.cli.raid import raid
from equipoise.cli.run import run
from equipoise.cli.schema import schema
from equipoise.cli.sensitivity import sensitivity
from equipoise.cli.serve import serve
from equipoise.cli.sweep import sweep
from equipoise.cli.validate import validate
from equipoise.errors import EquipoiseError

BAD_INPUT = 2
INTERRUPTED = 130


@click.group(
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="equipoise", message="%(prog)s %(version)s")
@click.pass_context
def equipoise(ctx: click.Context) -> None:
    """Ask what a missile defence can see, reach and defend, on sourced public numbers.

    STUDY, MISSILE and SENSOR are a bundled id or a path to a YAML file. LAT,LON are degrees; write a southern or
    western place as --from=-33.9,18.4. With --json, one JSON object goes to standard output and messages to standard
    error.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


for _command in (
    run, catalog, fly, flight_test, radar, footprint, network, balance, raid, sweep, sensitivity, proportion, claims,
    validate, export, serve, schema,
):  # fmt: skip
    equipoise.add_command(_command)


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line and exit.

    Exit codes: 0 done; 2 bad input, with one line on standard error that names field, value and what is allowed;
    130 interrupted; 1 anything else. A traceback is shown only where ``EQUIPOISE_TRACEBACK=1`` asks for one.

    Parameters
    ----------
    args : sequence of str, optional
        The arguments; those of the process if left out.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot show "km²" still gets the table
    if sys.unraisablehook is sys.__unraisablehook__ and not _wants_traceback():
        # An interrupt may catch the compiler half-way through an object, whose end then fails: nothing that a user can
        # act on. Whoever has a hook of their own keeps it.
        sys.unraisablehook = _pass_interrupts_on
    sys.exit(_run(args))


def _pass_interrupts_on(unraisable: sys.UnraisableHookArgs) -> None:
    """Deliver an interrupt again that came where nothing can be raised, as in the end of an object; drop all else."""
    if issubclass(unraisable.exc_type, KeyboardInterrupt):
        # At once it would come in here; by the system, it wakes the process where it waits.
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()


def _wants_traceback() -> bool:
    return os.environ.get("EQUIPOISE_TRACEBACK", "") not in ("", "0")


def _run(args: Sequence[str] | None) -> int:
    wants_traceback = _wants_traceback()
    try:
        code = equipoise.main(args=args, prog_name="equipoise", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except BrokenPipeError:
        _silence_stdout()
        return 1
    except (click.Abort, KeyboardInterrupt):
        _say("interrupted")
        return INTERRUPTED
    except click.ClickException as error:
        _say(usage_message(error))
        return BAD_INPUT
    except EquipoiseError as error:
        if wants_traceback:
            raise
        _say(str(error))
        return BAD_INPUT
    except Exception as error:
        if wants_traceback:
            raise
        _say(
            f"unexpected {type(error).__name__}: {error} (this is a fault of ours: please report it with the output "
            "of the same command run with EQUIPOISE_TRACEBACK=1)"
        )
        return 1


def usage_message(error: click.ClickException) -> str:
    """Put click's complaint on one line that starts with the name of the option or argument.

    Parameters
    ----------
    error : click.ClickException
        What click raised while it read the arguments.
    """
    if isinstance(error, click.BadParameter) and not isinstance(error, click.MissingParameter) and error.param:
        name = (
            max(error.param.opts, key=len)
            if error.param.param_type_name == "option"
            else error.param.make_metavar(error.ctx or click.Context(equipoise))
        )
        return f"{name}: {error.message}"
    return error.format_message()


def _say(message: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        click.echo(f"equipoise: {' '.join(message.split())}", err=True)


def _silence_stdout() -> None:
    """Point standard output at nothing, so that the interpreter's last flush does not complain about a closed pipe."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
