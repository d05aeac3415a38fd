"""Wilkening's closed forms against an enumeration of every outcome of independent shots."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product

from equipoise.analysis.validation.comparison import Authority, Comparison, Published, Tolerance
from equipoise.defence.effectiveness import (
    expected_interceptors,
    leaker_probabilities,
    no_leaker_probability,
    shots_for_confidence,
)

ID = "wilkening-1999"
TOLERANCE = Tolerance(relative=1e-12, reason="both are exact: rounding of the arithmetic")
WHOLE = Tolerance(absolute=1e-9, reason="a whole number")
KILL_PROBABILITIES = (0.25, 0.5, 0.829)
SHOTS, TARGETS, TRACK_PROBABILITY = 3, 3, 0.95
CONFIDENCES = ((0.5, 5), (0.8, 20), (0.9, 100))


def leakers_by_enumeration(kill: float, shots: int, targets: int) -> list[float]:
    """Return the probability of 0, 1, ... leakers by adding up every outcome of every shot."""
    of_count = [0.0] * (targets + 1)
    for outcome in product((True, False), repeat=shots * targets):
        probability = math.prod(kill if hit else 1.0 - kill for hit in outcome)
        leakers = sum(not any(outcome[first : first + shots]) for first in range(0, shots * targets, shots))
        of_count[leakers] += probability
    return of_count


def interceptors_by_enumeration(kill: float, first_shots: int, all_shots: int, targets: int) -> float:
    """Return the mean number of interceptors of shoot, look, shoot by adding up every outcome of the first shots."""
    mean = 0.0
    for outcome in product((True, False), repeat=first_shots * targets):
        probability = math.prod(kill if hit else 1.0 - kill for hit in outcome)
        per_target = [outcome[first : first + first_shots] for first in range(0, first_shots * targets, first_shots)]
        survivors = sum(not any(hits) for hits in per_target)
        mean += probability * (first_shots * targets + survivors * (all_shots - first_shots))
    return mean


def fewest_shots_by_trial(confidence: float, kill: float, targets: int, track: float) -> int:
    """Return the fewest shots that reach a confidence, by adding one until it does."""
    leak, shots = 1.0, 0
    while math.prod([1.0 - leak] * targets) * track < confidence:
        leak, shots = leak * (1.0 - kill), shots + 1
    return shots


def compare() -> Iterator[Comparison]:
    """Compare probability, mean and number of shots in a few cases each."""
    for kill in KILL_PROBABILITIES:
        counts = leakers_by_enumeration(kill, SHOTS, TARGETS)
        case = f"kill probability {kill:g}, {SHOTS} shots at each of {TARGETS}"
        yield _comparison(
            f"{case}, common factor {TRACK_PROBABILITY:g}",
            "probability of no leaker",
            TRACK_PROBABILITY * counts[0],
            no_leaker_probability(kill, SHOTS, TARGETS, track_probability=TRACK_PROBABILITY),
        )
        for leakers, ours in enumerate(leaker_probabilities(kill, SHOTS, TARGETS)):
            yield _comparison(case, f"probability of {leakers} leaking", counts[leakers], ours)
        yield _comparison(
            f"kill probability {kill:g}, 2 shots at each of {TARGETS}, then 2 at each survivor",
            "mean number of interceptors",
            interceptors_by_enumeration(kill, 2, 4, TARGETS),
            expected_interceptors(kill, 2, 4, TARGETS),
        )
        for confidence, targets in CONFIDENCES:
            yield _comparison(
                f"kill probability {kill:g}, {targets} targets, common factor {TRACK_PROBABILITY:g}",
                f"shots at each for a confidence of {confidence:g}",
                fewest_shots_by_trial(confidence, kill, targets, TRACK_PROBABILITY),
                shots_for_confidence(confidence, kill, targets, track_probability=TRACK_PROBABILITY),
                WHOLE,
            )


def _comparison(case: str, quantity: str, theirs: float, ours: float, tolerance: Tolerance = TOLERANCE) -> Comparison:
    return Comparison(ID, "wilkening-1999", case, quantity, "1", Published.number(theirs), ours, tolerance)


AUTHORITY = Authority(
    ID,
    "Wilkening (1999): independent shots",
    "theory",
    "The closed forms, against the sum over every outcome of every shot. The paper's own numbers are not in "
    "our sources.",
    compare,
)
