from __future__ import annotations

from pathlib import Path

import pytest

from equipoise.debate import load_debate
from equipoise.debate.metrics import METRICS
from equipoise.debate.reading import is_debate
from equipoise.errors import FileFormatError, InputError
from equipoise.study import load_any_study, study_kind

# Every row of the list of public claims that the project set out with, by its id, and whose words they are.
LISTED = {
    "timonin-2017-threat": "speaker",
    "timonin-2017-bounds": "speaker",
    "timonin-2017-segment": "speaker",
    "timonin-2017-balance": "speaker",
    "us-rok-defensive": "outlet",
    "russia-china-balance": "outlet",
    "talks-2016-passing": "outlet",
    "timonin-2016-peace": "speaker",
    "timonin-2016-hbomb": "speaker",
    "dprk-hbomb": "outlet",
    "lavrov-2017-disproportionate": "speaker",
    "lavrov-2017-global": "speaker",
    "china-2017-security": "outlet",
    "rok-decision-protect": "outlet",
    "nato-shield-iran": "outlet",
    "russia-europe-shield": "outlet",
    "shin-2023-satellite": "outlet",
    "rok-2023-trade": "speaker",
}
UNTESTED = {
    *("talks-2016-passing", "timonin-2016-peace", "timonin-2016-hbomb", "dprk-hbomb"),
    *("shin-2023-satellite", "rok-2023-trade"),
}

OWN = """\
kind: debate
id: mine
title: Mine
summary: One claim of my own.
sources:
  - {id: my-paper, title: My paper, date: 2017-03-01, url: "https://example.org/a"}
speakers:
  - {id: me, name: Somebody, role: a reader, side: readers}
questions:
  - {id: far, title: How far?, asks: How far it sees., method: As computed.}
claims:
  - id: sees-far
    speaker: me
    date: 2017-03-01
    outlet: My paper
    source: my-paper
    words: it sees far
    whose_words: speaker
    question: far
    reading: Chinese arcs are in view.
    tests:
      - study: china-view
        metric: arcs-in-view
        settings: {groups: [North America]}
        holds: {at_least: 50 percent, why: half is far}
        reading: At least half of them.
    cannot_say: Why.
  - id: said-before
    speaker: lavrov
    date: 2017
    outlet: My paper
    words: nothing new
    whose_words: outlet
    question: sees
    reading: Nothing.
    context: It cannot be computed.
    cannot_say: Anything.
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_listed_claim_is_in_the_ledger_with_whose_words_they_are() -> None:
    claims = {claim.id: claim for claim in load_debate().claims}
    assert {id: claims[id].whose_words for id in LISTED} == LISTED
    assert {id for id in LISTED if not claims[id].tests} == UNTESTED
    for claim in claims.values():
        assert bool(claim.tests) != bool(claim.context)
        assert claim.cannot_say
        assert len(claim.words) <= 300


def test_every_question_has_its_claims_and_every_metric_words() -> None:
    ledger = load_debate()
    assert all(ledger.claims_on(question.id) for question in ledger.questions)
    used = {test.metric for claim in ledger.claims for test in claim.tests}
    assert used <= set(METRICS)
    for metric in METRICS.values():
        assert metric.words
        assert metric.rivals
        assert metric.kind in ("footprint", "network", "raid")
    for claim in ledger.claims:
        for test in claim.tests:
            assert study_kind(load_any_study(test.study)) == METRICS[test.metric].kind
            assert test.threshold.why


def test_governments_are_asked_in_the_same_way() -> None:
    # What is asked of one side on a question is asked of the others in the same metrics.
    ledger = load_debate()
    for question in ("protects", "europe"):
        by_side: dict[str, set[str]] = {}
        for claim in ledger.claims_on(question):
            by_side.setdefault(claim.speaker.side, set()).update(test.metric for test in claim.tests)
        assert set.union(*by_side.values()) <= {
            "land-defended", "place-margin", "arcs-in-reach", "arcs-to-fire-at", "network-land-defended",
        }  # fmt: skip
    seen = {
        claim.speaker.side: claim.tests[0].threshold.value
        for claim in ledger.claims_on("sees")
        if claim.tests[0].threshold.side == "above"
    }
    assert set(seen) == {"Russia", "China"}
    assert len(set(seen.values())) == 1


def test_a_file_of_ones_own_may_use_the_ledgers_speakers_and_questions(tmp_path: Path) -> None:
    mine = load_debate(write(tmp_path, OWN))
    assert [claim.id for claim in mine.claims] == ["sees-far", "said-before"]
    first, second = mine.claims
    assert first.source is not None
    assert first.source.url == "https://example.org/a"
    assert (first.tests[0].id, first.tests[0].threshold.value) == ("arcs-in-view", 0.5)
    assert second.speaker.name == "Sergey Lavrov"
    assert [question.id for question in mine.questions] == ["sees", "far"]


CHANGES = [
    ("study: china-view", "study: chinaview", r"claims\[0\] \(sees-far\).tests\[0\].study: .*did you mean china-view"),
    (
        "study: china-view",
        "study: seongju",
        r"tests\[0\].study: got \"seongju\", a footprint study; allowed with arcs-in-view",
    ),
    ("metric: arcs-in-view", "metric: arcs-in-sight", r"tests\[0\].metric: .*did you mean arcs-in-view"),
    ("groups: [North America]", "groups: [North]", r'settings.groups: got "North"; allowed: North America, Guam'),
    (
        "settings: {groups: [North America]}",
        "settings: {group: [Guam]}",
        r"tests\[0\].settings.group: unknown setting of arcs-in-view; allowed: groups, ways",
    ),
    ("whose_words: speaker", "whose_words: mine", r"claims\[0\].whose_words: .*'speaker' or 'outlet'"),
    (
        "    words: it sees far",
        f"    words: {'far ' * 80}",
        r"claims\[0\].words: got 319 characters, .*; allowed: at most 300",
    ),
    ("    date: 2017-03-01\n    outlet", "    outlet", r"claims\[0\].date: missing"),
    ("    date: 2017-03-01\n    outlet", "    date: last year\n    outlet", r"claims\[0\].date"),
    ("    date: 2017-03-01\n    outlet", "    date: ''\n    outlet", r"claims\[0\].date"),
    ("    outlet: My paper\n    source", "    source", r"claims\[0\].outlet: missing"),
    ("    outlet: My paper\n    source", "    outlet: ''\n    source", r"claims\[0\].outlet"),
    ("source: my-paper", "source: your-paper", r"claims\[0\] \(sees-far\).source: .*your-paper"),
    ("speaker: me", "speaker: you", r"claims\[0\] \(sees-far\).speaker: .*you"),
    ("question: far", "question: near", r"claims\[0\] \(sees-far\).question: .*near"),
    ("id: said-before", "id: sees-far", r'claims: "sees-far" is given 2 times'),
    ("    context: It cannot be computed.\n", "", r"claims\[1\].tests: got neither tests and context; allowed: one"),
    (
        "    cannot_say: Why.",
        "    cannot_say: Why.\n    context: None.",
        r"claims\[0\].tests: got both tests and context",
    ),
    ("at_least: 50 percent", "at_least: 50 km", r"holds.at_least: arcs-in-view is measured in share: unit .km."),
    ("at_least: 50 percent", "at_least: half", r"holds.at_least: .*half"),
    ("at_least: 50 percent, ", "", r"tests\[0\].holds: got none; allowed: one of above, at_least, below, at_most"),
    (
        "at_least: 50 percent",
        "at_least: 50 percent, below: 90 percent",
        r"holds: got at least and below; allowed: one of",
    ),
    ("kind: debate", "kind: network", r"kind: got \"network\"; allowed: debate"),
    ("    cannot_say: Why.", "    cannot_say: Why.\n    verdict: guilty", r"claims\[0\].verdict: unknown field"),
]


@pytest.mark.parametrize(("old", "new", "message"), CHANGES)
def test_a_bad_file_is_one_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in OWN
    with pytest.raises(InputError, match=message) as caught:
        load_debate(write(tmp_path, OWN.replace(old, new, 1)))
    assert "\n" not in str(caught.value)


def test_a_setting_that_is_needed_is_named(tmp_path: Path) -> None:
    text = OWN.replace("study: china-view", "study: seongju").replace("metric: arcs-in-view", "metric: power-density")
    text = text.replace("settings: {groups: [North America]}", "settings: {}").replace("50 percent", "1 W/m2")
    with pytest.raises(
        FileFormatError, match=r"settings.distance_m: missing; power-density needs it: along the ground"
    ):
        load_debate(write(tmp_path, text))
    far = text.replace("settings: {}", "settings: {distance_m: 1e9}")
    with pytest.raises(FileFormatError, match=r"settings.distance_m: got .*; allowed: a number, 10 to 50000"):
        load_debate(write(tmp_path, far))


def test_a_file_is_known_by_its_kind(tmp_path: Path) -> None:
    assert is_debate("debate")
    assert is_debate(str(write(tmp_path, OWN)))
    assert not is_debate("seongju")
    assert not is_debate(str(tmp_path / "nowhere.yaml"))


def test_the_documentation_lists_every_metric() -> None:
    page = (Path(__file__).parents[3] / "docs" / "claims.md").read_text(encoding="utf-8")
    for metric in METRICS.values():
        assert f"| `{metric.name}` | {metric.kind} | {metric.unit} | {metric.words} | {metric.rivals} |" in page
