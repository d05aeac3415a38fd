from __future__ import annotations

from pathlib import Path

import pytest

from equipoise.errors import FileFormatError, UnknownIdError
from equipoise.study import RaidStudy, load_any_study, load_network_study, load_raid_study, load_study, study_kind

STUDY = """\
kind: raid
id: mine
title: Mine
summary: >-
  A small
  raid
country: KOR
layers:
  - {id: upper, battery: thaad-battery, site: seongju, boresight: 340 deg, radar_range: lewis-postol-870,
     doctrine: [{volleys: [1, 2], time_left: 1 min}, {volleys: [1, 1], when: all-fit}, {volleys: [2]}]}
  - {id: second, battery: thaad-battery, batteries: 2, launchers: 3, kill_probability: 0.5, doctrine: single,
     site: {name: Mine, latitude: 36.5 deg, longitude: 127.5 deg}, boresight: 340 deg,
     radar_range: lewis-postol-870, fires_on: [upper, kyoga], link: c2bmc}
sensors:
  - {id: kyoga, site: kyogamisaki-tpy-2, radar_range: press-2000}
common_mode:
  reliability: 0.9
  track_probability: {value: 0.95, low: 0.8, high: 1, note: a guess of mine}
salvos:
  - {missile: scud-c, launch_area: hwangju, target: daejeon, count: 3, start: 5 s, spacing: 0.5 min}
  - {missile: nodong, launch_area: sunan, target: busan, count: 2, trajectory: lofted}
  - {missile: nodong, launch_area: sunan, target: daejeon, count: 1}
weights: population
questions: {sizes: [20, 5, 5], confidence: 0.8, one_more: second}
chance: {runs: 100, seed: 3, draws: 4, runs_per_draw: 50}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def study(tmp_path: Path) -> RaidStudy:
    return load_raid_study(written(tmp_path, STUDY))


def test_ids_become_records_and_quantities_si(study: RaidStudy) -> None:
    upper, second = study.layers
    assert (upper.battery.id, upper.radar is not None and upper.radar.id) == ("thaad-battery", "an-tpy-2")
    assert study.summary == "A small raid"
    assert study.missiles == 6
    assert [salvo.target.id for salvo in study.salvos] == ["daejeon", "busan", "daejeon"]
    assert [target.id for target in study.targets] == ["daejeon", "busan"]
    assert (study.salvos[0].start_s, study.salvos[0].spacing_s) == (5.0, 30.0)
    assert study.salvos[1].threat.trajectory == "lofted"
    assert [sensor.id for sensor in study.sensors] == ["kyoga"]
    assert second.link is not None
    assert second.fires_on == ("upper", "kyoga")


def test_what_the_study_says_of_a_layer_takes_the_place_of_the_records(study: RaidStudy) -> None:
    upper, second = study.layers
    assert (upper.rounds, second.rounds) == (6 * 8, 2 * 3 * 8)
    assert second.interceptor.kill_probability.value == 0.5
    assert second.interceptor.kill_probability.source == "study-file"
    assert upper.interceptor.kill_probability.source != "study-file"


def test_doctrines_are_rules_and_the_last_always_holds(study: RaidStudy) -> None:
    first, second, last = study.layers[0].doctrine
    assert (first.volleys, first.time_left_s, first.all_fit) == ((1, 2), 60.0, False)
    assert (second.volleys, second.time_left_s, second.all_fit) == ((1, 1), None, True)
    assert last.volleys == (2,)
    assert [rule.volleys for rule in study.layers[1].doctrine] == [(1,)]


def test_a_layer_without_doctrine_fires_the_salvo_of_its_battery(tmp_path: Path) -> None:
    study = load_raid_study(written(tmp_path, STUDY.replace(", doctrine: single", "")))
    assert [rule.volleys for rule in study.layers[1].doctrine] == [
        (round(study.layers[1].battery.shots_per_opportunity.value),)
    ]


def test_common_modes_keep_their_range_and_reason(study: RaidStudy) -> None:
    whole, track = study.common_mode.reliability, study.common_mode.track_probability
    assert whole is not None
    assert (whole.low, whole.value, whole.high) == (0.9, 0.9, 0.9)
    assert track is not None
    assert (track.low, track.value, track.high, track.note) == (0.8, 0.95, 1.0, "a guess of mine")


def test_weights_are_people_equal_or_the_authors(study: RaidStudy, tmp_path: Path) -> None:
    assert study.weights == tuple(target.population.value for target in study.targets if target.population)
    equal = load_raid_study(written(tmp_path, STUDY.replace("weights: population", "weights: equal")))
    assert equal.weights == (1.0, 1.0)
    own = load_raid_study(written(tmp_path, STUDY.replace("weights: population", "weights: {busan: 2, daejeon: 0.5}")))
    assert own.weights == (0.5, 2.0)


def test_questions_and_chance(study: RaidStudy) -> None:
    assert study.questions.sizes == (5, 20)
    assert study.questions.one_more == "second"
    assert (study.chance.runs, study.chance.seed, study.chance.draws, study.chance.runs_per_draw) == (100, 3, 4, 50)


def test_every_loader_knows_the_kind(tmp_path: Path) -> None:
    path = written(tmp_path, STUDY)
    assert study_kind(load_any_study(path)) == "raid"
    for load, allowed in ((load_study, "footprint"), (load_network_study, "network")):
        with pytest.raises(FileFormatError, match=f"kind: got raid; allowed: {allowed}"):
            load(path)
    with pytest.raises(FileFormatError, match="kind: got footprint; allowed: raid"):
        load_raid_study("seongju")


def test_the_bundled_raid_loads() -> None:
    study = load_raid_study("seongju-raid")
    assert study.missiles == 40
    assert study.layers[0].rounds == 48


WRONG = {
    "a salvo of a missile that nobody knows": ("missile: scud-c", "missile: scud-x", r"salvos\[0\].missile: .*scud-x"),
    "no missile": ("count: 3", "count: 0", r"salvos\[0\].count"),
    "too many": ("count: 3", "count: 5000", "salvos: 5003 missiles in all; allowed: at most 5000"),
    "a time without a unit": ("start: 5 s", "start: 5", r"salvos\[0\].start"),
    "a probability above one": ("kill_probability: 0.5", "kill_probability: 1.5", r"layers\[1\].kill_probability"),
    "an end inside": ("low: 0.8", "low: 0.96", "track_probability.value: got 0.95; allowed: between low, 0.96"),
    "a rule that hides another": (", time_left: 1 min", "", r"doctrine\[0\]: holds always"),
    "a last rule with a condition": (
        "{volleys: [2]}]",
        "{volleys: [2], when: all-fit}]",
        r"doctrine\[2\]: has a condi",
    ),
    "a volley of nothing": ("[1, 2]", "[0, 2]", r"doctrine\[0\].volleys"),
    "two conditions": ("time_left: 1 min}", "time_left: 1 min, when: all-fit}", "given beside time_left"),
    "a layer twice": ("id: second", "id: upper", '"upper" is given 2 times'),
    "a track of nobody": ("[upper, kyoga]", "[upper, kioga]", r"fires_on\[1\]: .*kioga.*did you mean kyoga"),
    "tracks without a link": (", link: c2bmc", "", r"layers\[1\].link: missing"),
    "no range": ("radar_range: lewis-postol-870,\n", "radar_range: far,\n", r"layers\[0\].radar_range"),
    "no boresight": ("site: seongju, boresight: 340 deg", "site: seongju", r"layers\[0\].boresight: missing"),
    "a weight of nobody": ("weights: population", "weights: {seoul: 1}", "weights.seoul"),
    "a weight missing": ("weights: population", "weights: {busan: 1}", "no weight for daejeon"),
    "one more of nobody": ("one_more: second", "one_more: third", "questions.one_more"),
    "a sample that is no power of two": (
        "draws: 4",
        "draws: 4, sensitivity: 12",
        "chance.sensitivity: got 12; allowed",
    ),
    "a certainty": ("confidence: 0.8", "confidence: 1", "questions.confidence"),
    "an unknown key": ("weights: population", "wieghts: population", 'did you mean "?weights'),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_study_is_refused_with_the_field(tmp_path: Path, case: str) -> None:
    right, wrong, message = WRONG[case]
    assert right in STUDY
    with pytest.raises((FileFormatError, UnknownIdError), match=message) as refusal:
        load_raid_study(written(tmp_path, STUDY.replace(right, wrong, 1)))
    assert "\n" not in str(refusal.value)
    assert "mine.yaml" in str(refusal.value)
