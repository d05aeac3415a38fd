"""The figures of a study with their titles, captions and descriptions for readers who cannot see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from equipoise.catalog.borders import country_names
from equipoise.present.coverage_figures import coverage_map
from equipoise.present.footprint_figures import (
    ALL,
    NONE,
    SOME,
    constraint_label,
    constraint_map,
    footprint_map,
)
from equipoise.present.probability_figure import probability_map
from equipoise.present.report import ReportFigure
from equipoise.present.scene import Scene
from equipoise.present.sensitivity_words import sensitivity_figure
from equipoise.present.share_figure import ShareOfLand, share_against_range
from equipoise.present.side_view import side_view, title
from equipoise.present.statements import listed, percent
from equipoise.present.style import svg_bytes
from equipoise.present.swing_figure import swing_figure, swing_name, swing_range
from equipoise.present.timeline import timeline

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from equipoise.analysis import Engagement, StudyResults
    from equipoise.present.results import ThreatFinding
    from equipoise.study import Study

Drawn = tuple[ReportFigure, "Figure"]


def figures(results: StudyResults, findings: Sequence[ThreatFinding], command: str) -> list[Drawn]:
    """Draw every figure of a study.

    Parameters
    ----------
    results : StudyResults
        The results.
    findings : sequence of ThreatFinding
        Their counts.
    command : str
        What remakes the figures.

    Returns
    -------
    list of (ReportFigure, Figure)
        In the order of the report.
    """
    scene = Scene.of(results.study)
    drawn: list[Drawn] = []

    def add(identifier: str, heading: str, caption: str, alt: str, figure: Figure) -> None:
        words = ReportFigure(
            identifier, heading, " ".join(caption.split()), " ".join(alt.split()), command, svg_bytes(figure)
        )
        drawn.append((words, figure))

    for finding in findings:
        add(*_footprint(results, scene, finding))
        add(*_constraint(results, scene, finding))
    if results.uncertainty is not None:
        add(
            "probability",
            "How sure the edge is",
            """Share of the draws from the catalogue's ranges in which a point is defended from every launch area that
            reaches it. Dark blue: hardly ever, yellow: nearly always; the line is one half. The wider the band of
            colours between, the less sure the edge.""",
            "Maps of the share of draws in which each point is defended, one per threat.",
            probability_map(results.uncertainty, scene),
        )
    if results.swings:
        names = [finding.name for finding in findings]
        moves = [f"{swing_name(results.study, s)}, {swing_range(s)}" for s in results.swings[:3]]
        add(
            "swings",
            "Which number moves the answer",
            """The share of the land that is defended from every launch area when one input goes to the low or the high
            end of its range and all others stay where they are. Inputs that matter only together do not show here.""",
            f"Chart of the inputs that move the defended share. The widest swings: {'; '.join(moves)}.",
            swing_figure(results.swings, results.study, [finding.fraction for finding in findings], names),
        )
    if results.sensitivity is not None:
        drawn.append(sensitivity_figure(results.sensitivity, command))
    add(
        "coverage",
        "What the radar sees, by published range",
        """How far the radar sees a target of the cross-section that goes with each published range, at several
        altitudes. Low targets are hidden by the Earth and by the elevation floor, however far the radar could see in
        free space.""",
        "Maps centred on the radar, one per altitude, with an outline for each published detection range.",
        coverage_map(results.coverage, scene),
    )
    view = results.engagement
    add(
        "side-view",
        f"One engagement from the side: {title(view)}",
        """To scale on the round Earth. The missile climbs under power (thick), coasts, and comes down; the radar sees
        it along the yellow stretch; an interceptor can meet it inside the blue outline. The drawing is the plane of the
        arc: beam and reach are cut there, also where it passes beside the battery.""",
        engagement_words(view),
        side_view(view),
    )
    add(
        "timeline",
        "The same engagement in time",
        """From launch to impact. The battery may launch between the first and the last launch; the lines lead from each
        launch to its intercept.""",
        engagement_words(view),
        timeline(view),
    )
    shares = share_rows(results.study, findings)
    if len({share.range_km for share in shares}) > 1:
        band, label = _published_band(results.study)
        add(
            "share-by-range",
            "How much hangs on the radar's range",
            f"""Markers: share of the land defended from every launch area; bars: from the worst to the best single
            launch area{"; band: what was stated in public" if band else ""}. The radar ranges are those that have been
            published, left to right.""",
            "; ".join(f"{s.missile} at {s.range_km:,.0f} km: {percent(s.fraction)}" for s in shares) + ".",
            share_against_range(shares, claim=band, claim_label=label, country=country_names()[results.study.country]),
        )
    return drawn


def _footprint(results: StudyResults, scene: Scene, finding: ThreatFinding) -> tuple[str, str, str, str, Figure]:
    several = len(finding.launch_areas) > 1
    inside = [place.name for place in scene.places if finding.status.get(place.id) == ALL]
    outside = [place.name for place in scene.places if finding.status.get(place.id) in (SOME, NONE)]
    where = "every launch area (dark), or from at least one (light, dashed)" if several else "its launch area"
    small = "The small maps take the launch areas one at a time." if several else ""
    return (
        f"footprint-{finding.missile}",
        f"What the battery defends against the {finding.name}",
        f"""Shaded: where an intercept can be tried in time if the missile comes from {where}. {small} Circles are
        places inside, diamonds places inside for some launch areas only, squares places outside, crosses places that
        the missile cannot reach.""",
        f"""Map of {country_names()[scene.home]}. Against the {finding.name}, {percent(finding.fraction)} of the land is
        defended. Inside: {listed(inside)}. Outside from at least one launch area: {listed(outside)}.""",
        footprint_map(results.central, scene, finding.missile),
    )


def _constraint(results: StudyResults, scene: Scene, finding: ThreatFinding) -> tuple[str, str, str, str, Figure]:
    tally = listed([f"{constraint_label(word)} {percent(share)}" for word, share in finding.binding[:4]])
    return (
        f"constraint-{finding.missile}",
        f"What stops the battery, {finding.name}",
        """Each point has the colour of what binds there: the limit that is missed at the best moment for an intercept.
        One map per launch area.""",
        f"Maps of the binding constraint. Of the open land: {tally}.",
        constraint_map(results.central, scene, finding.missile),
    )


def share_rows(study: Study, findings: Sequence[ThreatFinding]) -> list[ShareOfLand]:
    """Collect the points of the figure of share against range, without the range equation, which nobody published.

    Parameters
    ----------
    study : Study
        The study.
    findings : sequence of ThreatFinding
        Shares by radar range.
    """
    rows = []
    for finding in findings:
        for name, fraction in finding.by_range.items():
            if name == "hardware":
                continue
            published = study.defence.radar.range_named(name)
            single = finding.single_by_range[name]
            label = published.label.split(",")[0]
            rows.append(
                ShareOfLand(finding.name, published.range_m.value / 1e3, label, fraction, min(single), max(single))
            )
    return rows


def _published_band(study: Study) -> tuple[tuple[float, float] | None, str]:
    for claim in study.published:
        if claim.metric == "defended_fraction" and claim.low is not None and claim.high is not None:
            return (claim.low, claim.high), f"{claim.by}, {claim.date}: {100 * claim.low:.0f} to {percent(claim.high)}"
    return None, ""


def engagement_words(view: Engagement) -> str:
    """Tell an engagement in one sentence."""
    parts = [
        f"{title(view)}: burnout after {view.burnout.time_s:.0f} s at {view.burnout.altitude_m / 1e3:.0f} km",
        f"apogee {view.apogee.altitude_m / 1e3:.0f} km",
        f"impact after {view.time_s[-1]:.0f} s",
        "never detected" if view.detection is None else f"first detection after {view.detection.time_s:.0f} s",
    ]
    if view.first is not None and view.last is not None:
        first, last = view.first.intercept, view.last.intercept
        parts.append(
            f"intercepts possible from {first.time_s:.0f} s at {first.altitude_m / 1e3:.0f} km "
            f"to {last.time_s:.0f} s at {last.altitude_m / 1e3:.0f} km"
        )
    else:
        parts.append("no intercept possible")
    return "; ".join(parts) + "."
