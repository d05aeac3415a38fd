"""What a report says in prose: the inputs behind a constraint, how it was done, what it cannot tell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from equipoise.present.provenance import plain_number

if TYPE_CHECKING:
    from equipoise.catalog.quantity import Sourced
    from equipoise.study import Study


def percent(fraction: float) -> str:
    """Write a share in per cent, whole numbers."""
    return f"{100.0 * fraction:.0f}\N{NO-BREAK SPACE}%"


def spread(fractions: Sequence[float]) -> str:
    """Write the span of several shares: ``41 to 55 %``, or one number where they agree."""
    low, high = f"{100.0 * min(fractions):.0f}", f"{100.0 * max(fractions):.0f}"
    return f"{low}\N{NO-BREAK SPACE}%" if low == high else f"{low} to {high}\N{NO-BREAK SPACE}%"


def listed(words: Sequence[str]) -> str:
    """Join words with commas and a last "and"; "none" where there are none."""
    if not words:
        return "none"
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def quoted(number: Sourced) -> str:
    """Write a sourced number with unit and grade: ``200 km, reported``."""
    unit = {"deg": "°", "1": ""}.get(number.unit, f"\N{NO-BREAK SPACE}{number.unit}")
    return f"{plain_number(number.written)}{unit}, {number.grade}"


def range_words(study: Study, name: str) -> str:
    """Say a radar range: ``870 km (Lewis and Postol 2012)``."""
    if name == "hardware":
        return "what the range equation gives"
    published = study.defence.radar.range_named(name)
    return f"{plain_number(published.range_m.value / 1e3)} km ({published.label})"


def deciding_inputs(study: Study, constraint: str) -> str:
    """Name the inputs behind a binding constraint, with their value and grade.

    Parameters
    ----------
    study : Study
        The study.
    constraint : str
        A word of the footprint's ``flag_meanings``.
    """
    interceptor, radar, battery = study.defence.interceptor, study.defence.radar, study.defence.battery
    face, either_way = (math.degrees(a) for a in (study.defence.boresight_rad, study.defence.boresight_spread_rad))
    inputs = {
        "range": f"the interceptor's range limit ({quoted(interceptor.max_range_m)})",
        "min_altitude": f"the lowest intercept altitude ({quoted(interceptor.min_altitude_m)})",
        "max_altitude": f"the highest intercept altitude ({quoted(interceptor.max_altitude_m)})",
        "flight_time": f"the interceptor's longest flight ({quoted(interceptor.max_flight_time_s)})",
        "timeline": f"the interceptor's burnout speed ({quoted(interceptor.burnout_speed_mps)}) and the delays from "
        f"detection to track ({quoted(radar.confirm_time_s)}) and to launch ({quoted(battery.commit_delay_s)})",
        "detection_range": "the radar's detection range and the missile's cross-section",
        "field_of_view": f"the direction of the radar's face ({face:.0f} ± {either_way:.0f}°, assumed) and its field "
        f"of view to either side ({quoted(radar.azimuth_half_width_rad)})",
        "elevation_floor": f"the radar's elevation floor ({quoted(radar.elevation_floor_rad)})",
        "horizon": "the curvature of the Earth",
    }
    return inputs.get(constraint, constraint.replace("_", " "))


_LIMITS = (
    """Whether an interceptor hits. A kill is a band of probability ({low} to {high} per interceptor) taken from a
    public test record made without countermeasures. Decoys, tumbling, break-up, jamming and manoeuvre are not
    modelled. “Defended” means that an intercept can be tried in time.""",
    """What happens in a raid. One missile is followed at a time; the {rounds} interceptors and the radar's capacity do
    not run out here.""",
    """What other defences add. Patriot and other systems are left out: an open place is open as far as this battery
    goes.""",
    """Anything about missiles that do not fly ballistically, such as the KN-23.""",
    """What North Korea has or would do. Missile masses are assumed values tuned to the published range of each class;
    missiles may be flown on other arcs and from other places than those listed. A launch area is a place of reported
    tests, nothing more.""",
    """Where the radar at {site} really looks, or how far it really sees. The direction of its face has not been
    published and is set by the study; the published ranges go from {nearest} to {farthest} km.""",
    """Anything finer than a town. A place counts as one point; a city may be cut by the edge of a footprint. Coasts are
    generalised, and shares are of the map's land area, which for South Korea is 2.8 % below the official figure.""",
    """Whether the deployment was right. Motives, signals, costs and politics are no part of this.""",
)

_METHOD = (
    """At each of {cells} aim points on a grid of {rows} by {columns}, the missile is flown there from each launch area:
    three degrees of freedom, the rotating ellipsoidal Earth with its flattening, the 1976 standard atmosphere, thrust
    and drag from the numbers below.""",
    """The radar sees the missile when it is within detection range for its cross-section, inside the field of view,
    above the elevation floor and above the horizon (4/3 Earth radius for refraction). After the time to confirm a track
    and the time to commit, an interceptor may be launched. It can meet the missile where its time to the point, its
    range and its altitude limits allow, while the radar still sees the missile (or, where the study says so, saw it at
    the launch). The margin is how many seconds are to spare at the best moment; the edge of the
    footprint is where it is zero.""",
    """Where a point is not defended, the constraint that is missed at the best moment is reported as the one that
    binds. Numbers that sources dispute are kept apart as named alternatives and run side by side, not averaged.""",
    """The uncertainty comes from {draws} draws (seed {seed}) of the ranged numbers of interceptor, battery, radar and
    missile cross-section, each from a triangle between its low, central and high value, and of the direction of the
    radar's face, all independent of each other. The missiles' own flight is left at its central values in the
    draws.""",
)


def limits(study: Study) -> tuple[str, ...]:
    """Say what the study cannot tell, in plain words.

    Parameters
    ----------
    study : Study
        The study.
    """
    chance = study.defence.interceptor.kill_probability
    ranges_km = [published.range_m.value / 1e3 for published in study.defence.radar.ranges]
    return _filled(
        _LIMITS,
        low=plain_number(chance.written_low),
        high=plain_number(chance.written_high),
        rounds=study.defence.rounds,
        site=study.defence.site.name,
        nearest=plain_number(min(ranges_km)),
        farthest=plain_number(max(ranges_km)),
    )


def method(study: Study) -> tuple[str, ...]:
    """Say how the results were made.

    Parameters
    ----------
    study : Study
        The study.
    """
    rows, columns, draws = study.grid.rows, study.grid.columns, study.uncertainty.draws
    return _filled(
        _METHOD if draws else _METHOD[:-1],
        cells=plain_number(rows * columns),
        rows=rows,
        columns=columns,
        draws=draws,
        seed=study.uncertainty.seed,
    )


def _filled(texts: Sequence[str], **values: object) -> tuple[str, ...]:
    return tuple(" ".join(text.split()).format(**values) for text in texts)
