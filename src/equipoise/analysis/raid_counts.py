"""What a number of runs of a raid comes to, as whole numbers: they add up exactly, in any order and any chunks."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from equipoise.analysis import raid_kernels as rk
from equipoise.arrays import IntArray

# Times of exhaustion are counted by the second, up to here.
MAX_SECONDS = 7200


@dataclass(frozen=True)
class RaidCounts:
    """Counts over runs.

    Parameters
    ----------
    runs : ndarray, shape ()
        How many runs.
    leakers : ndarray, shape (n_missile + 1,)
        Runs with 0, 1, ... leakers in all.
    target_leakers, target_hit : ndarray, shape (n_target,)
        Leakers of all runs by target, and runs in which at least one leaks there.
    target_pairs : ndarray, shape (n_target, n_target)
        Sum over runs of the product of the leakers of two targets: what a weighted sum needs for its variance.
    spent : ndarray, shape (n_layer, n_round + 1)
        Runs in which a layer spent 0, 1, ... rounds.
    killed : ndarray, shape (n_layer,)
        Missiles that a layer killed in all runs.
    refused : ndarray, shape (n_layer, n_reason)
        Missiles that it could have met in time but never fired at, by reason.
    exhausted : ndarray, shape (n_layer, MAX_SECONDS)
        Runs in which its last round left in each second of the raid; the last bin holds what comes later.
    """

    runs: IntArray
    leakers: IntArray
    target_leakers: IntArray
    target_hit: IntArray
    target_pairs: IntArray
    spent: IntArray
    killed: IntArray
    refused: IntArray
    exhausted: IntArray

    @classmethod
    def none(cls, missiles: int, targets: int, magazine: IntArray) -> RaidCounts:
        """Return the counts of no run."""
        layers = len(magazine)

        def zeros(*shape: int) -> IntArray:
            return np.zeros(shape, dtype=np.int64)

        return cls(
            zeros(),
            zeros(missiles + 1),
            zeros(targets),
            zeros(targets),
            zeros(targets, targets),
            zeros(layers, int(magazine.max()) + 1),
            zeros(layers),
            zeros(layers, rk.N_REASONS),
            zeros(layers, MAX_SECONDS),
        )

    @classmethod
    def of_rows(cls, tally: rk.Tally, missiles: int, magazine: IntArray) -> RaidCounts:
        """Count the rows of a tally."""
        by_target = tally.leakers.astype(np.int64)
        exhausted = np.zeros((len(magazine), MAX_SECONDS), dtype=np.int64)
        for layer, when_s in enumerate(tally.exhausted_s.T):
            second = np.clip(when_s[np.isfinite(when_s)], 0, MAX_SECONDS - 1).astype(np.int64)
            exhausted[layer] = np.bincount(second, minlength=MAX_SECONDS)
        return cls(
            np.array(len(by_target)),
            np.bincount(by_target.sum(axis=1), minlength=missiles + 1),
            by_target.sum(axis=0),
            (by_target > 0).sum(axis=0),
            by_target.T @ by_target,
            np.stack([np.bincount(spent, minlength=int(magazine.max()) + 1) for spent in tally.spent.T]),
            tally.killed.sum(axis=0, dtype=np.int64),
            tally.refused.sum(axis=0, dtype=np.int64),
            exhausted,
        )

    def __add__(self, other: RaidCounts) -> RaidCounts:
        """Return the counts of both."""
        return RaidCounts(**{one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)})
