"""The figures of a network study with their titles, captions and descriptions for readers who cannot see them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from equipoise.analysis.near_radar import near_radar
from equipoise.analysis.network_results import DEFENDED
from equipoise.analysis.network_summary import seen_by
from equipoise.present.arcs_map import arcs_map
from equipoise.present.coverage_figures import coverage_map
from equipoise.present.engagement_words import engagement_figures
from equipoise.present.example_timeline_figure import example_timeline_figure
from equipoise.present.network_names import LETTERS_WORDS, sensor_name
from equipoise.present.network_tables import METRIC_WORDS, banded, never_words
from equipoise.present.radiation_figure import radiation_figure
from equipoise.present.report import ReportFigure
from equipoise.present.scene import Scene, Spot
from equipoise.present.statements import listed
from equipoise.present.style import svg_bytes
from equipoise.present.time_in_view_figure import time_in_view_figure
from equipoise.present.track_accuracy_figure import track_accuracy_figure
from equipoise.present.vertical_cut_figure import vertical_cut_figure
from equipoise.present.who_sees_figure import who_sees_figure
from equipoise.present.worth_figure import worth_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from equipoise.analysis.network_results import NetworkResults

Drawn = tuple[ReportFigure, "Figure"]


def network_figures(results: NetworkResults, command: str) -> list[Drawn]:
    """Draw every figure of a network study.

    Parameters
    ----------
    results : NetworkResults
        The results.
    command : str
        What remakes the figures.

    Returns
    -------
    list of (ReportFigure, Figure)
        In the order of the page.
    """
    study = results.study
    focus = study.sensor(study.focus)
    own = seen_by(results.views, "sensor", focus.id)
    drawn: list[Drawn] = []

    def add(identifier: str, heading: str, caption: str, alt: str, figure: Figure) -> None:
        words = ReportFigure(
            identifier, heading, " ".join(caption.split()), " ".join(alt.split()), command, svg_bytes(figure)
        )
        drawn.append((words, figure))

    groups = listed(list(dict.fromkeys(group.name for group in study.groups)))
    add(
        "arcs-map",
        "The arcs and the sensors",
        f"""Ground tracks of {len(results.arcs.cases)} arcs ({groups}); solid where {focus.name} has them in view, thin
        elsewhere. Distances from the middle are true.""",
        f"""A round map with the ground tracks of {len(results.arcs.cases)} arcs and {len(study.sensors)} sensors;
        {own["arcs_in_view"]} of the arcs come into view of {focus.name}.""",
        arcs_map(results),
    )
    ways = [(one, seen_by(results.alternatives, "alternative", one.id)) for one in study.alternatives]
    add(
        "time-in-view",
        "Seconds in view by launch and target, for each way to take the radar",
        f"""Seconds for which {focus.name} has each arc in view; a letter where it never does says why
        ({LETTERS_WORDS}). A hatched pair is out of the missile's reach, an empty one is not flown.""",
        "Tables of seconds in view. "
        + "; ".join(f"{one.title}: {found['arcs_in_view']} of {found['arcs']} arcs in view" for one, found in ways)
        + ".",
        time_in_view_figure(results),
    )
    sensors = [(sensor, seen_by(results.views, "sensor", sensor.id)) for sensor in study.sensors]
    add(
        "who-sees",
        "Who sees which arc",
        f"""Seconds for which each sensor by itself has each arc in view; a letter where it never does
        ({LETTERS_WORDS}).""",
        "A table of seconds in view. "
        + "; ".join(
            f"{sensor.name}: {found['arcs_in_view']} of {found['arcs']} arcs "
            f"({never_words(found['never_seen_because'])})"
            for sensor, found in sensors
        )
        + ".",
        who_sees_figure(results),
    )
    if results.worth:
        add(
            "worth",
            "What each element is worth",
            """Bars: the Shapley share of each element, with what the ends of the inputs' ranges make of it. Marks:
            what is lost without that element alone. Where others see as much, nothing is lost and yet the share is not
            zero.""",
            " ".join(
                f"{METRIC_WORDS[one.metric].capitalize()}{f' of {one.shooter}' if one.shooter else ''}: "
                + "; ".join(
                    f"{share.element} share {banded(one.metric, share.shapley)}, lost without it "
                    f"{banded(one.metric, share.lost)}"
                    for share in one.shares
                )
                + "."
                for one in results.worth
                if one.metric != DEFENDED or one.whole.value > 0.0
            ),
            worth_figure(results),
        )
    for figure in engagement_figures(results):
        add(*figure)
    case = results.example.case
    arc = f"{case.missile.name} from {case.launch_area.name} to {case.target.name}"
    seeing = [row.name for row in results.example.rows if any(seen.in_view_s > 0.0 for seen in row.seen)]
    add(
        "example-timeline",
        f"One arc in full: {arc}",
        """When each sensor has the arc in view, and what hides it otherwise; open marks: firm track by its own search,
        filled ones: in the network, with whose cue brought it. Above, the height of the arc.""",
        f"A time line of {len(results.example.rows)} sensors over {case.flown.time_of_flight_s:,.0f} s; in view of "
        f"{listed(seeing)}.",
        example_timeline_figure(results),
    )
    if results.example.joined is not None:
        bounds = [row.name for row in results.example.rows if row.bound is not None]
        add(
            "track-accuracy",
            f"How well the arc is known: {arc}",
            """The Cramér-Rao bound: the least error that any filter can reach, for each radar whose accuracy is known
            and for all of them together, from the end of thrust with one look a second. Ellipses of one standard
            deviation around the predicted impact; real errors are larger.""",
            f"Curves of position, intercept and impact error against time for {listed(bounds)} and all together, and "
            "ellipses of impact on a map.",
            track_accuracy_figure(results),
        )
    altitudes = listed([f"{height / 1e3:g} km" for height in study.coverage_altitudes_m])
    site = Spot(focus.id, sensor_name(focus), math.degrees(focus.lat_rad), math.degrees(focus.lon_rad))
    add(
        "coverage",
        f"What {focus.name} sees at each altitude, by each published range",
        f"""Within each line a target of the published cross-section is in view at {altitudes}. Dotted: the limit of
        any range in this field of view. {_empty_slices(results)}""",
        f"Maps of coverage at {altitudes} with a line for each of {results.coverage.sizes['radar_range']} ranges.",
        coverage_map(results.coverage, Scene(home="", site=site)),
    )
    azimuth = math.degrees(study.cut.az_rad)
    add(
        "vertical-cut",
        f"What it sees in the vertical plane at azimuth {azimuth:.0f}°, on the round Earth",
        """To scale. Within each line a target of the published cross-section is in view; dotted, the horizon over 4/3
        of the Earth's radius; dashed, the elevation floor.""",
        f"A vertical cut at azimuth {azimuth:.0f} degrees, {study.cut.ground_range_m / 1e3:,.0f} km long and "
        f"{study.cut.top_m / 1e3:,.0f} km high, with a line for each published range.",
        vertical_cut_figure(results.cut),
    )
    near = near_radar(focus.radar, np.geomspace(50.0, 20e3, 200))
    if near is not None:
        add(
            "radiation",
            f"Power density near the {focus.radar.name}",
            """On level ground below a beam on the elevation floor, at full average power without a pause: the band
            spans power, antenna, the side lobes of reference patterns (ITU-R M.1851) and the ground's reflection.
            Marks: what was measured near radars of this kind. What cannot be told from it: any effect on health.""",
            "Curves of power density against distance on logarithmic axes. "
            + "; ".join(
                f"{one.density_w_m2:g} W/m² measured at {one.distance_m:,.0f} m, {one.site} ({one.statistic})"
                for one in near.measured
            )
            + f"; the limit for the public is {near.public_limit_w_m2:g} W/m².",
            radiation_figure(near),
        )
    return drawn


def _empty_slices(results: NetworkResults) -> str:
    """Say which ranges cover nothing at which altitude, and what hides all of it."""
    coverage = results.coverage
    said = []
    for j, altitude_m in enumerate(coverage["altitude_m"].values):
        reasons: dict[str, list[str]] = {}
        for i, range_m in enumerate(coverage["range_m"].values):
            reason = str(coverage["emptied_by"].values[i, j])
            if reason:
                reasons.setdefault(reason, []).append(f"{range_m / 1e3:,.0f}")
        said += [
            f"at a height of {altitude_m / 1e3:,.0f} km with a range of {listed(ranges)} km ({reason})"
            for reason, ranges in reasons.items()
        ]
    return f"Nothing is covered {'; '.join(said)}." if said else ""
