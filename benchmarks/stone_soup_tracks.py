"""The same arc and looks, tracked by Stone Soup's extended and unscented filters.

The state is position and velocity, east, north and up of the radar, which turns with the Earth. The motion is written
here anew, in NumPy: central gravity, J2, Coriolis and centrifugal terms, one Runge-Kutta step from look to look.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from stonesoup.base import Property
from stonesoup.models.base import GaussianModel
from stonesoup.models.measurement.nonlinear import CartesianToElevationBearingRange
from stonesoup.models.transition.base import TransitionModel
from stonesoup.predictor.kalman import ExtendedKalmanPredictor, UnscentedKalmanPredictor
from stonesoup.types.array import StateVectors
from stonesoup.types.detection import Detection
from stonesoup.types.hypothesis import SingleHypothesis
from stonesoup.types.state import GaussianState, State
from stonesoup.updater.kalman import ExtendedKalmanUpdater, UnscentedKalmanUpdater

FloatArray = npt.NDArray[np.float64]

# World Geodetic System 1984, NIMA TR8350.2 (2000).
GM_M3_S2 = 3.986004418e14
A_M = 6378137.0
E2 = (2.0 - 1.0 / 298.257223563) / 298.257223563
J2 = 0.484166774985e-3 * 5.0**0.5
OMEGA_RAD_S = 7.292115e-5
EPOCH = datetime.datetime(2000, 1, 1)

FILTERS = {
    "extended": (ExtendedKalmanPredictor, ExtendedKalmanUpdater),
    "unscented": (UnscentedKalmanPredictor, UnscentedKalmanUpdater),
}


class Ground:
    """A point on the ellipsoid: its place and its axes (rows east, north, up) in the Earth's frame."""

    def __init__(self, lat_rad: float, lon_rad: float) -> None:
        s, c, sl, cl = np.sin(lat_rad), np.cos(lat_rad), np.sin(lon_rad), np.cos(lon_rad)
        normal = A_M / np.sqrt(1.0 - E2 * s * s)
        self.place = np.array([normal * c * cl, normal * c * sl, normal * (1.0 - E2) * s])
        self.axes = np.array([[-sl, cl, 0.0], [-s * cl, -s * sl, c], [c * cl, c * sl, s]])

    def local(self, state_ecef: FloatArray) -> FloatArray:
        """Turn states (6, m) of the Earth's frame into local ones."""
        return np.vstack([self.axes @ (state_ecef[:3] - self.place[:, None]), self.axes @ state_ecef[3:]])

    def rate(self, state: FloatArray) -> FloatArray:
        """Return the derivative of local states (6, m)."""
        x, y, z = r = self.axes.T @ state[:3] + self.place[:, None]
        vx, vy, _ = self.axes.T @ state[3:]
        r2 = x * x + y * y + z * z
        oblate = 1.5 * J2 * A_M**2 / r2
        pull = -GM_M3_S2 * r2**-1.5 * (1.0 + oblate * (np.array([[1.0], [1.0], [3.0]]) - 5.0 * z * z / r2)) * r
        pull[0] += OMEGA_RAD_S * (OMEGA_RAD_S * x + 2.0 * vy)
        pull[1] += OMEGA_RAD_S * (OMEGA_RAD_S * y - 2.0 * vx)
        return np.vstack([state[3:], self.axes @ pull])

    def fall(self, state: FloatArray, seconds: float) -> FloatArray:
        """Return local states (6, m) after a few seconds of free fall."""
        k1 = self.rate(state)
        k2 = self.rate(state + 0.5 * seconds * k1)
        k3 = self.rate(state + 0.5 * seconds * k2)
        k4 = self.rate(state + seconds * k3)
        return state + seconds / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)


class FreeFall(TransitionModel, GaussianModel):
    """Stone Soup's view of the motion: no noise."""

    ground: Ground = Property(doc="where the local axes stand")

    @property
    def ndim_state(self) -> int:
        return 6

    def function(self, state: State, noise: Any = None, **kwargs: Any) -> StateVectors:
        local = np.asarray(state.state_vector, dtype=float)
        fallen = self.ground.fall(local, kwargs["time_interval"].total_seconds())
        return fallen.view(type(state.state_vector))

    def covar(self, **kwargs: Any) -> FloatArray:
        return np.zeros((6, 6))

    def rvs(self, num_samples: int = 1, **kwargs: Any) -> FloatArray:
        return np.zeros((6, num_samples))

    def pdf(self, *args: Any, **kwargs: Any) -> Any:
        raise NotImplementedError("the filters draw no density from the motion")


def measurement_model(deviations: Sequence[float]) -> CartesianToElevationBearingRange:
    """Return Stone Soup's model of a look, with deviations of elevation, bearing [rad] and range [m]."""
    return CartesianToElevationBearingRange(ndim_state=6, mapping=(0, 1, 2), noise_covar=np.diag(np.square(deviations)))


def track(
    name: str,
    ground: Ground,
    times_s: FloatArray,
    models: Sequence[CartesianToElevationBearingRange],
    measured: Sequence[Any],
    mean: FloatArray,
    covariance: FloatArray,
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Run one of the filters: yield the local state (6,) and covariance (6, 6) after each look.

    ``mean`` and ``covariance`` are what is known at the first of the times, before its look.
    """
    predictor_type, updater_type = FILTERS[name]
    predictor = predictor_type(FreeFall(ground))
    updater = updater_type(measurement_model=None)
    stamps = [EPOCH + datetime.timedelta(seconds=float(t)) for t in times_s]
    prior = GaussianState(mean, covariance, timestamp=stamps[0])
    for stamp, model, vector in zip(stamps, models, measured, strict=True):
        prediction = predictor.predict(prior, timestamp=stamp)
        detection = Detection(vector, timestamp=stamp, measurement_model=model)
        prior = updater.update(SingleHypothesis(prediction, detection))
        yield np.asarray(prior.state_vector, dtype=float).ravel(), np.asarray(prior.covar, dtype=float)
