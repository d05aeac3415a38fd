"""``equipoise fly``: one missile, from one place, to another or along an azimuth."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

from equipoise.cli.output import emit_json, print_facts
from equipoise.cli.parameters import LAT_LON, LatLon, NumberType

if TYPE_CHECKING:
    from equipoise.physics import Trajectory


@click.command(short_help="Fly one missile to a place or along an azimuth.")
@click.argument("missile")
@click.option("--from", "origin", type=LAT_LON, required=True, help="Launch point, degrees.")
@click.option("--to", "target", type=LAT_LON, help="Aim point, degrees; thrust is cut off to reach it.")
@click.option("--apogee", "apogee_km", type=NumberType("km", 0.0, 50_000.0, above=True), metavar="KM",
              help="With --to: fly there over this apogee.")  # fmt: skip
@click.option("--azimuth", "azimuth_deg", type=NumberType("degrees", -360.0, 360.0), metavar="DEG",
              help="Direction of flight, from north through east.")  # fmt: skip
@click.option("--angle", "angle_deg", type=NumberType("degrees", 0.0, 90.0), metavar="DEG",
              help="With --azimuth: the steering angle (or kick), at full burn.")  # fmt: skip
@click.option("--max-range", is_flag=True, help="With --azimuth: as far as the missile goes.")
@click.option("--no-rotation", is_flag=True, help="Hold the Earth still, as many published ranges do.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def fly(
    missile: str,
    origin: LatLon,
    target: LatLon | None,
    apogee_km: float | None,
    azimuth_deg: float | None,
    angle_deg: float | None,
    max_range: bool,
    no_rotation: bool,
    as_json: bool,
) -> None:
    """Fly MISSILE (an id or a YAML file) to a place or along an azimuth.

    Either --to, with --apogee if a certain loft is wanted; or --azimuth with one of --angle and --max-range.
    """
    _check_choice(target, apogee_km, azimuth_deg, angle_deg, max_range)

    from equipoise import physics
    from equipoise._jit import announce_compilation
    from equipoise.cli.records import missile_record

    record = missile_record(missile)
    announce_compilation()
    vehicle = physics.Missile.from_record(record)
    launch = physics.Site(origin.lat_rad, origin.lon_rad)
    rotation = not no_rotation
    if target is not None:
        aim = physics.aim_at(
            vehicle,
            launch,
            physics.Site(target.lat_rad, target.lon_rad),
            apogee_m=None if apogee_km is None else apogee_km * 1e3,
            rotation=rotation,
        )
    elif angle_deg is not None:
        aim = physics.Aim(az_rad=math.radians(azimuth_deg or 0.0), angle_rad=math.radians(angle_deg))
    else:
        aim = physics.max_range(vehicle, launch, math.radians(azimuth_deg or 0.0), rotation=rotation)
    answer = _describe(record.id, physics.fly(vehicle, launch, aim, rotation=rotation))
    if as_json:
        emit_json(answer)
    else:
        print_facts(_facts(answer))


def _check_choice(
    target: LatLon | None,
    apogee_km: float | None,
    azimuth_deg: float | None,
    angle_deg: float | None,
    max_range: bool,
) -> None:
    if (target is None) == (azimuth_deg is None):
        raise click.UsageError("give either --to LAT,LON or --azimuth DEG")
    if target is not None and (angle_deg is not None or max_range):
        raise click.UsageError("--angle and --max-range go with --azimuth, not with --to")
    if azimuth_deg is not None and apogee_km is not None:
        raise click.UsageError("--apogee goes with --to, not with --azimuth")
    if azimuth_deg is not None and (angle_deg is None) == (not max_range):
        raise click.UsageError("--azimuth needs one of --angle DEG and --max-range")


def _describe(missile: str, flown: Trajectory) -> dict[str, Any]:
    """Return the answer in people's units, named for JSON."""
    return {
        "missile": missile,
        "rotation": flown.rotation,
        "from_lat_deg": math.degrees(flown.launch.lat_rad),
        "from_lon_deg": math.degrees(flown.launch.lon_rad),
        "azimuth_deg": math.degrees(flown.aim.az_rad) % 360.0,
        "angle_deg": math.degrees(flown.aim.angle_rad),
        "burnout_time_s": flown.burnout.time_s,
        "burnout_altitude_km": flown.burnout.altitude_m / 1e3,
        "burnout_speed_km_s": flown.burnout.speed_mps / 1e3,
        "burnout_path_angle_deg": math.degrees(flown.burnout.path_angle_rad),
        "range_km": flown.range_m / 1e3,
        "apogee_km": flown.apogee_m / 1e3,
        "time_of_flight_s": flown.time_of_flight_s,
        "impact_lat_deg": math.degrees(flown.impact_site.lat_rad),
        "impact_lon_deg": math.degrees(flown.impact_site.lon_rad),
        "impact_speed_km_s": flown.impact.speed_mps / 1e3,
        "impact_path_angle_deg": math.degrees(flown.impact.path_angle_rad),
    }


def _facts(answer: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the answer as a person reads it."""
    return [
        ("missile", str(answer["missile"])),
        ("from", f"{answer['from_lat_deg']:.3f}, {answer['from_lon_deg']:.3f}"),
        ("Earth", "rotating" if answer["rotation"] else "held still"),
        ("azimuth", f"{answer['azimuth_deg']:.2f} deg"),
        ("steering angle", f"{answer['angle_deg']:.2f} deg"),
        ("burnout", f"{answer['burnout_time_s']:.1f} s, {answer['burnout_altitude_km']:.1f} km, "
                    f"{answer['burnout_speed_km_s']:.3f} km/s"),
        ("range", f"{answer['range_km']:.1f} km"),
        ("apogee", f"{answer['apogee_km']:.1f} km"),
        ("time of flight", f"{answer['time_of_flight_s']:.1f} s"),
        ("impact", f"{answer['impact_lat_deg']:.3f}, {answer['impact_lon_deg']:.3f} at "
                   f"{answer['impact_speed_km_s']:.3f} km/s"),
    ]  # fmt: skip
