"""Timelines worked out by hand: when each shot leaves, when it meets, who refuses, and why.

Unless a test says otherwise a missile launched at 0 can be fired at from 100 s to 200 s, an interceptor flies for 40 s,
everything is there in plenty, and every shot kills.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
import simpy_raid
from made_raids import ALL_FIT, NEVER, MadeLayer, MadeRaid, Window, random_raid

from equipoise.analysis import raid_kernels as rk

WINDOW = Window.of(100.0, 200.0, 40.0, detection_s=60.0)
LAYER = MadeLayer([WINDOW])
# Sums of a few times of hundreds of seconds in double precision.
TIME_TOLERANCE_S = 1e-9


def launches(raid: MadeRaid, layer: int = 0, missile: int | None = None) -> list[float]:
    """Return when a layer's shots leave, at one missile or at all."""
    return [
        float(shot[rk.LOG_LAUNCH])
        for shot in raid.shots()
        if shot[rk.LOG_LAYER] == layer and missile in (None, shot[rk.LOG_MISSILE])
    ]


def against(layer: MadeLayer, *launched_s: float, **others: object) -> MadeRaid:
    return MadeRaid.of(launched_s or (0.0,), [layer], **others)  # type: ignore[arg-type]


def salvo(shots: int) -> list[tuple[float, Sequence[int]]]:
    return [(0.0, (shots,))]


def about(*times_s: float) -> object:
    return pytest.approx(list(times_s), abs=TIME_TOLERANCE_S)


def refusals(raid: MadeRaid, layer: int = 0) -> list[int]:
    return raid.run(1).refused[0, layer].tolist()


def reason(which: int, count: int = 1) -> list[int]:
    return [count if one == which else 0 for one in range(rk.N_REASONS)]


# Launch and intercept.


def test_a_salvo_leaves_one_by_one_and_meets_one_by_one() -> None:
    raid = against(replace(LAYER, doctrine=salvo(3), spacing_s=5.0))
    shots = raid.shots()
    assert shots[:, rk.LOG_LAUNCH].tolist() == about(100.0, 105.0, 110.0)
    assert shots[:, rk.LOG_INTERCEPT].tolist() == about(140.0, 145.0, 150.0)


def test_an_intercept_between_two_of_the_table_lies_on_the_line_between_them() -> None:
    window = Window(100.0, 200.0, (140.0, 150.0, 240.0))
    raid = against(replace(LAYER, windows=[window], doctrine=salvo(3), spacing_s=25.0))
    assert raid.shots()[:, rk.LOG_INTERCEPT].tolist() == about(140.0, 145.0, 150.0)
    raid = against(replace(LAYER, windows=[window], doctrine=salvo(2), spacing_s=75.0))
    assert raid.shots()[:, rk.LOG_INTERCEPT].tolist() == about(140.0, 195.0)


def test_windows_count_from_the_launch_of_the_missile() -> None:
    raid = against(LAYER, 0.0, 33.0)
    assert launches(raid) == about(100.0, 133.0)
    assert raid.shots()[:, rk.LOG_INTERCEPT].tolist() == about(140.0, 173.0)


def test_a_window_of_one_moment_gives_one_shot() -> None:
    raid = against(replace(LAYER, windows=[Window.of(100.0, 100.0, 40.0)], doctrine=salvo(3), spacing_s=1.0), 0.3)
    assert launches(raid) == about(100.3)
    assert raid.shots()[:, rk.LOG_INTERCEPT].tolist() == about(140.3)


def test_a_missile_that_cannot_be_met_leaks_and_is_not_refused() -> None:
    tally = against(replace(LAYER, windows=[NEVER])).run(1)
    assert tally.leakers.tolist() == [[1]]
    assert tally.refused.sum() == 0
    assert tally.spent.sum() == 0


# Shoot, look, shoot.


@pytest.mark.parametrize(("last_s", "expected"), [(200.0, [100.0, 150.0, 200.0]), (199.9, [100.0, 150.0])])
def test_the_next_volley_follows_the_outcome_while_the_window_lasts(last_s: float, expected: list[float]) -> None:
    window = Window.of(100.0, last_s, 40.0)
    layer = replace(LAYER, windows=[window], doctrine=[(0.0, (1, 1, 1))], assess_s=10.0, kill=0.0)
    assert launches(against(layer)) == about(*expected)


def test_after_a_kill_there_is_no_second_volley() -> None:
    raid = against(replace(LAYER, doctrine=[(0.0, (2, 3))], assess_s=10.0))
    assert launches(raid) == about(100.0, 100.0)
    tally = raid.run(1)
    assert (tally.killed.tolist(), tally.leakers.tolist(), tally.spent.tolist()) == ([[1]], [[0]], [[2]])


@pytest.mark.parametrize(("last_s", "expected"), [(150.0, [100.0, 150.0]), (149.9, [100.0, 103.0])])
def test_shoot_look_shoot_where_both_fit_else_both_at_once(last_s: float, expected: list[float]) -> None:
    window = Window.of(100.0, last_s, 40.0)
    doctrine = [(ALL_FIT, (1, 1)), (0.0, (2,))]
    layer = replace(LAYER, windows=[window], doctrine=doctrine, assess_s=10.0, spacing_s=3.0, kill=0.0)
    assert launches(against(layer)) == about(*expected)


@pytest.mark.parametrize(("needed_s", "shots"), [(100.0, 1), (100.1, 2)])
def test_a_rule_holds_from_its_time_left_on(needed_s: float, shots: int) -> None:
    assert len(launches(against(replace(LAYER, doctrine=[(needed_s, (1,)), (0.0, (2,))])))) == shots


def test_the_last_rule_holds_where_none_does() -> None:
    assert len(launches(against(replace(LAYER, doctrine=[(500.0, (1,)), (400.0, (3,))])))) == 3


# What shots have to wait for.


@pytest.mark.parametrize(("units", "expected"), [(1, [100.0, 107.0, 114.0]), (2, [100.0, 100.0, 107.0])])
def test_fire_units_share_the_orders(units: int, expected: list[float]) -> None:
    assert launches(against(replace(LAYER, spacing_s=7.0, units=units), 0.0, 0.0, 0.0)) == about(*expected)


@pytest.mark.parametrize(("launchers", "expected"), [(1, [100.0, 112.0, 124.0]), (2, [100.0, 100.0, 112.0])])
def test_launchers_share_the_shots(launchers: int, expected: list[float]) -> None:
    layer = replace(LAYER, doctrine=salvo(3), launcher_spacing_s=12.0, launchers=launchers)
    assert launches(against(layer)) == about(*expected)


def test_an_order_whose_turn_comes_too_late_is_refused_for_the_launch_rate() -> None:
    for slow in (replace(LAYER, spacing_s=121.0), replace(LAYER, launcher_spacing_s=121.0)):
        raid = against(slow, 0.0, 20.0)
        assert refusals(raid) == reason(rk.LAUNCH_RATE)
        assert launches(raid) == about(100.0)
    assert launches(against(replace(LAYER, spacing_s=120.0), 0.0, 20.0)) == about(100.0, 220.0)


def test_a_volley_ends_with_the_last_shot_that_is_in_time() -> None:
    raid = against(replace(LAYER, doctrine=salvo(4), spacing_s=40.0))
    assert launches(raid) == about(100.0, 140.0, 180.0)
    assert refusals(raid) == [0, 0, 0, 0]


def test_a_channel_is_taken_until_the_intercept() -> None:
    layer = replace(LAYER, channels=1, doctrine=salvo(3))
    assert launches(against(layer)) == about(100.0, 140.0, 180.0)
    assert launches(against(replace(layer, channels=2))) == about(100.0, 100.0, 140.0)


def test_without_a_channel_in_time_the_missile_is_refused() -> None:
    layer = replace(LAYER, channels=1, windows=[Window.of(100.0, 200.0, 150.0)])
    raid = against(layer, 0.0, 20.0)
    assert refusals(raid) == reason(rk.CHANNELS)
    assert launches(against(layer, 0.0, 50.0)) == about(100.0, 250.0)


# Rounds.


def test_an_empty_launcher_is_back_after_the_reload_while_spare_rounds_last() -> None:
    layer = replace(LAYER, doctrine=salvo(6), spacing_s=1.0, rounds=2, spare=3, reload_s=30.0)
    raid = against(layer)
    assert launches(raid) == about(100.0, 101.0, 131.0, 132.0, 162.0)
    assert raid.run(1).exhausted_s[0].tolist() == about(162.0)


def test_the_launcher_that_has_been_free_for_longest_fires() -> None:
    # 0 s: the first launcher; 1 s: the second; 2 s: the first, now empty and gone for the reload; 3 s: the second.
    layer = replace(
        LAYER, doctrine=salvo(6), spacing_s=1.0, launcher_spacing_s=0.5, launchers=2, rounds=2, spare=2, reload_s=30.0
    )
    assert launches(against(layer)) == about(100.0, 101.0, 102.0, 103.0, 132.0, 133.0)


def test_without_rounds_the_missile_is_refused() -> None:
    raid = against(replace(LAYER, rounds=2, doctrine=salvo(2)), 0.0, 10.0, 20.0)
    tally = raid.run(1)
    assert tally.refused[0, 0].tolist() == reason(rk.MAGAZINE, 2)
    assert (tally.spent.tolist(), tally.leakers.tolist()) == ([[2]], [[2]])
    assert tally.exhausted_s[0].tolist() == about(100.0)


@pytest.mark.parametrize("spare", [1, 2, 3])
def test_rounds_that_come_back_too_late_are_missing_rounds_however_few(spare: int) -> None:
    layer = replace(LAYER, rounds=2, spare=spare, doctrine=salvo(2), reload_s=121.0)
    raid = against(layer, 0.0, 20.0)
    assert refusals(raid) == reason(rk.MAGAZINE)
    assert np.isnan(raid.run(1).exhausted_s[0, 0])
    assert launches(against(replace(layer, reload_s=120.0), 0.0, 20.0))[2] == pytest.approx(220.0, abs=1e-9)


def test_spare_rounds_without_a_reload_stay_where_they_are() -> None:
    raid = against(replace(LAYER, rounds=1, spare=5), 0.0, 20.0)
    assert refusals(raid) == reason(rk.MAGAZINE)
    assert raid.run(1).spent.tolist() == [[1]]


def test_the_magazine_is_exhausted_when_the_last_round_leaves() -> None:
    layer = replace(LAYER, rounds=3, spacing_s=5.0, doctrine=salvo(2))
    raid = against(layer, 0.0, 2.0)
    assert launches(raid) == about(100.0, 105.0, 110.0)
    assert raid.run(1).exhausted_s[0].tolist() == about(110.0)
    assert np.isnan(against(layer, 0.0).run(1).exhausted_s[0, 0])


# Tracks.

ONE_TRACK = replace(LAYER, tracks=1, assess_s=10.0, relock_s=5.0)


def test_a_track_is_free_again_after_the_outcome_and_the_next_is_fired_at_after_a_relock() -> None:
    assert launches(against(ONE_TRACK, 0.0, 20.0)) == about(100.0, 155.0)
    # A track that is free before the first launch costs nothing.
    assert launches(against(ONE_TRACK, 0.0, 89.0)) == about(100.0, 189.0)
    # Shoot, look, shoot keeps it until the second outcome.
    looking = replace(ONE_TRACK, doctrine=[(0.0, (1, 1))], kill=0.0)
    assert launches(against(looking, 0.0, 20.0)) == about(100.0, 150.0, 205.0)


def test_a_radar_that_is_full_until_too_late_refuses() -> None:
    # The first outcome at 150 s: with the relock until 155 s, or 155.1 s, for the last launch of the second, at 155 s.
    short = Window.of(100.0, 135.0, 40.0, detection_s=60.0)
    layer = replace(ONE_TRACK, windows=[short])
    assert launches(against(layer, 0.0, 20.0)) == about(100.0, 155.0)
    raid = against(replace(layer, relock_s=5.1), 0.0, 20.0)
    assert refusals(raid) == reason(rk.TRACKS)
    assert raid.run(1).leakers.tolist() == [[1]]


def test_a_free_track_goes_to_the_longest_waiting_that_can_still_be_met() -> None:
    hurried = Window.of(100.0, 110.0, 40.0, detection_s=60.0)
    layer = replace(ONE_TRACK, windows=[WINDOW, hurried])
    raid = against(layer, 0.0, 20.0, 22.0, 24.0, salvos=[0, 1, 0, 0])
    assert refusals(raid) == reason(rk.TRACKS)
    assert launches(raid, missile=2) == about(155.0)
    assert launches(raid, missile=3) == about(210.0)


def test_a_launch_on_the_track_of_another_needs_room_on_the_radar_from_then_on() -> None:
    # Launched at 100 s on another's track, seen at 120 s: what would be seen first, at 110 s, finds the radar full.
    early = Window.of(100.0, 200.0, 40.0, detection_s=120.0)
    late = Window.of(130.0, 200.0, 40.0, detection_s=110.0)
    raid = against(replace(ONE_TRACK, windows=[early, late]), 0.0, 0.0, salvos=[0, 1])
    assert launches(raid, missile=0) == about(100.0)
    assert launches(raid, missile=1) == about(155.0)


def test_an_outcome_frees_the_tracks_of_a_layer_that_did_not_fire() -> None:
    # The first layer kills at 140 s; the second, on its single track from 60 s on, could fire from 300 s.
    far = MadeLayer([Window.of(300.0, 400.0, 20.0, 60.0), WINDOW], tracks=1, relock_s=5.0)
    killer = MadeLayer([WINDOW, NEVER], assess_s=10.0)
    raid = MadeRaid.of((0.0, 20.0), [killer, far], salvos=[0, 1])
    assert launches(raid, layer=1) == about(155.0)


# Layers together.

UPPER = MadeLayer([Window.of(100.0, 150.0, 40.0)], assess_s=10.0, kill=0.0)
LOWER = MadeLayer([Window.of(120.0, 220.0, 20.0)])


def together(*layers: MadeLayer, coordinated: bool = True) -> MadeRaid:
    return MadeRaid.of((0.0,), layers, coordinated=coordinated)


def test_a_layer_holds_its_fire_until_the_outcome_of_another() -> None:
    assert launches(together(UPPER, LOWER), layer=1) == about(150.0)
    assert launches(together(UPPER, LOWER, coordinated=False), layer=1) == about(120.0)
    # As well for one that is listed after it, once that has fired: at its last moment, 110 s.
    brief = replace(UPPER, windows=[Window.of(100.0, 110.0, 40.0)])
    assert launches(together(LOWER, brief), layer=1) == about(110.0)
    assert launches(together(LOWER, brief), layer=0) == about(160.0)


def test_a_kill_by_one_layer_saves_the_rounds_of_the_other() -> None:
    raid = together(replace(UPPER, kill=1.0), LOWER)
    tally = raid.run(1)
    assert (tally.spent.tolist(), tally.killed.tolist()) == ([[1, 0]], [[1, 0]])
    assert tally.refused.sum() == 0


@pytest.mark.parametrize(("shots", "expected"), [(1, [140.0]), (2, [130.0, 140.0]), (3, [120.0, 130.0, 140.0])])
def test_no_longer_than_its_own_volley_fits(shots: int, expected: list[float]) -> None:
    short = replace(LOWER, windows=[Window.of(120.0, 140.0, 20.0)], doctrine=salvo(shots), spacing_s=10.0)
    assert launches(together(UPPER, short), layer=1) == about(*expected)


def test_holding_fire_never_costs_the_volley_of_a_rule_that_holds_later() -> None:
    # At 120 s shoot, look, shoot would fit; at the last moment only both at once do, and need ten seconds.
    short = replace(
        LOWER,
        windows=[Window.of(120.0, 145.0, 20.0)],
        doctrine=[(ALL_FIT, (1, 1)), (0.0, (2,))],
        spacing_s=10.0,
        kill=0.0,
    )
    assert launches(together(UPPER, short), layer=1) == about(135.0, 145.0)
    assert launches(together(replace(UPPER, assess_s=-6.0), short), layer=1) == about(134.0, 144.0)


def test_a_layer_waits_for_one_before_it_that_has_yet_to_try() -> None:
    later = replace(UPPER, windows=[Window.of(180.0, 200.0, 30.0)])
    assert launches(together(later, LOWER), layer=1) == about(220.0)
    assert launches(together(LOWER, later), layer=0) == about(120.0)


def test_a_refusal_lets_the_next_layer_fire_at_once() -> None:
    # The upper layer has no rounds for the second missile, which it could fire at from 130 s.
    upper = replace(UPPER, windows=[WINDOW, Window.of(130.0, 190.0, 40.0)], rounds=1)
    lower = replace(LOWER, windows=[NEVER, Window.of(110.0, 210.0, 20.0)])
    raid = MadeRaid.of((0.0, 0.0), [upper, lower], salvos=[0, 1], coordinated=True)
    assert launches(raid, layer=1) == about(130.0)
    assert refusals(raid) == reason(rk.MAGAZINE)


def test_a_layer_that_gives_up_the_wait_for_a_track_lets_the_next_fire_at_once() -> None:
    upper = replace(ONE_TRACK, windows=[WINDOW, Window.of(100.0, 140.0, 40.0, 70.0)], kill=0.0)
    lower = replace(LOWER, windows=[NEVER, Window.of(110.0, 210.0, 20.0)])
    raid = MadeRaid.of((0.0, 0.0), [upper, lower], salvos=[0, 1], coordinated=True)
    assert refusals(raid) == reason(rk.TRACKS)
    assert launches(raid, layer=1) == about(135.0)


@pytest.mark.parametrize(("first_s", "fires"), [(149.9, True), (150.0, False)])
def test_nobody_fires_at_what_is_known_to_be_dead(first_s: float, fires: bool) -> None:
    lower = replace(LOWER, windows=[Window.of(first_s, 220.0, 20.0)])
    raid = together(replace(UPPER, kill=1.0), lower, coordinated=False)
    assert len(launches(raid, layer=1)) == fires
    assert refusals(raid, layer=1) == [0, 0, 0, 0]


def test_a_kill_counts_for_the_shot_that_meets_first() -> None:
    # Fired at 100 s and met at 180 s; fired at 120 s and met at 140 s.
    slow = replace(UPPER, kill=1.0, windows=[Window.of(100.0, 150.0, 80.0)])
    assert together(slow, LOWER, coordinated=False).run(1).killed.tolist() == [[0, 1]]
    # At one moment, for the layer listed first.
    assert together(LOWER, LOWER, coordinated=False).run(1).killed.tolist() == [[1, 0]]


# Draws.


@pytest.mark.parametrize("first_run", [0, 2**32 - 3, 2**40])
def test_shots_hit_by_the_word_that_bears_their_name(first_run: int) -> None:
    seed, kill = 2**61 + 12345, 0.4
    layer = replace(LAYER, doctrine=[(0.0, (2, 3, 6))], kill=kill)
    raid = MadeRaid.of((0.0, 1.0, 2.0), [replace(LAYER, windows=[NEVER]), layer])
    for run in range(first_run, first_run + 6):
        shots = raid.shots(run, seed=seed)
        for missile in range(3):
            ours = shots[shots[:, rk.LOG_MISSILE] == missile][:, rk.LOG_KILLED]
            counter = [run % 2**32, run >> 32, missile]
            blocks = [simpy_raid.philox(seed, [*counter, 65536 + block]) for block in range(3)]
            hits = [word / 2**32 < kill for word in np.ravel(blocks)[1:12]]
            wanted = hits[:2] if any(hits[:2]) else hits[:5] if any(hits[:5]) else hits
            assert ours.tolist() == wanted


@pytest.mark.parametrize("which", ["layer", "all layers", "layer's track", "common track"])
def test_what_fails_together_fails_by_the_word_that_bears_its_name(which: str) -> None:
    seed, share, runs = 99, 0.6, 40
    everything, every_missile = 0xFFFF << 16, 0xFFFFFFFF
    layer = LAYER if which in ("all layers", "common track") else replace(LAYER, reliability=share)
    layer = replace(LAYER, track=share) if which == "layer's track" else layer
    raid = MadeRaid.of(
        (0.0, 1.0),
        [layer],
        reliability=share if which == "all layers" else 1.0,
        track=share if which == "common track" else 1.0,
        targets=[0, 1],
    )
    leakers = raid.run(runs, seed=seed).leakers
    for run in range(runs):
        for missile in range(2):
            name = {
                "layer": (every_missile, 0),
                "all layers": (every_missile, everything),
                "layer's track": (missile, 0),
                "common track": (missile, everything),
            }[which]
            sound = simpy_raid.philox(seed, [run, 0, *name])[0] / 2**32 < share
            assert leakers[run, missile] == (not sound)


def test_probabilities_of_nought_and_one_are_certain() -> None:
    for kill, leak in ((0.0, 1), (1.0, 0)):
        assert np.all(against(replace(LAYER, kill=kill)).run(2000).leakers == leak)


# Bookkeeping.

RAIDS = [random_raid(np.random.default_rng(number)) for number in range(60)]


@pytest.mark.parametrize("raid", RAIDS[:20])
def test_any_split_of_the_runs_gives_the_same_bits(raid: MadeRaid, monkeypatch: pytest.MonkeyPatch) -> None:
    start = 2**32 - 50
    whole = raid.empty(101)
    raid.fill(whole, 0, 101, seed=5, first_run=start)
    split = raid.empty(101)
    for a, b in ((60, 101), (0, 1), (1, 60)):
        raid.fill(split, a, b, seed=5, first_run=start)
    later = raid.run(40, seed=5, first_run=start + 61)
    for threads in ("1", "2", "5"):
        monkeypatch.setenv("EQUIPOISE_THREADS", threads)
        shared = raid.run(101, seed=5, first_run=start)
        for ours, one, other, rest in zip(shared, whole, split, later, strict=True):
            np.testing.assert_array_equal(ours, one)
            np.testing.assert_array_equal(other, one)
            np.testing.assert_array_equal(rest, one[61:])


def test_seeds_differ() -> None:
    raid = against(replace(LAYER, kill=0.5), *range(12))
    one, other = raid.run(200, seed=1).leakers, raid.run(200, seed=2).leakers
    assert (one != other).any()


@pytest.mark.parametrize("raid", RAIDS)
def test_the_log_and_the_tally_tell_the_same(raid: MadeRaid) -> None:
    runs = 12
    tally = raid.run(runs)
    n = len(raid.missiles.launch_s)
    reachable = np.isfinite(raid.windows.first_launch_s[:, raid.missiles.salvo])
    assert np.all(tally.spent <= raid.magazine)
    assert np.all(tally.killed.sum(axis=1) + tally.leakers.sum(axis=1) == n)
    for run in range(runs):
        shots = raid.shots(run)
        layer, missile = shots[:, rk.LOG_LAYER].astype(int), shots[:, rk.LOG_MISSILE].astype(int)
        hits = shots[shots[:, rk.LOG_KILLED] > 0.0]
        assert len(np.unique(hits[:, rk.LOG_MISSILE])) == tally.killed[run].sum()
        for index in range(len(raid.layers.kill)):
            own = shots[layer == index]
            assert len(own) == tally.spent[run, index]
            # A layer fires in the order of its orders, and never outside a window.
            assert np.all(np.diff(own[:, rk.LOG_LAUNCH]) >= 0.0)
            fired_at = np.unique(missile[layer == index])
            refused = tally.refused[run, index].sum()
            assert len(fired_at) + refused <= reachable[index].sum()
            if len(raid.layers.kill) == 1:
                assert len(fired_at) + refused == reachable[index].sum()
            exhausted_s = tally.exhausted_s[run, index]
            if len(own) == raid.magazine[index]:
                assert exhausted_s == own[-1, rk.LOG_LAUNCH]
            else:
                assert math.isnan(exhausted_s)
        salvo_of = raid.missiles.salvo[missile]
        since_s = shots[:, rk.LOG_LAUNCH] - raid.missiles.launch_s[missile]
        assert np.all(since_s >= raid.windows.first_launch_s[layer, salvo_of] - TIME_TOLERANCE_S)
        assert np.all(since_s <= raid.windows.last_launch_s[layer, salvo_of] + 2 * TIME_TOLERANCE_S)
