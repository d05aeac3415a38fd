"""What a reported flight came to, in people's units: the JSON object, and the row of a table."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from equipoise.analysis.flight_batch import RowResult
from equipoise.analysis.flight_test_results import Band, FlightTest, Move
from equipoise.physics.kepler import HALF_ROUND_M

WHY_KEPLER_IS_SHORT = (
    "it knows only the speed that a throw from the ground needs; the boost gave more, and lost it to gravity on the "
    "steep climb, which a normal trajectory does not"
)

TABLE_COLUMNS = (
    "line", "label", "missile", "lat_deg", "lon_deg", "azimuth_deg", "apogee_km", "range_km", "time_s", "verdict",
    "time_miss_s", "time_low_s", "time_central_s", "time_high_s", "kepler_time_s", "class", "propellant_factor",
    "standard_range_low_km", "standard_range_central_km", "standard_range_high_km", "turning_range_low_km",
    "turning_range_high_km", "kepler_range_km", "refusal", "reason",
)  # fmt: skip


def verdict(test: FlightTest) -> str:
    """Return ``consistent``, ``too short``, ``too long``, or ``no time reported``."""
    miss = test.time_miss_s
    if miss is None:
        return "no time reported"
    return "consistent" if test.consistent else "too short" if miss < 0.0 else "too long"


def kepler_is_short(test: FlightTest) -> bool:
    """Tell whether the range from Kepler energy falls short of the standard one, as it does for steep flights."""
    return test.kepler_range_m < test.range_still_m.central


def _band(name: str, unit: str, band: Band, scale: float) -> dict[str, float]:
    return {
        f"{name}_low_{unit}": band.low * scale,
        f"{name}_central_{unit}": band.central * scale,
        f"{name}_high_{unit}": band.high * scale,
    }


def _km(length_m: float | None) -> float | None:
    return None if length_m is None else length_m / 1e3


def _known_km(length_m: float) -> float | None:
    return length_m / 1e3 if math.isfinite(length_m) else None


def _move(move: Move) -> dict[str, Any]:
    return {
        "quantity": move.quantity,
        "low": move.low_label,
        "high": move.high_label,
        "standard_range_at_low_km": _km(move.range_low_m),
        "standard_range_at_high_km": _km(move.range_high_m),
        "time_at_low_s": move.time_low_s,
        "time_at_high_s": move.time_high_s,
    }


def flight_test_summary(test: FlightTest) -> dict[str, Any]:
    """Return what a reported flight came to as one object; names end in their unit.

    Parameters
    ----------
    test : FlightTest
        The result.

    Returns
    -------
    dict
        Strings, numbers, booleans, None, and lists and dicts of them.
    """
    report, calibrated = test.report, test.calibrated
    azimuth = None if report.az_rad is None else math.degrees(report.az_rad) % 360.0
    return {
        "reported": {
            "label": report.label,
            "apogee_km": report.apogee_m / 1e3,
            "range_km": report.range_m / 1e3,
            "time_s": report.time_s,
            "missile": report.missile.id if report.missile is not None else None,
            "from_lat_deg": report.launch.lat_deg,
            "from_lon_deg": report.launch.lon_deg,
            "from_assumed": report.launch_assumed,
            "azimuth_deg": azimuth,
        },
        "consistent": test.consistent,
        "verdict": verdict(test),
        "time_miss_s": test.time_miss_s,
        **_band("time", "s", test.time_s, 1.0),
        "kepler": {
            "time_s": test.kepler.time_s,
            "speed_km_s": test.kepler.speed_mps / 1e3,
            "path_angle_deg": math.degrees(test.kepler.path_angle_rad),
            "range_km": test.kepler_range_m / 1e3,
            "half_round": test.kepler_range_m >= HALF_ROUND_M,
            "why_short": WHY_KEPLER_IS_SHORT if kepler_is_short(test) else None,
        },
        "calibrated": {
            "missile": calibrated.missile_id,
            "parameter": calibrated.fit.parameter,
            **_fitted_value(test),
            "rotation": calibrated.turning,
            "burnout_time_s": calibrated.lofted.burnout.time_s,
            "burnout_speed_km_s": calibrated.lofted.burnout.speed_mps / 1e3,
            "burnout_altitude_km": calibrated.lofted.burnout.altitude_m / 1e3,
            "time_of_flight_s": calibrated.lofted.time_of_flight_s,
            "standard_apogee_km": calibrated.standard.apogee_m / 1e3,
            "standard_time_of_flight_s": calibrated.standard.time_of_flight_s,
        },
        "standard_range": {
            **_band("still", "km", test.range_still_m, 1e-3),
            **_band("turning", "km", test.range_turning_m, 1e-3),
            "reaches_antipode": test.reaches_antipode,
        },
        "candidates": [
            {
                "missile": candidate.missile_id,
                "value": candidate.value,
                **_band("time", "s", candidate.time_s, 1.0),
                **_band("standard_range", "km", candidate.range_still_m, 1e-3),
            }
            for candidate in test.candidates
        ],
        "moves": [_move(move) for move in test.moves],
        "payloads": [{"payload_kg": payload, "standard_range_km": range_m / 1e3} for payload, range_m in test.payloads],
        "directions": [
            {
                "azimuth_deg": math.degrees(az),
                "range_low_km": _known_km(low),
                "range_central_km": _known_km(central),
                "range_high_km": _known_km(high),
            }
            for az, low, central, high in zip(test.ring.az_rad.tolist(), *test.ring.range_m.tolist(), strict=True)
        ],
        "boosts_tried": test.boosts_tried,
        "boosts_fitted": test.boosts_fitted,
    }


def _fitted_value(test: FlightTest) -> dict[str, float]:
    """Name the fitted value by what it is."""
    fit = test.calibrated.fit
    name = {"propellant": "propellant_factor", "payload": "payload_kg", "cut-off": "cut_off_s"}[fit.parameter]
    return {name: fit.value}


def table_row(result: RowResult) -> dict[str, Any]:
    """Return one row of the table that a file of launches comes to, under ``TABLE_COLUMNS``; None where nothing is."""
    row, test = result.row, result.test
    numbers: Mapping[str, float] = row.numbers
    cells: dict[str, Any] = dict.fromkeys(TABLE_COLUMNS)
    cells |= {"line": row.line, "label": row.label, "missile": row.missile}
    for name, key, scale in (("apogee_km", "apogee", 1e-3), ("range_km", "range", 1e-3), ("time_s", "time", 1.0)):
        cells[name] = numbers[key] * scale if key in numbers else None
    for name, key in (("lat_deg", "lat"), ("lon_deg", "lon"), ("azimuth_deg", "azimuth")):
        cells[name] = math.degrees(numbers[key]) if key in numbers else None
    if test is None:
        return cells | {"verdict": "refused", "refusal": result.refusal, "reason": result.reason}
    return cells | {
        "verdict": verdict(test),
        "time_miss_s": test.time_miss_s,
        **_band("time", "s", test.time_s, 1.0),
        "kepler_time_s": test.kepler.time_s,
        "class": test.calibrated.missile_id,
        "propellant_factor": test.calibrated.fit.value,
        **_band("standard_range", "km", test.range_still_m, 1e-3),
        "turning_range_low_km": test.range_turning_m.low / 1e3,
        "turning_range_high_km": test.range_turning_m.high / 1e3,
        "kepler_range_km": test.kepler_range_m / 1e3,
    }
