"""The signal-to-noise ratio that a detection probability asks for, in closed form, and the way back, exactly."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from equipoise.arrays import FloatArray
from equipoise.errors import InputError
from equipoise.sensors import detection_kernels as dk

SWERLING_CASES = (0, 1, 2, 3, 4)


def _check(pd: float, pfa: float, pulses: int, pd_low: float, pd_high: float, pfa_low: float, pfa_high: float) -> None:
    if not pd_low <= pd <= pd_high:
        raise InputError(f"detection probability must lie in [{pd_low}, {pd_high}]; got {pd}")
    if not pfa_low <= pfa <= pfa_high:
        raise InputError(f"false-alarm probability must lie in [{pfa_low}, {pfa_high}]; got {pfa}")
    if not 1 <= pulses <= 8096:
        raise InputError(f"pulses must lie in [1, 8096]; got {pulses}")


def albersheim_snr(pd: float, pfa: float, pulses: int = 1) -> float:
    """Return the SNR of one pulse for a steady target and a linear detector.

    Parameters
    ----------
    pd, pfa : float
        Probability of detection (0.35 to 0.9) and of false alarm (1e-7 to 1e-3).
    pulses : int
        Number of pulses added without phase.

    Returns
    -------
    float
        Signal-to-noise ratio of each pulse, as a ratio.

    Notes
    -----
    Within 0.2 dB of the exact value for one pulse over the stated ranges, and 0.3 dB of the square-law detector's for
    several; outside them it refuses. The form is often given from a detection probability of 0.1 up [1]_, where it is
    0.8 to 4 dB low for one pulse.

    References
    ----------
    .. [1] W. J. Albersheim, "A closed-form approximation to Robertson's detection characteristics", Proc. IEEE 69
       (1981) 839.

    Examples
    --------
    >>> round(10 * math.log10(albersheim_snr(0.9, 1e-6)), 2)
    13.11
    """
    _check(pd, pfa, pulses, 0.35, 0.9, 1e-7, 1e-3)
    a = math.log(0.62 / pfa)
    b = math.log(pd / (1.0 - pd))
    snr_db = -5.0 * math.log10(pulses) + (6.2 + 4.54 / math.sqrt(pulses + 0.44)) * math.log10(
        a + 0.12 * a * b + 1.7 * b
    )
    return float(10.0 ** (snr_db / 10.0))


def fluctuation_shape(swerling: int, pulses: int) -> float:
    """Return the shape of the gamma distribution of a target's energy over all pulses; infinite if it is steady."""
    shapes = {0: math.inf, 1: 1.0, 2: float(pulses), 3: 2.0, 4: 2.0 * pulses}
    if swerling not in shapes:
        raise InputError(f"swerling must be 0, 1, 2, 3 or 4; got {swerling}")
    return shapes[swerling]


def shnidman_snr(pd: float, pfa: float, *, swerling: int, pulses: int = 1) -> float:
    """Return the SNR of one pulse for a steady (Swerling 0) or fluctuating target and a square-law detector.

    Parameters
    ----------
    pd, pfa : float
        Probability of detection (0.1 to 0.99) and of false alarm (1e-9 to 1e-3).
    swerling : {0, 1, 2, 3, 4}
        Swerling's case; 0 is steady.
    pulses : int
        Number of pulses added without phase, at most 100.

    Returns
    -------
    float
        Signal-to-noise ratio of each pulse, as a ratio.

    Notes
    -----
    For one pulse within 0.25 dB of the exact value for a steady target; within 0.6 dB for Swerling's first case at
    detection probabilities of 0.2 to 0.9, and 1.1 dB over the stated ranges [1]_; outside them it refuses.

    References
    ----------
    .. [1] D. A. Shnidman, "Determination of required SNR values", IEEE Trans. Aerospace and Electronic Systems 38
       (2002) 1059-1064.
    """
    _check(pd, pfa, pulses, 0.1, 0.99, 1e-9, 1e-3)
    if pulses > 100:
        raise InputError(f"pulses must lie in [1, 100]; got {pulses}")
    k = fluctuation_shape(swerling, pulses)
    alpha = 0.0 if pulses < 40 else 0.25
    sign = 1.0 if pd >= 0.5 else -1.0
    eta = math.sqrt(-0.8 * math.log(4.0 * pfa * (1.0 - pfa))) + sign * math.sqrt(-0.8 * math.log(4.0 * pd * (1.0 - pd)))
    x_inf = eta * (eta + 2.0 * math.sqrt(pulses / 2.0 + (alpha - 0.25)))
    c_db = 0.0
    if math.isfinite(k):
        c1 = (((17.7006 * pd - 18.4496) * pd + 14.5339) * pd - 3.525) / k
        c2 = (
            math.exp(27.31 * pd - 25.14) + (pd - 0.8) * (0.7 * math.log(1e-5 / pfa) + (2.0 * pulses - 20.0) / 80.0)
        ) / k
        c_db = c1 if pd <= 0.872 else c1 + c2
    return float(10.0 ** (c_db / 10.0) * x_inf / pulses)


def swerling_1_snr(pd: float, pfa: float) -> float:
    """Return the mean SNR that one look at a slowly fluctuating target (Swerling 1) asks for, exactly.

    Parameters
    ----------
    pd, pfa : float
        Probability of detection and of false alarm, ``0 < pfa < pd < 1``.

    Returns
    -------
    float
        Mean signal-to-noise ratio, as a ratio.

    Notes
    -----
    The power of target and noise together is exponential, so ``pd = pfa ** (1 / (1 + snr))`` [1]_.

    References
    ----------
    .. [1] P. Swerling, "Probability of detection for fluctuating targets", IRE Trans. Information Theory 6 (1960)
       269-308.

    Examples
    --------
    >>> round(10 * math.log10(swerling_1_snr(0.9, 1e-6)), 2)
    21.14
    """
    if not 0.0 < pfa < pd < 1.0:
        raise InputError(f"probabilities must satisfy 0 < false alarm < detection < 1; got {pfa} and {pd}")
    return math.log(pfa) / math.log(pd) - 1.0


def threshold_of(pfa: float, pulses: int = 1) -> float:
    """Return the threshold, in units of the mean noise power, that noise alone passes with a probability.

    Parameters
    ----------
    pfa : float
        False-alarm probability of one decision, 1e-15 to 0.5.
    pulses : int
        Number of pulses added without phase, 1 to 8096.
    """
    if not 1e-15 <= pfa <= 0.5:
        raise InputError(f"false-alarm probability must lie in [1e-15, 0.5]; got {pfa}")
    if not 1 <= pulses <= 8096:
        raise InputError(f"pulses must lie in [1, 8096]; got {pulses}")
    if pulses == 1:
        return -math.log(pfa)
    from scipy.special import gammainccinv  # takes longer to load than a radar takes to answer

    return float(gammainccinv(pulses, pfa))


def detection_probability(snr: npt.ArrayLike, pfa: float, *, swerling: int, pulses: int = 1) -> FloatArray:
    """Return the probability that a square-law detector sees a target.

    Parameters
    ----------
    snr : array_like, shape (...)
        Mean signal-to-noise ratio of each pulse, as a ratio; zero gives the false-alarm probability back.
    pfa : float
        False-alarm probability, 1e-15 to 0.5.
    swerling : {0, 1, 2, 3, 4}
        Swerling's case; 0 is steady.
    pulses : int
        Number of pulses added without phase; 1 for one dwell integrated coherently.

    Returns
    -------
    ndarray, shape (...)
        Detection probability of one look.

    Raises
    ------
    InputError
        If an argument lies outside what is stated.

    Notes
    -----
    Exact to 1e-10: the series of Marcum's function for a steady target, and its mixture over a gamma distribution of
    the target's energy for Swerling's cases [1]_. The threshold is that of known noise; estimating the noise from
    neighbouring cells (CFAR) costs more signal and is left out.

    References
    ----------
    .. [1] D. A. Shnidman, "Radar detection probabilities and their calculation", IEEE Trans. Aerospace and Electronic
       Systems 31 (1995) 928-950.

    Examples
    --------
    >>> round(float(detection_probability(20.0, 1e-6, swerling=1)), 3)
    0.518
    """
    ratio = np.asarray(snr, dtype=float)
    if not np.all(np.isfinite(ratio) & (ratio >= 0.0)):
        raise InputError(f"snr must be at least 0 and finite; got {ratio[~(np.isfinite(ratio) & (ratio >= 0.0))][0]}")
    shape = fluctuation_shape(swerling, pulses)
    flat = np.ascontiguousarray(ratio.ravel())
    out = np.empty_like(flat)
    dk.detected_many(flat, threshold_of(pfa, pulses), pulses, 0.0 if math.isinf(shape) else shape, out)
    return out.reshape(ratio.shape)


def cumulative_detection(probability: npt.ArrayLike) -> FloatArray:
    """Return the probability of at least one detection up to and with each look.

    Parameters
    ----------
    probability : array_like, shape (n,)
        Detection probability of each look, in order.

    Returns
    -------
    ndarray, shape (n,)
        ``1 - prod(1 - p)``: the looks are taken as independent, which a target whose echo fades from look to look
        (Swerling 1 or 3) allows. Were every look to share one fade, the largest single probability would be all.

    Examples
    --------
    >>> cumulative_detection([0.5, 0.5, 0.5]).tolist()
    [0.5, 0.75, 0.875]
    """
    looks = np.asarray(probability, dtype=float)
    if looks.ndim != 1 or not np.all((looks >= 0.0) & (looks <= 1.0)):
        raise InputError("detection probability of each look must be a list of numbers in [0, 1]")
    return np.asarray(1.0 - np.cumprod(1.0 - looks), dtype=np.float64)
