"""The probability that a square-law detector sees a steady or fluctuating target. Compiled."""

from __future__ import annotations

import math

from equipoise._jit import inline, kernel
from equipoise.arrays import FloatArray

# Swerling's cases by the degrees of freedom of the target's power: the shape of its gamma distribution, per look.
STEADY = 0


@inline
def one_look(snr: float, threshold: float, swerling: int) -> float:
    """Return the detection probability of one pulse, or of one dwell integrated coherently.

    ``threshold`` is in units of the mean noise power, minus the logarithm of the false-alarm probability. One look
    cannot tell case 1 from 2, nor 3 from 4.
    """
    if swerling == 1 or swerling == 2:
        return math.exp(-threshold / (1.0 + snr))
    if swerling == 3 or swerling == 4:
        half = 1.0 + 0.5 * snr
        return math.exp(-threshold / half) * (1.0 + 0.5 * snr * threshold / (half * half))
    return detected(snr, threshold, 1, 0.0)


@kernel
def detected(snr: float, threshold: float, pulses: int, shape: float) -> float:
    """Return the detection probability of some pulses added without phase, by an exact series.

    Given the energy of the target, the sum of the pulses is a mixture of gamma variables of ``pulses + m`` degrees
    with Poisson weights; where that energy has a gamma distribution of some ``shape``, the weights are negative
    binomial. ``shape`` 0 stands for a steady target. D. A. Shnidman, "Radar detection probabilities and their
    calculation", IEEE Trans. Aerospace and Electronic Systems 31 (1995) 928-950. The series is that of the missed
    share, which ends where the gamma variables no longer fall below the threshold, however strong the signal.
    """
    mean = pulses * snr
    if mean <= 0.0:
        mean = 0.0
    last = int(max(0.0, threshold - pulses) + 12.0 * math.sqrt(threshold + 1.0) + 40.0)
    log_t = math.log(threshold)
    # Share of a gamma variable of degree pulses + m below the threshold, from the far end down: positive terms only.
    degree = pulses + last
    term = math.exp(degree * log_t - threshold - math.lgamma(degree + 1.0))
    below = term
    missed = 0.0
    log_rate = math.log(mean) if mean > 0.0 else 0.0
    log_keep = 0.0
    log_pass = 0.0
    if shape > 0.0 and mean > 0.0:
        log_keep = math.log(shape / (shape + mean))
        log_pass = math.log(mean / (shape + mean))
    for k in range(last + 1):
        m = last - k
        if mean == 0.0:
            weight = 1.0 if m == 0 else 0.0
        elif shape > 0.0:
            weight = math.exp(
                math.lgamma(m + shape) - math.lgamma(shape) - math.lgamma(m + 1.0) + shape * log_keep + m * log_pass
            )
        else:
            weight = math.exp(m * log_rate - mean - math.lgamma(m + 1.0))
        missed += weight * below
        # The next degree down holds one term more.
        term *= (pulses + m) / threshold
        below += term
    return min(1.0, max(0.0, 1.0 - missed))


@kernel
def detected_many(snr: FloatArray, threshold: float, pulses: int, shape: float, out: FloatArray) -> None:
    """Fill ``out`` (n,) with the detection probability at each signal-to-noise ratio (n,)."""
    for i in range(snr.shape[0]):
        out[i] = detected(snr[i], threshold, pulses, shape)
