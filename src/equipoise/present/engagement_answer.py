"""One engagement as plain values and one sentence: the arc, what the radar sees, and why there is or is no shot."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from equipoise.arrays import FloatArray
from equipoise.present.footprint_figures import constraint_label
from equipoise.sensors import visibility_kernels as vk

if TYPE_CHECKING:
    from equipoise.analysis import Engagement
    from equipoise.analysis.engagement import Moment, Shot

# Every so many samples of the arc go out: a hundred or so make the picture.
_EVERY = 4


def engagement_answer(found: Engagement) -> dict[str, Any]:
    """Return an engagement for JSON.

    Parameters
    ----------
    found : Engagement
        From :func:`equipoise.analysis.engagement`.

    Returns
    -------
    dict
        Names end in their unit; ground distances from the battery are positive towards the launch area. ``sentence``
        says in one sentence why the target is or is not defended.
    """
    low, central, high = found.kill_probability
    return {
        "missile": found.missile,
        "launch_area": found.launch_area,
        "target": found.target,
        "site": found.site,
        "sentence": engagement_sentence(found),
        "defended": found.shots > 0,
        "constraint": found.constraint,
        "constraint_words": constraint_label(found.constraint),
        "margin_s": _number(found.margin_s, 2),
        "shots": found.shots,
        "kill_probability": _number(central, 4),
        "kill_probability_low": _number(low, 4),
        "kill_probability_high": _number(high, 4),
        "detection_range_km": _number(found.detection_range_m / 1e3, 1),
        "min_altitude_km": found.min_altitude_m / 1e3,
        "max_altitude_km": found.max_altitude_m / 1e3,
        "time_of_flight_s": _number(found.trajectory.time_of_flight_s, 1),
        "moments": {
            name: _moment(moment)
            for name, moment in (
                ("burnout", found.burnout),
                ("apogee", found.apogee),
                ("detection", found.detection),
                ("firm_track", found.firm_track),
                ("lost", found.lost),
            )
        },
        "first_shot": _shot(found.first),
        "last_shot": _shot(found.last),
        "arc": {
            "time_s": _numbers(found.time_s[::_EVERY], 1),
            "distance_km": _numbers(found.distance_m[::_EVERY] / 1e3, 2),
            "altitude_km": _numbers(found.altitude_m[::_EVERY] / 1e3, 2),
            "seen": (found.looks.reason[::_EVERY] == vk.VISIBLE).tolist(),
        },
        "reach": {
            "distance_km": _numbers(found.reach_distance_m / 1e3, 1),
            "altitude_km": _numbers(found.reach_altitude_m / 1e3, 1),
        },
    }


def engagement_sentence(found: Engagement) -> str:
    """Say in one sentence why the target of an engagement is or is not defended."""
    what = f"against a {found.missile} from {found.launch_area}"
    if found.first is not None and found.shots > 0:
        chances = "one shot" if found.shots == 1 else f"{found.shots} shots one after another"
        met = found.first.intercept
        return (
            f"{found.target} is defended {what}: there is time for {chances}, the earliest of which leaves "
            f"{found.first.launch_s:.0f} s after the missile and meets it {met.altitude_m / 1e3:.0f} km up, with "
            f"{found.margin_s:.0f} s in hand."
        )
    if found.detection is None:
        return f"{found.target} is not defended {what}: the radar never sees it, which is {_why(found)}."
    return (
        f"{found.target} is not defended {what}: it is {_why(found)}; the radar first sees it "
        f"{found.detection.time_s:.0f} s after launch."
    )


def _why(found: Engagement) -> str:
    return constraint_label(found.constraint)


def _moment(moment: Moment | None) -> dict[str, float | None] | None:
    if moment is None:
        return None
    return {
        "time_s": _number(moment.time_s, 1),
        "distance_km": _number(moment.distance_m / 1e3, 1),
        "altitude_km": _number(moment.altitude_m / 1e3, 1),
    }


def _shot(shot: Shot | None) -> dict[str, Any] | None:
    return None if shot is None else {"launch_s": _number(shot.launch_s, 1), "intercept": _moment(shot.intercept)}


def _number(value: float, digits: int) -> float | None:
    return round(float(value), digits) if math.isfinite(value) else None


def _numbers(values: FloatArray, digits: int) -> list[float]:
    return [float(value) for value in np.round(values, digits)]
