"""What the page of a network study says in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from equipoise.analysis.network_results import SEEN, TRACKED, WARNING, Band, MetricWorth, VariantResult
from equipoise.analysis.network_summary import seen_by
from equipoise.present.engagement_words import (
    engagement_limits,
    engagement_method,
    engagement_sentences,
    reach_sentence,
)
from equipoise.present.network_names import sensor_name, short_name
from equipoise.present.network_tables import arcs_seen, banded, mean_view, never_words
from equipoise.present.provenance import plain_number
from equipoise.present.report import ComparisonRow, Headline
from equipoise.present.statements import listed
from equipoise.sensors import visibility_kernels as vk

if TYPE_CHECKING:
    from equipoise.analysis.network_results import NetworkResults
    from equipoise.study.network_model import NetworkStudy, SensorPlacement, ViewFinding


_WORDS = {WARNING: "warning", TRACKED: "firm track"}


def _range_text(sensor: SensorPlacement) -> str:
    published = sensor.published_range
    if published is None:
        return "the range equation"
    return f"a range of {plain_number(published.range_m.value / 1e3)} km ({published.label})"


def _arcs_text(found: dict[str, Any]) -> str:
    return arcs_seen(found, " over the missiles' cross-sections")


def lede(results: NetworkResults) -> tuple[str, ...]:
    """Say the findings in a few sentences.

    Parameters
    ----------
    results : NetworkResults
        The results.
    """
    study = results.study
    focus = study.sensor(study.focus)
    own = seen_by(results.views, "sensor", focus.id)
    sentences = [
        f"With {_range_text(focus)}, {focus.name} has {_arcs_text(own)} arcs in view, {mean_view(own)} s on average "
        "over all of them."
    ]
    ways = [(one, seen_by(results.alternatives, "alternative", one.id)) for one in study.alternatives]
    if len(ways) > 1:
        counts = [found["arcs_in_view"] for _, found in ways]
        least, most = min(counts), max(counts)
        if least == most:
            sentences.append(f"That number of arcs, {least}, is the same in each of the {len(ways)} ways to take it.")
        else:
            fewest, largest = ways[counts.index(least)][0], ways[counts.index(most)][0]
            sentences.append(
                f"Over {len(ways)} ways to take it the number of arcs in view runs from {least} ({fewest.title}) to "
                f"{most} ({largest.title})."
            )
    if own["never_seen_because"]:
        sentences.append(f"What hides the arcs that it never sees: {never_words(own['never_seen_because'])}.")
    under = results.views.sel(sensor=focus.id)
    under = under["highest_elevation_deg"].values[under["binding"].values == vk.HORIZON]
    if "horizon" in own["never_seen_because"] and len(under) and (nearest_deg := float(under.max())) < 0.0:
        sentences.append(
            f"Of the arcs under its horizon the one that comes nearest stays {-nearest_deg:.1f}° below it, whatever "
            "the range."
        )
    modes = {one.sensor.mode for one in study.alternatives} - {None}
    switch = focus.radar.mode_switch_s
    if len(modes) > 1 and switch is not None:
        sentences.append(
            f"From one of its modes to the other takes at most {switch.value / 3600.0:g} h, {switch.grade}; a mode "
            "changes what it looks for and how low, not its hardware."
        )
    if own["mean_in_view_s"] > 0.0:
        shares = [
            own["mean_in_view_boost_s"] / own["mean_in_view_s"],
            own["mean_in_view_rear_s"] / own["mean_in_view_s"],
        ]
        sentences.append(
            f"Of the time in view {100 * shares[0]:.0f}\N{NO-BREAK SPACE}% is before the end of thrust, and in "
            f"{100 * shares[1]:.0f}\N{NO-BREAK SPACE}% the radar looks at the missile from behind."
        )
    others = [
        (sensor, seen_by(results.views, "sensor", sensor.id)) for sensor in study.sensors if sensor.id != focus.id
    ]
    seeing = sorted(others, key=lambda pair: -pair[1]["arcs_in_view"])
    if seeing:
        best = [
            f"{sensor_name(sensor)} {found['arcs_in_view']}" for sensor, found in seeing[:4] if found["arcs_in_view"]
        ]
        sentences.append(f"Of the others, by themselves, most arcs are seen by: {listed(best)}.")
    sentences += _network_sentences(results)
    return tuple(sentences)


def _network_sentences(results: NetworkResults) -> list[str]:
    study = results.study
    if study.network is None:
        return []
    whole = results.variants[0]
    everything = whole.metrics[""]
    sentences = [
        f"Joined as the study joins them, the first firm track of the falling missile is at the command node "
        f"{banded(WARNING, everything[WARNING])} s before the impact on average, and some sensor follows it for "
        f"{banded(TRACKED, everything[TRACKED])} s."
    ]
    for one in results.variants[1:]:
        changed = _differences(study, whole, one)
        sentences.append(f"{_capital(one.variant.title)}: {changed}.")
    for metric in results.worth:
        if metric.metric in _WORDS:
            sentences.append(_worth_sentence(metric, study.sensor(study.focus)))
    if results.balance is None:
        # A balance says of the batteries what they come to together; what each reaches stands in its table.
        sentences += engagement_sentences(results)
    return [sentence for sentence in sentences if sentence]


def _differences(study: NetworkStudy, whole: VariantResult, one: VariantResult) -> str:
    before, after = whole.metrics[""], one.metrics[""]
    parts = []
    for metric, words in _WORDS.items():
        change = after[metric].value - before[metric].value
        parts.append(f"{words} {_signed(change)} s")
    for was, now in zip(whole.defended, one.defended, strict=True):
        change = now.defended_area_km2.value - was.defended_area_km2.value
        if abs(change) >= 0.5:
            missile = study.catalog.missile(now.missile).name
            parts.append(f"land defended by {short_name(now.shooter)} against the {missile} {change:+,.0f} km²")
    if after[SEEN].value != before[SEEN].value:
        parts.append(f"arcs with a firm track {100 * (after[SEEN].value - before[SEEN].value):+.0f} points")
    return ", ".join(parts)


def _signed(value: float) -> str:
    return "0" if abs(value) < 0.05 else f"{value:+,.1f}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _worth_sentence(metric: MetricWorth, focus: SensorPlacement) -> str:
    own = metric.share_of(focus.id)
    if own is None:
        return ""
    return (
        f"Of the {banded(metric.metric, metric.whole)} s of {_WORDS[metric.metric]}, "
        f"{banded(metric.metric, own.lost)} s are lost without {sensor_name(focus)} alone; its share, averaged over "
        f"every order in which the elements might have come, is {banded(metric.metric, own.shapley)} s."
    )


def headlines(results: NetworkResults) -> tuple[Headline, ...]:
    """Return the numbers at the head of the page.

    Parameters
    ----------
    results : NetworkResults
        The results.
    """
    study = results.study
    focus = study.sensor(study.focus)
    own = seen_by(results.views, "sensor", focus.id)
    ways = [seen_by(results.alternatives, "alternative", one.id)["arcs_in_view"] for one in study.alternatives]
    never = f" What hides the others: {never_words(own['never_seen_because'])}." if own["never_seen_because"] else ""
    found = [
        Headline(
            f"{own['arcs_in_view']} of {own['arcs']}",
            f"arcs in view of {focus.name}",
            f"With {_range_text(focus)}. Over cross-sections {own['arcs_in_view_low']} to {own['arcs_in_view_high']}, "
            f"over the ways to take it {min(ways)} to {max(ways)}.{never}",
        ),
        Headline(
            f"{own['mean_in_view_s']:,.0f} s",
            "in view of it, averaged over all arcs",
            f"{own['mean_in_view_low_s']:,.0f} to {own['mean_in_view_high_s']:,.0f} s over cross-sections; "
            f"{own['mean_in_view_rear_s']:,.0f} s of it from behind.",
        ),
    ]
    for metric in results.worth:
        own_share = metric.share_of(study.focus)
        if own_share is not None and metric.metric == WARNING:
            found.append(
                Headline(
                    f"{banded(WARNING, Band(own_share.lost.value, own_share.lost.value, own_share.lost.value))} s",
                    f"of warning lost without {sensor_name(focus)}",
                    f"{_ends(own_share.lost, 's')} over the inputs' ranges, of {banded(WARNING, metric.whole)} s. Its "
                    f"Shapley share is {banded(WARNING, own_share.shapley)} s.",
                )
            )
    return tuple(found)


def _ends(band: Band, unit: str) -> str:
    return f"{band.low:,.1f} to {band.high:,.1f} {unit}"


def compare(results: NetworkResults, claim: ViewFinding) -> ComparisonRow:
    """Set one published statement beside what the study finds.

    Parameters
    ----------
    results : NetworkResults
        The results.
    claim : ViewFinding
        What was said, and how it is read.
    """
    ours, verdict = "not computed in this study", "–"
    study = results.study
    if claim.battery:
        found_by = next(one for one in results.engagements if one.battery.id == claim.battery)
        asked = [group for group in claim.groups if group in found_by.battery.groups]
        ours = " ".join(reach_sentence(found_by, group) for group in asked)
        verdict = "numbers beside the words; no yes or no follows"
    elif claim.in_view is not None:
        ways: Sequence[tuple[str, dict[str, Any]]]
        if claim.sensor == study.focus:
            ways = [
                (one.title, seen_by(results.alternatives, "alternative", one.id, claim.groups))
                for one in study.alternatives
            ]
        else:
            sensor = study.sensor(claim.sensor)
            ways = [(sensor.name, seen_by(results.views, "sensor", sensor.id, claim.groups))]
        ours = "arcs in view: " + "; ".join(f"{title}: {_arcs_short(found)}" for title, found in ways)
        holding = [title for title, found in ways if (found["arcs_in_view"] > 0) == claim.in_view]
        if len(holding) == len(ways):
            verdict = "the reading holds, however it is taken" if len(ways) > 1 else "the reading holds"
        elif not holding:
            verdict = f"the reading holds in none of {len(ways)} ways" if len(ways) > 1 else "the reading does not hold"
        else:
            verdict = f"the reading holds in {len(holding)} of {len(ways)} ways: {listed(holding)}"
    elif claim.variant or (claim.reading and results.worth):
        parts = []
        for one in results.variants:
            if one.variant.id == claim.variant:
                parts.append(f"{one.variant.title}: {_differences(study, results.variants[0], one)}")
        for metric in results.worth:
            own = metric.share_of(claim.sensor)
            if own is not None and metric.metric in _WORDS:
                parts.append(
                    f"{_WORDS[metric.metric]}: {banded(metric.metric, own.lost)} s lost without "
                    f"{sensor_name(study.sensor(claim.sensor))}, Shapley share {banded(metric.metric, own.shapley)} s"
                )
        ours, verdict = "; ".join(parts) or ours, "numbers beside the words; no yes or no follows"
    elif claim.reading:
        found = seen_by(results.views, "sensor", claim.sensor, claim.groups)
        ours = (
            f"{_arcs_text(found)} arcs in view, {found['mean_in_view_s']:,.0f} s on average, "
            f"{found['mean_in_view_boost_s']:,.0f} s of it under thrust and {found['mean_in_view_rear_s']:,.0f} s "
            "from behind"
        )
        verdict = "numbers beside the words; no yes or no follows"
    return ComparisonRow(claim.claim, claim.by, claim.date, claim.source.id, ours, verdict, claim.reading or "–")


def _arcs_short(found: dict[str, Any]) -> str:
    low, central, high = (found[f"arcs_in_view{end}"] for end in ("_low", "", "_high"))
    return (
        f"{central} of {found['arcs']}" if low == central == high else f"{central} ({low} to {high}) of {found['arcs']}"
    )


def limits(results: NetworkResults) -> tuple[str, ...]:
    """Say what a network study cannot tell.

    Parameters
    ----------
    results : NetworkResults
        The results.
    """
    study = results.study
    said = [
        "What anybody intends, and whether a deployment is wise or lawful. In view is not the same as engaged, told "
        "from a decoy, or understood.",
        "Cross-sections are assumed with a decade or more to either side: nothing measured is public. Two numbers in "
        "brackets are what those ends make of a result, not a probability.",
        "Published ranges name no cross-section or an assumed one; where sources disagree each is run by itself, and "
        "the study cannot say which is true.",
        "The direction of a radar's face is published for few of them. Where the study assumes one it says so in its "
        "file, and turning the face moves what it sees.",
        "Arcs are flown by the longest-range steering with thrust cut off; lofted and depressed flights look "
        "different. Launch areas and targets are towns or stretches of sea, nothing finer.",
        "A radar stands on the ellipsoid at sea level, without hills. From a mountain it could look below the "
        "horizontal, which none is taken to do.",
    ]
    if study.network is not None:
        said += [
            "Who is joined to whom, and how fast, is not public beyond what is quoted; latencies, search times and the "
            "accuracy of launch warning are assumed with wide ranges. A link in the study is an assumption to be "
            "argued about, not a finding.",
            "A radar is taken to have all its time for one missile: a raid would slow every search.",
            "A Shapley share divides a whole among the elements that the study names; with other elements, or other "
            "arcs, it is another number.",
        ]
    if results.engagements:
        said.append(engagement_limits())
    return tuple(said)


def method(results: NetworkResults) -> tuple[str, ...]:
    """Say how it was done.

    Parameters
    ----------
    results : NetworkResults
        The results.
    """
    study = results.study
    told = [
        f"{len(results.arcs.cases)} arcs were solved onto their targets with three degrees of freedom over the turning "
        "ellipsoid. Each sensor looks at each: horizon over 4/3 of the Earth's radius, elevation floor, field of "
        "view, and the signal of the missile's cross-section at that aspect and in that phase of the flight, against "
        "the radar's published range. An arc that is never in view is named after the constraint that it gets as far "
        "as.",
    ]
    if study.network is not None:
        told += [
            "Each sensor searches by itself, once a frame. A cue has it search a cone around the line of sight "
            "instead: three standard deviations of what the other sensor knows, grown by its age, and as far as three "
            "g would have pushed a missile whose engine still burns. The sensor with the earliest firm track keeps "
            "it, and cues others, until nobody learns of a target earlier.",
            "A firm track counts for warning, and for firing, once the missile falls freely. A battery may launch on "
            "the track of a sensor that the study allows, but meets the missile only after its own radar has a firm "
            "track.",
            "The share of an element is its Shapley value: what it adds, averaged over every order in which the "
            "elements might have joined; all combinations are worked out.",
        ]
    if results.engagements:
        told.append(engagement_method())
    return tuple(told)
