"""How much of a raid independent shots stop, in closed form, after Wilkening (1999).

Each shot kills its target with the same probability, whatever the others do. Whatever can spoil all shots at once (a
bad track, a wrong discrimination) is one factor ``track_probability``, and no number of shots lifts the result above
it. What is left out: shots that depend on one another, magazines and time.

References
----------
D. A. Wilkening, "A Simple Model for Calculating Ballistic Missile Defense Effectiveness", *Science & Global Security* 8
(1999) 183-215.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from equipoise.errors import InputError


def leakage_probability(kill_probability: float, shots: int) -> float:
    """Return the probability that one target survives a number of shots, ``(1 - k)^n``.

    Parameters
    ----------
    kill_probability : float
        Of one shot, 0 to 1.
    shots : int
        Shots at the target, 0 or more.

    Raises
    ------
    InputError
        If a value is outside its range.

    Examples
    --------
    >>> round(leakage_probability(0.8, 2), 12)
    0.04
    """
    _require_probability("kill_probability", kill_probability)
    _require_count("shots", shots)
    return float((1.0 - kill_probability) ** shots)


def no_leaker_probability(
    kill_probability: float, shots: int, targets: int, *, track_probability: float = 1.0
) -> float:
    """Return the probability that no target leaks, ``P_track [1 - (1 - k)^n]^W``.

    Parameters
    ----------
    kill_probability : float
        Of one shot, 0 to 1.
    shots : int
        Shots at each target.
    targets : int
        Targets, W.
    track_probability : float
        That nothing spoils all shots at once.

    Raises
    ------
    InputError
        If a value is outside its range.
    """
    _require_probability("track_probability", track_probability)
    _require_count("targets", targets)
    return float(track_probability * (1.0 - leakage_probability(kill_probability, shots)) ** targets)


def leaker_probabilities(kill_probability: float, shots: int, targets: int) -> tuple[float, ...]:
    """Return the probabilities that 0, 1, ... W targets leak: binomial in W and ``(1 - k)^n``.

    Parameters
    ----------
    kill_probability : float
        Of one shot, 0 to 1.
    shots : int
        Shots at each target.
    targets : int
        Targets, W.

    Returns
    -------
    tuple of float, length W + 1
        They add up to 1.

    Raises
    ------
    InputError
        If a value is outside its range.
    """
    _require_count("targets", targets)
    leak = leakage_probability(kill_probability, shots)
    return tuple(
        math.comb(targets, leakers) * leak**leakers * (1.0 - leak) ** (targets - leakers)
        for leakers in range(targets + 1)
    )


def shots_for_confidence(
    confidence: float, kill_probability: float, targets: int, *, track_probability: float = 1.0
) -> int:
    """Return the fewest shots at each target that give a wanted probability of no leaker.

    Parameters
    ----------
    confidence : float
        Wanted probability that no target leaks; above 0 and below ``track_probability``.
    kill_probability : float
        Of one shot; above 0 and below 1.
    targets : int
        Targets, 1 or more.
    track_probability : float
        That nothing spoils all shots at once.

    Returns
    -------
    int
        ``ln[1 - (P / P_track)^(1/W)] / ln(1 - k)``, rounded up. A barrage needs that times W interceptors.

    Raises
    ------
    InputError
        If a value is outside its range; a confidence that ``track_probability`` keeps out of reach is one.

    Examples
    --------
    >>> shots_for_confidence(0.8, 0.7, 10)
    4
    """
    _require_probability("track_probability", track_probability)
    if not 0.0 < kill_probability < 1.0:
        raise InputError(f"kill_probability must lie between 0 and 1, both excluded; got {kill_probability}")
    if not 0.0 < confidence < track_probability:
        raise InputError(
            f"confidence must lie above 0 and below track_probability, {track_probability}; got {confidence}"
        )
    if targets < 1:
        raise InputError(f"targets must be 1 or more; got {targets}")
    allowed_leak = -math.expm1(math.log(confidence / track_probability) / targets)
    estimate = math.ceil(math.log(allowed_leak) / math.log1p(-kill_probability))
    # The logarithms may round a whole number up: the definition decides.
    for shots in (estimate - 1, estimate):
        if shots >= 1 and leakage_probability(kill_probability, shots) <= allowed_leak * (1.0 + 1e-12):
            return shots
    return estimate + 1


def expected_interceptors(kill_probability: float, first_shots: int, all_shots: int, targets: int) -> float:
    """Return the mean number of interceptors of shoot, look, shoot: ``W [m + (1 - k)^m (n - m)]``.

    Parameters
    ----------
    kill_probability : float
        Of one shot, 0 to 1.
    first_shots : int
        Shots at each target before the look, m.
    all_shots : int
        Shots at a target that survives them, m included, n.
    targets : int
        Targets, W.

    Raises
    ------
    InputError
        If a value is outside its range.

    Examples
    --------
    >>> round(expected_interceptors(0.8, 1, 2, 10), 12)
    12.0
    """
    _require_count("targets", targets)
    _require_count("first_shots", first_shots)
    if all_shots < first_shots:
        raise InputError(f"all_shots must be at least first_shots, {first_shots}; got {all_shots}")
    return targets * (first_shots + leakage_probability(kill_probability, first_shots) * (all_shots - first_shots))


def layered_kill_probability(layer_probabilities: Sequence[float]) -> float:
    """Return the probability that one of several independent layers stops a target, ``1 - prod(1 - p)``.

    Parameters
    ----------
    layer_probabilities : sequence of float
        Of each layer, 0 to 1.

    Raises
    ------
    InputError
        If a value is outside its range.

    Examples
    --------
    >>> round(layered_kill_probability([0.8, 0.8]), 12)
    0.96
    """
    for probability in layer_probabilities:
        _require_probability("layer_probabilities", probability)
    return 1.0 - math.prod(1.0 - probability for probability in layer_probabilities)


def _require_probability(name: str, value: float) -> None:
    if not 0.0 <= value <= 1.0:
        raise InputError(f"{name} must lie in [0, 1]; got {value}")


def _require_count(name: str, value: int) -> None:
    if value < 0:
        raise InputError(f"{name} must be 0 or more; got {value}")
