"""What a raid page says: numbers of the summary, chance and knowledge apart, no verdicts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from small_raids import small_raid

from equipoise.analysis import RaidResults
from equipoise.analysis.raid_sensitivity import raid_sensitivity
from equipoise.present.raid_captions import raid_figures
from equipoise.present.raid_exports import plain_summary
from equipoise.present.raid_names import band_words, between, number
from equipoise.present.raid_page import number_tables, raid_records, rule_words, sections
from equipoise.present.raid_tables import cost_table
from equipoise.present.raid_words import (
    central_side,
    headlines,
    lede,
    limits,
    method,
    needed_sentence,
    ranged_numbers,
)
from equipoise.study import Rule

VERDICTS = re.compile(r"\b(good|bad|success|fail(s|ed|ure)?|poor|effective|useless|should|must|clearly|only)\b", re.I)


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> RaidResults:
    return small_raid(tmp_path_factory.mktemp("raid"))


@pytest.fixture(scope="module")
def summary(results: RaidResults) -> dict[str, Any]:
    return plain_summary(results)


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [(12.166, 2, "12.17"), (-4.09, 2, "−4.09"), (-0.001, 2, "0.00"), (2470.3, 0, "2,470"), (0.0, 1, "0.0")],
)
def test_numbers_are_written_plainly(value: float, digits: int, written: str) -> None:
    assert number(value, digits) == written


def test_estimates_have_their_interval_and_bands_their_ends() -> None:
    fields = {"x": 0.5, "x_low": 0.25, "x_high": 0.75, "y_p05": 1.0, "y_p95": 1.0, "z_p05_s": 4, "z_p95_s": 9}
    assert between(fields, "x", scale=100.0) == "50.0 (25.0 to 75.0)"
    assert band_words(fields, "y") == "1.0"
    assert band_words(fields, "z", digits=0, unit="_s") == "4 to 9"


def test_the_lede_has_the_summarys_numbers(results: RaidResults, summary: dict[str, Any]) -> None:
    first, chance, knowledge, *rest = lede(results.study, summary)
    assert first.startswith("The raid is of 20 missiles: 10 Scud-C and 10 Nodong.")
    assert f"{summary['leakers_mean']:.1f} of them leak" in first
    assert f"{summary['leakers_mean_low']:.2f} to {summary['leakers_mean_high']:.2f} leakers" in first
    one = summary["one_raid"]
    assert chance.startswith("Chance: ")
    assert f"{one['leakers_p05']} to {one['leakers_p95']} missiles leak" in chance
    drawn = summary["knowledge"]
    assert knowledge.startswith("Knowledge: ")
    assert f"{20 * drawn['leaked_share_p05']:.1f} to {20 * drawn['leaked_share_p95']:.1f} leakers" in knowledge
    text = " ".join(rest)
    for layer in summary["layers"]:
        words = f"kills {layer['killed_mean']:.1f} missiles on average and spends {layer['spent_mean']:.1f} of its "
        assert words + str(layer["rounds"]) in text
    more = summary["one_more_battery"]
    assert f"from {100 * more['leaked_share_before']:.1f} to {100 * more['leaked_share_after']:.1f}" in text
    assert f"{summary['cost_exchange']['interceptors_usd'] / 1e6:.0f} million" in text


def test_every_statement_is_of_chance_or_of_knowledge(results: RaidResults, summary: dict[str, Any]) -> None:
    study = results.study
    for sentence in lede(study, summary)[1:]:
        both = "chance" in sentence.lower(), "knowledge" in sentence.lower()
        # What no number changes, and what is certain, is neither.
        assert sum(both) == 1 or "No number" in sentence or "no ratio" in sentence, sentence
    for headline in headlines(study, summary):
        assert any(word in headline.detail for word in ("Chance:", "Knowledge:", "In every run:", "No ratio")), headline
    for figure, _ in raid_figures(results, summary, "equipoise run small-raid"):
        assert "chance" in figure.caption.lower(), figure.id
    for section in sections(results, summary):
        for table in (*section.tables, *section.folded):
            told = " ".join((table.caption, *table.columns)).lower()
            assert "chance" in told or "knowledge" in told or "central value" in told, table.caption


def test_no_sentence_is_a_verdict(results: RaidResults, summary: dict[str, Any]) -> None:
    study = results.study
    for sentence in (*lede(study, summary), *method(study, summary)):
        assert not VERDICTS.search(sentence.replace("What fails for all shots", "")), sentence


@pytest.mark.parametrize(("central", "side"), [(0.1, -1), (0.3, 0), (0.9, 1)])
def test_a_central_result_outside_the_band_is_explained(
    results: RaidResults, summary: dict[str, Any], central: float, side: int
) -> None:
    band = {**summary["knowledge"], "leaked_share_p05": 0.2, "leaked_share_p50": 0.4, "leaked_share_p95": 0.5}
    moved = {**summary, "leaked_share": central, "knowledge": band}
    assert central_side(moved) == side
    sentence = lede(results.study, moved)[2]
    where = {-1: "below that band", 0: "within that band", 1: "above that band"}[side]
    assert where in sentence
    assert ("central values are not the middle of their ranges" in sentence) == (side != 0)
    assert any("not the middle" in limit for limit in limits(results.study, moved)) == (side != 0)
    captions = " ".join(figure.caption for figure, _ in raid_figures(results, moved, "x")[:1])
    assert ("not the middle" in captions) == (side != 0)


def test_what_is_drawn_is_counted_by_hand(results: RaidResults) -> None:
    found = dict(ranged_numbers(results.study))
    assert found["THAAD battery: commit_delay"].low == 5.0
    assert "Nodong: cross-section" in found
    # Without a range nothing is drawn; a study's own launchers have none.
    assert "common mode: reliability" not in found
    assert all(value.low < value.high for value in found.values())


def test_why_no_number_is_enough(results: RaidResults, summary: dict[str, Any]) -> None:
    needed = {**summary["interceptors_needed"], "out_of_reach_missiles": 7, "confidence": 0.9}
    assert needed_sentence(results.study, {**summary, "interceptors_needed": needed}) == (
        "No number of interceptors gives 90\N{NO-BREAK SPACE}% of raids without a leaker: 7 of the 20 missiles come "
        "where no layer can meet them."
    )
    none = {**needed, "out_of_reach_missiles": 0, "shots_at_each": None}
    words = needed_sentence(results.study, {**summary, "interceptors_needed": none})
    assert "of salvos of 1 to 12 shots" in words
    assert words.endswith("What fails for all shots at a missile together does not get better with their number.")
    some = {**none, "shots_at_each": 3, "interceptors_mean": 61.4, "interceptors_p95": 70}
    words = needed_sentence(results.study, {**summary, "interceptors_needed": some})
    assert "salvos of 3 at every missile" in words
    assert "61 interceptors on average, 70 in 95 of 100 raids, chance" in words


def test_limits_name_what_is_left_out(results: RaidResults, summary: dict[str, Any]) -> None:
    text = " ".join(limits(results.study, summary))
    for words in (
        "not a forecast", "decoys", "manoeuvre", "Search is left out", "weather", "sourced probability band",
        "Assessment is taken to be right", "once given, stands",
    ):  # fmt: skip
        assert words in text


def test_records_are_the_catalogues_and_settings_the_studys(results: RaidResults) -> None:
    study = results.study
    records = {f"{record.kind}/{record.id}": record for record in raid_records(study)}
    assert {"battery/thaad-battery", "radar/an-tpy-2", "missile/scud-c", "launch_area/tonghae", "place/ulsan"} <= set(
        records
    )
    assert records["battery/thaad-battery"] == study.catalog.battery("thaad-battery")
    settings, *others = number_tables(study)
    rows = {row.quantity: row for row in settings.rows}
    assert rows["north: kill probability of one shot"].range == "0.5 to 0.9"
    assert rows["north: launchers of each battery"].value == "1"
    assert rows["thaad: direction of the radar's face"].range == "± 25"
    assert rows["common mode: the whole defence works"].value == "0.98"
    assert all(row.source and row.grade for table in others for row in table.rows)


@pytest.mark.parametrize(
    ("rule", "written"),
    [
        (Rule((1, 1), all_fit=True), "1, then 1, where all fit"),
        (Rule((2,), time_left_s=30.0), "2, with 30 s left"),
        (Rule((4,)), "4"),
    ],
)
def test_a_doctrine_is_written_in_words(rule: Rule, written: str) -> None:
    assert rule_words(rule) == written


def test_a_figure_of_sensitivity_stands_after_the_curve(results: RaidResults, summary: dict[str, Any]) -> None:
    drawn = raid_figures(results, summary, "x")
    indices = raid_sensitivity(results.study, samples=8, runs=20, most=2, field=results.field)
    more = raid_figures(replace(results, sensitivity=indices), summary, "x")
    assert [figure.id for figure, _ in more[:2]] == ["leakage", "sobol"]
    assert len(more) == len(drawn) + 1


def test_without_draws_no_word_and_no_column_of_knowledge(results: RaidResults) -> None:
    bare = replace(results, knowledge=None)
    summary = plain_summary(bare)
    told = [*lede(bare.study, summary), *(headline.detail for headline in headlines(bare.study, summary))]
    # The ranges of unit costs are knowledge as well, and known without a draw.
    assert not any("knowledge" in words.lower() for words in told if "cost" not in words)
    by_target, layers, sizes, _ = sections(bare, summary)
    for table in (*layers.tables, *sizes.tables):
        assert not any("knowledge" in words.lower() for words in (table.caption, *table.columns))
        assert all(len(row) == len(table.columns) for row in table.rows)
    assert "Knowledge is not worked out" in by_target.tables[0].caption


def test_rows_are_as_long_as_their_heads(results: RaidResults, summary: dict[str, Any]) -> None:
    for section in sections(results, summary):
        for table in (*section.tables, *section.folded):
            assert table.rows
            assert all(len(row) == len(table.columns) for row in table.rows)


@pytest.mark.parametrize(("high", "span"), [(25.0, "6.0 to 25.0"), (None, "from 6.0")])
def test_a_ratio_of_costs_has_its_ends(
    results: RaidResults, summary: dict[str, Any], high: float | None, span: str
) -> None:
    cost = {
        **summary["cost_exchange"],
        "interceptors_usd": 240e6, "interceptors_low_usd": 200e6, "interceptors_high_usd": 250e6,
        "missiles_usd": 20e6, "missiles_low_usd": 0.0 if high is None else 10e6, "missiles_high_usd": 40e6,
        "missiles_without_cost": [], "ratio": 12.0, "ratio_low": 6.0, "ratio_high": high,
    }  # fmt: skip
    priced = {**summary, "cost_exchange": cost}
    sentence = lede(results.study, priced)[-1]
    assert "240 million US dollars (200 to 250 over the unit costs' ranges)" in sentence
    assert f"a ratio of 12.0, {span} over the ranges of the unit costs (knowledge)" in sentence
    assert headlines(results.study, priced)[-1].detail.startswith("Knowledge: 12.0 times")
    rows = {row[0]: row[1:] for row in cost_table(results.study, priced).rows}
    assert rows["interceptors over missiles"][1:] == ("12.00", "6.00 to 25.00" if high else "from 6.00")
    assert rows["missiles of the raid"][1] == "20.0"
