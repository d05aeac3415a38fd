"""How many warheads get past layers of interceptors, in closed form, after Wilkening (1999).

Expected numbers, no dice: rounds are shared out evenly over the warheads that a layer may shoot at, a warhead that gets
``m`` of them is killed with ``P_track [1 - (1 - k)^m]``, and each layer shoots at what the ones before it have left.
Within a layer's window it may shoot, look and shoot again, as often as the window allows and the magazine lasts.

What is generous to the defence: every look tells a killed warhead from a live one, no round is spent on one that is
dead, on a decoy or twice by two layers, and ``P_track`` has the whole of discrimination in one number. What is left
out: saturation of radars, and shots that depend on one another within a salvo. All numbers may be arrays that
broadcast against each other; the last axis of a number of warheads is the arcs on which they come.

References
----------
D. A. Wilkening, "A Simple Model for Calculating Ballistic Missile Defense Effectiveness", *Science & Global Security* 8
(1999) 183-215.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from equipoise.arrays import FloatArray, IntArray
from equipoise.errors import InputError

# A number of warheads is sought between these; the answer is good to a millionth of itself.
FEWEST, MOST = 1e-3, 1e6
_HALVINGS = 30
_GRID, _ROUNDS = 9, 8


@dataclass(frozen=True)
class Layer:
    """What one battery may do about warheads on some arcs.

    Parameters
    ----------
    rounds : float or ndarray, shape (...)
        Interceptors, 0 or more.
    salvo : float or ndarray, shape (...)
        Most rounds at one warhead between two looks.
    looks : ndarray of int, shape (..., n_arc)
        How often it may shoot at a warhead on each arc; 0 where the arc is out of its reach or time.
    kill, track : float or ndarray, shape (...)
        Chance that one round kills, and that a warhead is tracked and told apart rightly for all rounds at it.
    """

    rounds: ArrayLike
    salvo: ArrayLike
    looks: IntArray
    kill: ArrayLike
    track: ArrayLike = 1.0


def shared_leakage(kill: ArrayLike, rounds_each: ArrayLike) -> FloatArray:
    """Return the share of warheads that outlasts rounds shared out evenly, a number that need not be whole.

    Parameters
    ----------
    kill : float or ndarray
        Chance that one round kills.
    rounds_each : float or ndarray
        Rounds over warheads, x. With ``i = floor(x)``, a share ``x - i`` of the warheads gets ``i + 1``, the others i.

    Returns
    -------
    ndarray
        ``(1 - k)^i [1 - k (x - i)]``.

    Examples
    --------
    >>> float(shared_leakage(0.5, 1.5))
    0.375
    """
    k, each = np.asarray(kill, dtype=float), np.asarray(rounds_each, dtype=float)
    whole = np.floor(each)
    return np.asarray((1.0 - k) ** whole * (1.0 - k * (each - whole)))


def survivors(arriving: ArrayLike, layer: Layer) -> tuple[FloatArray, FloatArray]:
    """Return how many warheads outlast one layer, by arc, and how many rounds it spends.

    Parameters
    ----------
    arriving : ndarray, shape (..., n_arc)
        Warheads on each arc.
    layer : Layer
        What shoots at them.

    Returns
    -------
    left : ndarray, shape (..., n_arc)
        Expected warheads left; never more than arrive.
    spent : ndarray, shape (...)
        Expected rounds.
    """
    track, kill, salvo = (_column(one) for one in (layer.track, layer.kill, layer.salvo))
    tracked = np.asarray(arriving, dtype=float) * track
    lost = np.asarray(arriving, dtype=float) - tracked
    magazine = _column(layer.rounds)
    full = magazine
    for look in range(1, int(np.max(layer.looks, initial=0)) + 1):
        open_ = layer.looks >= look
        targets = np.where(open_, tracked + lost, 0.0).sum(axis=-1, keepdims=True)
        used = np.minimum(magazine, salvo * targets)
        if not used.any():
            break
        each = np.divide(used, targets, out=np.zeros(np.broadcast_shapes(used.shape, targets.shape)), where=targets > 0)
        tracked = np.where(open_, tracked * shared_leakage(kill, each), tracked)
        magazine = magazine - used
    left = tracked + lost
    return left, np.broadcast_to((full - magazine)[..., 0], np.broadcast_shapes(left.shape[:-1], full.shape[:-1]))


def penetrating(arriving: ArrayLike, layers: Sequence[Layer]) -> FloatArray:
    """Return how many warheads outlast all layers, by arc, shape (..., n_arc)."""
    left = np.asarray(arriving, dtype=float)
    for layer in layers:
        left = survivors(left, layer)[0]
    return left


def battery_states(count: int) -> IntArray:
    """Return every way in which so many batteries may work (1) or not (0), shape (2^count, count)."""
    return (np.arange(2**count)[:, np.newaxis] >> np.arange(count)) & 1


def state_chances(works: Sequence[ArrayLike], states: IntArray) -> FloatArray:
    """Return how likely each state is, shape (..., n_state); they sum to 1."""
    chances = np.ones(len(states))
    for i, chance in enumerate(works):
        up = _column(chance)
        chances = chances * np.where(states[:, i] == 1, up, 1.0 - up)
    return chances


def count_probabilities(fired: int, shares: ArrayLike, chances: ArrayLike) -> FloatArray:
    """Return how likely 0, 1, ... n of the warheads that are fired penetrate.

    Parameters
    ----------
    fired : int
        Warheads fired, n; each gets through by itself.
    shares : ndarray, shape (n_state,)
        Chance that one gets through (its missile works and no layer kills it) in each state of the batteries.
    chances : ndarray, shape (n_state,)
        How likely each state is.

    Returns
    -------
    ndarray, shape (n + 1,)
        The binomial distributions of the states, mixed.

    Raises
    ------
    InputError
        If ``fired`` is negative.
    """
    if fired < 0:
        raise InputError(f"fired must be 0 or more; got {fired}")
    from scipy.special import gammaln, xlog1py, xlogy

    q = np.clip(np.asarray(shares, dtype=float), 0.0, 1.0)[:, np.newaxis]
    k = np.arange(fired + 1)
    ways = gammaln(fired + 1) - gammaln(k + 1) - gammaln(fired - k + 1)
    of_states = np.exp(ways + xlogy(k, q) + xlog1py(fired - k, -q))
    return np.asarray((np.asarray(chances, dtype=float)[:, np.newaxis] * of_states).sum(axis=0))


def largest_number(
    stopped_share: Callable[[FloatArray], FloatArray], share: float, shape: tuple[int, ...]
) -> FloatArray:
    """Return the largest number of arriving warheads of which at least a share is stopped.

    Parameters
    ----------
    stopped_share : callable
        From numbers of warheads, shape ``shape``, to the share of them that is stopped; it must not rise with them.
    share : float
        The yardstick, in (0, 1].
    shape : tuple of int
        How many numbers are sought at once.

    Returns
    -------
    ndarray, shape ``shape``
        0 where not even a lone warhead is stopped with that chance; at most a million.

    Raises
    ------
    InputError
        If ``share`` lies outside its range.
    """
    _require_yardstick(share)
    low, high = np.full(shape, np.log(FEWEST)), np.full(shape, np.log(MOST))
    never = stopped_share(np.exp(low)) < share
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        enough = stopped_share(np.exp(middle)) >= share
        low, high = np.where(enough, middle, low), np.where(enough, high, middle)
    return np.where(never, 0.0, np.exp(low))


def largest_of_one(stopped_share: Callable[[FloatArray], FloatArray], share: float) -> float:
    """Return what :func:`largest_number` does, for one share that takes many numbers at once, (n,).

    Each round looks at evenly spaced logarithms between the last number at which the share is met and the next.
    """
    _require_yardstick(share)
    low, high = np.log(FEWEST), np.log(MOST)
    for _ in range(_ROUNDS):
        grid = np.linspace(low, high, _GRID)
        met = np.flatnonzero(stopped_share(np.exp(grid)) >= share)
        if not len(met):
            return 0.0
        low, high = grid[met[-1]], grid[min(met[-1] + 1, _GRID - 1)]
    return float(np.exp(low))


def _require_yardstick(share: float) -> None:
    if not 0.0 < share <= 1.0:
        raise InputError(f"share must lie above 0 and at most at 1; got {share}")


def _column(value: ArrayLike) -> FloatArray:
    """Return a number with an axis of its own at the end, to go with the arcs."""
    return np.asarray(value, dtype=float)[..., np.newaxis]
