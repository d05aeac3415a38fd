"""``equipoise radar``: how far a radar sees, by each published range and by its hardware figures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

from equipoise.cli.output import emit_json, print_table
from equipoise.cli.parameters import NumberType

if TYPE_CHECKING:
    from equipoise.catalog import RadarRecord
    from equipoise.sensors import Radar

SCAN_ANGLES_DEG = (0.0, 15.0, 30.0, 45.0, 60.0)
CUED_RANGES_KM = (500.0, 1000.0, 2000.0)
CUE_AGES_S = (30.0, 120.0)
ALTITUDES_KM = (10.0, 20.0, 50.0, 100.0, 200.0, 500.0)


@click.command(short_help="How far a radar sees a target.")
@click.argument("sensor")
@click.option("--rcs", "rcs_m2", type=NumberType("m2", 0.0, 1e6, above=True), metavar="M2", default=0.01,
              show_default=True, help="Radar cross-section of the target, in square metres.")  # fmt: skip
@click.option("--mode", metavar="MODE", help="Only the ranges that are published for a mode of the radar.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def radar(sensor: str, rcs_m2: float, mode: str | None, as_json: bool) -> None:
    """Say how far SENSOR (an id or a YAML file) detects a target of a stated cross-section.

    Each published range is a named alternative, scaled from the cross-section that its source states (or that we
    assume for it); "hardware" is the range equation with the radar's published and assumed figures, where it has any.
    """
    from equipoise.cli.records import radar_record
    from equipoise.sensors import Radar, horizon_range_m, required_snr

    record = radar_record(sensor)
    alternatives: list[dict[str, Any]] = []
    for published in record.ranges if mode is None else record.ranges_of(mode):
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
        **_modes(record),
        "scan_loss": _scan_loss(record, central_m),
        "aspects": _aspects(central),
        "search": _search(record),
        "radiation": _radiation(record),
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
    _print_rest(answer)
    who = "The range equation" if has_hardware else "The record"
    click.echo(
        f"{who} asks for a signal-to-noise ratio of {answer['required_snr_db']:.1f} dB. A detection "
        f"probability of {answer['detection_probability']:g} at a false-alarm probability of "
        f"{answer['false_alarm_probability']:g} asks for {answer['snr_for_steady_target_db']:.1f} dB of a steady "
        f"target and {answer['snr_for_swerling_1_target_db']:.1f} dB of a slowly fluctuating one (Swerling 1)."
    )


def _modes(record: RadarRecord) -> dict[str, Any]:
    """Return the modes of a radar with the ranges published for each, and the longest time between them."""
    modes = [
        {
            "name": mode.name,
            "label": mode.label,
            "source": mode.source,
            "published_ranges": [published.name for published in record.ranges_of(mode.name)],
        }
        for mode in record.modes
    ]
    switch = record.mode_switch_s
    return {"modes": modes, "mode_switch_h": None if switch is None else switch.value / 3600.0}


def _scan_loss(record: RadarRecord, range_m: float) -> dict[str, Any] | None:
    """Return what looking off the face's normal costs; None for a radar without a face."""
    from equipoise.sensors import Face

    if record.face is None:
        return None
    face = Face.from_record(record.face)
    edge_deg = math.degrees(face.half_width_rad)
    angles_deg = [angle for angle in SCAN_ANGLES_DEG if angle < edge_deg - 1e-9] + [edge_deg]
    return {
        "tilt_deg": math.degrees(face.tilt_rad),
        "half_width_deg": edge_deg,
        "exponent": face.scan_exponent,
        "angles": [
            {
                "off_normal_deg": angle,
                "loss_db": abs(_decibel(math.cos(math.radians(angle)) ** face.scan_exponent)),
                "detection_range_km": range_m * math.cos(math.radians(angle)) ** (face.scan_exponent / 4.0) / 1e3,
            }
            for angle in angles_deg
        ],
    }


def _aspects(radar: Radar) -> list[dict[str, Any]]:
    """Return the default cross-sections of missiles with their ranges, and how far the radar's hardware sees them."""
    from equipoise.catalog import default_signature

    default = default_signature()
    rows = [
        (phase, aspect, getattr(part, f"{aspect}_m2"))
        for phase, part in (("boost", default.boost), ("booster attached", default.booster))
        for aspect in ("nose", "side", "rear")
    ]
    rows.append(("separated body", "rear", default.body_rear_m2))
    return [
        {
            "phase": phase,
            "aspect": aspect,
            "rcs_m2": number.value,
            "rcs_low_m2": number.low,
            "rcs_high_m2": number.high,
            "detection_range_km": radar.detection_range_m(number.value) / 1e3,
            "detection_range_low_km": radar.detection_range_m(number.low) / 1e3,
            "detection_range_high_km": radar.detection_range_m(number.high) / 1e3,
        }
        for phase, aspect, number in rows
    ]


def _search(record: RadarRecord) -> dict[str, Any] | None:
    """Return how long the radar takes to look along a fence, over its field, and where launch warning says."""
    from equipoise.catalog import load_catalog
    from equipoise.sensors import Beam, Cue, fence_frame_s, sector_solid_angle_sr

    beam = Beam.from_record(record)
    if beam is None:
        return None
    width_rad = 2.0 * record.azimuth_half_width_rad.value
    floor_rad, top_rad = record.elevation_floor_rad.value, record.elevation_max_rad.value
    warning = load_catalog().launch_warning("overhead-infrared")
    cue = Cue(warning.cue_delay_s.value, warning.position_sigma_m.value, warning.velocity_sigma_mps.value, 0.0)
    own = None if record.search is None else record.search.frame_s
    return {
        "beamwidth_deg": math.degrees(beam.width_rad),
        "dwell_s": beam.dwell_s,
        "own_frame_s": None if own is None else own.value,
        "fence_frame_s": fence_frame_s(beam, width_rad, floor_rad),
        "field_frame_s": beam.frame_s(sector_solid_angle_sr(width_rad, floor_rad, top_rad)),
        "cued_frames": [
            {
                "range_km": range_km,
                "age_s": age_s,
                "frame_s": beam.frame_s(cue.solid_angle_sr(age_s, 1e3 * range_km)),
            }
            for range_km in CUED_RANGES_KM
            for age_s in CUE_AGES_S
        ],
    }


def _radiation(record: RadarRecord) -> dict[str, Any] | None:
    """Return the power density near the radar, beside what was measured; None where nothing is assumed of it."""
    from equipoise.analysis.near_radar import near_radar

    near = near_radar(record)
    if near is None:
        return None
    columns = (near.distance_m, near.low_w_m2, near.central_w_m2, near.high_w_m2, near.beam_w_m2)
    return {
        "public_limit_w_m2": near.public_limit_w_m2,
        "ground": [
            {
                "distance_m": distance_m,
                "power_density_low_w_m2": low,
                "power_density_w_m2": central,
                "power_density_high_w_m2": high,
                "still_beam_w_m2": beam,
            }
            for distance_m, low, central, high, beam in zip(*(column.tolist() for column in columns), strict=True)
        ],
        "measured": [
            {
                "site": one.site,
                "date": one.date,
                "distance_m": one.distance_m,
                "power_density_w_m2": one.density_w_m2,
                "statistic": one.statistic,
                "source": one.source,
            }
            for one in near.measured
        ],
    }


def _print_rest(answer: dict[str, Any]) -> None:
    """Print the tables of scan loss and aspects, and what there is of modes."""
    scan = answer["scan_loss"]
    if scan is not None:
        print_table(
            f"Off the normal of a face tilted by {scan['tilt_deg']:.0f} deg, the range equation",
            ["off normal deg", "loss dB", "detects at km"],
            [
                (f"{a['off_normal_deg']:.0f}", f"{a['loss_db']:.1f}", f"{a['detection_range_km']:.0f}")
                for a in scan["angles"]
            ],
            numeric=[0, 1, 2],
        )
        click.echo()
    print_table(
        "Cross-sections of a missile whose record gives none, assumed, with their ranges",
        ["phase", "aspect", "rcs m2", "detects at km"],
        [
            (
                a["phase"],
                a["aspect"],
                f"{a['rcs_m2']:g} ({a['rcs_low_m2']:g} to {a['rcs_high_m2']:g})",
                f"{a['detection_range_km']:.0f} ({a['detection_range_low_km']:.0f} to "
                f"{a['detection_range_high_km']:.0f})",
            )
            for a in answer["aspects"]
        ],
        numeric=[2, 3],
    )
    click.echo()
    if answer["search"]:
        _print_search(answer["search"])
    if answer["radiation"]:
        _print_radiation(answer["radiation"])
    if answer["modes"]:
        names = " and ".join(f"{found['name']} ({found['label']})" for found in answer["modes"])
        hours = answer["mode_switch_h"]
        between = "" if hours is None else f"; from one to the other in at most {hours:g} h"
        click.echo(f"Modes: {names}{between}.")


def _print_search(search: dict[str, Any]) -> None:
    own = search["own_frame_s"]
    rows = [
        ("a fence along the elevation floor", search["fence_frame_s"]),
        ("the whole field of view", search["field_frame_s"]),
        *(
            (f"a cue from launch warning, {cued['age_s']:.0f} s old, {cued['range_km']:,.0f} km away", cued["frame_s"])
            for cued in search["cued_frames"]
        ),
    ]
    print_table(
        f"How long one look over each takes: a beam of {search['beamwidth_deg']:.2g} deg, {search['dwell_s']:g} s each",
        ["what is searched", "s"],
        [(words, f"{frame_s:,.0f}" if frame_s >= 10.0 else f"{frame_s:.1f}") for words, frame_s in rows],
        numeric=[1],
    )
    click.echo(
        "By itself it is taken to find nothing without a cue."
        if own is None
        else f"By itself it is taken to look at the same place every {own:g} s."
    )
    click.echo()


def _print_radiation(radiation: dict[str, Any]) -> None:
    measured: dict[float, list[str]] = {one["distance_m"]: [] for one in radiation["measured"]}
    for one in radiation["measured"]:
        measured[one["distance_m"]].append(f"{one['power_density_w_m2']:g} ({one['site']}, {one['statistic']})")
    print_table(
        f"Power density near the radar; the limit for the public is {radiation['public_limit_w_m2']:g} W/m2",
        ["distance m", "on the ground W/m2", "in a beam that stands still", "measured W/m2"],
        [
            (
                f"{row['distance_m']:,.0f}",
                f"{row['power_density_w_m2']:.2g} ({row['power_density_low_w_m2']:.2g} to "
                f"{row['power_density_high_w_m2']:.2g})",
                f"{row['still_beam_w_m2']:,.3g}",
                ", ".join(measured.get(row["distance_m"], [])),
            )
            for row in radiation["ground"]
        ],
        numeric=[0, 1, 2],
    )
    click.echo()


def _decibel(ratio: float) -> float:
    return 10.0 * math.log10(ratio)
