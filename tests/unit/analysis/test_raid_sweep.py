from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from equipoise.analysis import read_results, run_ensemble, sweep_of
from equipoise.analysis.intervals import share
from equipoise.analysis.raid import RaidField, prepare
from equipoise.analysis.raid_answers import leaked_share
from equipoise.analysis.raid_panel import raid_panel
from equipoise.analysis.raid_setting import RaidSetting
from equipoise.errors import InputError, UnknownIdError
from equipoise.study import RaidStudy, load_any_study, load_raid_study

STUDY = """\
kind: raid
id: small
title: Small
summary: Six missiles.
country: KOR
layers:
  - {id: thaad, battery: thaad-battery, launchers: 1, site: seongju, boresight: 340 deg, radar_range: lewis-postol-870}
salvos:
  - {missile: nodong, launch_area: sunan, target: busan, count: 4, spacing: 20 s}
  - {missile: nodong, launch_area: sohae, target: gwangju, count: 2, spacing: 20 s}
chance: {runs: 300, seed: 4, draws: 0}
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> RaidStudy:
    path = tmp_path_factory.mktemp("study") / "small.yaml"
    path.write_text(STUDY, encoding="utf-8")
    return load_raid_study(path)


def test_points_are_the_raids_with_these_numbers(study: RaidStudy, tmp_path: Path) -> None:
    sweep = sweep_of(study, ["missiles=3,6", "thaad.interceptor.kill_probability=0.2,0.9"])
    table = read_results(run_ensemble(sweep, tmp_path / "out").table)
    assert list(table["missiles"]) == [3, 3, 6, 6]
    assert list(table["thaad_interceptor_kill_probability"]) == [0.2, 0.9, 0.2, 0.9]
    field, panel = RaidField.of(study), raid_panel(study)
    for i in range(4):
        setting = panel.at(
            {"thaad.interceptor.kill_probability": float(table["thaad_interceptor_kill_probability"][i])}
        )
        counts = prepare(field, setting.setting, size=int(table["missiles"][i])).run(300, 4)
        leaked = leaked_share(counts)
        assert table["leakers"][i] == counts.leakers @ np.arange(len(counts.leakers))
        assert (table["leaked_share"][i], table["leaked_share_low"][i]) == (leaked.value, leaked.low)
        clean = share(int(counts.leakers[0]), 300)
        assert (table["no_leaker_probability"][i], table["no_leaker_probability_high"][i]) == (clean.value, clean.high)
        assert table["leakers_busan"][i] + table["leakers_gwangju"][i] == table["leakers"][i]
        assert table["spent_mean_thaad"][i] == counts.spent[0] @ np.arange(counts.spent.shape[1]) / 300


def test_chunks_and_threads_change_no_byte(study: RaidStudy, tmp_path: Path) -> None:
    sweep = sweep_of(study, ["thaad.battery.commit_delay=5:30:3"], runs=200, seed=9)
    made = [
        run_ensemble(sweep, tmp_path / str(i), chunk_runs=chunk, threads=threads).table.read_bytes()
        for i, (chunk, threads) in enumerate([(None, None), (7, 1), (64, 3), (600, 2)])
    ]
    assert len(set(made)) == 1


def test_without_keys_it_is_an_ensemble_of_one_point(study: RaidStudy, tmp_path: Path) -> None:
    table = read_results(run_ensemble(sweep_of(study, [], runs=500, seed=2), tmp_path / "out", chunk_runs=77).table)
    counts = prepare(RaidField.of(study)).run(500, 2)
    assert (list(table["runs"]), list(table["runs_without_leaker"])) == ([500], [int(counts.leakers[0])])


def test_the_seed_is_part_of_what_the_result_hangs_on(study: RaidStudy) -> None:
    keys = {sweep_of(study, [], runs=runs, seed=seed).key for runs in (10, 20) for seed in (1, 2)}
    assert len(keys) == 4


def test_every_key_turns_its_own_number(study: RaidStudy) -> None:
    panel = raid_panel(study)
    assert panel.central.setting == RaidSetting.central(study)
    for key, knob in panel.knobs.items():
        if knob.names:
            assert knob.turned(panel.central, knob.names[-1]) != panel.central
        elif knob.quantity is not None and key != "missiles":
            low = max(knob.quantity.minimum, -1e6)
            assert knob.turned(panel.central, low) != knob.turned(panel.central, low + 0.25)


@pytest.mark.parametrize(
    ("vary", "message"),
    [
        ("thaad.interceptor.kill_prob=0:1:3", "unknown id .*did you mean thaad.interceptor.kill_probability"),
        ("thaad.interceptor.kill_probability=0:1.5:3", "got 1.5; allowed: 0 to 1"),
        ("missiles=1.5,3", "missiles: got 1.5; allowed: whole numbers"),
        ("missiles=0,3", "missiles: got 0; allowed: 1 to 20000"),
        ("thaad.radar_range=near,far", "thaad.radar_range: unknown id .*near"),
        ("thaad.interceptor.min_altitude=40,160", "min_altitude: got 160 km; allowed: below max_altitude"),
        ("thaad.interceptor.burnout_speed=2.4,11", "burnout_speed must lie between"),
        ("lsam.battery.launchers=1,2", "unknown id"),
    ],
)
def test_what_is_not_allowed_is_refused(study: RaidStudy, vary: str, message: str) -> None:
    with pytest.raises((InputError, UnknownIdError), match=message):
        sweep_of(study, [vary])


def test_other_kinds_say_what_they_take() -> None:
    with pytest.raises(InputError, match="kind: got network; allowed for a sweep: footprint, raid"):
        sweep_of(load_any_study("russia-view"), [])
    seongju = load_any_study("seongju")
    with pytest.raises(InputError, match="--runs: given, and study seongju has no chance in it"):
        sweep_of(seongju, ["battery.commit_delay=5,60"], runs=10)
    with pytest.raises(InputError, match="--vary: missing"):
        sweep_of(seongju, [])
