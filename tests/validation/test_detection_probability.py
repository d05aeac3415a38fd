"""Detection probability against exact theory from elsewhere: SciPy's distributions, closed forms, and drawn echoes.

Steady: non-central chi-square of 2 n degrees and non-centrality 2 n SNR (Marcum's Q). Swerling 2: every pulse is
exponential, so their sum is a gamma variable. Swerling 1, one pulse: ``Pd = Pfa^(1/(1 + SNR))``. (M. A. Richards,
Fundamentals of Radar Signal Processing, 2nd ed., 2014, chapter 6.)
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import chi2, gamma, ncx2

from equipoise.errors import InputError
from equipoise.sensors import detection_kernels as dk
from equipoise.sensors.detection import (
    albersheim_snr,
    cumulative_detection,
    detection_probability,
    shnidman_snr,
    threshold_of,
)

SNR = np.array([0.0, 0.05, 0.5, 1.0, 3.0, 10.0, 20.0, 100.0, 1e3, 1e6])
# Two exact series in double precision; SciPy's own is good to about this.
EXACT = 1e-10
DRAWS = 200_000
# Four standard errors of a share near one half.
DRAWN = 4.0 * math.sqrt(0.25 / DRAWS)


@pytest.mark.parametrize("pfa", [1e-9, 1e-6, 1e-3])
@pytest.mark.parametrize("pulses", [1, 2, 10, 100])
def test_a_steady_target_is_marcums_q(pulses: int, pfa: float) -> None:
    expected = ncx2.sf(chi2.isf(pfa, 2 * pulses), 2 * pulses, 2 * pulses * SNR[1:])
    got = detection_probability(SNR[1:], pfa, swerling=0, pulses=pulses)
    assert got == pytest.approx(expected, abs=EXACT)


@pytest.mark.parametrize("pfa", [1e-9, 1e-6, 1e-3])
def test_swerling_1_of_one_look_is_its_closed_form(pfa: float) -> None:
    assert detection_probability(SNR, pfa, swerling=1) == pytest.approx(pfa ** (1.0 / (1.0 + SNR)), abs=EXACT)


@pytest.mark.parametrize("pulses", [1, 5, 40])
def test_swerling_2_is_a_gamma_variable(pulses: int) -> None:
    expected = gamma.sf(gamma.isf(1e-6, pulses), pulses, scale=1.0 + SNR)
    assert detection_probability(SNR, 1e-6, swerling=2, pulses=pulses) == pytest.approx(expected, abs=EXACT)


@pytest.mark.parametrize("pulses", [1, 6])
@pytest.mark.parametrize("swerling", [0, 1, 2, 3, 4])
def test_drawn_echoes_are_detected_as_often(swerling: int, pulses: int) -> None:
    rng = np.random.Generator(np.random.Philox(key=[2016, swerling]))
    snr, pfa = 4.0, 1e-2
    looks = (DRAWS, pulses)
    one = (DRAWS, 1)
    power = {
        0: np.ones(one),
        1: rng.exponential(1.0, one),
        2: rng.exponential(1.0, looks),
        3: rng.gamma(2.0, 0.5, one),
        4: rng.gamma(2.0, 0.5, looks),
    }[swerling]
    echo = np.sqrt(snr * power) + (rng.standard_normal(looks) + 1j * rng.standard_normal(looks)) / math.sqrt(2.0)
    drawn = np.mean(np.sum(np.abs(echo) ** 2, axis=1) > threshold_of(pfa, pulses))
    assert float(detection_probability(snr, pfa, swerling=swerling, pulses=pulses)) == pytest.approx(drawn, abs=DRAWN)


@pytest.mark.parametrize("pulses", [1, 7, 100])
@pytest.mark.parametrize("swerling", [0, 1, 2, 3, 4])
def test_without_a_target_only_false_alarms_are_left(swerling: int, pulses: int) -> None:
    assert float(detection_probability(0.0, 1e-6, swerling=swerling, pulses=pulses)) == pytest.approx(1e-6, abs=1e-12)


@pytest.mark.parametrize("swerling", [0, 1, 2, 3, 4])
def test_one_look_is_the_series_of_one_pulse(swerling: int) -> None:
    expected = detection_probability(SNR, 1e-6, swerling=swerling)
    assert [dk.one_look(snr, threshold_of(1e-6), swerling) for snr in SNR] == pytest.approx(expected, abs=EXACT)


@pytest.mark.parametrize("pd", [0.5, 0.9])
def test_the_closed_forms_ask_for_what_gives_the_probability_back(pd: float) -> None:
    # Their stated accuracy, 0.2 and 0.6 dB, times the slope of the curve: at most 0.16 of probability a decibel for a
    # steady target, 0.06 for a fluctuating one.
    steady = float(detection_probability(albersheim_snr(pd, 1e-6), 1e-6, swerling=0))
    fading = float(detection_probability(shnidman_snr(pd, 1e-6, swerling=1), 1e-6, swerling=1))
    assert steady == pytest.approx(pd, abs=0.2 * 0.16)
    assert fading == pytest.approx(pd, abs=0.6 * 0.06)


def test_several_looks_add_up() -> None:
    rng = np.random.Generator(np.random.Philox(key=7))
    looks = np.array([0.1, 0.4, 0.0, 0.7])
    seen = np.cumsum(rng.random((DRAWS, 4)) < looks, axis=1) > 0
    assert cumulative_detection(looks) == pytest.approx(seen.mean(axis=0), abs=DRAWN)


@pytest.mark.parametrize(
    "call",
    [
        lambda: detection_probability(-1.0, 1e-6, swerling=1),
        lambda: detection_probability(math.nan, 1e-6, swerling=1),
        lambda: detection_probability([1.0, math.inf], 1e-6, swerling=1),
        lambda: detection_probability(1.0, 0.9, swerling=1),
        lambda: detection_probability(1.0, 1e-6, swerling=5),
        lambda: detection_probability(1.0, 1e-6, swerling=1, pulses=0),
        lambda: cumulative_detection([0.5, 1.5]),
        lambda: cumulative_detection([math.nan]),
        lambda: cumulative_detection(0.5),
    ],
)
def test_impossible_arguments_are_refused(call: object) -> None:
    with pytest.raises(InputError, match="must"):
        call()  # type: ignore[operator]
