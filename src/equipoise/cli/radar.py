"""``equipoise radar``: how far a radar sees, by each published range and by its hardware figures."""

from __future__ import annotations

from typing import Any

import click

from equipoise.cli.output import emit_json, print_table
from equipoise.cli.parameters import NumberType


@click.command(short_help="How far a radar sees a target.")
@click.argument("sensor")
@click.option("--rcs", "rcs_m2", type=NumberType("m2", 0.0, 1e6, above=True), metavar="M2", default=0.01,
              show_default=True, help="Radar cross-section of the target, in square metres.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def radar(sensor: str, rcs_m2: float, as_json: bool) -> None:
    """Say how far SENSOR (an id or a YAML file) detects a target of a stated cross-section.

    Each published range is a named alternative, scaled from the cross-section that its source states (or that we
    assume for it); "hardware" is the range equation with the radar's published and assumed figures.
    """
    from equipoise.cli.records import radar_record
    from equipoise.sensors import Radar

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
    hardware_m = Radar.from_record(record, "hardware").detection_range_m(rcs_m2)
    answer = {
        "radar": record.id,
        "rcs_m2": rcs_m2,
        "hardware_detection_range_km": hardware_m / 1e3,
        "alternatives": alternatives,
    }
    if as_json:
        emit_json(answer)
        return
    rows = [("hardware", "", f"{hardware_m / 1e3:.0f}", "range equation")]
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
