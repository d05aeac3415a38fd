"""``equipoise claims`` and ``equipoise run debate``: the ledger weighed once, whole, and what is written of it."""

from __future__ import annotations

import csv
import hashlib
import html.parser
import io
import json
import math
import re
from dataclasses import replace
from pathlib import Path

import pytest
from whole_commands import Command, run_contents

from equipoise.debate import Debate, StudyRuns, Weighed, load_debate, weigh, weighed_json
from equipoise.present import run as run_module
from equipoise.present.dossier import publish_dossier
from equipoise.present.dossier_figures import FIGURES, dossier_figure
from equipoise.study import AnyStudy, RaidStudy, Study, load_any_study

# A share of land is rounded to four digits in the summary of a footprint.
ROUNDED = 5e-5


@pytest.fixture(scope="module")
def ledger() -> Debate:
    return load_debate()


class SmallRuns(StudyRuns):
    """The bundled studies with fewer cells, draws, runs and elements: every number of them in a third of the time."""

    def study(self, study: str) -> AnyStudy:
        return self._once("small", study, lambda: smaller(load_any_study(study)))


def smaller(study: AnyStudy) -> AnyStudy:
    if isinstance(study, Study):
        grid = replace(study.grid, rows=30, columns=30)
        return replace(study, grid=grid, uncertainty=replace(study.uncertainty, draws=min(8, study.uncertainty.draws)))
    if isinstance(study, RaidStudy):
        chance = replace(study.chance, runs=400, draws=8, runs_per_draw=50)
        return replace(study, chance=chance)
    network = study.network
    if network is not None:
        shooters = tuple(
            replace(one, threats=one.threats[-1:], grid=replace(one.grid, rows=10, columns=10))
            for one in network.shooters
        )
        network = replace(network, elements=network.elements[:2], shooters=shooters)
    balance = study.balance and replace(study.balance, draws=20, sensitivity=0)
    return replace(study, network=network, balance=balance)


@pytest.fixture(scope="module")
def runs() -> StudyRuns:
    return SmallRuns()


@pytest.fixture(scope="module")
def weighed(ledger: Debate, runs: StudyRuns) -> tuple[Weighed, ...]:
    return weigh(ledger, runs)


@pytest.fixture(scope="module")
def dossier(
    ledger: Debate, runs: StudyRuns, weighed: tuple[Weighed, ...], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes]:
    place = tmp_path_factory.mktemp("dossier")
    publish_dossier(ledger, weighed, runs, place, lambda _words: None, command="equipoise run debate", sha256="0" * 64)
    return run_contents(place)


def test_every_claim_has_a_finding_or_is_context(ledger: Debate, weighed: tuple[Weighed, ...]) -> None:
    found = {one["claim"]: one for one in weighed_json(ledger, weighed)["claims"]}
    assert list(found) == [claim.id for claim in ledger.claims]
    for one in found.values():
        assert bool(one["findings"]) != (one["level"] == "context")
        for each in one["findings"]:
            assert each["level"] in ("every", "some", "none", "open")
            assert each["figures"]
            assert each["command"].startswith("equipoise ")
            assert each["decided_by"]
            for row in each["figures"]:
                assert row["low"] <= row["value"] <= row["high"]


def test_findings_are_the_numbers_of_the_studies(runs: StudyRuns, weighed: tuple[Weighed, ...]) -> None:
    # The defended share of the Nodong, from the footprint's own summary; no arc within reach, from the table of arcs.
    by_id = {one.claim.id: one for one in weighed}
    nodong = next(one for one in by_id["us-rok-defensive"].findings if one.test.id == "nodong")
    summaries = runs.footprint("seongju").summaries
    shares = [
        next(threat for threat in summary["threats"] if threat["missile"] == "nodong")["defended_fraction"]
        for summary in summaries.values()
    ]
    assert [row.value for row in nodong.measure.rows] == pytest.approx(shares, abs=ROUNDED)
    reached = next(one for one in by_id["timonin-2017-threat"].findings if one.test.id == "reached")
    thaad = next(one for one in runs.network("strategic-balance").engagements if one.battery.id == "seongju-thaad")
    groups = list(reached.test.settings["groups"])
    assert [row.value for row in reached.measure.rows] == [
        thaad.share("in_reach", groups=groups, limits=limits)  # type: ignore[arg-type]
        for limits in ("published", "flight alone")
    ]


def test_the_radar_at_seongju_sees_no_russian_arc_and_the_words_say_so(weighed: tuple[Weighed, ...]) -> None:
    # The horizon alone hides them: tests/validation/test_russia_horizon.py has it from another library.
    seen = next(one for one in weighed if one.claim.id == "timonin-2017-threat").findings[0]
    assert {row.high for row in seen.measure.rows} == {0.0}
    assert seen.words.startswith("Supported under none of the published figures (7): 0 %")


class _Page(html.parser.HTMLParser):
    """Collects addresses, ids and unclosed tags."""

    VOID = frozenset({"meta", "img", "br", "link", "input", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag not in self.VOID:
            self.open.append(tag)
        if values.get("id"):
            self.ids.append(str(values["id"]))
        for name in ("src", "href"):
            if values.get(name):
                self.addresses.append((tag, str(values[name])))
        if tag == "a" and str(values.get("href", "")).startswith("#"):
            self.links.append(str(values["href"])[1:])

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def read_page(dossier: dict[str, bytes]) -> tuple[_Page, str]:
    text = dossier["report.html"].decode()
    page = _Page()
    page.feed(text)
    return page, text


def test_the_dossier_is_one_file_that_needs_no_other(dossier: dict[str, bytes]) -> None:
    page, text = read_page(dossier)
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert set(page.links) <= set(page.ids)
    for tag, address in page.addresses:
        # Pictures lie in the page; the only other addresses are links to cited sources.
        assert address.startswith("data:") if tag == "img" else address.startswith(("#", "http"))
        assert tag in ("img", "a")
    assert "<script" not in text
    words = re.sub(r"<style>.*?</style>|base64,[^\"]*", "", text, flags=re.DOTALL)
    assert re.findall(r"\b[A-Z]\w+\([a-z_]+=|array\(|\bnan\b|>None<", words) == []


def test_every_claim_figure_and_command_is_there(ledger: Debate, dossier: dict[str, bytes]) -> None:
    page, text = read_page(dossier)
    assert {f"claim-{claim.id}" for claim in ledger.claims} <= set(page.ids)
    wanted = {id for question in ledger.questions for id in question.figures}
    assert wanted <= set(FIGURES)
    for id in wanted:
        assert f"figure-{id}" in page.ids
        rows = list(csv.reader(io.StringIO(dossier[f"data/{id}.csv"].decode())))
        assert len(rows) > 1
        assert {len(row) for row in rows} == {len(rows[0])}
        assert f"data/{id}.csv" in text
        assert dossier[f"figures/{id}.svg"]
        assert dossier[f"figures/{id}.png"]
    assert text.count("Remake it: <code>equipoise ") == len(wanted)


def test_the_shares_of_defended_land_are_those_of_the_map(
    weighed: tuple[Weighed, ...], dossier: dict[str, bytes]
) -> None:
    # Counted anew from what is drawn: every cell in a class's reach, weighted by its width; 2 and 3 are defended.
    cells = list(csv.DictReader(io.StringIO(dossier["data/europe-defended.csv"].decode())))
    missiles = dict.fromkeys(one["missile"] for one in cells)
    bell = next(one for one in weighed if one.claim.id == "bell-2016-capability")
    for found in bell.findings:
        for row, missile in zip(found.measure.rows, missiles, strict=True):
            own = [
                one for one in cells if (one["battery"], one["missile"]) == (found.test.settings["battery"], missile)
            ]
            widths = [math.cos(math.radians(float(one["lat_deg"]))) for one in own]
            met = [width for width, one in zip(widths, own, strict=True) if int(one["standing"]) >= 2]
            assert row.value == pytest.approx(sum(met) / sum(widths), abs=ROUNDED)


def test_each_side_stands_beside_the_others(ledger: Debate, dossier: dict[str, bytes]) -> None:
    _, text = read_page(dossier)
    for question in ledger.questions:
        part = text[text.index(f'<section id="{question.id}"') :]
        part = part[: part.index("</section>")]
        sides = {claim.speaker.side for claim in ledger.claims_on(question.id)}
        assert part.count('<div class="side">') == len(sides)
        for claim in ledger.claims_on(question.id):
            card = part[part.index(f'id="claim-{claim.id}"') :]
            card = card[: card.index("</article>")]
            own = "in the speaker&#39;s own words" in card
            assert own == (claim.whose_words == "speaker")
            assert "What the model cannot say" in card


def test_the_file_of_claims_is_what_the_command_prints(
    ledger: Debate, weighed: tuple[Weighed, ...], dossier: dict[str, bytes]
) -> None:
    assert json.loads(dossier["claims.json"]) == json.loads(json.dumps(weighed_json(ledger, weighed)))


@pytest.mark.parametrize("id", ["radar-needed", "europe-reach", "balance"])
def test_a_figure_drawn_again_has_the_same_bytes(id: str, runs: StudyRuns, dossier: dict[str, bytes]) -> None:
    again = dossier_figure(id, runs)
    assert again.words.svg == dossier[f"figures/{id}.svg"]
    assert again.data.encode() == dossier[f"data/{id}.csv"]


OWN = """\
kind: debate
id: mine
title: Mine & others
summary: One claim of my own, <b>tested</b>.
speakers: [{id: me, name: Somebody, role: a reader, side: readers}]
claims:
  - id: far-enough
    speaker: me
    date: 2017
    outlet: My paper
    words: the radar sees <far> & wide
    whose_words: speaker
    question: proportion
    reading: It sees farther than the Nodong asks for.
    tests:
      - study: north-korean-classes
        metric: radar-range-over-needed
        settings: {missile: nodong}
        holds: {above: "1", why: "beyond one it does"}
        reading: Its range over what the Nodong asks for.
    cannot_say: Why.
"""


def test_a_ledger_of_ones_own_is_computed_shown_and_sealed(equipoise: Command, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(OWN, encoding="utf-8")
    printed = equipoise("claims", "--file", str(file), "--json")
    assert printed.code == 0
    (claim,) = json.loads(printed.out)["claims"]
    assert (claim["claim"], claim["level"], claim["whose_words"]) == ("far-enough", "some", "speaker")
    assert claim["findings"][0]["figures"][0]["standing"] == "open"
    shown = equipoise("claims", "far-enough", "--file", str(file))
    assert shown.code == 0
    assert "Supported under some published figures (6 of 7)" in shown.out
    made = equipoise("run", str(file), "--out", str(tmp_path / "run"))
    assert made.code == 0
    assert "dossier: " in made.err
    files = run_contents(tmp_path / "run")
    assert "the radar sees &lt;far&gt; &amp; wide" in files["report.html"].decode()
    manifest = json.loads(files["manifest.json"])
    assert manifest["command"] == "equipoise run debate.yaml"
    assert files["debate.yaml"].decode() == OWN
    assert manifest["files"] == {
        name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in files.items()
        if name != "manifest.json"
    }
    assert "missile/nodong" in manifest["catalogue"]
    assert run_module.LEDGER_COPY in files


def test_claims_that_need_no_computing_are_shown_at_once(equipoise: Command) -> None:
    outcome = equipoise("claims", "talks-2016-passing")
    assert outcome.code == 0
    assert "Not testable; recorded as context." in outcome.out
    assert "context" in outcome.out


def test_bad_input_is_one_line(equipoise: Command, tmp_path: Path) -> None:
    outcome = equipoise("claims", "timonin-2017-thread")
    assert (outcome.code, outcome.out) == (2, "")
    assert "did you mean timonin-2017-threat" in outcome.err
    file = tmp_path / "mine.yaml"
    file.write_text(OWN.replace("date: 2017", "date: once"), encoding="utf-8")
    for command in (("claims", "--file", str(file)), ("run", str(file))):
        outcome = equipoise(*command)
        assert outcome.code == 2
        assert "claims[0].date" in outcome.err
    assert equipoise("claims", "--file", str(tmp_path / "nowhere.yaml")).code == 2
    outcome = equipoise("network", str(file))
    assert outcome.code == 2
    assert "kind: got" in outcome.err


def test_proportion_prints_what_it_computes(equipoise: Command) -> None:
    outcome = equipoise("proportion", "north-korean-classes", "--json")
    assert outcome.code == 0
    summary = json.loads(outcome.out)
    assert summary["most_demanding"] == "musudan"
    assert {one["missile"] for one in summary["classes"]} >= {"scud-b", "scud-c", "nodong", "musudan"}
    table = equipoise("proportion", "north-korean-classes")
    assert table.code == 0
    assert "What each class asks for" in table.out
    refused = equipoise("proportion", "russia-view")
    assert refused.code == 2
    assert "allowed: footprint" in refused.err
