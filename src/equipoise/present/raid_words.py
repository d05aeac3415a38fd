"""What the page of a raid study says in sentences. Every number is one of the summary's; no sentence is a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from equipoise.analysis.raid_answers import MOST_SHOTS
from equipoise.catalog import numbers
from equipoise.present.provenance import field_words, plain_number, plain_unit
from equipoise.present.raid_names import (
    REFUSAL_WORDS,
    band_words,
    between,
    constraint_words,
    layer_name,
    missiles_words,
    number,
    sizes_in_words,
)
from equipoise.present.report import Headline
from equipoise.present.statements import listed

if TYPE_CHECKING:
    from equipoise.catalog.quantity import Sourced
    from equipoise.study import LayerPlacement, RaidStudy

_PERCENT = 100.0
_SHARE = "\N{NO-BREAK SPACE}%"
# A sentence for each layer up to here; the table has them all.
_MOST_LAYERS = 4
# A central value so much of half its range off the middle is called off it.
_OFF_MIDDLE = 0.1


def lede(study: RaidStudy, summary: Mapping[str, Any]) -> tuple[str, ...]:
    """Say the findings in a few sentences.

    Parameters
    ----------
    study : RaidStudy
        The study.
    summary : mapping
        Its summary, as it goes into ``summary.json``.
    """
    sentences = [
        f"The raid is of {missiles_words(summary['missiles'])}: {sizes_in_words(study)}. Over {summary['runs']:,} "
        f"runs, with every number at its central value, {number(summary['leakers_mean'], 1)} of them leak on average, "
        f"{number(_PERCENT * summary['leaked_share'], 1)}{_SHARE}; the 95{_SHARE} interval of that mean is "
        f"{number(summary['leakers_mean_low'], 2)} to {number(summary['leakers_mean_high'], 2)} leakers.",
        _chance_sentence(summary),
    ]
    if "knowledge" in summary:
        sentences.append(_knowledge_sentence(study, summary))
    if study.weighting != "every target alike":
        share = between(summary, "weighted_leaked_share", scale=_PERCENT)
        sentences.append(f"With targets weighted {study.weighting}, {share}{_SHARE} leak: chance.")
    if len(study.layers) <= _MOST_LAYERS:
        sentences += [
            _layer_sentence(layer, fields, summary["missiles"])
            for layer, fields in zip(study.layers, summary["layers"], strict=True)
        ]
    sentences += [_spent_sentence(summary), needed_sentence(study, summary), _one_more_sentence(summary)]
    sentences.append(_cost_sentence(study, summary))
    return tuple(sentences)


def _chance_sentence(summary: Mapping[str, Any]) -> str:
    one = summary["one_raid"]
    low, high = one["leakers_p05"], one["leakers_p95"]
    leak = f"{low:,} to {high:,} missiles leak" if low != high else f"{missiles_words(low)} leak"
    if summary["no_leaker_probability"] > 0.0:
        clean = f"none leaks in {between(summary, 'no_leaker_probability', scale=_PERCENT, digits=2)}{_SHARE} of raids"
    else:
        end = number(_PERCENT * summary["no_leaker_probability_high"], 2)
        clean = f"every run has a leaker (the 95{_SHARE} interval of the share without one ends at {end}{_SHARE})"
    return f"Chance: in 90 of 100 single raids {leak}; {clean}."


def central_side(summary: Mapping[str, Any]) -> int:
    """Return -1, 0 or 1 as the central leaked share lies below, in or above the band of the draws."""
    knowledge = summary["knowledge"]
    central = summary["leaked_share"]
    return int(central > knowledge["leaked_share_p95"]) - int(central < knowledge["leaked_share_p05"])


def _knowledge_sentence(study: RaidStudy, summary: Mapping[str, Any]) -> str:
    knowledge = summary["knowledge"]
    side = central_side(summary)
    told = (
        f"Knowledge: with the defence's numbers drawn from their ranges, {knowledge['draws']:,} times with "
        f"{knowledge['runs_per_draw']:,} runs each, the mean is {_drawn_leakers(summary)} leakers in 90 of 100 draws, "
        f"{number(_share_in_missiles(summary, 'p50'), 1)} in the median one."
    )
    if side == 0:
        return f"{told} The central result lies within that band."
    return f"{told} The central result lies {'below' if side < 0 else 'above'} that band. {why_outside(study)}"


def _share_in_missiles(summary: Mapping[str, Any], end: str) -> float:
    return float(summary["missiles"] * summary["knowledge"][f"leaked_share_{end}"])


def _drawn_leakers(summary: Mapping[str, Any]) -> str:
    return f"{number(_share_in_missiles(summary, 'p05'), 1)} to {number(_share_in_missiles(summary, 'p95'), 1)}"


def ranged_numbers(study: RaidStudy) -> list[tuple[str, Sourced]]:
    """Return every number with a range of what the draws touch, each once, with its name."""
    found: dict[str, Sourced] = {}
    for layer in study.layers:
        for record in (layer.battery, layer.launcher, layer.interceptor, layer.radar):
            if record is not None:
                for field, value in numbers(record):
                    found.setdefault(f"{record.name}: {field}", value)
    for salvo in study.salvos:
        missile = salvo.threat.missile
        found.setdefault(f"{missile.name}: cross-section", salvo.threat.rcs_m2)
    common = study.common_mode
    for name, shared in (("reliability", common.reliability), ("track probability", common.track_probability)):
        if shared is not None:
            found[f"common mode: {name}"] = shared
    return [(name, value) for name, value in found.items() if value.low != value.high]


def _lean(value: Sourced) -> float:
    """Return how far the central value stands off the middle of its range, from -1, the low end, to 1."""
    return (2.0 * value.value - value.low - value.high) / (value.high - value.low)


def why_outside(study: RaidStudy) -> str:
    """Say why a central result can lie outside the band of the draws: central values are not the middle of ranges."""
    ranged = ranged_numbers(study)
    leaning = [(name, value) for name, value in ranged if abs(_lean(value)) > _OFF_MIDDLE]
    own = [
        (layer.battery, field, value)
        for layer in study.layers
        for field, value in numbers(layer.battery)
        if value.low < value.value < value.high and abs(_lean(value)) > _OFF_MIDDLE
    ]
    example = ""
    if own:
        battery, field, value = max(own, key=lambda one: abs(_lean(one[2])))
        unit = f" {plain_unit(value.unit)}" if plain_unit(value.unit) else ""
        low, central, high = (plain_number(n) for n in (value.written_low, value.written, value.written_high))
        example = f" (the {field_words(field)} of the {battery.name}: {central}{unit} in {low} to {high})"
    sentence = (
        f"That is no contradiction: central values are not the middle of their ranges, for {len(leaning)} of the "
        f"{len(ranged)} numbers that are drawn{example}. Draws fall more to one side of such a value, and what that "
        "does to the raid adds up over the numbers."
    )
    if any(layer.boresight_spread_rad > 0.0 for layer in study.layers):
        sentence += (
            " The direction of a radar's face is drawn to both sides alike, but what is lost on one side need not be "
            "won on the other."
        )
    return sentence


def _layer_sentence(layer: LayerPlacement, fields: Mapping[str, Any], missiles: int) -> str:
    words = (
        f"{layer_name(layer)} kills {number(fields['killed_mean'], 1)} missiles on average and spends "
        f"{number(fields['spent_mean'], 1)} of its {fields['rounds']:,} rounds"
    )
    why = [f"{constraint_words(name)} {count:,}" for name, count in fields["out_of_reach_missiles"].items()]
    total = sum(fields["out_of_reach_missiles"].values())
    if total:
        words += f"; {total:,} of the {missiles:,} it cannot meet at all ({', '.join(why)})"
    refused = {name: count for name, count in fields["refused_mean"].items() if count >= 0.05}
    if refused:
        parts = [f"{REFUSAL_WORDS[name]} {number(count, 1)}" for name, count in refused.items()]
        words += f"; it could have met and never fires at {number(sum(refused.values()), 1)} ({', '.join(parts)})"
    return f"{words}: chance."


def _spent_sentence(summary: Mapping[str, Any]) -> str:
    parts = []
    found = sorted(summary["magazine_spent_at"], key=lambda one: one["missiles_p50"] or one["up_to_missiles"])
    for one in found[:_MOST_LAYERS]:
        size = one["missiles_p50"]
        parts.append(
            f"a raid of {size:,} spends the {one['rounds']:,} rounds of {one['layer']} half the time"
            if size is not None
            else f"no raid of up to {one['up_to_missiles']:,} spends the {one['rounds']:,} rounds of {one['layer']} "
            "half the time"
        )
    return f"In the same proportions {'; '.join(parts)}: chance."


def needed_sentence(study: RaidStudy, summary: Mapping[str, Any]) -> str:
    """Say how many interceptors a wanted confidence needs, or why no number is enough."""
    needed = summary["interceptors_needed"]
    wanted = f"{_PERCENT * needed['confidence']:g}{_SHARE} of raids without a leaker"
    out = needed["out_of_reach_missiles"]
    if out:
        some = f"{out:,} of the {missiles_words(summary['missiles'])} come" if out > 1 else "one missile comes"
        return f"No number of interceptors gives {wanted}: {some} where no layer can meet them."
    if needed["shots_at_each"] is None:
        best = f"{between(needed, 'no_leaker_probability', scale=_PERCENT)}{_SHARE}"
        return (
            f"No number of interceptors was found that gives {wanted}: of salvos of 1 to {MOST_SHOTS} shots from every "
            f"layer, the best gives {best}, chance. {_why_not_enough(study)}"
        )
    shots = needed["shots_at_each"]
    return (
        f"For {wanted}, each layer would fire {'one shot' if shots == 1 else f'salvos of {shots}'} at every missile "
        f"that it can meet: {number(needed['interceptors_mean'], 0)} interceptors on average, "
        f"{needed['interceptors_p95']:,} in 95 of 100 raids, chance; launchers, channels and tracks are then without "
        "end."
    )


def _why_not_enough(study: RaidStudy) -> str:
    common = study.common_mode
    shared = common.reliability is not None or common.track_probability is not None
    own = any(
        one is not None and one.value < 1.0
        for layer in study.layers
        for one in (layer.battery.reliability, layer.battery.track_probability)
    )
    if shared or own:
        return "What fails for all shots at a missile together does not get better with their number."
    return "What remains are the windows and the kill probability of a shot."


def _one_more_sentence(summary: Mapping[str, Any]) -> str:
    one = summary["one_more_battery"]
    before, after = (number(_PERCENT * one[f"leaked_share_{when}"], 1) for when in ("before", "after"))
    return (
        f"One more battery beside those of {one['layer']} changes the leakers of a raid by "
        f"{_signed(-one['fewer_leakers_mean'])} on average (95{_SHARE} interval "
        f"{_signed(-one['fewer_leakers_mean_high'])} to {_signed(-one['fewer_leakers_mean_low'])}), from {before} to "
        f"{after}{_SHARE}: chance."
    )


def _signed(value: float) -> str:
    words = number(value, 2)
    return words if value <= 0.0 or float(words) == 0.0 else f"+{words}"


def _cost_sentence(study: RaidStudy, summary: Mapping[str, Any]) -> str:
    cost = summary["cost_exchange"]
    spent = f"The rounds spent in a raid cost {_millions(cost, 'interceptors')} on average"
    if "ratio" not in cost:
        missing = {salvo.threat.missile.id: salvo.threat.missile.name for salvo in study.salvos}
        names = [missing[id] for id in cost["missiles_without_cost"]]
        return f"{spent}; for {listed(names)} no unit cost is known, so no ratio is given."
    high = "" if cost["ratio_high"] is None else number(cost["ratio_high"], 1)
    ends = f"{number(cost['ratio_low'], 1)} to {high}" if high else f"from {number(cost['ratio_low'], 1)}"
    return (
        f"{spent}, and the missiles {_millions(cost, 'missiles')}: a ratio of {number(cost['ratio'], 1)}, {ends} "
        "over the ranges of the unit costs (knowledge)."
    )


def _millions(cost: Mapping[str, Any], name: str) -> str:
    low, value, high = (number(cost[f"{name}{end}_usd"] / 1e6, 0) for end in ("_low", "", "_high"))
    ends = "" if low == high else f" ({low} to {high} over the unit costs' ranges)"
    return f"{value} million US dollars{ends}"


def headlines(study: RaidStudy, summary: Mapping[str, Any]) -> tuple[Headline, ...]:
    """Return the numbers at the head of the page.

    Parameters
    ----------
    study : RaidStudy
        The study.
    summary : mapping
        Its summary.
    """
    detail = f"Chance: {band_words(summary['one_raid'], 'leakers', digits=0)} in 90 of 100 raids."
    if "knowledge" in summary:
        detail += f" Knowledge: a mean of {_drawn_leakers(summary)} in 90 of 100 draws."
    found = [Headline(f"{number(summary['leakers_mean'], 1)} of {summary['missiles']:,}", "missiles leak on average",
                      detail)]  # fmt: skip
    layers = summary["layers"]
    if len(layers) == 1:
        one = layers[0]
        detail = f"Chance: all in {number(_PERCENT * one['exhausted_probability'], 1)}{_SHARE} of raids."
        if "knowledge" in summary:
            drawn = band_words(summary["knowledge"]["layers"][0], "spent_mean")
            detail += f" Knowledge: a mean of {drawn} in 90 of 100 draws."
        found.append(Headline(f"{number(one['spent_mean'], 1)} of {one['rounds']:,}", "rounds are spent on average",
                              detail))  # fmt: skip
    else:
        spent, rounds = sum(one["spent_mean"] for one in layers), sum(one["rounds"] for one in layers)
        parts = [f"{one['layer']} {number(one['spent_mean'], 1)} of {one['rounds']:,}" for one in layers[:_MOST_LAYERS]]
        if len(layers) > _MOST_LAYERS:
            parts.append("and so on")
        found.append(Headline(f"{number(spent, 1)} of {rounds:,}", "rounds are spent on average",
                              f"Chance: {', '.join(parts)}."))  # fmt: skip
    held = [one for one in summary["magazine_spent_at"] if one["missiles_p50"] is not None]
    if held:
        first = min(held, key=lambda one: one["missiles_p50"])
        ends = [
            f"{of} of 100 at {size:,}" if size is not None else f"{of} of 100 at over {first['up_to_missiles']:,}"
            for of, size in ((5, first["missiles_p05"]), (95, first["missiles_p95"]))
        ]
        found.append(
            Headline(
                missiles_words(first["missiles_p50"]),
                f"spend the magazine of {first['layer']} half the time",
                f"Chance: {ends[0]} missiles, {ends[1]}, in the study's proportions.",
            )
        )
    one = summary["one_more_battery"]
    low, high = _signed(-one["fewer_leakers_mean_high"]), _signed(-one["fewer_leakers_mean_low"])
    found.append(
        Headline(
            f"{_signed(-one['fewer_leakers_mean'])} leakers",
            f"with one more battery beside those of {one['layer']}",
            f"Chance: the mean of a raid, 95{_SHARE} interval {low} to {high}.",
        )
    )
    found += [_needed_headline(summary), _cost_headline(summary)]
    return tuple(found)


def _needed_headline(summary: Mapping[str, Any]) -> Headline:
    needed = summary["interceptors_needed"]
    wanted = f"{_PERCENT * needed['confidence']:g}{_SHARE} of raids without a leaker"
    if needed["out_of_reach_missiles"]:
        some = f"{missiles_words(needed['out_of_reach_missiles'])} where no layer can meet them"
        return Headline("No number", f"of interceptors gives {wanted}", f"In every run: {some}.")
    if needed["shots_at_each"] is None:
        best = between(needed, "no_leaker_probability", scale=_PERCENT)
        detail = f"Chance: at best {best}{_SHARE}, of 1 to {MOST_SHOTS} shots at each missile."
        return Headline("No number", f"of interceptors was found that gives {wanted}", detail)
    return Headline(
        f"{number(needed['interceptors_mean'], 0)} interceptors",
        f"give {wanted}",
        f"Chance: {needed['interceptors_p95']:,} in 95 of 100 raids, if launchers were without end.",
    )


def _cost_headline(summary: Mapping[str, Any]) -> Headline:
    cost = summary["cost_exchange"]
    label = "US dollars for the rounds of a raid, on average"
    value = f"{number(cost['interceptors_usd'] / 1e6, 0)} million"
    if "ratio" not in cost:
        return Headline(value, label, "No ratio: the missiles' unit costs are not all known.")
    detail = f"Knowledge: {number(cost['ratio'], 1)} times what the missiles cost, by the unit costs' central values."
    return Headline(value, label, detail)


def limits(study: RaidStudy, summary: Mapping[str, Any]) -> tuple[str, ...]:
    """Say what a raid study cannot tell.

    Parameters
    ----------
    study : RaidStudy
        The study.
    summary : mapping
        Its summary.
    """
    said = [
        "Whether anybody would do this. How many missiles, of which class, from where, at what and when are the "
        "study's choice, not a forecast; another choice gives other numbers.",
        "Whether an interceptor would hit. A kill is a sourced probability band for one shot, never a model of the "
        "intercept.",
        "What is left out: decoys and debris, manoeuvre, jamming, attacks on radars and launchers, missiles that "
        "fail, the skill of crews, and weather or faults that would spoil many shots together, beyond the common "
        "modes that the study names. Each would move the result.",
        "Search is left out: a radar finds what comes into its view, however much else it has to do, up to the "
        "number of tracks where the record gives one.",
        "Assessment is taken to be right: after its delay a battery knows which missiles are dead. An order to "
        "launch, once given, stands, though another shot may have killed the missile meanwhile.",
        "A leaker is a missile that no shot kills. Where exactly it comes down and what it does there is outside the "
        "model.",
        "Chance and knowledge are two things. The 95 % interval says how well the runs know a mean; the spread over "
        "runs is chance, with every number at its central value; the spread over draws is what the ranges leave "
        "open. A range is no distribution: the draws are from triangles and independent, and their band is not the "
        "probability of being right.",
        "The flights are not drawn: every missile of a salvo flies the same arc of its class's central numbers, one "
        "after "
        "another." + (" Nor are the other radars, which stand as the study places them." if study.sensors else ""),
        "A layer has one interval of launches against each salvo, the one with the most slack; a second one is left "
        "out. Radars stand at sea level without hills, and sites are towns, nothing finer.",
    ]
    if "knowledge" in summary and central_side(summary):
        said.append(
            "Which of the two, the central result or the band of the draws, is nearer to the truth. They differ "
            "because central values are not the middle of their ranges."
        )
    return tuple(said)


def method(study: RaidStudy, summary: Mapping[str, Any]) -> tuple[str, ...]:
    """Say how it was done.

    Parameters
    ----------
    study : RaidStudy
        The study.
    summary : mapping
        Its summary.
    """
    hold = (
        "A layer holds its fire while another layer's interceptor is on its way, or one listed before it has yet to "
        "try, as long as that costs it no shot."
        if study.coordination == "shared"
        else "Each layer fires for itself."
    )
    told = [
        "Each salvo's arc is solved onto its target with three degrees of freedom over the turning ellipsoid, and each "
        "layer's window against it follows from radar, delays and the interceptor's reach, as in a footprint study.",
        "A run is a queue of events: a layer fires when it first can, as fast as fire units, launchers and channels "
        f"allow, sees the outcome after its delay, and fires again where its doctrine says so. {hold}",
        f"Chance: {summary['runs']:,} runs, seed {summary['seed']}; every draw is named by seed, run, missile, layer "
        "and shot, so that the run is the same on any machine. Shares have Wilson's interval, means the normal one.",
    ]
    if "knowledge" in summary:
        knowledge = summary["knowledge"]
        told.append(
            f"Knowledge: {knowledge['draws']:,} draws from triangles between low, central and high value, of "
            f"{knowledge['drawn']}; each draw throws the same dice in {knowledge['runs_per_draw']:,} runs, and its "
            "mean is one number of the band."
        )
    told.append(
        "Other sizes keep the study's proportions and the spacing within a salvo. What would be enough is asked with "
        "salvos of 1, 2, 3 and more shots and nothing in short supply. The run that is shown shot by shot is the first."
    )
    return tuple(told)
