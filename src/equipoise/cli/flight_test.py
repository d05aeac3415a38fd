"""``equipoise flight-test``: what an announced apogee, range and time come to, for one launch or a table of them."""

from __future__ import annotations

import math
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from equipoise.cli.output import emit_json, print_facts, print_table, progress_bar, say
from equipoise.cli.parameters import LAT_LON, DurationType, LatLon, NumberType
from equipoise.errors import InputError

if TYPE_CHECKING:
    from equipoise.analysis import FlightTest
    from equipoise.physics import Site
    from equipoise.physics.fitting import FreeParameter

# Bounds that keep slips out; what a flight can be is for the report itself to say, with the reason.
_LENGTH = NumberType("km", 0.0, 1e6, above=True)
_TIME = DurationType(1e6)


@click.command("flight-test", short_help="What an announced apogee, range and time come to.")
@click.option("--apogee", "apogee_km", type=_LENGTH, metavar="KM", help="Greatest height, as announced.")
@click.option("--range", "range_km", type=_LENGTH, metavar="KM", help="Distance along the ground, as announced.")
@click.option("--time", "time_s", type=_TIME, metavar="TIME",
              help="Flight time, as announced: seconds, or minutes:seconds such as 47:12.")  # fmt: skip
@click.option("--missile", metavar="MISSILE",
              help="The class that flew, an id or a YAML file; left out: any that may have.")  # fmt: skip
@click.option("--from", "origin", type=LAT_LON, help="Launch point, degrees; 39.0,125.7 if left out.")
@click.option("--azimuth", "azimuth_deg", type=NumberType("degrees", -360.0, 360.0), metavar="DEG",
              help="Direction from the launch point to the impact, clockwise from north; left out: any.")  # fmt: skip
@click.option("--fit", "parameter", type=click.Choice(["propellant", "payload", "cut-off"]), default="propellant",
              show_default=True, help="What of the missile is fitted; payload and cut-off need --missile.")  # fmt: skip
@click.option("--draws", type=click.IntRange(0, 10_000), metavar="N",
              help="How many boosts to draw from the ranges of each class, for the bands.")  # fmt: skip
@click.option("--csv", "table", type=click.Path(path_type=Path), metavar="FILE",
              help="Instead of one launch: a table of them, with columns apogee_km and range_km.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), metavar="PATH",
              help="Write the page, pictures and calibrated missile into this directory; with --csv, the table into "
                   "this file, row by row.")  # fmt: skip
@click.option("--record", "record_file", type=click.Path(path_type=Path), metavar="FILE",
              help="Write the calibrated missile into this file, to be flown with equipoise fly FILE.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def flight_test(
    apogee_km: float | None,
    range_km: float | None,
    time_s: float | None,
    missile: str | None,
    origin: LatLon | None,
    azimuth_deg: float | None,
    parameter: FreeParameter,
    draws: int | None,
    table: Path | None,
    out: Path | None,
    record_file: Path | None,
    as_json: bool,
) -> None:
    """Say whether an announced flight can be, and how far the same missile flies on a normal trajectory.

    Give --apogee and --range, and what else is known of --time, --missile, --from and --azimuth, for example

    equipoise flight-test --apogee 2111.5 --range 787 --time 30:00

    Or give --csv with a table of launches: each row is assessed by itself, and one that cannot be is named with the
    reason.
    """
    single = (apogee_km, range_km, time_s, missile, azimuth_deg)
    if table is not None:
        if any(value is not None for value in (*single, record_file)):
            raise click.UsageError("--csv stands without --apogee, --range, --time, --missile, --azimuth and --record")
        if parameter != "propellant":
            raise click.UsageError(f"--fit: got {parameter}; allowed with --csv: propellant")
        if out is not None and out.exists() and table.exists() and out.samefile(table):
            raise click.UsageError(f"--out: {out} is the table that --csv reads; name another file")
        _whole_table(table, origin, draws, out, as_json)
        return
    if apogee_km is None or range_km is None:
        given, missing = ("--range", "--apogee") if apogee_km is None else ("--apogee", "--range")
        if apogee_km is None and range_km is None:
            raise click.UsageError("give --apogee KM and --range KM, or --csv FILE")
        raise click.UsageError(f"{missing}: missing; {given} says nothing without it")
    if parameter != "propellant" and missile is None:
        raise click.UsageError(f"--fit: {parameter} needs --missile; allowed without: propellant")
    try:
        test, answer = _assessed(apogee_km, range_km, time_s, missile, origin, azimuth_deg, parameter, draws)
    except InputError as error:
        raise InputError(_named_as_option(str(error))) from error
    if record_file is not None:
        _write_record(test, record_file)
    if out is not None:
        from equipoise.analysis.flight_test import SEED
        from equipoise.present.flight_test_page import write_flight_test

        command = f"{_command()} --out flight-test"
        say(f"page: {write_flight_test(test, out, command=command, seed=SEED)}")
    if as_json:
        emit_json(answer)
    else:
        _print(test, answer)


def _command() -> str:
    """Return the command as it was typed, without where its output goes."""
    context = click.get_current_context()
    words = ["equipoise flight-test"]
    for parameter in context.command.params:
        value = context.params.get(parameter.name or "")
        if parameter.name in ("out", "record_file", "as_json") or value in (None, parameter.default):
            continue
        if isinstance(value, LatLon):
            value = f"{value.lat_deg:g},{value.lon_deg:g}"
        text = f"{value:.10g}" if isinstance(value, float) else shlex.quote(str(value))
        words.append(f"{parameter.opts[0]}={text}" if text.startswith("-") else f"{parameter.opts[0]} {text}")
    return " ".join(words)


def _write_record(test: FlightTest, path: Path) -> None:
    from equipoise.present.calibrated_record import calibrated_record_yaml, fitted_record
    from equipoise.present.exports import write

    say(f"calibrated missile: {write(path, calibrated_record_yaml(fitted_record(test), test))}")


def _assessed(
    apogee_km: float,
    range_km: float,
    time_s: float | None,
    missile: str | None,
    origin: LatLon | None,
    azimuth_deg: float | None,
    parameter: FreeParameter,
    draws: int | None,
) -> tuple[FlightTest, dict[str, Any]]:
    from equipoise import analysis
    from equipoise._jit import announce_compilation
    from equipoise.cli.records import missile_record
    from equipoise.present.flight_test_summary import flight_test_summary

    record = missile_record(missile) if missile is not None else None
    report = analysis.FlightReport(
        apogee_m=apogee_km * 1e3,
        range_m=range_km * 1e3,
        launch=_launch(origin),
        time_s=time_s,
        az_rad=None if azimuth_deg is None else math.radians(azimuth_deg),
        missile=record,
        label=record.name if record is not None else "reported flight",
        launch_assumed=origin is None,
    )
    announce_compilation()
    with progress_bar("flight test") as progress:
        test = analysis.flight_test(report, parameter=parameter, draws=draws, progress=progress)
    return test, flight_test_summary(test)


def _launch(origin: LatLon | None) -> Site:
    """Return the launch point as typed, or where one is assumed."""
    from equipoise.analysis.flight_report import CENTRAL_NORTH_KOREA
    from equipoise.physics import Site

    return CENTRAL_NORTH_KOREA if origin is None else Site(origin.lat_rad, origin.lon_rad)


def _named_as_option(message: str) -> str:
    """Name the field that a message starts with as it was typed: ``apogee: ...`` becomes ``--apogee: ...``."""
    field, colon, _ = message.partition(": ")
    return f"--{message}" if colon and field in ("apogee", "range", "time", "missile", "from", "azimuth") else message


def _print(test: FlightTest, answer: dict[str, Any]) -> None:
    reported, calibrated, standard = answer["reported"], answer["calibrated"], answer["standard_range"]
    place = f"{reported['from_lat_deg']:.2f}, {reported['from_lon_deg']:.2f}"
    direction = "any" if reported["azimuth_deg"] is None else f"{reported['azimuth_deg']:.0f} deg"
    time_s = "no time" if reported["time_s"] is None else f"{reported['time_s']:,.0f} s"
    fitted = {
        "propellant": lambda: f"propellant x {calibrated['propellant_factor']:.3f}",
        "payload": lambda: f"payload {calibrated['payload_kg']:,.0f} kg",
        "cut-off": lambda: f"thrust cut off at {calibrated['cut_off_s']:.1f} s",
    }[calibrated["parameter"]]()
    print_facts(
        [
            ("reported", f"apogee {reported['apogee_km']:,.1f} km, range {reported['range_km']:,.1f} km, {time_s}"),
            ("from", f"{place}{' (assumed; give --from)' if reported['from_assumed'] else ''}, azimuth {direction}"),
            ("flight time", f"{answer['time_low_s']:,.0f} to {answer['time_high_s']:,.0f} s over "
                            f"{answer['boosts_fitted']} boosts; without a boost {answer['kepler']['time_s']:,.0f} s"),
            ("verdict", _verdict(answer)),
            ("calibrated", f"{calibrated['missile']}, {fitted}: {calibrated['time_of_flight_s']:,.0f} s, burnout at "
                           f"{calibrated['burnout_speed_km_s']:.3f} km/s"),
            ("standard range", _range(standard, "still") + " on a still Earth"),
            ("", _range(standard, "turning") + " on the turning one, over directions"),
            ("from Kepler energy", _kepler(answer["kepler"])),
        ]
    )  # fmt: skip
    if standard["reaches_antipode"]:
        click.echo("The greatest ranges reach the other side of the Earth, which is what ends them.")
    if len(answer["candidates"]) > 1:
        click.echo()
        rows = [
            (one["missile"], f"{one['value']:.2f}", f"{one['time_low_s']:,.0f} to {one['time_high_s']:,.0f}",
             f"{one['standard_range_low_km']:,.0f} to {one['standard_range_high_km']:,.0f}")
            for one in answer["candidates"]
        ]  # fmt: skip
        print_table("Classes that may have flown", ["class", "propellant x", "time s", "standard range km"], rows)
    click.echo()
    rows = [
        (one["quantity"], f"{one['low']} to {one['high']}" if one["low"] != one["high"] else one["low"],
         _cell(one["standard_range_at_low_km"]), _cell(one["standard_range_at_high_km"]))
        for one in answer["moves"]
    ]  # fmt: skip
    title = f"What moves the standard range of {calibrated['missile']}, km"
    print_table(title, ["assumption", "range", "at the first", "at the second"], rows, numeric=[2, 3])


def _kepler(kepler: dict[str, Any]) -> str:
    if kepler["half_round"]:
        return f"{kepler['range_km']:,.0f} km, half round the Earth: it says no more than that"
    why = kepler["why_short"]
    reason = f"short: {why}" if why else "not short here: on a climb as flat as this one little was lost"
    return f"{kepler['range_km']:,.0f} km, {reason}"


def _verdict(answer: dict[str, Any]) -> str:
    miss = answer["time_miss_s"]
    if miss is None:
        return "apogee and range can be; no time reported"
    if miss == 0.0:
        return "consistent: apogee, range and time go together"
    side = "long" if miss > 0 else "short"
    if answer["consistent"]:
        return f"consistent to a minute: the time is {abs(miss):,.0f} s too {side} for any boost tried"
    return f"not consistent: the time is {abs(miss):,.0f} s too {side} for any boost tried"


def _range(standard: dict[str, Any], earth: str) -> str:
    low, central, high = (standard[f"{earth}_{end}_km"] for end in ("low", "central", "high"))
    return f"{central:,.0f} km ({low:,.0f} to {high:,.0f})"


def _cell(value: float | None) -> str:
    return "cannot fly it" if value is None else f"{value:,.0f}"


def _whole_table(path: Path, origin: LatLon | None, draws: int | None, out: Path | None, as_json: bool) -> None:
    from equipoise._jit import announce_compilation
    from equipoise.analysis.flight_batch import DRAWS_PER_ROW, flight_tests
    from equipoise.present.flight_test_summary import table_row
    from equipoise.present.launch_results import table_file
    from equipoise.study.launch_table import launches_in

    launches = launches_in(path)
    announce_compilation()
    rows: list[dict[str, Any]] = []
    with progress_bar(path.name) as progress, table_file(out) as write_row:
        results = flight_tests(
            launches,
            default_launch=_launch(origin),
            draws=DRAWS_PER_ROW if draws is None else draws,
        )
        for count, result in enumerate(results, start=1):
            row = table_row(result)
            write_row(row)
            rows.append(row)
            progress(f"line {result.row.line}", count / len(launches))
    counts: dict[str, int] = {}
    for row in rows:
        key = row["verdict"] if row["refusal"] is None else f"refused, {row['refusal']}"
        counts[key] = counts.get(key, 0) + 1
    if as_json:
        emit_json({"file": path.name, "launches": len(rows), "counts": counts, "rows": rows})
    else:
        _print_table(rows, counts)
    if out is not None:
        say(f"table: {out}")


def _print_table(rows: list[dict[str, Any]], counts: dict[str, int]) -> None:
    cells = [
        (
            str(row["line"]), row["missile"], _cell_of(row["apogee_km"]), _cell_of(row["range_km"]), row["verdict"],
            _span(row, "time", "s"), _span(row, "standard_range", "km"), _cell_of(row["kepler_range_km"]),
            row["reason"] or row["class"] or "",
        )
        for row in rows
    ]  # fmt: skip
    headings = ["line", "missile", "apogee km", "range km", "verdict", "time s", "standard range km", "Kepler km",
                "class fitted, or reason"]  # fmt: skip
    print_table("", headings, cells, numeric=[0, 2, 3, 7])
    click.echo()
    print_facts([(name, str(count)) for name, count in sorted(counts.items())])


def _cell_of(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"


def _span(row: dict[str, Any], name: str, unit: str) -> str:
    low, high = row[f"{name}_low_{unit}"], row[f"{name}_high_{unit}"]
    return "" if low is None else f"{low:,.0f} to {high:,.0f}"
