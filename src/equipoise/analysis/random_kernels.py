"""Random numbers that are a function of who asks: Philox 4x32 with ten rounds, a counter-based generator. Compiled.

Nothing is drawn "next": a draw is named by a seed and four counter words (which run, which missile, which layer), so
that the number of workers, the order of runs and a restart cannot change one.

References
----------
J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", *SC '11*
(2011), https://doi.org/10.1145/2063384.2063405.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from equipoise._jit import inline, kernel

Words = tuple[np.uint64, np.uint64, np.uint64, np.uint64]

_M0 = np.uint64(0xD2511F53)
_M1 = np.uint64(0xCD9E8D57)
_W0 = np.uint64(0x9E3779B9)
_W1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_32 = np.uint64(32)
_ROUNDS = 10
# One step of a 32-bit word as a share of one.
UNIT = 1.0 / 4294967296.0


@inline
def philox(key: np.uint64, c0: np.uint64, c1: np.uint64, c2: np.uint64, c3: np.uint64) -> Words:
    """Return four random words of 32 bits, each held in 64, of a key of 64 bits and a counter of four 32-bit words."""
    k0 = key & _LOW
    k1 = key >> _32
    for _ in range(_ROUNDS):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0 = (p1 >> _32) ^ c1 ^ k0
        c1 = p1 & _LOW
        c2 = (p0 >> _32) ^ c3 ^ k1
        c3 = p0 & _LOW
        k0 = (k0 + _W0) & _LOW
        k1 = (k1 + _W1) & _LOW
    return c0, c1, c2, c3


@kernel
def philox_blocks(key: np.uint64, counters: npt.NDArray[np.uint64], out: npt.NDArray[np.uint64]) -> None:
    """Fill ``out`` (n, 4) with the words of the counters (n, 4)."""
    for i in range(counters.shape[0]):
        out[i, 0], out[i, 1], out[i, 2], out[i, 3] = philox(
            key, counters[i, 0], counters[i, 1], counters[i, 2], counters[i, 3]
        )
