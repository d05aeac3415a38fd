"""Flying a missile: ``fly`` and the trajectory it gives."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from equipoise._jit import run_in_chunks
from equipoise.arrays import FloatArray
from equipoise.errors import InputError, NumericalError
from equipoise.physics import flight_kernels as fk
from equipoise.physics.earth_kernels import OMEGA_RAD_S, axes_of, geodetic_of
from equipoise.physics.geodesy import Site, geodesic
from equipoise.physics.missile import Missile

# Local error of a step that keeps the impact within 1 m of a converged one, gravity turns and 12,000 km included, with
# a factor of two in hand; and what lies between the ends of the steps within 1.5 m (docs/benchmarks.md measures both).
TOLERANCE_M = 3e-4
# The same for 10 m, for grids and bands that look at impacts only: a quarter more arcs a second.
TOLERANCE_10_M = 0.02
_NODE_ROOM = 4096


@dataclass(frozen=True)
class Aim:
    """How a missile is flown.

    Parameters
    ----------
    az_rad : float
        Azimuth of the thrust, from north over east. [rad]
    angle_rad : float
        Pitch program: the thrust elevation that is held. Gravity turn: the kick off the vertical. [rad]
    burn_s : float
        Time under thrust at which it is cut; infinite burns everything. [s]
    """

    az_rad: float
    angle_rad: float
    burn_s: float = math.inf


@dataclass(frozen=True)
class State:
    """A moment of a flight: time [s], position [m] and velocity [m/s] in ecef, shape (3,)."""

    time_s: float
    r_ecef_m: FloatArray
    v_ecef_mps: FloatArray

    @property
    def geodetic(self) -> tuple[float, float, float]:
        """Latitude [rad], longitude [rad], height above the ellipsoid [m]."""
        lat_rad, lon_rad, altitude_m = geodetic_of(*self.r_ecef_m.tolist())
        return float(lat_rad), float(lon_rad), float(altitude_m)

    @property
    def altitude_m(self) -> float:
        """Height above the ellipsoid [m]."""
        return self.geodetic[2]

    @property
    def speed_mps(self) -> float:
        """Speed against the Earth [m/s]."""
        return float(np.linalg.norm(self.v_ecef_mps))

    @property
    def path_angle_rad(self) -> float:
        """Elevation of the velocity above the local horizontal [rad]; negative in descent."""
        up = np.array(axes_of(*self.geodetic[:2])[6:])
        return math.asin(max(-1.0, min(1.0, float(up @ self.v_ecef_mps) / self.speed_mps)))


@dataclass(frozen=True)
class Trajectory:
    """A flight from launch to impact.

    Parameters
    ----------
    launch : Site
        Where it started.
    aim : Aim
        How it was flown.
    rotation : bool
        Whether the Earth turned.
    nodes : ndarray, shape (n, 13)
        Time [s], position [m], velocity [m/s] and acceleration [m/s2], before and after, in ecef at the ends of the
        steps.
    burnout, impact : State
        End of thrust; the ground.
    apogee_m : float
        Greatest height above the ellipsoid. [m]
    apogee_time_s : float
        When. [s]
    """

    launch: Site
    aim: Aim
    rotation: bool
    nodes: FloatArray
    burnout: State
    impact: State
    apogee_m: float
    apogee_time_s: float

    @property
    def time_s(self) -> FloatArray:
        """Times of the nodes [s], shape (n,)."""
        return self.nodes[:, 0]

    @property
    def r_ecef_m(self) -> FloatArray:
        """Positions at the nodes [m], shape (n, 3)."""
        return self.nodes[:, 1:4]

    @property
    def v_ecef_mps(self) -> FloatArray:
        """Velocities at the nodes [m/s], shape (n, 3)."""
        return self.nodes[:, 4:7]

    @property
    def time_of_flight_s(self) -> float:
        """Launch to impact [s]."""
        return self.impact.time_s

    @property
    def impact_site(self) -> Site:
        """Where it came down."""
        lat_rad, lon_rad, _ = self.impact.geodetic
        return Site(lat_rad, lon_rad)

    @property
    def range_m(self) -> float:
        """Length of the geodesic from launch to impact [m]."""
        return geodesic(self.launch, self.impact_site)[0]

    @property
    def burnout_speed_mps(self) -> float:
        """Speed against the Earth at the end of thrust [m/s]."""
        return self.burnout.speed_mps

    def at(self, time_s: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Interpolate between the nodes.

        Parameters
        ----------
        time_s : array_like, shape (m,) or scalar
            Times after launch. [s]

        Returns
        -------
        r_ecef_m, v_ecef_mps : ndarray, shape (m, 3) or (3,)
            Position [m] and velocity [m/s] by the quintic through position, velocity and acceleration at both ends of
            a step. In free flight within 0.2 m on arcs of 1,000 km and 1.5 m on those of 10,000 km, whose steps last
            minutes; the ends of thrust phases are nodes, so no corner is smoothed.

        Raises
        ------
        InputError
            If a time lies before launch or after impact.
        """
        times = np.atleast_1d(np.asarray(time_s, dtype=float))
        if not np.all((times >= 0.0) & (times <= self.time_of_flight_s)):
            raise InputError(f"time_s must lie in [0, {self.time_of_flight_s:.3f}]; got {np.asarray(time_s)}")
        out = np.empty((len(times), 6))
        fk.sample_arc(self.nodes, len(self.nodes), times, out)
        if np.ndim(time_s) == 0:
            return out[0, :3], out[0, 3:]
        return out[:, :3], out[:, 3:]


def rotation_rate(rotation: bool) -> float:
    """Return the Earth's rotation [rad/s], or none."""
    return OMEGA_RAD_S if rotation else 0.0


def fly(
    missile: Missile, launch: Site, aim: Aim, *, rotation: bool = True, tolerance_m: float = TOLERANCE_M
) -> Trajectory:
    """Fly a missile from launch to impact.

    Parameters
    ----------
    missile : Missile
        What flies.
    launch : Site
        Where from, on the ellipsoid.
    aim : Aim
        Azimuth, angle and cut-off.
    rotation : bool
        False keeps the Earth still (published ranges often do).
    tolerance_m : float
        Local error of a step. [m]

    Returns
    -------
    Trajectory
        Ends on the ellipsoid; heights of the ground are left out.

    Raises
    ------
    NumericalError
        If the missile falls back under thrust, is still aloft after four hours, or takes too many steps.

    Notes
    -----
    Three degrees of freedom in the Earth-fixed frame: WGS-84 ellipsoid, J2, Coriolis and centrifugal terms, U.S.
    Standard Atmosphere 1976 turning with the Earth, drag along the velocity, thrust in the vertical plane of the
    azimuth. Leaves out lift, wind, the missile's attitude and the spin-up of its engine.
    """
    nodes = np.empty((_NODE_ROOM, fk.NODE_SIZE))
    summary = np.empty(fk.SUMMARY_SIZE)
    fk.fly_arc(
        missile.stage_array,
        missile.vehicle_array,
        missile.drag_array,
        launch.lat_rad,
        launch.lon_rad,
        aim.az_rad,
        aim.angle_rad,
        aim.burn_s,
        rotation_rate(rotation),
        tolerance_m,
        nodes,
        summary,
    )
    status = int(summary[fk.S_STATUS])
    count = int(summary[fk.S_NODES])
    if status != fk.IMPACT or count > _NODE_ROOM:
        raise NumericalError(
            f"{missile.name}: no impact, the flight ended as: {fk.STATUS_WORDS[status]} "
            f"after {summary[fk.S_IMPACT_T]:.0f} s (azimuth {math.degrees(aim.az_rad):.2f} deg, "
            f"angle {math.degrees(aim.angle_rad):.2f} deg)"
        )
    return Trajectory(
        launch=launch,
        aim=aim,
        rotation=rotation,
        nodes=nodes[:count].copy(),
        burnout=_state(summary, fk.S_BURNOUT_T, fk.S_BURNOUT),
        impact=_state(summary, fk.S_IMPACT_T, fk.S_IMPACT),
        apogee_m=float(summary[fk.S_APOGEE_M]),
        apogee_time_s=float(summary[fk.S_APOGEE_T]),
    )


def _state(summary: FloatArray, time: int, first: int) -> State:
    return State(float(summary[time]), summary[first : first + 3].copy(), summary[first + 3 : first + 6].copy())


def fly_many(
    missile: Missile,
    launch: Site,
    az_rad: FloatArray,
    angle_rad: FloatArray,
    burn_s: FloatArray,
    *,
    rotation: bool = True,
    tolerance_m: float = TOLERANCE_M,
) -> FloatArray:
    """Fly arrays of aims from one site, in threads, and return what each came to.

    Parameters
    ----------
    az_rad, angle_rad, burn_s : ndarray, broadcast to shape (n,)
        See :class:`Aim`.
    tolerance_m : float
        Local error of a step; ``TOLERANCE_10_M`` where an impact may be 10 m off. [m]

    Returns
    -------
    ndarray, shape (n, SUMMARY_SIZE)
        Rows as ``flight_kernels`` names them (``S_STATUS`` ... ``S_LON``). Arcs without impact keep their status.
    """
    az, angle, burn = (np.ascontiguousarray(a, dtype=float) for a in np.broadcast_arrays(az_rad, angle_rad, burn_s))
    summaries = np.empty((len(az), fk.SUMMARY_SIZE))
    lat = np.full(len(az), launch.lat_rad)
    lon = np.full(len(az), launch.lon_rad)

    def work(start: int, stop: int) -> None:
        fk.fly_arcs(
            missile.stage_array,
            missile.vehicle_array,
            missile.drag_array,
            lat,
            lon,
            az,
            angle,
            burn,
            rotation_rate(rotation),
            tolerance_m,
            summaries,
            start,
            stop,
        )

    run_in_chunks(work, len(az))
    return summaries
