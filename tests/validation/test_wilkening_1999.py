"""Raids drawn run by run against the closed forms of independent shots.

D. A. Wilkening, "A Simple Model for Calculating Ballistic Missile Defense Effectiveness", *Science & Global Security* 8
(1999) 183-215. With one layer, or several that do not wait for one another, plenty of rounds and time for every volley,
the event loop must come to his formulae.

Every comparison is a count out of a number of trials that the closed form says is binomial. It is missed if it lies
more than three standard errors off. A sound loop misses some: how many is worked out from the exact binomial
distribution, some 0.3 % of the comparisons, so that of 424 here one or two are expected. The test asks that no more are
missed than would be once in ten thousand choices of the seed, and that no single count is as far off as would be once
in ten thousand choices among so many. No two counts come from the same runs. The seeds are fixed.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from made_raids import MadeLayer, MadeRaid, Window
from scipy import stats

from equipoise.defence.effectiveness import (
    expected_interceptors,
    layered_kill_probability,
    leakage_probability,
    leaker_probabilities,
    no_leaker_probability,
)

RUNS = 20_000
SIGMAS = 3.0
RARE = 1e-4
# Time for every volley: ten thousand seconds of window against fifty for shot and look.
WINDOW = Window.of(100.0, 10_100.0, 40.0)
TARGETS = (1, 3, 8, 20)
KILLS = (0.3, 0.5, 0.7, 0.8, 0.9)


@dataclass(frozen=True)
class Comparison:
    """Counted successes of independent trials, and the probability of each by the closed form."""

    name: str
    successes: int
    trials: int
    probability: float

    @property
    def chance_of_a_miss(self) -> float:
        """How probable it is that so many trials lie more than three standard errors off, exactly."""
        mean = self.trials * self.probability
        reach = SIGMAS * math.sqrt(mean * (1.0 - self.probability))
        few, many = math.ceil(mean - reach) - 1, math.floor(mean + reach)
        law = stats.binom(self.trials, self.probability)
        return float(law.cdf(few) + law.sf(many))

    @property
    def missed(self) -> bool:
        """Whether it lies more than three standard errors off."""
        mean = self.trials * self.probability
        return abs(self.successes - mean) > SIGMAS * math.sqrt(mean * (1.0 - self.probability))

    @property
    def p_value(self) -> float:
        """How probable a count at least as improbable is, exactly."""
        return float(stats.binomtest(self.successes, self.trials, self.probability).pvalue)


def layer(*volleys: int, kill: float, track: float = 1.0, reliability: float = 1.0) -> MadeLayer:
    return MadeLayer(
        [WINDOW], [(0.0, volleys)], kill=kill, track=track, reliability=reliability, assess_s=10.0, rounds=10_000
    )


def raid(targets: int, *layers: MadeLayer, **common: float) -> MadeRaid:
    return MadeRaid.of([0.0] * targets, layers, **common)  # type: ignore[arg-type]


def leaks(found: MadeRaid, number: int) -> np.ndarray:
    """Return the leakers of every run, of the seed that is the comparison's number."""
    return found.run(RUNS, seed=1999_000 + number).leakers.sum(axis=1)


def barrages() -> Iterator[Comparison]:
    """Leakers and raids without one, for 80 sets of targets, kill probability and shots."""
    for number, (targets, kill, shots) in enumerate(itertools.product(TARGETS, KILLS, (1, 2, 3, 4))):
        some, others = np.split(leaks(raid(targets, layer(shots, kill=kill)), number), 2)
        name = f"{shots} shots of {kill} at {targets}"
        yield Comparison(f"leakers, {name}", some.sum(), len(some) * targets, leakage_probability(kill, shots))
        none = no_leaker_probability(kill, shots, targets)
        yield Comparison(f"no leaker, {name}", (others == 0).sum(), len(others), none)


def looks() -> Iterator[Comparison]:
    """Interceptors and leakers of shoot, look, shoot, for 60 sets: those that need the second volley are binomial."""
    sets = itertools.product(TARGETS, KILLS, ((1, 2), (1, 3), (2, 4)))
    for number, (targets, kill, (first, both)) in enumerate(sets, start=100):
        tally = raid(targets, layer(first, both - first, kill=kill)).run(RUNS, seed=1999_000 + number)
        name = f"{first} then {both - first} of {kill} at {targets}"
        some, others = np.split(tally.spent[:, 0], 2)[0], np.split(tally.leakers[:, 0], 2)[1]
        seconds, rest = divmod(int(some.sum()) - len(some) * targets * first, both - first)
        assert rest == 0
        mean = expected_interceptors(kill, first, both, targets)
        probability = (mean / targets - first) / (both - first)
        yield Comparison(f"second volleys, {name}", seconds, len(some) * targets, probability)
        leak = leakage_probability(kill, both)
        yield Comparison(f"leakers, {name}", int(others.sum()), len(others) * targets, leak)


def common_modes() -> Iterator[Comparison]:
    """What spoils all shots at one target, or in one raid, for 24 sets in four ways each."""
    sets = itertools.product((1, 4, 12), (0.5, 0.8), (1, 4), (0.7, 0.95))
    for number, (targets, kill, shots, track) in enumerate(sets, start=200):
        name = f"{shots} shots of {kill} at {targets}, track {track}"
        per_target = track * (1.0 - leakage_probability(kill, shots))
        for place, found in enumerate(
            (
                raid(targets, layer(shots, kill=kill, track=track)),
                raid(targets, layer(shots, kill=kill), track=track),
            )
        ):
            leakers = leaks(found, 10 * number + place)
            kind = "layer" if place == 0 else "common"
            yield Comparison(f"{kind} track, {name}", leakers.sum(), RUNS * targets, 1.0 - per_target)
        for place, found in enumerate(
            (
                raid(targets, layer(shots, kill=kill, reliability=track)),
                raid(targets, layer(shots, kill=kill), reliability=track),
            )
        ):
            leakers = leaks(found, 10 * number + 5 + place)
            kind = "layer" if place == 0 else "all layers"
            whole = no_leaker_probability(kill, shots, targets, track_probability=track)
            yield Comparison(f"{kind} fail, {name}", (leakers == 0).sum(), RUNS, whole)


def layered() -> Iterator[Comparison]:
    """Two and three layers, independent or waiting for one another, and with a track of their own or in common."""
    sets = itertools.product(((0.8, 1), (0.5, 2)), ((0.3, 1), (0.9, 1)), (None, (0.6, 2)), (False, True))
    for number, (one, two, three, coordinated) in enumerate(sets, start=500):
        pairs = [pair for pair in (one, two, three) if pair is not None]
        stops = [1.0 - leakage_probability(kill, shots) for kill, shots in pairs]
        layers = [layer(shots, kill=kill) for kill, shots in pairs]
        targets = 6
        found = leaks(MadeRaid.of([0.0] * targets, layers, coordinated=coordinated), 10 * number)
        name = f"{pairs}, {'coordinated' if coordinated else 'independent'}"
        killed = RUNS * targets - found.sum()
        yield Comparison(f"layers {name}", killed, RUNS * targets, layered_kill_probability(stops))
        tracked = [layer(shots, kill=kill, track=0.8) for kill, shots in pairs]
        found = leaks(MadeRaid.of([0.0] * targets, tracked, coordinated=coordinated), 10 * number + 1)
        own = layered_kill_probability([0.8 * stop for stop in stops])
        yield Comparison(f"layers with own tracks {name}", RUNS * targets - found.sum(), RUNS * targets, own)
        found = leaks(MadeRaid.of([0.0] * targets, layers, coordinated=coordinated, track=0.8), 10 * number + 2)
        shared = 0.8 * layered_kill_probability(stops)
        yield Comparison(f"layers with a common track {name}", RUNS * targets - found.sum(), RUNS * targets, shared)


def most_misses(chances: list[float]) -> int:
    """Return how many comparisons are missed at most, but once in ten thousand seeds."""
    law = np.ones(1)
    for chance in chances:
        law = np.convolve(law, (1.0 - chance, chance))
    return int(np.searchsorted(np.cumsum(law), 1.0 - RARE))


@pytest.mark.parametrize("family", [barrages, looks, common_modes, layered])
def test_closed_forms(family: object) -> None:
    found = list(family())  # type: ignore[operator]
    chances = [one.chance_of_a_miss for one in found]
    # Misses that a sound loop is expected to have, and the most it has but once in ten thousand seeds.
    expected = sum(chances)
    assert 0.001 * len(found) < expected < 0.005 * len(found)
    allowed = most_misses(chances)
    missed = [one for one in found if one.missed]
    assert len(missed) <= allowed, f"{expected:.2f} misses expected, {len(missed)} found: {missed}"
    worst = min(found, key=lambda one: one.p_value)
    assert worst.p_value > RARE / len(found), worst


def test_no_number_of_shots_lifts_the_result_above_the_track() -> None:
    """The cap: thirty shots kill whatever is tracked, so only the tracks are drawn."""
    found = leaks(raid(8, layer(30, kill=0.9), track=0.85), 9_000)
    assert Comparison("cap", found.sum(), RUNS * 8, 0.15).p_value > RARE
    whole = leaks(raid(8, layer(30, kill=0.9), reliability=0.85), 9_001)
    assert set(np.unique(whole)) == {0, 8}


def chance_of(found: list[Any], law: dict[Any, float]) -> float:
    """Return the p-value of what runs came to, by chi square; what is rarer than ten in all is taken together."""
    assert set(found) <= set(law)
    often = [key for key, probability in law.items() if RUNS * probability >= 10.0]
    counts = [found.count(key) for key in often]
    expected = [RUNS * law[key] for key in often]
    if len(often) < len(law):
        counts, expected = [*counts, RUNS - sum(counts)], [*expected, RUNS - sum(expected)]
        if expected[-1] < 5.0:
            # Too rare for chi square: a Poisson number.
            rare_count, rare_mean = counts.pop(), expected.pop()
            assert stats.poisson(rare_mean).sf(rare_count - 1) > RARE
            expected = [mean * sum(counts) / sum(expected) for mean in expected]
    return float(stats.chisquare(counts, expected).pvalue)


@pytest.mark.parametrize("kill", [0.35, 0.8])
@pytest.mark.parametrize("shots", [1, 2])
@pytest.mark.parametrize("targets", [1, 2, 4])
def test_the_number_of_leakers_is_binomial(targets: int, shots: int, kill: float) -> None:
    found = leaks(raid(targets, layer(shots, kill=kill)), 9_100)
    assert chance_of(found.tolist(), dict(enumerate(leaker_probabilities(kill, shots, targets)))) > RARE


def enumerated(targets: int, kill: float, volleys: tuple[int, ...], rounds: int) -> dict[tuple[int, int], float]:
    """Return the probability of every number of leakers and of rounds spent, over every pattern of hits and misses.

    Targets come one after the other; each is fired at, volley by volley, until it is hit or no round is left.
    """
    found: dict[tuple[int, int], float] = {}
    most = sum(volleys)
    for pattern in itertools.product((True, False), repeat=targets * most):
        probability = math.prod(kill if hit else 1.0 - kill for hit in pattern)
        left, leakers = rounds, 0
        for target in range(targets):
            fired, dead = 0, False
            for shots in volleys:
                now = min(shots, left)
                dead = dead or any(pattern[target * most + fired : target * most + fired + now])
                left, fired = left - now, fired + now
                if dead:
                    break
            leakers += not dead
        key = leakers, rounds - left
        found[key] = found.get(key, 0.0) + probability
    return found


@pytest.mark.parametrize(("volleys", "rounds"), [((1, 1), 6), ((1, 1), 4), ((2, 1), 5), ((1, 2), 4), ((3,), 7)])
@pytest.mark.parametrize("kill", [0.4, 0.75])
def test_a_short_magazine_by_enumeration(volleys: tuple[int, ...], rounds: int, kill: float) -> None:
    """Three targets, far apart in time, against so many rounds: leakers and rounds spent together, exactly."""
    short = MadeLayer([Window.of(100.0, 300.0, 40.0)], [(0.0, volleys)], kill=kill, assess_s=10.0, rounds=rounds)
    tally = MadeRaid.of([0.0, 1e4, 2e4], [short]).run(RUNS, seed=1999)
    law = enumerated(3, kill, volleys, rounds)
    assert sum(law.values()) == pytest.approx(1.0, abs=1e-12)
    found = list(zip(tally.leakers[:, 0].tolist(), tally.spent[:, 0].tolist(), strict=True))
    assert chance_of(found, law) > RARE
