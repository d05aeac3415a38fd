"""What the report says of made-up results whose right reading is plain."""

from __future__ import annotations

from dataclasses import replace

import pytest

from equipoise.analysis import StudyResults
from equipoise.present.captions import figures, share_rows
from equipoise.present.findings import compare, compose, headline, lede, place_rows
from equipoise.present.provenance import field_words, number_tables, source_rows
from equipoise.present.results import ThreatFinding, place_reasons, threat_findings
from equipoise.present.scene import Scene
from equipoise.present.statements import deciding_inputs, limits, listed, method, percent, spread
from equipoise.study import PublishedFinding, Study

NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture(scope="module")
def findings(results: StudyResults) -> tuple[ThreatFinding, ...]:
    return threat_findings(results)


def claim(study: Study, **changes: object) -> PublishedFinding:
    return replace(study.published[0], **changes)  # type: ignore[arg-type]


def by_missile(findings: tuple[ThreatFinding, ...], missile: str) -> ThreatFinding:
    return next(finding for finding in findings if finding.missile == missile)


def test_shares_are_written_whole() -> None:
    assert percent(0.6984) == f"70{NBSP}%"
    assert spread([0.41, 0.55]) == f"41 to 55{NBSP}%"
    assert spread([0.701, 0.699]) == f"70{NBSP}%"
    assert listed([]) == "none"
    assert listed(["a", "b", "c"]) == "a, b and c"


def test_what_binds_is_shared_out_over_open_land(findings: tuple[ThreatFinding, ...]) -> None:
    binding = dict(by_missile(findings, "nodong").binding)
    assert sum(binding.values()) == pytest.approx(1.0)
    assert set(binding) <= {"timeline", "range", "field_of_view"}  # the three that the made-up footprint holds
    assert list(binding.values()) == sorted(binding.values(), reverse=True)


def test_places_stand_as_the_patches_say(results: StudyResults, findings: tuple[ThreatFinding, ...]) -> None:
    nodong = by_missile(findings, "nodong").status
    assert nodong["daegu"] == "all"
    assert nodong["seoul"] == "none"
    assert nodong["pyeongtaek"] == "some"
    reason = place_reasons(results.central, "nodong")["pyeongtaek"]
    assert reason.open_areas == ("hwangju", "tonghae")
    assert reason.worst_area == "tonghae"
    assert reason.margin_s < 0.0


def test_place_table_gives_reason_and_share_of_draws(results: StudyResults) -> None:
    rows = {row.name: row for row in place_rows(results, Scene.of(results.study))}
    nodong = [threat.missile.id for threat in results.study.threats].index("nodong")
    assert f"(75{NBSP}% of draws)" in rows["Daegu"].cells[nodong].text
    assert rows["Daegu"].cells[nodong].text.startswith("90 s to spare")  # (165 - 52 km) 0.8 s/km, Tonghae's patch
    assert rows["Pyeongtaek"].cells[nodong].text.startswith("not from Hwangju and Tonghae: ")
    assert rows["Seoul"].population == "10,349,312"
    assert rows["Seongju"].population == "not listed"


def test_headline_says_how_sure_and_how_disputed(findings: tuple[ThreatFinding, ...]) -> None:
    said = headline(replace(by_missile(findings, "nodong"), drawn=(0.44, 0.66)), "South Korea")
    assert said.value == f"60{NBSP}%"
    assert f"44 to 66{NBSP}% (5th to 95th percentile of the draws)" in said.detail
    assert f"From one launch area at a time: 62 to 70{NBSP}%" in said.detail
    assert f"Over published radar ranges: 50 to 60{NBSP}%" in said.detail
    one = headline(by_missile(findings, "scud-c"), "South Korea")
    assert one.label.endswith("from its launch area")
    assert f"The missile reaches 90{NBSP}% of the land" in one.detail


def test_lede_names_the_range_and_every_threat(study: Study, findings: tuple[ThreatFinding, ...]) -> None:
    first = lede(study, findings, "South Korea")[0]
    assert "870 km (Lewis and Postol 2012)" in first
    assert f"60{NBSP}% against the Nodong" in first
    assert "Scud-C" in first


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (0.5, 0.667, "within"),
        (0.3, 0.58, "just above"),
        (0.3, 0.5, "above"),
        (0.62, 0.7, "just below"),
        (0.7, 0.8, "below"),
    ],
)
def test_share_is_set_beside_a_published_span(
    results: StudyResults, findings: tuple[ThreatFinding, ...], low: float, high: float, verdict: str
) -> None:
    row = compare(results, findings, claim(results.study, metric="defended_fraction", low=low, high=high))
    assert f"Nodong: {verdict}" in row.verdict.split("; ")
    assert "moved most by: direction of the radar's face (315 to 5°)" in row.inputs


@pytest.mark.parametrize(
    ("place", "defended", "verdict"),
    [
        ("daegu", True, "agrees"),
        ("daegu", False, "differs"),
        ("seoul", False, "agrees"),
        ("seoul", True, "differs"),
        ("pyeongtaek", True, "depends on the missile or the launch area"),
    ],
)
def test_place_is_set_beside_a_published_statement(
    results: StudyResults, findings: tuple[ThreatFinding, ...], place: str, defended: bool, verdict: str
) -> None:
    record = next(record for record in results.study.places if record.id == place)
    row = compare(results, findings, claim(results.study, metric="place_defended", place=record, defended=defended))
    assert row.verdict == verdict


def test_inputs_that_flip_a_place_are_named(results: StudyResults, findings: tuple[ThreatFinding, ...]) -> None:
    record = next(record for record in results.study.places if record.id == "pyeongtaek")
    row = compare(results, findings, claim(results.study, metric="place_defended", place=record, defended=True))
    assert f"in or out by its range: interceptor: burnout speed (2.6 to 2.8{NBSP}km/s)" in row.inputs


def test_statement_without_metric_is_left_alone(results: StudyResults, findings: tuple[ThreatFinding, ...]) -> None:
    row = compare(results, findings, claim(results.study, metric=None, low=None, high=None))
    assert row.ours == "not computed in this study"


def test_deciding_inputs_quote_the_catalogue(study: Study) -> None:
    assert f"200{NBSP}km, reported" in deciding_inputs(study, "range")
    assert "5°, official" in deciding_inputs(study, "elevation_floor")
    assert "340 ± 25°, assumed" in deciding_inputs(study, "field_of_view")
    for word in ("min_altitude", "max_altitude", "flight_time", "timeline", "detection_range", "horizon"):
        assert len(deciding_inputs(study, word)) > 20
    assert deciding_inputs(study, "new_word") == "new word"


def test_limits_and_method_are_filled_in(study: Study) -> None:
    said = " ".join(limits(study))
    assert "48 interceptors" in said
    assert "from 600 to 4,600 km" in said
    assert "{" not in said + " ".join(method(study))
    assert "200 draws (seed 2016)" in method(study)[-1]


def test_every_number_is_listed_with_source_and_grade(study: Study) -> None:
    tables = number_tables(study)
    listed_numbers = {(table.title, row.quantity) for table in tables for row in table.rows}
    assert ("THAAD interceptor", "burnout speed") in listed_numbers
    assert ("Settings of the study", "direction of the radar's face") in listed_numbers
    assert ("Launch areas", "Hwangju: latitude, longitude") in listed_numbers
    assert ("Site and places", "Busan: population") in listed_numbers
    sources = {source.id for source in source_rows(study, tables)}
    for table in tables:
        for row in table.rows:
            assert row.source in sources, (table.title, row.quantity)
            assert row.grade in {"official", "reported", "derived", "assumed"}
            assert row.value
    assert {finding.source.id for finding in study.published} <= sources


def test_field_names_become_words() -> None:
    assert field_words("isp_sea_level") == "specific impulse, sea level"
    assert field_words("reference_rcs") == "reference radar cross-section"


def test_share_rows_leave_the_range_equation_out(study: Study, findings: tuple[ThreatFinding, ...]) -> None:
    extra = tuple(
        replace(f, by_range={**f.by_range, "hardware": 0.5}, single_by_range={**f.single_by_range, "hardware": (0.5,)})
        for f in findings
    )
    assert {row.range_km for row in share_rows(study, extra)} == {600.0, 870.0}


def test_report_holds_every_figure_with_its_words(results: StudyResults, findings: tuple[ThreatFinding, ...]) -> None:
    drawn = [words for words, _ in figures(results, findings, "equipoise run mine.yaml")]
    assert [words.id for words in drawn] == [
        "footprint-scud-c", "constraint-scud-c", "footprint-nodong", "constraint-nodong", "probability", "swings",
        "coverage", "side-view", "timeline", "share-by-range",
    ]  # fmt: skip
    for words in drawn:
        assert words.command == "equipoise run mine.yaml"
        assert "  " not in words.caption + words.alt
        assert len(words.alt) > 40
    content = compose(results, drawn, findings, command="equipoise run mine.yaml")
    assert content.seed == 2016
    assert content.threats == ("Scud-C", "Nodong")
    assert len(content.comparisons) == len(results.study.published)
