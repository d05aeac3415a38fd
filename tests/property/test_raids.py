"""What must hold of raids whatever the numbers are, and that an independent event simulation comes to the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from made_raids import ALL_FIT, MadeLayer, MadeRaid, Window, difference, random_raid

MANY = settings(max_examples=400, deadline=None, derandomize=True)
SOME = settings(max_examples=100, deadline=None, derandomize=True)
RUNS = 50

raids = st.integers(0, 2**32).map(lambda number: random_raid(np.random.default_rng(number)))
seeds = st.integers(0, 2**63 - 1)
seconds = st.floats(0.0, 60.0)
launch_times = st.lists(st.floats(0.0, 100.0), min_size=1, max_size=12).map(sorted)
doctrines = st.lists(
    st.tuples(st.just(ALL_FIT) | st.floats(0.0, 120.0), st.lists(st.integers(1, 4), min_size=1, max_size=4)),
    min_size=1,
    max_size=3,
)


def contended(draw: st.DrawFn) -> MadeLayer:
    """Return a layer with too little of everything."""
    first_s, width_s = draw(st.floats(50.0, 150.0)), draw(st.floats(0.0, 150.0))
    return MadeLayer(
        windows=[Window.of(first_s, first_s + width_s, draw(st.floats(10.0, 60.0)), first_s - draw(seconds))],
        doctrine=draw(doctrines),
        kill=draw(st.floats(0.0, 1.0)),
        spacing_s=draw(seconds),
        assess_s=draw(seconds),
        relock_s=draw(seconds),
        units=draw(st.integers(1, 3)),
        rounds=draw(st.integers(1, 30)),
        tracks=draw(st.integers(0, 3)),
        channels=draw(st.integers(0, 3)),
    )


contended_layers = st.composite(contended)()


def leakers(layer: MadeLayer, launches_s: list[float], seed: int) -> np.ndarray:
    return MadeRaid.of(launches_s, [layer]).run(RUNS, seed=seed).leakers.sum(axis=1)


@MANY
@given(raids, seeds, st.integers(0, 2**40))
def test_every_run_is_that_of_the_twin(raid: MadeRaid, seed: int, first_run: int) -> None:
    tally = raid.run(3, seed=seed, first_run=first_run)
    twin = raid.twin()
    for row in range(3):
        assert difference(tally, row, twin.run(seed, first_run + row)) == ""


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.integers(0, 2**32), seeds)
def test_every_run_of_a_large_raid_is_that_of_the_twin(number: int, seed: int) -> None:
    raid = random_raid(np.random.default_rng(number), layers=8, missiles=60, volleys=15)
    assert difference(raid.run(1, seed=seed), 0, raid.twin().run(seed, 0)) == ""


@SOME
@given(raids, seeds)
def test_nothing_is_spent_twice_and_nobody_gets_lost(raid: MadeRaid, seed: int) -> None:
    tally = raid.run(RUNS, seed=seed)
    assert np.all(tally.spent >= 0)
    assert np.all(tally.spent <= raid.magazine)
    assert np.all(tally.killed >= 0)
    assert np.all(tally.killed.sum(axis=1) + tally.leakers.sum(axis=1) == len(raid.missiles.launch_s))
    # A missile is killed by a shot, and refused by none that fired at it.
    assert np.all(tally.killed <= tally.spent)
    reachable = np.isfinite(raid.windows.first_launch_s[:, raid.missiles.salvo]).sum(axis=1)
    assert np.all(tally.refused.sum(axis=2) <= reachable)
    assert np.all(tally.killed + tally.refused.sum(axis=2) <= reachable)
    assert np.all(np.isnan(tally.exhausted_s) == (tally.spent < raid.magazine))


@SOME
@given(contended_layers, launch_times, seeds, st.floats(0.0, 1.0), st.integers(1, 4))
def test_a_better_shot_lets_no_more_through_where_nobody_looks(
    layer: MadeLayer, launches_s: list[float], seed: int, better: float, shots: int
) -> None:
    """Of one layer with one volley, however contended: no shot hangs on an outcome, so the same shots are fired."""
    layer = replace(layer, doctrine=[(0.0, (shots,))])
    improved = replace(layer, kill=max(layer.kill, better))
    assert np.all(leakers(improved, launches_s, seed) <= leakers(layer, launches_s, seed))


@SOME
@given(contended_layers, launch_times, seeds, st.floats(0.0, 1.0))
def test_a_better_shot_lets_no_more_through_where_nothing_is_short(
    layer: MadeLayer, launches_s: list[float], seed: int, better: float
) -> None:
    """Of one layer with any doctrine and plenty of everything: each missile sees the same draws, and stops earlier."""
    layer = replace(layer, spacing_s=0.0, rounds=1000, tracks=0, channels=0)
    improved = replace(layer, kill=max(layer.kill, better))
    assert np.all(leakers(improved, launches_s, seed) <= leakers(layer, launches_s, seed))


@SOME
@given(contended_layers, launch_times, seeds, st.integers(1, 20))
def test_more_rounds_let_no_more_through(layer: MadeLayer, launches_s: list[float], seed: int, more: int) -> None:
    """Of one layer with one launcher and no reload, any doctrine and contention: more shots follow after the same."""
    richer = replace(layer, rounds=layer.rounds + more)
    assert np.all(leakers(richer, launches_s, seed) <= leakers(layer, launches_s, seed))


@SOME
@given(contended_layers, launch_times, seeds)
def test_a_missile_that_a_layer_cannot_meet_changes_nothing(
    layer: MadeLayer, launches_s: list[float], seed: int
) -> None:
    out_of_reach = Window.of(np.nan, np.nan, np.nan, np.nan)
    both = replace(layer, windows=[*layer.windows, out_of_reach])
    n = len(launches_s)
    alone = MadeRaid.of(launches_s, [layer]).run(RUNS, seed=seed)
    joined = MadeRaid.of([*launches_s, 0.0], [both], salvos=[0] * n + [1], targets=[0] * n + [1]).run(RUNS, seed=seed)
    np.testing.assert_array_equal(joined.leakers, np.column_stack([alone.leakers, np.ones(RUNS, dtype=int)]))
    np.testing.assert_array_equal(joined.spent, alone.spent)
    np.testing.assert_array_equal(joined.refused, alone.refused)


@SOME
@given(raids, seeds)
def test_targets_only_say_where_a_leaker_comes_down(raid: MadeRaid, seed: int) -> None:
    tally = raid.run(RUNS, seed=seed)
    one = replace(raid, missiles=raid.missiles._replace(target=np.zeros_like(raid.missiles.target)))
    moved = one.run(RUNS, seed=seed)
    np.testing.assert_array_equal(moved.leakers[:, 0], tally.leakers.sum(axis=1))
    np.testing.assert_array_equal(moved.spent, tally.spent)
