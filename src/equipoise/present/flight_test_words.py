"""What a flight test's page says in prose: verdict, standard range, why energy alone misjudges it, limits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from equipoise.physics.kepler import HALF_ROUND_M
from equipoise.present.report import Headline
from equipoise.present.statements import listed

if TYPE_CHECKING:
    from equipoise.analysis.flight_test_results import Band, FlightTest, Move

# The Kepler range counts as the model's where they differ by less than this share.
_SAME = 0.01

PARAMETER_WORDS = {
    "propellant": "the mass of propellant",
    "payload": "the payload",
    "cut-off": "the time at which thrust is cut off",
}


def minutes(time_s: float) -> str:
    """Write a time as people do: ``47 min 12 s``."""
    whole = round(time_s)
    return f"{whole // 60} min {whole % 60:02d} s" if whole >= 60 else f"{whole} s"


def km(length_m: float) -> str:
    """Write a distance in whole kilometres."""
    return f"{length_m / 1e3:,.0f} km"


def span(band: Band) -> str:
    """Write a band of distances: ``3,430 to 4,891 km``."""
    low, high = f"{band.low / 1e3:,.0f}", km(band.high)
    return high if low == f"{band.high / 1e3:,.0f}" else f"{low} to {high}"


def ends_words(move: Move) -> str:
    """Say between which ends an assumption is moved; once where both are the same in words."""
    return move.low_label if move.low_label == move.high_label else f"{move.low_label} to {move.high_label}"


def reported_words(test: FlightTest) -> str:
    """Say what was reported, and what of the launch is known."""
    report = test.report
    lat, lon = report.launch.lat_deg, report.launch.lon_deg
    where = f"{abs(lat):.2f}° {'N' if lat >= 0 else 'S'}, {abs(lon):.2f}° {'E' if lon >= 0 else 'W'}"
    time = "no flight time" if report.time_s is None else f"a flight time of {minutes(report.time_s)}"
    toward = (
        "direction not known"
        if report.az_rad is None
        else f"towards {math.degrees(report.az_rad) % 360.0:.0f}° from north"
    )
    assumed = " (assumed)" if report.launch_assumed else ""
    apogee = f"{report.apogee_m / 1e3:,g} km"
    return (
        f"Reported: an apogee of {apogee}, a range of {report.range_m / 1e3:,g} km and {time}; from {where}{assumed}, "
        f"{toward}."
    )


def verdict_headline(test: FlightTest) -> Headline:
    """Say whether apogee, range and time go together, and by how much they miss."""
    band = f"{minutes(test.time_s.low)} to {minutes(test.time_s.high)}"
    allowed = f"{_boosts(test)} allow {band}; a throw without a boost would take {minutes(test.kepler.time_s)}."
    miss = test.time_miss_s
    if miss is None:
        return Headline("No time reported", "so apogee and range cannot be checked against it", allowed)
    assert test.report.time_s is not None
    said = f"Reported: {minutes(test.report.time_s)}. "
    if miss == 0.0:
        return Headline("Consistent", "apogee, range and flight time go together", said + allowed)
    side = "shorter" if miss < 0.0 else "longer"
    label = f"the reported time is {minutes(abs(miss))} {side} than any boost tried allows"
    if test.consistent:
        return Headline("Consistent to a minute", f"{label}, no more than such reports are good to", said + allowed)
    return Headline(f"Off by {minutes(abs(miss))}", label, said + allowed)


def range_headline(test: FlightTest) -> Headline:
    """Say how far the same missile flies on a normal trajectory."""
    label = "is how far the same missile flies on a normal trajectory over a still Earth"
    detail = (
        f"Central boost: {km(test.range_still_m.central)}. Over the turning Earth, in any direction: "
        f"{span(test.range_turning_m)}."
    )
    if test.reaches_antipode:
        detail += " The greatest ranges go half round the Earth: it is the Earth that ends them, not the missile."
    return Headline(span(test.range_still_m), label, detail)


def kepler_headline(test: FlightTest) -> Headline:
    """Set the range of the vacuum arc's speed beside the model's, with the reason why they differ."""
    kepler_m = min(test.kepler_range_m, HALF_ROUND_M)
    value = km(kepler_m) if kepler_m < HALF_ROUND_M else "Half round the Earth"
    return Headline(value, "is what the speed at the ground of a vacuum arc would carry", kepler_reason(test))


def kepler_reason(test: FlightTest) -> str:
    """Say in one sentence why the range from Kepler energy differs from the model's."""
    kepler_m, model_m = min(test.kepler_range_m, HALF_ROUND_M), test.range_still_m.central
    if kepler_m >= HALF_ROUND_M and (test.reaches_antipode or model_m >= 0.99 * HALF_ROUND_M):
        return "Both reach half round the Earth, so neither says how much more the missile could do."
    if kepler_m < (1.0 - _SAME) * model_m:
        return (
            f"It is {km(model_m - kepler_m)} short of the central boost: the speed at the ground of a vacuum arc lacks "
            "what gravity and air took on the steep climb, which a normal trajectory does not lose."
        )
    if kepler_m > (1.0 + _SAME) * model_m:
        return (
            f"It is {km(kepler_m - model_m)} more than the central boost: here a flatter climb saves less in gravity "
            "than a vacuum arc leaves out, which knows neither air nor a boost that takes time and ground."
        )
    return "It is within 1 % of the central boost here: what it leaves out cancels, which is chance, not agreement."


def lede(test: FlightTest, record_file: str) -> tuple[str, ...]:
    """Say the findings in a few sentences.

    Parameters
    ----------
    test : FlightTest
        The result.
    record_file : str
        Name of the calibrated record's file.
    """
    if test.time_miss_s is None:
        first = "No flight time was reported, so there is nothing to hold apogee and range against."
    elif test.time_miss_s == 0.0:
        first = "The reported apogee, range and flight time go together."
    elif test.consistent:
        first = f"The reported apogee, range and flight time go together: {verdict_headline(test).label}."
    else:
        first = f"The report does not hold together: {verdict_headline(test).label}."
    candidates = [candidate.missile_id for candidate in test.candidates]
    known = "" if test.report.missile is not None else f" The class was not named; nearest: {listed(candidates[:4])}."
    direction = (
        "As the direction is not known, it was fitted over a still Earth, and directions are part of the bands."
        if not test.calibrated.turning
        else "It was fitted over the turning Earth in the reported direction."
    )
    kepler_m = min(test.kepler_range_m, HALF_ROUND_M)
    return (
        first,
        f"On a normal trajectory the same missile flies {span(test.range_still_m)} over a still Earth, "
        f"{km(test.range_still_m.central)} with the central boost; from Kepler energy alone one would say "
        f"{km(kepler_m)}.",
        f"The calibrated missile is in {record_file}: {_fit_words(test)}.{known} {direction}",
    )


def _fit_words(test: FlightTest) -> str:
    fit = test.calibrated.fit
    value = {
        "propellant": f"{fit.value:.3f} times the propellant of the record",
        "payload": f"a payload of {fit.value:,.0f} kg",
        "cut-off": f"thrust for {fit.value:.1f} s",
    }[fit.parameter]
    return f"{test.calibrated.missile_id} with {value}"


def _boosts(test: FlightTest) -> str:
    return f"The {test.boosts_fitted} boosts that fly the report, of {test.boosts_tried} tried,"


_METHOD = (
    """Every boost is fitted to the reported apogee and impact by {parameter}, flying three degrees of freedom over an
    ellipsoidal Earth with its flattening, the 1976 standard atmosphere, thrust and drag. The flight time then follows;
    the fit does not see the reported time.""",
    """Boosts are the class's numbers moved to either end of their ranges one at a time, the other steering law, and
    draws of all numbers at once from triangles between low, central and high. A band spans all of them that can fly the
    report. Each fitted missile is then flown as far as it goes.""",
    """The vacuum arc is the ellipse over the reported apogee and distance on a still, round Earth, in closed form; its
    longest range follows from its speed at the ground (Bate, Mueller and White, Fundamentals of Astrodynamics, 1971,
    chapter 6).""",
)

_LIMITS = (
    """Whether the report is true. Consistent means that some boost of the class flies it, not that it was flown.""",
    """What flew. A class is the nearest of the catalogue's; masses of most are assumed values with a range, and another
    missile may fly the same arc.""",
    """The payload. A test may carry less than a missile in service: a lighter load flies higher, and a heavier one not
    as far as the range given here. The chart of range against payload shows by how much.""",
    """The report's own error. Bands hold what is open about the boost; the announced apogee and range are taken as they
    stand.""",
    """Whether the missile, its guidance or its re-entry body would survive a normal trajectory, and how near it would
    come down. Accuracy and manoeuvring re-entry are no part of this.""",
    """Anything but ballistic flight.""",
)


def method(test: FlightTest) -> tuple[str, ...]:
    """Say how it was done."""
    words = PARAMETER_WORDS[test.calibrated.fit.parameter]
    return tuple(" ".join(text.split()).format(parameter=words) for text in _METHOD)


def limits(test: FlightTest) -> tuple[str, ...]:
    """Say what the page cannot tell."""
    said = [" ".join(text.split()) for text in _LIMITS]
    if test.report.launch_assumed:
        said.insert(0, "Where it was launched. No launch point was given, and one was assumed; ranges over the turning "
                       "Earth, the map and the ring hang on it.")  # fmt: skip
    if test.report.az_rad is None:
        said.insert(0, "In which direction it flew. None was given; the Earth's turn adds to or takes from every "
                       "range, and the bands over directions show by how much.")  # fmt: skip
    return tuple(said)
