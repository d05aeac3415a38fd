"""A battery without a radar of its own, against a missile of intercontinental range."""

from __future__ import annotations

from pathlib import Path

import pytest

from equipoise.analysis.raid import RaidField, prepare
from equipoise.analysis.raid_answers import leaked_share, magazines_spent
from equipoise.study import RaidStudy, load_raid_study

STUDY = """\
kind: raid
id: home
title: Four missiles at Seattle
summary: Interceptors in Alaska, on the tracks of others.
country: USA
layers:
  - {id: gmd, battery: gmd, site: {name: Fort Greely, latitude: 63.9 deg, longitude: -145.7 deg}, track_until: launch,
     fires_on: SENSORS, link: c2bmc, doctrine: [{volleys: [4]}]}
sensors:
  - {id: clear, site: clear-lrdr, radar_range: assumed-4000}
  - {id: kyogamisaki, site: kyogamisaki-tpy-2, radar_range: press-2000}
salvos:
  - {missile: hwasong-15, launch_area: sunan, target: seattle, count: 4, spacing: 60 s}
chance: {runs: 2000, seed: 1, draws: 0}
"""


def study_with(folder: Path, sensors: str) -> RaidStudy:
    path = folder / "home.yaml"
    path.write_text(STUDY.replace("SENSORS", sensors), encoding="utf-8")
    return load_raid_study(path)


@pytest.fixture(scope="module")
def field(tmp_path_factory: pytest.TempPathFactory) -> RaidField:
    return RaidField.of(study_with(tmp_path_factory.mktemp("gmd"), "[clear, kyogamisaki]"))


def test_it_fires_on_the_track_of_others(field: RaidField) -> None:
    raid = prepare(field)
    (window,) = raid.windows[0]
    assert window.can_fire
    # Nobody commits while the engines burn, nor before the track has come over the link.
    assert window.first_launch_s > field.trajectories[0].burnout.time_s
    counts = raid.run(20_000, 1)
    battery, interceptor = field.study.layers[0].battery, field.study.layers[0].interceptor
    assert battery.track_probability is not None
    assert battery.reliability is not None
    # Four independent shots, all of them right or wrong together, and the whole battery at work or not.
    kill = 1.0 - (1.0 - interceptor.kill_probability.value) ** 4
    expected = 1.0 - battery.reliability.value * battery.track_probability.value * kill
    # A raid's four missiles share one draw of the reliability: three standard errors of 20,000 raids.
    assert leaked_share(counts).value == pytest.approx(expected, abs=3.0 * leaked_share(counts).half_width / 1.96)


def test_forty_four_interceptors_at_four_each_are_spent_on_eleven_warheads(field: RaidField) -> None:
    # "With the US's 44 interceptors, at most you could destroy 11 warheads": Bruce Blair, as SOFREP quotes him.
    (spent,) = magazines_spent(field, seed=1, runs=100)
    assert (spent.rounds, spent.sizes) == (44, (11, 11, 11))


def test_the_sensor_that_leaves_the_most_time_is_the_one_that_counts(field: RaidField, tmp_path: Path) -> None:
    both = prepare(field).windows[0][0]
    alone = [
        prepare(RaidField(study_with(tmp_path, f"[{name}]"), field.trajectories, field.arcs)).windows[0][0]
        for name in ("clear", "kyogamisaki")
    ]
    assert both.margin_s == max(window.margin_s for window in alone)
