"""Closed forms against trials drawn at random; the enumerations are in ``equipoise validate``."""

from __future__ import annotations

import math

import numpy as np
import pytest

from equipoise.defence.effectiveness import (
    expected_interceptors,
    layered_kill_probability,
    leakage_probability,
    leaker_probabilities,
    no_leaker_probability,
    shots_for_confidence,
)
from equipoise.errors import InputError

RAIDS = 200_000
KILL, TRACK = 0.6, 0.9
# Five standard errors of a share or a mean over so many raids.
SHARE_TOLERANCE = 5.0 * 0.5 / math.sqrt(RAIDS)


@pytest.fixture(scope="module")
def hits() -> np.ndarray:
    """Whether each of three shots at each of four targets would hit, raid by raid."""
    return np.random.Generator(np.random.Philox(7)).random((RAIDS, 4, 3)) < KILL


def test_leakers_of_random_raids(hits: np.ndarray) -> None:
    leakers = (~hits.any(axis=2)).sum(axis=1)
    shares = np.bincount(leakers, minlength=5) / RAIDS
    assert shares == pytest.approx(leaker_probabilities(KILL, 3, 4), abs=SHARE_TOLERANCE)
    assert shares[0] == pytest.approx(no_leaker_probability(KILL, 3, 4), abs=SHARE_TOLERANCE)
    assert (~hits[:, 0].any(axis=1)).mean() == pytest.approx(leakage_probability(KILL, 3), abs=SHARE_TOLERANCE)


def test_a_common_failure_lets_everything_leak(hits: np.ndarray) -> None:
    tracked = np.random.Generator(np.random.Philox(8)).random(RAIDS) < TRACK
    stopped = (hits & tracked[:, None, None]).any(axis=2).all(axis=1).mean()
    assert stopped == pytest.approx(no_leaker_probability(KILL, 3, 4, track_probability=TRACK), abs=SHARE_TOLERANCE)


def test_interceptors_of_random_raids(hits: np.ndarray) -> None:
    missed_first = ~hits[:, :, 0]
    used = 4 + 2 * missed_first.sum(axis=1)
    assert used.mean() == pytest.approx(expected_interceptors(KILL, 1, 3, 4), abs=5.0 * used.std() / math.sqrt(RAIDS))


def test_two_layers_of_random_raids(hits: np.ndarray) -> None:
    through = ~hits[:, 0, 0] & ~hits[:, 0, 1:].any(axis=1)
    layers = [KILL, 1.0 - leakage_probability(KILL, 2)]
    assert 1.0 - through.mean() == pytest.approx(layered_kill_probability(layers), abs=SHARE_TOLERANCE)


@pytest.mark.parametrize("kill", [0.1, 0.5, 0.75, 0.99])
@pytest.mark.parametrize("targets", [1, 7, 1000])
@pytest.mark.parametrize("confidence", [0.01, 0.5, 0.89])
def test_the_fewest_shots_reach_the_confidence_and_one_less_does_not(
    kill: float, targets: int, confidence: float
) -> None:
    shots = shots_for_confidence(confidence, kill, targets, track_probability=TRACK)
    assert no_leaker_probability(kill, shots, targets, track_probability=TRACK) >= confidence * (1.0 - 1e-9)
    assert no_leaker_probability(kill, shots - 1, targets, track_probability=TRACK) < confidence


@pytest.mark.parametrize("shots", [1, 2, 3, 10])
def test_a_confidence_that_whole_shots_give_exactly_needs_no_more(shots: int) -> None:
    assert shots_for_confidence(no_leaker_probability(0.5, shots, 1), 0.5, 1) == shots


def test_the_ends() -> None:
    assert leakage_probability(1.0, 1) == 0.0
    assert leakage_probability(1.0, 0) == 1.0
    assert leaker_probabilities(0.5, 1, 0) == (1.0,)
    assert layered_kill_probability([]) == 0.0
    assert expected_interceptors(1.0, 2, 4, 10) == 20.0


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: leakage_probability(1.1, 1), "kill_probability"),
        (lambda: leakage_probability(math.nan, 1), "kill_probability"),
        (lambda: leakage_probability(0.5, -1), "shots"),
        (lambda: no_leaker_probability(0.5, 1, -1), "targets"),
        (lambda: no_leaker_probability(0.5, 1, 1, track_probability=2.0), "track_probability"),
        (lambda: leaker_probabilities(0.5, 1, -1), "targets"),
        (lambda: shots_for_confidence(0.95, 0.8, 10, track_probability=0.95), "confidence"),
        (lambda: shots_for_confidence(0.5, 1.0, 10), "kill_probability"),
        (lambda: shots_for_confidence(0.5, 0.5, 0), "targets"),
        (lambda: expected_interceptors(0.5, 3, 2, 1), "all_shots"),
        (lambda: layered_kill_probability([0.5, -0.1]), "layer_probabilities"),
    ],
)
def test_impossible_input_is_named(call: object, named: str) -> None:
    with pytest.raises(InputError, match=named):
        call()  # type: ignore[operator]
