"""Types that every floor shares: arrays of numbers, and the small tuples of floats that kernels pass around."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

Vector2 = tuple[float, float]
Vector3 = tuple[float, float, float]
Vector6 = tuple[float, float, float, float, float, float]
Vector9 = tuple[float, float, float, float, float, float, float, float, float]
