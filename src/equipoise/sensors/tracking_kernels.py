"""How information on position and velocity gathers along an arc, as square roots of matrices. Compiled.

An upper triangular ``R`` with ``R^T R`` the information stands for what is known: it begins at zero where nothing is,
and keeps twice the digits that the information itself would. G. J. Bierman, Factorization Methods for Discrete
Sequential Estimation (Academic Press 1977), chapters V and VI.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from equipoise._jit import helper, kernel
from equipoise.arrays import FloatArray, IntArray, Vector3, Vector9

BoolArray = npt.NDArray[np.bool_]

STATES = 6
# Condition of a root with columns of length 1 beyond which rounding decides what it says. Along arcs it reaches 1e7;
# a direction that nobody has measured has none, or what rounding leaves of it, near 1e16.
GREATEST_CONDITION = 1e12


@kernel
def add_looks(
    states: FloatArray,
    seen: BoolArray,
    origin: Vector3,
    axes: Vector9,
    on_face: bool,
    range_sd_m: FloatArray,
    across_sd_rad: FloatArray,
    up_sd_rad: FloatArray,
    rows: FloatArray,
    used: IntArray,
) -> None:
    """Append one radar's looks: derivatives of what it measures by position, over their standard deviations.

    ``states`` (n, 6); ``axes`` are right, up along the face and out of it, or east, north and up where angles are
    azimuth and elevation. ``rows`` (n, m, 3) takes three rows a look after the first ``used`` (n,).
    """
    for k in range(states.shape[0]):
        if not seen[k]:
            continue
        dx = states[k, 0] - origin[0]
        dy = states[k, 1] - origin[1]
        dz = states[k, 2] - origin[2]
        r = math.sqrt(dx * dx + dy * dy + dz * dz)
        ux = dx / r
        uy = dy / r
        uz = dz / r
        if on_face:
            # direction cosines along the face; their derivatives shrink as 1/r and with the angle off its normal
            s = ux * axes[0] + uy * axes[1] + uz * axes[2]
            ax = axes[0] - s * ux
            ay = axes[1] - s * uy
            az = axes[2] - s * uz
            s = ux * axes[3] + uy * axes[4] + uz * axes[5]
            bx = axes[3] - s * ux
            by = axes[4] - s * uy
            bz = axes[5] - s * uz
        else:
            # unit vectors across the line of sight, level and upright
            e = ux * axes[0] + uy * axes[1] + uz * axes[2]
            n = ux * axes[3] + uy * axes[4] + uz * axes[5]
            level = math.sqrt(e * e + n * n)
            if level > 0.0:
                e /= level
                n /= level
            else:
                e = 0.0
                n = 1.0
            ax = n * axes[0] - e * axes[3]
            ay = n * axes[1] - e * axes[4]
            az = n * axes[2] - e * axes[5]
            bx = ay * uz - az * uy
            by = az * ux - ax * uz
            bz = ax * uy - ay * ux
        first = used[k]
        w = 1.0 / range_sd_m[k]
        rows[k, first, 0] = w * ux
        rows[k, first, 1] = w * uy
        rows[k, first, 2] = w * uz
        w = 1.0 / (r * across_sd_rad[k])
        rows[k, first + 1, 0] = w * ax
        rows[k, first + 1, 1] = w * ay
        rows[k, first + 1, 2] = w * az
        w = 1.0 / (r * up_sd_rad[k])
        rows[k, first + 2, 0] = w * bx
        rows[k, first + 2, 1] = w * by
        rows[k, first + 2, 2] = w * bz
        used[k] = first + 3


@helper
def _triangularize(a: FloatArray, rows: int, columns: int) -> None:
    """Turn the first rows and columns of ``a`` upper triangular by Householder's reflections."""
    for j in range(min(columns, rows - 1)):
        s = 0.0
        for i in range(j, rows):
            s += a[i, j] * a[i, j]
        if s == 0.0:
            continue
        pivot = -math.copysign(math.sqrt(s), a[j, j])
        head = a[j, j] - pivot
        scale_by = -1.0 / (pivot * head)
        for c in range(j + 1, columns):
            d = head * a[j, c]
            for i in range(j + 1, rows):
                d += a[i, j] * a[i, c]
            d *= scale_by
            a[j, c] -= d * head
            for i in range(j + 1, rows):
                a[i, c] -= d * a[i, j]
        a[j, j] = pivot
        for i in range(j + 1, rows):
            a[i, j] = 0.0


@helper
def _carry(root: FloatArray, psi: FloatArray, h: float, noise: float, room: FloatArray) -> None:
    """Carry a root over one step into the first six rows of ``room``, with white acceleration of density ``noise``."""
    shift = STATES if noise > 0.0 and h > 0.0 else 0
    for i in range(STATES):
        for j in range(STATES):
            s = 0.0
            for m in range(i, STATES):
                s += root[i, m] * psi[m, j]
            room[shift + i, shift + j] = s
    if shift == 0:
        return
    # x1 = Phi x0 + L w with w of unit variance: triangularize [[1, 0], [-R L, R]] and keep what is left for x1.
    far = math.sqrt(noise * h * h * h / 3.0)
    both = 0.5 * math.sqrt(3.0 * noise * h)
    near = 0.5 * math.sqrt(noise * h)
    for i in range(STATES):
        for j in range(STATES):
            room[i, j] = 1.0 if i == j else 0.0
            room[i, shift + j] = 0.0
        for j in range(3):
            room[shift + i, j] = -far * room[shift + i, shift + j] - both * room[shift + i, shift + 3 + j]
            room[shift + i, 3 + j] = -near * room[shift + i, shift + 3 + j]
    _triangularize(room, 2 * STATES, 2 * STATES)
    for i in range(STATES):
        for j in range(STATES):
            room[i, j] = room[shift + i, shift + j]


@kernel
def gather(
    times_s: FloatArray,
    psi: FloatArray,
    rows: FloatArray,
    used: IntArray,
    prior: FloatArray,
    noise: float,
    roots: FloatArray,
) -> None:
    """Fill the root of the information (n, 6, 6) after the looks at each time; ``prior`` (6, 6) is that at the first.

    ``noise`` is the density of white acceleration [m2/s3]; zero is free fall without any.
    """
    room = np.zeros((max(2 * STATES, STATES + rows.shape[1]), 2 * STATES))
    for k in range(times_s.shape[0]):
        if k == 0:
            for i in range(STATES):
                for j in range(STATES):
                    room[i, j] = prior[i, j]
        else:
            _carry(roots[k - 1], psi[k - 1], times_s[k] - times_s[k - 1], noise, room)
        for i in range(used[k]):
            for j in range(3):
                room[STATES + i, j] = rows[k, i, j]
                room[STATES + i, 3 + j] = 0.0
        _triangularize(room, STATES + used[k], STATES)
        for i in range(STATES):
            for j in range(STATES):
                roots[k, i, j] = room[i, j] if j >= i else 0.0


@kernel
def invert(roots: FloatArray, spreads: FloatArray, determined: BoolArray) -> None:
    """Fill the inverse (n, 6, 6) of each root, ``S`` with covariance ``S S^T``, and whether there is one.

    Where some direction is not measured, ``S`` is left as zeros.
    """
    for k in range(roots.shape[0]):
        r = roots[k]
        s = spreads[k]
        good = True
        for j in range(STATES):
            if r[j, j] == 0.0:
                good = False
        if good:
            condition2 = 0.0
            for j in range(STATES):
                s[j, j] = 1.0 / r[j, j]
                for i in range(j - 1, -1, -1):
                    total = 0.0
                    for m in range(i + 1, j + 1):
                        total += r[i, m] * s[m, j]
                    s[i, j] = -total / r[i, i]
            for i in range(STATES):
                column2 = 0.0
                line2 = 0.0
                for m in range(STATES):
                    column2 += r[m, i] * r[m, i]
                    line2 += s[i, m] * s[i, m]
                condition2 += column2 * line2
            # written so that an overflow to nan is no condition either
            good = condition2 * STATES < GREATEST_CONDITION * GREATEST_CONDITION
        if not good:
            s[:, :] = 0.0
        determined[k] = good


@kernel
def predict(
    times_s: FloatArray,
    phi: FloatArray,
    spreads: FloatArray,
    determined: BoolArray,
    mapping: FloatArray,
    target: int,
    noise: float,
    covariance: FloatArray,
) -> None:
    """Fill the covariance (n, m, m) of ``mapping`` (m, 6) times the state at time ``target``, foretold at each time.

    After the target it stays as it was there; infinite where the state is not determined.
    """
    m = mapping.shape[0]
    n = times_s.shape[0]
    ahead = mapping.copy()  # mapping times the transition from time k to the target
    drift = np.zeros((m, m))
    product = np.empty((m, STATES))
    for k in range(target, -1, -1):
        if k < target:
            h = times_s[k + 1] - times_s[k]
            if noise > 0.0:
                # what the step's own noise adds, before it is carried to the target by the transition from its end
                for i in range(m):
                    for j in range(m):
                        s = 0.0
                        for c in range(3):
                            s += ahead[i, c] * ahead[j, c] * h * h * h / 3.0
                            s += (ahead[i, c] * ahead[j, 3 + c] + ahead[i, 3 + c] * ahead[j, c]) * 0.5 * h * h
                            s += ahead[i, 3 + c] * ahead[j, 3 + c] * h
                        drift[i, j] += noise * s
            for i in range(m):
                for j in range(STATES):
                    s = 0.0
                    for c in range(STATES):
                        s += ahead[i, c] * phi[k, c, j]
                    product[i, j] = s
            ahead[:, :] = product
        if determined[k]:
            for i in range(m):
                for j in range(STATES):
                    s = 0.0
                    for c in range(j + 1):
                        s += ahead[i, c] * spreads[k, c, j]
                    product[i, j] = s
            for i in range(m):
                for j in range(m):
                    s = drift[i, j]
                    for c in range(STATES):
                        s += product[i, c] * product[j, c]
                    covariance[k, i, j] = s
        else:
            covariance[k] = math.inf
    for k in range(target + 1, n):
        covariance[k] = covariance[target]
