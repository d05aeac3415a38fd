"""Stone Soup's filters, on the same looks, do as well as the bound says and no better.

Monte Carlo with a fixed seed: both filters see the same looks, start from the same draws of what is known before, and
are compared where the looks end. The motion inside the filters is written anew beside the benchmark.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pytest
import stone_soup_tracks as peer
from stonesoup.types.array import StateVector
from stonesoup.types.state import State

from equipoise.catalog import load_catalog
from equipoise.physics import Aim, Missile, Site, fly
from equipoise.sensors import Accuracy, Radar, Tracker, look_at, track_bound

RUNS = 60
# Two-sided interval of a normal variable that chance leaves once in a thousand times.
NORMAL_999 = 3.29
# The root-mean-square error may exceed the bound by this share beyond chance: the filters linearize.
NEAR = 0.05

SITE = Site.of_degrees(35.92, 128.28)
BORESIGHT = math.radians(340.0)
START_S, STOP_S, RATE_HZ, RCS_M2 = 130.0, 228.0, 0.5, 0.01
# What is known before the first look: a few hundred metres and tens of metres a second. The extended filter needs it
# so narrow, and the signal no wider than 3 MHz: a radar that measures range far better than direction puts the target
# on a thin bowl, which the filter takes for a plate (docs/models/tracking.md).
PRIOR_SD = (300.0, 30.0)
WIDE_PRIOR_SD = (1000.0, 100.0)


@dataclass(frozen=True)
class Outcome:
    """Errors (runs, 6) at the last look, what the filter thought they were, and the bound: local axes."""

    error: np.ndarray
    covariance: np.ndarray
    bound: np.ndarray

    def ratio(self, part: slice) -> float:
        """Mean squared error over the bound."""
        return float((self.error[:, part] ** 2).sum(1).mean() / np.trace(self.bound[part, part]))

    def chance(self, part: slice) -> float:
        """How far from 1 chance takes that ratio for errors that follow the bound."""
        bound = self.bound[part, part]
        return NORMAL_999 * math.sqrt(2.0 * np.trace(bound @ bound) / RUNS) / float(np.trace(bound))

    def nees(self, covariances: np.ndarray) -> float:
        """Mean normalized estimation error squared; 6 where errors have these covariances (runs, 6, 6)."""
        return float(np.mean([e @ np.linalg.solve(p, e) for e, p in zip(self.error, covariances, strict=True)]))


def outcome(name: str, bandwidth_hz: float, prior_sd: tuple[float, float]) -> Outcome:
    catalog = load_catalog()
    record = catalog.radar("an-tpy-2")
    radar = Radar.from_record(record, "lewis-postol-870")
    accuracy = Accuracy.from_record(record, bandwidth_hz=bandwidth_hz)
    missile = Missile.from_record(catalog.missile("nodong"))
    arc = fly(missile, Site.of_degrees(39.0, 127.0), Aim(math.radians(160.0), math.radians(42.0)))
    prior = np.diag(np.repeat(np.square(prior_sd), 3))
    bound = track_bound(
        arc, [Tracker(radar, SITE, BORESIGHT, accuracy, RATE_HZ)], RCS_M2,
        start_s=START_S, stop_s=STOP_S, prior_covariance_ecef=prior,
    )  # fmt: skip
    n = int(np.searchsorted(bound.time_s, STOP_S)) + 1
    assert bound.looks[n - 1] == n == round((STOP_S - START_S) * RATE_HZ) + 1

    # The bound's arc has air, which at these heights moves it by centimetres; the filters' truth falls without any.
    ground = peer.Ground(SITE.lat_rad, SITE.lon_rad)
    truth = [ground.local(bound.state_ecef[:1].T)]
    for step in np.diff(bound.time_s[:n]):
        truth.append(ground.fall(truth[-1], float(step)))
    states = np.hstack(truth).T

    snr = look_at(radar, radar.view(SITE, BORESIGHT, RCS_M2), bound.state_ecef[:n, :3]).snr
    range_sd_m, across_sd_rad, up_sd_rad = accuracy.deviations(snr)
    el_rad = np.arctan2(states[:, 2], np.hypot(states[:, 0], states[:, 1]))
    deviations = np.column_stack([up_sd_rad, across_sd_rad / np.cos(el_rad), range_sd_m])
    models = [peer.measurement_model(row) for row in deviations]
    exact = [model.function(State(StateVector(x)), noise=False) for model, x in zip(models, states, strict=True)]

    rng = np.random.default_rng(20_170_426)
    errors, covariances = [], []
    for _ in range(RUNS):
        noise = rng.standard_normal((n, 3)) * deviations
        looks = [StateVector([z[i, 0] + w[i] for i in range(3)]) for z, w in zip(exact, noise, strict=True)]
        mean = states[0] + rng.standard_normal(6) * np.sqrt(np.diag(prior))
        *_, (x, p) = peer.track(name, ground, bound.time_s[:n], models, looks, mean, prior)
        errors.append(x - states[-1])
        covariances.append(p)
    turn = np.kron(np.eye(2), ground.axes)
    return Outcome(np.array(errors), np.array(covariances), turn @ bound.covariance_ecef[n - 1] @ turn.T)


POSITION, VELOCITY = slice(0, 3), slice(3, 6)
# The mean of RUNS values of chi-squared with 6 degrees of freedom has this deviation.
NEES_CHANCE = NORMAL_999 * math.sqrt(2.0 * 6.0 / RUNS)


@pytest.mark.parametrize(
    ("name", "bandwidth_hz", "prior_sd"),
    [("extended", 3e6, PRIOR_SD), ("unscented", 3e6, PRIOR_SD), ("unscented", 10e6, WIDE_PRIOR_SD)],
)
def test_a_filter_comes_near_the_bound_not_below_it_and_knows_its_errors(
    name: str, bandwidth_hz: float, prior_sd: tuple[float, float]
) -> None:
    found = outcome(name, bandwidth_hz, prior_sd)
    for part in (POSITION, VELOCITY):
        chance = found.chance(part)
        assert 1.0 - chance <= found.ratio(part) <= (1.0 + NEAR) ** 2 + chance
        # and what the filter thinks of itself is the bound, run by run
        own = np.sqrt(np.trace(found.covariance[:, part, part], axis1=1, axis2=2) / np.trace(found.bound[part, part]))
        assert np.abs(own - 1.0).max() < NEAR
    assert abs(found.nees(found.covariance) - 6.0) < NEES_CHANCE
    assert abs(found.nees(np.broadcast_to(found.bound, found.covariance.shape)) - 6.0) < NEES_CHANCE  # every direction
