"""Warheads past layers of interceptors, against numbers by hand, SciPy's distributions and simulated raids."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats

from equipoise.defence.effectiveness import layered_kill_probability, leakage_probability
from equipoise.defence.penetration import (
    Layer,
    battery_states,
    count_probabilities,
    largest_number,
    largest_of_one,
    penetrating,
    shared_leakage,
    state_chances,
    survivors,
)
from equipoise.errors import InputError

# Sums of some hundred terms of order one.
ROUNDING = 1e-12
# The halving leaves a millionth.
HALVED = 1e-6
# Three standard errors of 4,000 simulated raids of 30 warheads, about.
SIMULATED = 0.12


def layer(rounds: float, looks: list[int], kill: float = 0.5, track: float = 1.0, salvo: float = 4) -> Layer:
    return Layer(rounds, salvo, np.array(looks), kill, track)


def test_whole_rounds_leak_as_independent_shots_do() -> None:
    for kill, rounds in itertools.product((0.0, 0.25, 0.7, 1.0), range(5)):
        assert shared_leakage(kill, rounds) == pytest.approx(leakage_probability(kill, rounds), abs=ROUNDING)


def test_a_part_of_the_warheads_gets_one_round_more() -> None:
    # 14 rounds at 10 warheads: six get one, four get two.
    assert shared_leakage(0.3, 1.4) == pytest.approx(0.6 * 0.7 + 0.4 * 0.49, abs=ROUNDING)


def test_blairs_forty_four_interceptors_destroy_eleven_of_a_thousand() -> None:
    """With a chance of a quarter each, 44 rounds at 1,000 warheads kill 11 (Blair, in sofrep-gmd)."""
    left, spent = survivors(np.array([1000.0]), layer(44, [1], kill=0.25, salvo=1))
    assert 1000.0 - left.sum() == pytest.approx(11.0, abs=1e-9)
    assert spent == pytest.approx(44.0)


def test_plenty_of_rounds_give_wilkenings_kill_probability() -> None:
    left, spent = survivors(np.array([8.0]), layer(1000, [1], kill=0.6, track=0.9, salvo=3))
    assert left.sum() == pytest.approx(8.0 * (1.0 - 0.9 * (1.0 - 0.4**3)), abs=ROUNDING)
    assert spent == pytest.approx(24.0)


def test_two_layers_are_layered() -> None:
    both = penetrating(np.array([5.0]), [layer(1e4, [1], kill=0.8, salvo=1), layer(1e4, [1], kill=0.8, salvo=1)])
    assert 1.0 - both.sum() / 5.0 == pytest.approx(layered_kill_probability([0.8, 0.8]), abs=ROUNDING)


def test_a_look_saves_rounds_and_does_not_shoot_at_what_is_dead() -> None:
    # One round each at ten warheads, then one each at the five that are left.
    left, spent = survivors(np.array([10.0]), layer(100, [2], kill=0.5, salvo=1))
    assert (left.sum(), float(spent)) == pytest.approx((2.5, 15.0))


def test_a_warhead_that_is_never_told_apart_draws_rounds_and_lives() -> None:
    # Half of ten cannot be told apart: ten rounds, then at 5 + 2.5 again.
    left, spent = survivors(np.array([10.0]), layer(100, [2], kill=0.5, track=0.5, salvo=1))
    assert (left.sum(), float(spent)) == pytest.approx((5.0 + 1.25, 17.5))


def test_arcs_out_of_reach_are_not_shot_at() -> None:
    left, spent = survivors(np.array([6.0, 4.0]), layer(2, [0, 1], kill=1.0, salvo=1))
    assert list(left) == pytest.approx([6.0, 2.0])
    assert spent == pytest.approx(2.0)


def test_a_longer_window_helps_only_where_it_is_open() -> None:
    left, _ = survivors(np.array([5.0, 5.0]), layer(100, [1, 3], kill=0.5, salvo=1))
    assert list(left) == pytest.approx([2.5, 0.625])


def test_expected_number_is_that_of_simulated_barrages() -> None:
    rng = np.random.default_rng(7)
    rounds, warheads, kill, track = 50, 30, 0.4, 0.8
    given = np.full(warheads, 1)
    given[: rounds - warheads] += 1
    hits = rng.random((4000, warheads)) < 1.0 - (1.0 - kill) ** given
    seen = rng.random((4000, warheads)) < track
    simulated = (~(hits & seen)).sum(axis=1).mean()
    left, _ = survivors(np.array([float(warheads)]), layer(rounds, [1], kill=kill, track=track))
    assert left.sum() == pytest.approx(simulated, abs=SIMULATED)


def test_states_are_every_combination_and_their_chances_sum_to_one() -> None:
    states = battery_states(3)
    assert {tuple(row) for row in states} == set(itertools.product((0, 1), repeat=3))
    works = [np.array([0.9, 0.5]), np.array([0.6, 0.5]), np.array([1.0, 0.5])]
    chances = state_chances(works, states)
    assert chances.sum(axis=1) == pytest.approx([1.0, 1.0])
    all_work = int(np.flatnonzero(states.all(axis=1))[0])
    assert chances[0, all_work] == pytest.approx(0.9 * 0.6)
    assert battery_states(0).shape == (1, 0)


@pytest.mark.parametrize("share", [0.0, 0.03, 0.6, 1.0])
def test_one_state_gives_scipys_binomial(share: float) -> None:
    found = count_probabilities(40, [share], [1.0])
    assert found == pytest.approx(stats.binom(40, share).pmf(np.arange(41)), abs=ROUNDING)


def test_states_are_mixed() -> None:
    found = count_probabilities(500, [0.2, 0.9], [0.3, 0.7])
    k = np.arange(501)
    assert found == pytest.approx(0.3 * stats.binom(500, 0.2).pmf(k) + 0.7 * stats.binom(500, 0.9).pmf(k), abs=1e-11)
    assert list(count_probabilities(0, [0.4], [1.0])) == [1.0]


def test_largest_number_is_where_the_share_is_met() -> None:
    # 40 sure rounds, one at each: the share stopped is 40 over the number.
    found = largest_number(lambda come: np.minimum(1.0, 40.0 / come), 0.1, (2,))
    assert found == pytest.approx([400.0, 400.0], rel=HALVED)


@pytest.mark.parametrize("share", [0.05, 0.1, 0.9, 1.0])
def test_one_share_is_found_as_many_are(share: float) -> None:
    def stopped(come: np.ndarray) -> np.ndarray:
        return np.minimum(0.95, 40.0 / come)

    many = largest_number(stopped, share, (1,))
    assert largest_of_one(stopped, share) == pytest.approx(many[0], rel=HALVED)


def test_largest_number_is_none_where_a_lone_warhead_is_stopped_less_often() -> None:
    assert largest_number(lambda come: np.full_like(come, 0.4), 0.5, (1,)) == [0.0]


@pytest.mark.parametrize("share", [0.0, 1.2, -1.0])
def test_a_yardstick_that_is_no_share_is_refused(share: float) -> None:
    with pytest.raises(InputError, match="share must lie above 0"):
        largest_number(lambda come: come, share, (1,))


def test_a_negative_number_of_warheads_is_refused() -> None:
    with pytest.raises(InputError, match="fired must be 0 or more"):
        count_probabilities(-1, [0.5], [1.0])
