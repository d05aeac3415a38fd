"""``equipoise radar``: how far a radar sees, by each published range and by its hardware figures."""

from __future__ import annotations

import math
from typing import Any

import click

from equipoise.cli.output import emit_json, print_table
from equipoise.cli.parameters import NumberType

ALTITUDES_KM = (10.0, 20.0, 50.0, 100.0, 200.0, 500.0)


@click.command(short_help="How far a radar sees a target.")
@click.argument("sensor")
@click.option("--rcs", "rcs_m2", type=NumberType("m2", 0.0, 1e6, above=True), metavar="M2", default=0.01,
              show_default=True, help="Radar cross-section of the target, in square metres.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def radar(sensor: str, rcs_m2: float, as_json: bool) -> None:
    """Say how far SENSOR (an id or a YAML file) detects a target of a stated cross-section.

    Each published range is a named alternative, scaled from the cross-section that its source states (or that we
    assume for it); "hardware" is the range equation with the radar's published and assumed figures, where it has any.
    """
    from equipoise.cli.records import radar_record
    from equipoise.sensors import Radar, horizon_range_m, required_snr

    record = radar_record(sensor)
    alternatives: list[dict[str, Any]] = []
    for published in record.ranges:
        alternatives.append(
            {
                "name": published.name,
                "label": published.label,
                "mode": published.mode,
                "published_range_km": published.range_m.value / 1e3,
                "reference_rcs_m2": published.reference_rcs_m2.value,
                "source": published.range_m.source,
                "detection_range_km": Radar.from_record(record, published.name).detection_range_m(rcs_m2) / 1e3,
            }
        )
    has_hardware = record.hardware is not None
    central = Radar.from_record(record, "hardware" if has_hardware else record.ranges[0].name)
    central_m = central.detection_range_m(rcs_m2)
    floor_rad = record.elevation_floor_rad.value
    horizons = [
        {
            "altitude_km": altitude_km,
            "horizon_km": horizon_range_m(1e3 * altitude_km) / 1e3,
            "elevation_floor_km": horizon_range_m(1e3 * altitude_km, floor_rad) / 1e3,
        }
        for altitude_km in ALTITUDES_KM
    ]
    asked = required_snr(record)
    answer = {
        "radar": record.id,
        "rcs_m2": rcs_m2,
        "basis": "range equation" if has_hardware else record.ranges[0].name,
        "detection_range_km": central_m / 1e3,
        "alternatives": alternatives,
        "required_snr_db": _decibel(record.required_snr.value),
        "detection_probability": record.detection_probability.value,
        "false_alarm_probability": record.false_alarm_probability.value,
        "snr_for_steady_target_db": _decibel(asked["steady"]),
        "snr_for_swerling_1_target_db": _decibel(asked["swerling_1"]),
        "elevation_floor_deg": math.degrees(floor_rad),
        "horizons": horizons,
    }
    if as_json:
        emit_json(answer)
        return
    rows = [("hardware", "", f"{central_m / 1e3:.0f}", "range equation")] if has_hardware else []
    rows += [
        (a["name"], f"{a['published_range_km']:.0f}", f"{a['detection_range_km']:.0f}", f"{a['label']} [{a['source']}]")
        for a in alternatives
    ]
    print_table(
        f"{record.name}: detection range of a target of {rcs_m2:g} m2",
        ["alternative", "published km", "detects at km", "what it is"],
        rows,
        numeric=[1, 2],
    )
    click.echo()
    print_table(
        "What stands above the horizon and the elevation floor, over the 4/3 Earth",
        ["altitude km", "horizon km", f"at {answer['elevation_floor_deg']:.0f} deg km"],
        [(f"{h['altitude_km']:g}", f"{h['horizon_km']:.0f}", f"{h['elevation_floor_km']:.0f}") for h in horizons],
        numeric=[0, 1, 2],
    )
    click.echo()
    who = "The range equation" if has_hardware else "The record"
    click.echo(
        f"{who} asks for a signal-to-noise ratio of {answer['required_snr_db']:.1f} dB. A detection "
        f"probability of {answer['detection_probability']:g} at a false-alarm probability of "
        f"{answer['false_alarm_probability']:g} asks for {answer['snr_for_steady_target_db']:.1f} dB of a steady "
        f"target and {answer['snr_for_swerling_1_target_db']:.1f} dB of a slowly fluctuating one (Swerling 1)."
    )


def _decibel(ratio: float) -> float:
    return 10.0 * math.log10(ratio)
