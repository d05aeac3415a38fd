from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from equipoise.analysis import raid as rd
from equipoise.analysis import raid_answers as ra
from equipoise.analysis import raid_kernels as rk
from equipoise.analysis.draws import generator
from equipoise.analysis.raid_counts import RaidCounts
from equipoise.analysis.raid_run import run_raid
from equipoise.analysis.raid_summary import raid_summary
from equipoise.defence.effectiveness import expected_interceptors, no_leaker_probability, shots_for_confidence
from equipoise.errors import InputError, UnreachableError
from equipoise.study import RaidStudy, load_raid_study

KILL = 0.6
# Missiles come one by one, two minutes apart: the battery has its launchers and its channel to itself each time.
STUDY = """\
kind: raid
id: calm
title: Calm
summary: One missile after another.
country: KOR
layers:
  - {{id: thaad, battery: thaad-battery, site: seongju, boresight: 340 deg, radar_range: lewis-postol-870,
     kill_probability: {kill}, doctrine: [{{volleys: {volleys}}}]}}
salvos:
  - {{missile: nodong, launch_area: sunan, target: busan, count: 4, spacing: 300 s}}
  - {{missile: scud-c, launch_area: hwangju, target: daejeon, count: 2, start: 2000 s, spacing: 300 s}}
weights: equal
questions: {{sizes: [1, 6, 12], confidence: 0.8}}
chance: {{runs: 4000, seed: 11, draws: 3, runs_per_draw: 200}}
"""


def calm_study(folder: Path, volleys: str = "[2]", kill: float = KILL) -> RaidStudy:
    path = folder / "calm.yaml"
    path.write_text(STUDY.format(kill=kill, volleys=volleys), encoding="utf-8")
    study = load_raid_study(path)
    # Nothing fails in common and nothing limits: what is left are independent shots.
    battery = study.layers[0].battery.model_copy(
        update={"reliability": None, "track_probability": None, "guidance_channels": None, "track_capacity": None}
    )
    return replace(study, layers=(replace(study.layers[0], battery=battery),))


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> RaidStudy:
    return calm_study(tmp_path_factory.mktemp("raid"))


@pytest.fixture(scope="module")
def field(study: RaidStudy) -> rd.RaidField:
    return rd.RaidField.of(study)


@pytest.fixture(scope="module")
def raid(field: rd.RaidField) -> rd.Raid:
    return rd.prepare(field)


def same(a: RaidCounts, b: RaidCounts) -> bool:
    return all(np.array_equal(getattr(a, one.name), getattr(b, one.name)) for one in fields(RaidCounts))


def test_runs_add_up_to_the_bit_wherever_they_are_cut(raid: rd.Raid) -> None:
    whole = raid.run(1000, 7)
    parts = raid.run(137, 7) + raid.run(863, 7, first_run=137)
    assert same(whole, parts)
    assert not same(whole, raid.run(1000, 8))


def test_the_number_of_threads_changes_nothing(raid: rd.Raid, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = raid.run(1000, 7)
    monkeypatch.setenv("EQUIPOISE_THREADS", "1")
    assert same(whole, raid.run(1000, 7))


def test_blocks_change_nothing(raid: rd.Raid, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = raid.run(1000, 7)
    monkeypatch.setattr(rd, "BLOCK", 33)
    assert same(whole, raid.run(1000, 7))


def test_every_missile_is_killed_or_leaks(raid: rd.Raid) -> None:
    counts = raid.run(500, 1)
    leaked = int(counts.leakers @ np.arange(len(counts.leakers)))
    assert leaked + int(counts.killed.sum()) == 500 * raid.size
    assert leaked == int(counts.target_leakers.sum())


def test_a_calm_raid_is_wilkenings(raid: rd.Raid) -> None:
    # Three standard errors of 40,000 runs: 1 in 370 by chance, and the seed is fixed.
    runs = 40_000
    expected = no_leaker_probability(KILL, 2, raid.size)
    counts = raid.run(runs, 3)
    assert counts.leakers[0] / runs == pytest.approx(expected, abs=3 * (expected * (1 - expected) / runs) ** 0.5)
    assert counts.spent[0, 2 * raid.size] == runs


def test_shoot_look_shoot_spends_what_wilkening_says(tmp_path: Path) -> None:
    study = calm_study(tmp_path, "[1, 1]")
    # The Nodong alone: against the Scud-C a second shot comes too late.
    raid = rd.prepare(rd.RaidField.of(replace(study, salvos=study.salvos[:1], targets=study.targets[:1])))
    runs = 40_000
    counts = raid.run(runs, 5)
    spent = counts.spent[0] @ np.arange(counts.spent.shape[1]) / runs
    # Each second shot is one throw of 1 - k: the mean's own standard error, three times.
    sigma = (raid.size * KILL * (1 - KILL) / runs) ** 0.5
    assert spent == pytest.approx(expected_interceptors(KILL, 1, 2, raid.size), abs=3 * sigma)


def test_sizes_keep_the_proportions(study: RaidStudy) -> None:
    assert rd.counts_of_size(study) == (4, 2)
    assert rd.counts_of_size(study, 3) == (2, 1)
    assert rd.counts_of_size(study, 1) == (1, 0)
    assert rd.counts_of_size(study, 100) == (67, 33)
    for size in (0, rd.MAX_MISSILES + 1):
        with pytest.raises(InputError, match="raid size must lie in"):
            rd.counts_of_size(study, size)


def test_missiles_fly_in_the_order_of_their_launch(field: rd.RaidField) -> None:
    raid = rd.prepare(field, size=7)
    assert list(raid.missiles.launch_s) == [0.0, 300.0, 600.0, 900.0, 1200.0, 2000.0, 2300.0]
    assert list(raid.missiles.target) == [0, 0, 0, 0, 0, 1, 1]
    assert list(ra.missiles_by_target(field.study, 7)) == [5, 2]


def test_a_target_out_of_reach_names_the_salvo(study: RaidStudy) -> None:
    far = replace(study.salvos[1], target=study.catalog.place("seattle"))
    with pytest.raises(UnreachableError, match=r"study calm, salvos\[1\], target seattle"):
        rd.RaidField.of(replace(study, salvos=(study.salvos[0], far)))


def test_draws_stay_in_their_ranges_and_are_shared_by_layers_of_one_record(study: RaidStudy) -> None:
    two = replace(study, layers=(study.layers[0], replace(study.layers[0], id="other", boresight_spread_rad=0.3)))
    settings = [rd.RaidSetting.drawn(two, generator(1, draw)) for draw in range(20)]
    number = study.layers[0].battery.commit_delay_s
    drawn = [setting.layers[0].battery.commit_delay_s.value for setting in settings]
    assert all(number.low <= value <= number.high for value in drawn)
    assert len(set(drawn)) == len(drawn)
    assert all(setting.layers[0].battery == setting.layers[1].battery for setting in settings)
    turned = [setting.layers[1].boresight_rad - two.layers[1].boresight_rad for setting in settings]
    assert 0.0 < max(map(abs, turned)) <= 0.3
    assert all(setting.layers[0].boresight_rad == two.layers[0].boresight_rad for setting in settings)


def test_the_log_is_the_run(raid: rd.Raid) -> None:
    rows = raid.rows(5, 21, first_run=40)
    for run in range(5):
        shots = raid.log(40 + run, 21)
        assert len(shots) == rows.spent[run].sum()
        killed = len(set(shots[shots[:, rk.LOG_KILLED] > 0, rk.LOG_MISSILE]))
        assert killed == rows.killed[run].sum()
        assert np.all(shots[:, rk.LOG_INTERCEPT] > shots[:, rk.LOG_LAUNCH])


def test_equal_weights_are_no_weights(raid: rd.Raid, study: RaidStudy) -> None:
    counts = raid.run(3000, 2)
    aimed = ra.missiles_by_target(study)
    weighted, plain = ra.weighted_share(counts, np.ones(2), aimed), ra.leaked_share(counts)
    assert (weighted.value, weighted.low, weighted.high) == pytest.approx((plain.value, plain.low, plain.high))
    only = ra.weighted_share(counts, np.array([0.0, 3.0]), aimed)
    assert only.value == pytest.approx(counts.target_leakers[1] / 3000 / 2)
    assert ra.weighted_share(counts, np.zeros(2), aimed).value == 0.0


def test_running_until_a_half_width_stops_there(raid: rd.Raid) -> None:
    counts = ra.run_until(raid, 0.01, 4)
    assert max(ra.leaked_share(counts).half_width, ra.no_leaker(counts).half_width) <= 0.01
    half = raid.run(int(counts.runs) // 2, 4)
    assert max(ra.leaked_share(half).half_width, ra.no_leaker(half).half_width) > 0.01
    assert same(counts, raid.run(int(counts.runs), 4))


def test_a_half_width_out_of_reach_is_refused(raid: rd.Raid, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ra, "_MOST_RUNS", 4000)
    with pytest.raises(InputError, match=r"half-width: 0\.0001 was not reached in 4,000 runs"):
        ra.run_until(raid, 1e-4, 4)
    for half_width in (0.0, 1.0, float("nan")):
        with pytest.raises(InputError, match="half-width must lie above 0"):
            ra.run_until(raid, half_width, 4)


def test_the_magazine_is_spent_where_two_shots_each_say(field: rd.RaidField) -> None:
    (spent,) = ra.magazines_spent(field, seed=1, runs=200)
    # 48 rounds, two at each missile without fail: 24 missiles.
    assert (spent.rounds, spent.sizes) == (48, (24, 24, 24))


def test_enough_interceptors_are_wilkenings_number(field: rd.RaidField) -> None:
    needed = ra.interceptors_needed(field, seed=1, runs=4000)
    shots = shots_for_confidence(0.8, KILL, 6)
    assert needed.shots == shots
    assert needed.interceptors.value == shots * 6
    assert needed.out_of_reach == 0


def test_one_more_battery_saves_where_rounds_are_short(study: RaidStudy) -> None:
    crowd = replace(study, salvos=(replace(study.salvos[0], count=60),))
    more = ra.one_more_battery(rd.RaidField.of(crowd), runs=500, seed=1)
    # Twice 48 rounds at two each: 48 of 60 are met in place of 24, and each of them leaks with 0.16.
    assert more.before.value * 60 == pytest.approx(36 + 24 * 0.16, abs=0.4)
    assert more.fewer_leakers.value == pytest.approx(24 * (1 - 0.16), abs=0.4)
    assert more.fewer_leakers.low <= more.fewer_leakers.value <= more.fewer_leakers.high


def test_results_say_what_they_come_to(study: RaidStudy) -> None:
    results = run_raid(study)
    summary = raid_summary(results)
    assert summary["runs"] == 4000
    assert summary["leaked_share_low"] <= summary["leaked_share"] <= summary["leaked_share_high"]
    assert [point["missiles"] for point in summary["curve"]] == [1, 6, 12]
    assert summary["knowledge"]["draws"] == 3
    assert set(summary["layers"][0]["refused_mean"]) == {
        "magazine",
        "launch_rate",
        "guidance_channels",
        "track_capacity",
    }
    assert summary["targets"][0]["missiles"] + summary["targets"][1]["missiles"] == summary["missiles"]
    again = raid_summary(run_raid(study))
    assert again == summary


def test_draws_that_change_nothing_leave_the_expectation(field: rd.RaidField, monkeypatch: pytest.MonkeyPatch) -> None:
    central = rd.RaidSetting.central(field.study)
    monkeypatch.setattr(rd.RaidSetting, "drawn", classmethod(lambda cls, study, rng: central))
    knowledge = ra.raid_knowledge(field, draws=3, runs_per_draw=400, seed=9)
    expected = ra.leaked_share(rd.prepare(field).run(400, 9)).value
    assert list(knowledge.leaked) == [expected] * 3
