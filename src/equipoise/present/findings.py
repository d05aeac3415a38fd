"""From results to what a report says: headlines, places, and the public record beside ours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from equipoise.analysis.regions import area_km2
from equipoise.analysis.summary import defended_region
from equipoise.catalog.borders import country_names
from equipoise.present.footprint_figures import ALL, NONE, OUT_OF_RANGE, SOME, constraint_label
from equipoise.present.provenance import number_tables, plain_number, source_rows
from equipoise.present.report import (
    STATUS_WORDS,
    ComparisonRow,
    Headline,
    PlaceCell,
    PlaceRow,
    ReportContent,
    ReportFigure,
)
from equipoise.present.results import PlaceReason, ThreatFinding, place_reasons
from equipoise.present.scene import Scene
from equipoise.present.statements import deciding_inputs, limits, listed, method, percent, range_words, spread
from equipoise.present.swing_figure import swing_name, swing_range

if TYPE_CHECKING:
    from equipoise.analysis import StudyResults
    from equipoise.study import PublishedFinding, Study

# A result this far outside a published span is called just above or just below it: words in the press are no finer.
_JUST = 0.05


def compose(
    results: StudyResults,
    drawn: Sequence[ReportFigure],
    findings: Sequence[ThreatFinding],
    *,
    command: str,
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
    command : str
        What makes the run again.
    files : sequence of (str, str), optional
        Other files of the run and what they hold.
    """
    study, scene = results.study, Scene.of(results.study)
    country = country_names()[study.country]
    tables = number_tables(study)
    return ReportContent(
        title=study.title,
        summary=study.summary,
        command=command,
        study_id=study.id,
        study_sha256=study.sha256,
        seed=study.uncertainty.seed,
        lede=lede(study, findings, country),
        headlines=tuple(headline(finding, country) for finding in findings),
        figures=tuple(drawn),
        threats=tuple(finding.name for finding in findings),
        places=place_rows(results, scene),
        comparisons=tuple(compare(results, findings, claim) for claim in study.published),
        numbers=tables,
        sources=source_rows(study, tables),
        limits=limits(study),
        method=method(study),
        files=tuple(files),
    )


def headline(finding: ThreatFinding, country: str) -> Headline:
    """Say the share of the land defended against one threat, and how sure and how disputed it is.

    Parameters
    ----------
    finding : ThreatFinding
        What the footprint says.
    country : str
        Name of the defended country.
    """
    details = [f"{plain_number(round(finding.land_km2, -2))} km² of land."]
    if finding.drawn is not None:
        details.append(f"Over the ranges of the inputs: {spread(finding.drawn)} (5th to 95th percentile of the draws).")
    if len(finding.single) > 1:
        details.append(f"From one launch area at a time: {spread(finding.single)}.")
    if len(finding.by_range) > 1:
        over = spread(list(finding.by_range.values()))
        same = over == percent(finding.fraction)
        details.append("The same for every published radar range." if same else f"Over published radar ranges: {over}.")
    if finding.threatened < 0.995:
        details.append(f"The missile reaches {percent(finding.threatened)} of the land.")
    every = "from every launch area" if len(finding.single) > 1 else "from its launch area"
    label = f"of {country}'s land is defended against the {finding.name} {every}"
    return Headline(percent(finding.fraction), label, " ".join(details))


def lede(study: Study, findings: Sequence[ThreatFinding], country: str) -> tuple[str, ...]:
    """Say the findings in a few sentences.

    Parameters
    ----------
    study : Study
        The study.
    findings : sequence of ThreatFinding
        What the footprint says of each threat.
    country : str
        Name of the defended country.
    """
    first, *others = findings
    shares = [f"{percent(first.fraction)} of {country}'s land against the {first.name}"]
    shares += [f"{percent(other.fraction)} against the {other.name}" for other in others]
    sentences = [
        f"With a radar range of {range_words(study, study.defence.radar_range)}, the battery at "
        f"{study.defence.site.name} defends {listed(shares)}, whichever of the study's launch areas the missile comes "
        "from."
    ]
    groups: dict[str, list[tuple[str, float]]] = {}
    for finding in findings:
        word, share = finding.binding[0] if finding.binding else ("", 0.0)
        groups.setdefault(word, []).append((finding.name, share))
    for word, threats in groups.items():
        names = listed([name for name, _ in threats])
        if not word:
            sentences.append(f"Against the {names} no land in the missile's range is left open.")
            continue
        open_shares = listed([percent(share) for _, share in threats])
        sentences.append(
            f"Why land is open against the {names}: mostly because the missile is {constraint_label(word)} "
            f"({open_shares} of the open land, over all launch areas). This hangs on {deciding_inputs(study, word)}."
        )
    above = [finding.name for finding in findings if finding.drawn is not None and finding.fraction > finding.drawn[1]]
    if above:
        sentences.append(
            f"Against the {listed(above)} the share at central values lies above nineteen in twenty of the draws. That "
            "is no error: the central value of several inputs is the favourable end of its range (a greatest range, a "
            "highest elevation), so most draws are less favourable. Quote the spread with the share."
        )
    return tuple(sentences)


def place_rows(results: StudyResults, scene: Scene) -> tuple[PlaceRow, ...]:
    """Say of every place whether it is in or out against each threat, and why.

    Parameters
    ----------
    results : StudyResults
        The results.
    scene : Scene
        The study's places.
    """
    missiles = [threat.missile.id for threat in results.study.threats]
    reasons = {missile: place_reasons(results.central, missile) for missile in missiles}
    rows = []
    for i, place in enumerate(scene.places):
        cells = []
        for k, missile in enumerate(missiles):
            reason = reasons[missile].get(place.id)
            text = _reason_words(reason, scene)
            if results.uncertainty is not None and reason is not None and reason.status != OUT_OF_RANGE:
                chance = float(results.uncertainty["place_probability_defended"].values[k, i])
                certain = round(100.0 * chance) == (100 if reason.status == ALL else 0)
                text += f" ({percent(chance)} of draws)" if math.isfinite(chance) and not certain else ""
            cells.append(PlaceCell(reason.status if reason is not None else OUT_OF_RANGE, text))
        population = plain_number(place.population) if place.population else "not listed"
        rows.append(PlaceRow(place.name, population, tuple(cells)))
    return tuple(rows)


def _reason_words(reason: PlaceReason | None, scene: Scene) -> str:
    if reason is None or reason.status == OUT_OF_RANGE:
        return "out of range"
    if reason.status == ALL:
        return f"{reason.margin_s:.0f} s to spare"
    if reason.status == SOME:
        names = [scene.launch_area(area).name.split(" (")[0] for area in reason.open_areas]
        return f"not from {listed(names)}: {constraint_label(reason.constraint)}"
    return constraint_label(reason.constraint)


def compare(results: StudyResults, findings: Sequence[ThreatFinding], claim: PublishedFinding) -> ComparisonRow:
    """Set one published statement beside what the study finds, and name the inputs that decide.

    Parameters
    ----------
    results : StudyResults
        The results.
    findings : sequence of ThreatFinding
        Counts of the results.
    claim : PublishedFinding
        What was published.
    """
    binding = [finding.binding[0][0] for finding in findings if finding.binding]
    lead = ""
    if claim.metric == "defended_fraction" and claim.low is not None and claim.high is not None:
        ours = "; ".join(
            f"{f.name} {percent(f.fraction)}" + (f" ({spread(f.single)} from one area)" if len(f.single) > 1 else "")
            for f in findings
        )
        verdict = "; ".join(f"{f.name}: {_position(round(f.fraction, 2), claim.low, claim.high)}" for f in findings)
    elif claim.metric == "defended_diameter" and claim.low is not None and claim.high is not None:
        ours, verdict = _diameters(results, findings, claim.low, claim.high)
        lead = "the target (a strategic re-entry vehicle is far faster than these missiles, and was given cueing); "
    elif claim.metric == "place_defended" and claim.place is not None:
        place = claim.place.id
        ours = "; ".join(f"{f.name}: {STATUS_WORDS[f.status[place]]}" for f in findings if place in f.status)
        verdict = _place_verdict(findings, place, claimed=claim.defended is True)
        reasons = [place_reasons(results.central, finding.missile).get(place) for finding in findings]
        binding = [reason.constraint for reason in reasons if reason is not None and reason.status in (SOME, NONE)]
    else:
        ours, verdict, binding = "not computed in this study", "–", []
    causes = [deciding_inputs(results.study, word) for word in dict.fromkeys(binding)]
    if claim.metric == "place_defended" and claim.place is not None:
        movers = [swing for swing in results.swings if any(place == claim.place.id for _, place in swing.flips)]
        words = "in or out by its range"
    else:
        movers, words = list(results.swings[:3]) if causes else [], "moved most by"
    if movers:
        named = [f"{swing_name(results.study, swing)} ({swing_range(swing)})" for swing in movers[:4]]
        causes.append(f"{words}: {', '.join(named)}")
    inputs = lead + "; ".join(causes)
    return ComparisonRow(claim.claim, claim.by, claim.date, claim.source.id, ours, verdict, inputs or "–")


def _diameters(
    results: StudyResults, findings: Sequence[ThreatFinding], low_km: float, high_km: float
) -> tuple[str, str]:
    """Give footprints as circles of the same area, and where they stand to a published diameter."""
    missiles = [str(missile) for missile in results.central["missile"].values]
    ours, verdicts = [], []
    for finding in findings:
        cases = [i for i, missile in enumerate(missiles) if missile == finding.missile]
        sizes = [2.0 * math.sqrt(area_km2(defended_region(results.central, [case])) / math.pi) for case in cases]
        low, high = f"{min(sizes):.0f}", f"{max(sizes):.0f}"
        ours.append(f"{finding.name} {low if low == high else f'{low} to {high}'} km")
        verdicts.append(f"{finding.name}: {_position(sum(sizes) / len(sizes), low_km, high_km)}")
    return "circle of the same area, within the grid: " + "; ".join(ours), "; ".join(verdicts)


def _position(value: float, low: float, high: float) -> str:
    if value < low:
        return "below" if value < (1.0 - _JUST) * low else "just below"
    if value > high:
        return "above" if value > (1.0 + _JUST) * high else "just above"
    return "within"


def _place_verdict(findings: Sequence[ThreatFinding], place: str, *, claimed: bool) -> str:
    statuses = {finding.status.get(place, OUT_OF_RANGE) for finding in findings} - {OUT_OF_RANGE}
    if not statuses:
        return "out of the range of every missile here"
    if statuses == {ALL if claimed else NONE}:
        return "agrees"
    if statuses == {NONE if claimed else ALL}:
        return "differs"
    return "depends on the missile or the launch area"
