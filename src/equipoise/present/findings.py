"""From results to words: headlines, tables, captions, and what the study cannot tell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from equipoise.catalog.borders import country_names
from equipoise.present.coverage_figures import coverage_map
from equipoise.present.engagement_figures import EngagementView, side_view, timeline
from equipoise.present.exports import area_km2
from equipoise.present.footprint_figures import (
    ALL,
    NONE,
    OUT_OF_RANGE,
    SOME,
    ShareOfLand,
    constraint_label,
    constraint_map,
    footprint_map,
    share_against_range,
)
from equipoise.present.provenance import number_tables, plain_number, source_rows
from equipoise.present.report import ComparisonRow, Headline, PlaceCell, PlaceRow, ReportContent, ReportFigure
from equipoise.present.results import StudyResults, ThreatFinding, place_reasons
from equipoise.present.scene import Scene
from equipoise.present.style import svg_bytes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from equipoise.catalog.quantity import Sourced
    from equipoise.study.model import PublishedFinding, Study


def percent(fraction: float) -> str:
    """Write a share in per cent, whole numbers."""
    return f"{100.0 * fraction:.0f} %"


def spread(fractions: Sequence[float]) -> str:
    """Write the span of several shares: ``41 to 55 %``, or one number where they agree."""
    low, high = f"{100.0 * min(fractions):.0f}", f"{100.0 * max(fractions):.0f}"
    return f"{low} %" if low == high else f"{low} to {high} %"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1]


def _sourced(number: Sourced, unit: str) -> str:
    return f"{plain_number(number.written)} {unit}, {number.grade}"


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
    boresight = f"{math.degrees(study.defence.boresight_rad):.0f}°, set by the study"
    inputs = {
        "range": f"the interceptor's range limit ({_sourced(interceptor.max_range_m, interceptor.max_range_m.unit)})",
        "min_altitude": f"the lowest intercept altitude "
        f"({_sourced(interceptor.min_altitude_m, interceptor.min_altitude_m.unit)})",
        "max_altitude": f"the highest intercept altitude "
        f"({_sourced(interceptor.max_altitude_m, interceptor.max_altitude_m.unit)})",
        "flight_time": f"the interceptor's longest flight ({_sourced(interceptor.max_flight_time_s, 's')})",
        "timeline": f"the interceptor's burnout speed "
        f"({_sourced(interceptor.burnout_speed_mps, interceptor.burnout_speed_mps.unit)}) and the delays from track to "
        f"launch ({_sourced(radar.confirm_time_s, 's')}; {_sourced(battery.commit_delay_s, 's')})",
        "detection_range": "the radar's detection range and the missile's cross-section",
        "field_of_view": f"the direction of the radar's face ({boresight}) and its field of view "
        f"(±{_sourced(radar.azimuth_half_width_rad, radar.azimuth_half_width_rad.unit)})",
        "elevation_floor": f"the radar's elevation floor "
        f"({_sourced(radar.elevation_floor_rad, radar.elevation_floor_rad.unit)})",
        "horizon": "the curvature of the Earth",
    }
    return inputs.get(constraint, constraint.replace("_", " "))


def _range_words(study: Study, name: str) -> str:
    """Say a radar range: ``870 km (Lewis and Postol 2012)``."""
    if name == "hardware":
        return "the range equation"
    published = study.defence.radar.range_named(name)
    return f"{plain_number(published.range_m.value / 1e3)} km ({published.label})"


def _headlines(study: Study, findings: Sequence[ThreatFinding], country: str) -> tuple[Headline, ...]:
    headlines = []
    for finding in findings:
        details = [f"{plain_number(round(finding.land_km2, -2))} km² of land."]
        if len(finding.single) > 1:
            details.append(f"From one launch area at a time: {spread(finding.single)}.")
        if len(finding.by_range) > 1:
            details.append(f"Over the published radar ranges: {spread(list(finding.by_range.values()))}.")
        every = "from every launch area" if len(finding.single) > 1 else "from its launch area"
        headlines.append(
            Headline(
                percent(finding.fraction),
                f"of {country}'s land is defended against the {finding.name} {every}",
                " ".join(details),
            )
        )
    return tuple(headlines)


def _lede(study: Study, findings: Sequence[ThreatFinding], country: str) -> tuple[str, ...]:
    central = _range_words(study, study.defence.radar_range)
    shares = _listed([f"{percent(f.fraction)} against the {f.name}" for f in findings])
    sentences = [
        f"With a radar range of {central}, the battery at {study.defence.site.name} can engage missiles at {shares} of {country}'s "
        f"land, whichever of the study's launch areas they come from."
    ]
    by_word: dict[str, list[tuple[str, float]]] = {}
    for finding in findings:
        word, share = finding.binding[0] if finding.binding else ("", 0.0)
        by_word.setdefault(word, []).append((finding.name, share))
    for word, threats in by_word.items():
        names = _listed([name for name, _ in threats])
        if not word:
            sentences.append(f"Against the {names} no land in the missile's range is left open.")
            continue
        shares = _listed([percent(share) for _, share in threats])
        sentences.append(
            f"What most often leaves land open against the {names}: {constraint_label(word)} ({shares} of the open land, over all "
            f"launch areas). This hangs on {deciding_inputs(study, word)}."
        )
    return tuple(sentences)


_STATUS_WORDS = {
    ALL: "defended",
    SOME: "defended from some launch areas",
    NONE: "not defended",
    OUT_OF_RANGE: "out of range",
}


def _place_rows(results: StudyResults, scene: Scene) -> tuple[PlaceRow, ...]:
    missiles = [threat.missile.id for threat in results.study.threats]
    reasons = {missile: place_reasons(results.central, missile) for missile in missiles}
    rows = []
    for place in scene.places:
        cells = []
        for missile in missiles:
            reason = reasons[missile].get(place.id)
            if reason is None or reason.status == OUT_OF_RANGE:
                text = "out of range"
            elif reason.status == ALL:
                text = f"{reason.margin_s:.0f} s to spare"
            elif reason.status == SOME:
                names = [scene.launch_area(area).name.split(" (")[0] for area in reason.open_areas]
                text = f"not from {_listed(names)}: {constraint_label(reason.constraint)}"
            else:
                text = constraint_label(reason.constraint)
            cells.append(PlaceCell(reason.status if reason is not None else OUT_OF_RANGE, text))
        population = plain_number(place.population) if place.population else "not listed"
        rows.append(PlaceRow(place.name, population, tuple(cells)))
    return tuple(rows)


def _compare(results: StudyResults, findings: Sequence[ThreatFinding], claim: PublishedFinding) -> ComparisonRow:
    """Set one published statement beside what the study finds."""
    study = results.study
    ours, verdict = "not computed in this study", "–"
    binding = [finding.binding[0][0] for finding in findings if finding.binding]
    if claim.metric == "defended_fraction" and claim.low is not None and claim.high is not None:
        ours = "; ".join(
            f"{f.name} {percent(f.fraction)}" + (f" ({spread(f.single)} from one area)" if len(f.single) > 1 else "")
            for f in findings
        )
        verdict = "; ".join(f"{f.name}: {_position(f.fraction, claim.low, claim.high)}" for f in findings)
    elif claim.metric == "defended_diameter" and claim.low is not None and claim.high is not None:
        pieces, words = [], []
        for finding in findings:
            areas = [
                area_km2(polygon)
                for polygon, missile in zip(results.polygons, results.central["missile"].values, strict=True)
                if str(missile) == finding.missile
            ]
            sizes = [2.0 * math.sqrt(area / math.pi) for area in areas]
            span = (
                f"{min(sizes):.0f}"
                if round(min(sizes)) == round(max(sizes))
                else f"{min(sizes):.0f} to {max(sizes):.0f}"
            )
            pieces.append(f"{finding.name} {span} km")
            words.append(f"{finding.name}: {_position(sum(sizes) / len(sizes), claim.low, claim.high)}")
        ours = "circle of the same area as the footprint: " + "; ".join(pieces)
        verdict = "; ".join(words)
    elif claim.metric == "place_defended" and claim.place is not None:
        place = claim.place.id
        ours = "; ".join(f"{f.name}: {_STATUS_WORDS[f.status[place]]}" for f in findings if place in f.status)
        verdict, binding = _place_verdict(results, findings, place, claim.defended is True), []
        for finding in findings:
            reason = place_reasons(results.central, finding.missile).get(place)
            if reason is not None and reason.status in (SOME, NONE):
                binding.append(reason.constraint)
    inputs = "; ".join(deciding_inputs(study, word) for word in dict.fromkeys(binding))
    if claim.metric == "defended_diameter":
        inputs = (
            "the target: a strategic re-entry vehicle is two to three times faster than the missiles here and was given cueing; "
            + inputs
        )
    return ComparisonRow(claim.claim, claim.by, claim.date, claim.source.id, ours, verdict, inputs or "none differs")


def _position(value: float, low: float, high: float) -> str:
    if value < 0.95 * low:
        return "below"
    return "above" if value > 1.05 * high else "agrees"


def _place_verdict(results: StudyResults, findings: Sequence[ThreatFinding], place: str, claimed: bool) -> str:
    statuses = [
        finding.status[place] for finding in findings if finding.status.get(place, OUT_OF_RANGE) != OUT_OF_RANGE
    ]
    if not statuses:
        return "out of the range of every missile here"
    agrees = {ALL: claimed, NONE: not claimed, SOME: None}
    verdicts = {agrees[status] for status in statuses}
    if verdicts == {True}:
        return "agrees"
    if verdicts == {False}:
        return "differs"
    return "depends on the missile or the launch area"


def limits(study: Study) -> tuple[str, ...]:
    """Say what the study cannot tell, in plain words.

    Parameters
    ----------
    study : Study
        The study.
    """
    interceptor = study.defence.interceptor
    chance = interceptor.kill_probability
    site = study.defence.site.name
    return (
        f"Whether an interceptor hits. A kill is a band of probability ({plain_number(chance.written_low)} to "
        f"{plain_number(chance.written_high)}) taken from a public test record made without countermeasures. Decoys, tumbling, "
        "break-up, jamming and manoeuvre are not modelled. “Defended” means that an intercept can be tried in time.",
        f"What happens in a raid. One missile is followed at a time; the {study.defence.rounds} interceptors and the radar's capacity "
        "do not run out here.",
        "What other defences add. Patriot and other systems are left out, so an open place is open to this battery only.",
        "Anything about missiles that do not fly ballistically, such as the KN-23.",
        "What North Korea has or would do. Missile masses are assumed values tuned to each class's published range; missiles may "
        "be flown on other arcs and from other places than those listed. A launch area is a place of reported tests, nothing more.",
        f"Where the radar at {site} really looks, or what it really sees. The direction of its face has not been published and is set by "
        "the study; its published ranges differ by a factor of eight.",
        "Anything finer than a town. A place counts as one point; a city may be cut by the edge of a footprint. Coasts are "
        "generalised, and shares are of the map's land area, 2.8 % less than the official figure for South Korea.",
        "Whether the deployment was right. Motives, signals, costs and politics are no part of this.",
    )


def method(study: Study) -> tuple[str, ...]:
    """Say in three paragraphs how the results were made."""
    rows, columns = study.grid.rows, study.grid.columns
    return (
        f"At each of {plain_number(rows * columns)} aim points on a grid of {rows} by {columns}, the missile is flown there from each launch "
        "area: three degrees of freedom, the rotating ellipsoidal Earth with its flattening, the 1976 standard atmosphere, thrust and "
        "drag from the numbers below.",
        "The radar sees the missile when it is within detection range for its cross-section, inside the field of view, above the "
        "elevation floor and above the horizon (4/3 Earth radius for refraction). After the time to confirm a track and the time to "
        "commit, an interceptor may be launched. It can meet the missile where its time to the point, its range and its altitude limits "
        "allow. The margin is how many seconds are to spare at the best moment; the footprint's edge is where it is zero.",
        "Where a point is not defended, the constraint that was missed by least at the best moment is reported as the one that binds. "
        "Numbers that sources dispute are kept apart as named alternatives and run side by side, not averaged.",
    )


def share_rows(study: Study, findings: Sequence[ThreatFinding]) -> list[ShareOfLand]:
    """Collect the points of the figure of share against range; the range equation has no published range and is left out.

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


def _ministry_band(study: Study) -> tuple[tuple[float, float] | None, str]:
    for claim in study.published:
        if claim.metric == "defended_fraction" and claim.low is not None and claim.high is not None:
            return (claim.low, claim.high), f"{claim.by}, {claim.date}: {100 * claim.low:.0f} to {percent(claim.high)}"
    return None, ""


def figures(results: StudyResults, findings: Sequence[ThreatFinding]) -> list[tuple[ReportFigure, Figure]]:
    """Draw every figure of a study, each with its caption and a description for those who cannot see it.

    Parameters
    ----------
    results : StudyResults
        The results.
    findings : sequence of ThreatFinding
        Their counts.

    Returns
    -------
    list of (ReportFigure, Figure)
        In the order of the report.
    """
    study, scene = results.study, Scene.of(results.study)
    country = country_names()[study.country]
    command = f"equipoise run {study.id}"
    drawn: list[tuple[ReportFigure, Figure]] = []

    def add(identifier: str, title: str, caption: str, alt: str, figure: Figure) -> None:
        drawn.append((ReportFigure(identifier, title, caption, alt, command, svg_bytes(figure)), figure))

    for finding in findings:
        several = len(finding.launch_areas) > 1
        inside = [p.name for p in scene.places if finding.status.get(p.id) == ALL]
        outside = [p.name for p in scene.places if finding.status.get(p.id) in (SOME, NONE)]
        where = "every launch area at once (dark) or at least one (light, dashed)" if several else "its launch area"
        add(
            f"footprint-{finding.missile}",
            f"What the battery defends against the {finding.name}",
            f"Shaded: where an intercept can be tried in time if the missile comes from {where}. "
            + ("The small maps take the launch areas one at a time. " if several else "")
            + "Circles are places inside, diamonds places inside for some launch areas, squares places outside, crosses "
            "places that the missile cannot reach.",
            f"Map of {country}. Against the {finding.name}, {percent(finding.fraction)} of the land in range is defended. Inside: "
            f"{_listed(inside) if inside else 'no listed place'}. Outside at least once: {_listed(outside) if outside else 'none'}.",
            footprint_map(results.central, scene, finding.missile),
        )
        tally = _listed(
            [f"{constraint_label(word)} {percent(share)}" for word, share in finding.binding[:4]] or ["nothing"]
        )
        add(
            f"constraint-{finding.missile}",
            f"What stops the battery, {finding.name}",
            "Each point has the colour of what binds there: which limit would have to give first for an intercept to become "
            "possible. One map per launch area.",
            f"Maps of the binding constraint. Of the open land: {tally}.",
            constraint_map(results.central, scene, finding.missile),
        )
    add(
        "coverage",
        "What the radar sees, by published range",
        "How far the radar sees a target of the cross-section that goes with each published range, at several altitudes. Low targets are "
        "hidden by the Earth and by the elevation floor, however far the radar could see in free space.",
        "Maps centred on the radar, one per altitude, with an outline for each published detection range.",
        coverage_map(results.coverage, scene),
    )
    view = results.engagement
    add(
        "side-view",
        f"One engagement from the side: {view.title}",
        "To scale on the round Earth. The missile climbs under power (thick), coasts, and comes down; the radar sees it above the elevation "
        "floor; an interceptor can meet it inside the blue outline.",
        _engagement_alt(view),
        side_view(view),
    )
    add(
        "timeline",
        "The same engagement in time",
        "From launch to impact. The battery may launch between the first and the last launch; the lines lead from each launch to its "
        "intercept.",
        _engagement_alt(view),
        timeline(view),
    )
    rows = share_rows(study, findings)
    if len({row.range_km for row in rows}) > 1:
        band, label = _ministry_band(study)
        add(
            "share-by-range",
            "How much hangs on the radar's range",
            "Markers: share of the land defended from every launch area; bars: from the worst to the best single launch area"
            + ("; band: what was stated in public. " if band else ". ")
            + "The radar ranges are those that have been published, left to right.",
            "; ".join(f"{row.missile} at {row.range_km:,.0f} km: {percent(row.fraction)}" for row in rows) + ".",
            share_against_range(rows, claim=band, claim_label=label, country=country),
        )
    return drawn


def _engagement_alt(view: EngagementView) -> str:
    parts = [f"{view.title}: burnout after {view.burnout.time_s:.0f} s, impact after {view.impact_s:.0f} s"]
    if view.detection is not None:
        parts.append(f"first detection after {view.detection.time_s:.0f} s")
    else:
        parts.append("never detected")
    if view.first is not None and view.last is not None:
        parts.append(f"intercepts possible from {view.first.intercept_s:.0f} s to {view.last.intercept_s:.0f} s")
    else:
        parts.append("no intercept possible")
    return "; ".join(parts) + "."


def compose(
    results: StudyResults,
    drawn: Sequence[ReportFigure],
    findings: Sequence[ThreatFinding],
    files: Sequence[tuple[str, str]] = (),
) -> ReportContent:
    """Put a report together.

    Parameters
    ----------
    results : StudyResults
        The results.
    drawn : sequence of ReportFigure
        The figures, in order.
    findings : sequence of ThreatFinding
        Counts of the results.
    files : sequence of (str, str), optional
        Other files of the run and what they hold.
    """
    study, scene = results.study, Scene.of(results.study)
    country = country_names()[study.country]
    tables = number_tables(study)
    return ReportContent(
        title=study.title,
        summary=study.summary,
        command=f"equipoise run {study.id}",
        study_id=study.id,
        study_sha256=study.sha256,
        seed=study.uncertainty.seed,
        lede=_lede(study, findings, country),
        headlines=_headlines(study, findings, country),
        figures=tuple(drawn),
        threats=tuple(finding.name for finding in findings),
        places=_place_rows(results, scene),
        comparisons=tuple(_compare(results, findings, claim) for claim in study.published),
        numbers=tables,
        sources=source_rows(study, tables),
        limits=limits(study),
        method=method(study),
        files=tuple(files),
    )
