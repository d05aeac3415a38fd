"""The figures of a flight test with captions, descriptions for readers who cannot see them, and their data as CSV."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from equipoise.present.flight_test_charts import moves_figure, payload_curve, widest_first
from equipoise.present.flight_test_words import ends_words, km, minutes, span
from equipoise.present.loft_side_view import SideTrack, loft_side_view, range_band
from equipoise.present.range_ring import CENTRAL, HIGH, LOW, half_round, whole_earth
from equipoise.present.range_ring_map import range_ring_map
from equipoise.present.report import ReportFigure
from equipoise.present.style import svg_bytes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from equipoise.analysis.flight_test_results import FlightTest

Drawn = tuple[ReportFigure, "Figure", str]


def flight_test_figures(test: FlightTest, command: str) -> list[Drawn]:
    """Draw every figure of a flight test.

    Parameters
    ----------
    test : FlightTest
        The result.
    command : str
        What remakes the figures.

    Returns
    -------
    list of (ReportFigure, Figure, str)
        In the order of the page, with the data of each as CSV.
    """
    drawn: list[Drawn] = []

    def add(identifier: str, title: str, caption: str, alt: str, figure: Figure, data: str) -> None:
        words = ReportFigure(
            identifier, title, " ".join(caption.split()), " ".join(alt.split()), command, svg_bytes(figure)
        )
        drawn.append((words, figure, data))

    lofted, standard = test.calibrated.lofted, test.calibrated.standard
    aside = "Over the turning Earth the ground track leaves that plane a little; that is left out." if (
        test.calibrated.turning
    ) else ""  # fmt: skip
    add(
        "side-view",
        "The reported and the longest flight from the side",
        f"""To scale on the round Earth, in the upright plane of each flight. Thick: under power. The thick piece of the
        ground is the band of the longest range over every boost tried; the diamond is the longest range from the vacuum
        arc's speed. {aside}""",
        f"""Side view on the round Earth. As reported: up to
        {test.report.apogee_m / 1e3:,g} km and down after {test.report.range_m / 1e3:,g} km, in
        {minutes(lofted.time_of_flight_s)}. Longest flight: up to {km(standard.apogee_m)}, down after
        {km(standard.range_m)}, in {minutes(standard.time_of_flight_s)}. Band of the longest range:
        {span(range_band(test))}.""",
        loft_side_view(test),
        _tracks_csv(test),
    )
    ring = test.ring.range_m[CENTRAL]
    all_round = whole_earth(test.ring, test.report.launch, CENTRAL)
    ring_words = (
        "The central boost reaches every point of the Earth."
        if all_round
        else f"Central ring: {km(float(np.nanmin(ring)))} to {km(float(np.nanmax(ring)))} by direction."
    )
    rim = any(half_round(test.ring, test.report.launch, row).any() for row in (LOW, CENTRAL, HIGH))
    add(
        "range-ring",
        "How far it flies in each direction",
        f"""The longest range over the turning Earth, on a map about the launch point on which distances and directions
        from there are true. Shaded: between the least and the greatest boost. Flights to the east gain from the Earth's
        turn. {"A direction that goes half round the Earth meets the rim." if rim else ""}""",
        f"Map about the launch point with a ring of longest ranges and its band. {ring_words}",
        range_ring_map(test),
        _ring_csv(test),
    )
    if test.moves:
        widest = [f"{move.quantity}, {ends_words(move)}" for move in widest_first(test.moves)[:3]]
        add(
            "moves",
            "Which assumption moves the answer",
            """Longest range and flight time with one assumption at either end of its range, the missile fitted anew to
            the same report and all other assumptions central. A missing mark: no fit flies the report there.""",
            f"Chart of the assumptions that move range and time. Widest: {'; '.join(widest)}.",
            moves_figure(test),
            _moves_csv(test),
        )
    if len(test.payloads) > 1:
        (light, far_m), (heavy, near_m) = test.payloads[0], test.payloads[-1]
        add(
            "payload",
            "Range against payload",
            """How far the calibrated missile would fly with another payload. A test may carry less than a missile in
            service does.""",
            f"Curve of longest range against payload, from {km(far_m)} with {light:,.0f} kg to {km(near_m)} with "
            f"{heavy:,.0f} kg.",
            payload_curve(test),
            _csv(("payload_kg", "longest_range_km"), [(kg, m / 1e3) for kg, m in test.payloads]),
        )
    return drawn


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table, numbers to nine significant digits."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(["" if v is None else f"{v:.9g}" if isinstance(v, float) else v for v in row])
    return text.getvalue()


def _tracks_csv(test: FlightTest) -> str:
    rows = []
    for name, flown in (("reported", test.calibrated.lofted), ("longest", test.calibrated.standard)):
        track = SideTrack.of(flown)
        rows += [
            (name, float(along) / 1e3, float(height) / 1e3, int(burnt))
            for along, height, burnt in zip(track.along_m, track.altitude_m, track.burnt, strict=True)
        ]
    return _csv(("flight", "along_ground_km", "height_km", "under_power"), rows)


def _ring_csv(test: FlightTest) -> str:
    ring = test.ring
    rows = [
        (
            math.degrees(float(ring.az_rad[i])),
            name,
            _known(ring.range_m[k, i] / 1e3),
            _known(math.degrees(float(ring.lat_rad[k, i]))),
            _known(math.degrees(float(ring.lon_rad[k, i]))),
        )
        for i in range(len(ring.az_rad))
        for k, name in enumerate(("low", "central", "high"))
    ]
    return _csv(("azimuth_deg", "boost", "longest_range_km", "impact_lat_deg", "impact_lon_deg"), rows)


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _moves_csv(test: FlightTest) -> str:
    columns = (
        "assumption",
        "first_end",
        "other_end",
        "range_first_km",
        "range_other_km",
        "time_first_s",
        "time_other_s",
    )
    rows = [
        (
            move.quantity, move.low_label, move.high_label,
            None if move.range_low_m is None else move.range_low_m / 1e3,
            None if move.range_high_m is None else move.range_high_m / 1e3,
            move.time_low_s, move.time_high_s,
        )
        for move in widest_first(test.moves)
    ]  # fmt: skip
    return _csv(columns, rows)
