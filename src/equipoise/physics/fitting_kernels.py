"""Fitting boosts to reported flights, many missiles at once. Compiled.

What flies differs from row to row here, so the arrays of ``flight_kernels`` gain a first axis: ``stage``
(n, MAX_STAGES, 8) with ``stages`` (n,) rows in use, ``vehicle`` (n, 6), ``drag_table`` (n, DRAG_KNOTS, 2).

How steeply a missile is flown is its *tilt*: the steering angle off the vertical (gravity turn: the kick), which
unlike an azimuth and an elevation moves smoothly through the vertical, as the two components north and east.
"""

from __future__ import annotations

import math

import numpy as np

from equipoise._jit import helper, kernel
from equipoise.arrays import FloatArray, IntArray
from equipoise.physics import flight_kernels as fk
from equipoise.physics.earth_kernels import enu_axes, geodetic_to_ecef

MAX_STAGES = 4

# The parameter that a fit sets. Its value is a factor on the propellant of every stage and on the flow and thrust
# that burn it in the same time; the payload [kg]; or the time under thrust [s].
PROPELLANT = 0
PAYLOAD = 1
CUT_OFF = 2

# How a fit ended, in ``fitted[:, F_STATUS]``.
FITTED = 0
NO_FLIGHT = 1  # the first guess does not fly
NOT_CONVERGED = 2
OUT_OF_BOUNDS = 3  # the parameter ran into an end of what is allowed

F_STATUS = 0
F_VALUE = 1
F_AZ = 2
F_ANGLE = 3
F_ARCS = 4  # flown on the way
F_MISS = 5  # distance from what was wanted, apogee and impact together [m]
F_TIME = 6  # of flight [s]
FIT_SIZE = 7

_ITERATIONS = 30
_TILT_LIMIT_RAD = math.radians(88.0)
# A kick acts through the whole boost, so it is changed in smaller steps than a held angle.
_MAX_TILT_STEP_RAD = math.radians(8.0)
_MAX_KICK_STEP_RAD = math.radians(0.7)
_MAX_LOG_STEP = 0.2
# Steps of the finite differences.
_D_LOG = 1e-4
_D_TILT_RAD = 1e-5


@helper
def _fly_with(
    stage: FloatArray,
    vehicle: FloatArray,
    drag_table: FloatArray,
    parameter: int,
    log_value: float,
    north_rad: float,
    east_rad: float,
    lat_rad: float,
    lon_rad: float,
    omega_rad_s: float,
    tolerance_m: float,
    work_stage: FloatArray,
    work_vehicle: FloatArray,
    summary: FloatArray,
) -> None:
    """Fly a missile with the parameter set and tilted north and east."""
    value = math.exp(log_value)
    work_stage[:, :] = stage
    work_vehicle[:] = vehicle
    burn_s = math.inf
    if parameter == PROPELLANT:
        for i in range(stage.shape[0]):
            for c in (0, 2, 3, 4):
                work_stage[i, c] = stage[i, c] * value
    elif parameter == PAYLOAD:
        work_vehicle[0] = value
    else:
        burn_s = value
    tilt = math.sqrt(north_rad * north_rad + east_rad * east_rad)
    angle = tilt if vehicle[4] == fk.GRAVITY_TURN else 0.5 * math.pi - tilt
    nodes = np.empty((0, fk.NODE_SIZE))
    fk.fly_arc(
        work_stage, work_vehicle, drag_table, lat_rad, lon_rad, math.atan2(east_rad, north_rad), angle, burn_s,
        omega_rad_s, tolerance_m, nodes, summary,
    )  # fmt: skip


@helper
def _residual(
    summary: FloatArray, apogee_m: float, target: FloatArray, axes: FloatArray, length_m: float, out: FloatArray
) -> float:
    """Fill the three residuals of an arc (log apogee; east and north of the target over a length); return their sum."""
    facing = 0.0
    for c in range(3):
        facing += summary[fk.S_IMPACT + c] * target[c]
    if summary[fk.S_STATUS] != fk.IMPACT or summary[fk.S_APOGEE_M] <= 0.0 or facing <= 0.0:
        return math.inf  # nothing flown, or on the far side of the Earth, where the two offsets say nothing
    out[0] = math.log(summary[fk.S_APOGEE_M] / apogee_m)
    for row in range(2):
        total = 0.0
        for c in range(3):
            total += (summary[fk.S_IMPACT + c] - target[c]) * axes[row, c]
        out[1 + row] = total / length_m
    return float(abs(out[0]) + abs(out[1]) + abs(out[2]))


@helper
def _fit_one(
    stage: FloatArray,
    vehicle: FloatArray,
    drag_table: FloatArray,
    parameter: int,
    lowest: float,
    highest: float,
    lat_rad: float,
    lon_rad: float,
    apogee_m: float,
    target_lat_rad: float,
    target_lon_rad: float,
    start: FloatArray,
    omega_rad_s: float,
    tolerance_m: float,
    fitted: FloatArray,
) -> None:
    """Find parameter and tilt whose arc has the wanted apogee and lands on the target, by damped Newton steps.

    ``start`` holds the first value, and the first tilt north and east. See :func:`fit_arcs`.
    """
    work_stage = np.empty(stage.shape)
    work_vehicle = np.empty(vehicle.shape)
    summary = np.empty(fk.SUMMARY_SIZE)
    target = np.empty(3)
    target[0], target[1], target[2] = geodetic_to_ecef(target_lat_rad, target_lon_rad, 0.0)
    east_x, east_y, east_z, north_x, north_y, north_z, _, _, _ = enu_axes(target_lat_rad, target_lon_rad)
    axes = np.array([[east_x, east_y, east_z], [north_x, north_y, north_z]])
    home = np.empty(3)
    home[0], home[1], home[2] = geodetic_to_ecef(lat_rad, lon_rad, 0.0)
    distance_m = math.sqrt(np.sum((target - home) ** 2))
    length_m = max(distance_m, 0.3 * apogee_m)
    max_step = _MAX_KICK_STEP_RAD if vehicle[4] == fk.GRAVITY_TURN else _MAX_TILT_STEP_RAD
    log_low = math.log(lowest)
    log_high = math.log(highest)
    x = np.array([min(max(math.log(start[0]), log_low), log_high), start[1], start[2]])
    step_of = np.array([_D_LOG, _D_TILT_RAD, _D_TILT_RAD])
    trial = np.empty(3)
    here = np.empty(3)
    there = np.empty(3)
    jacobian = np.empty((3, 3))
    arcs = 1
    fitted[:] = 0.0
    _fly_with(stage, vehicle, drag_table, parameter, x[0], x[1], x[2], lat_rad, lon_rad, omega_rad_s, tolerance_m,
              work_stage, work_vehicle, summary)  # fmt: skip
    norm = _residual(summary, apogee_m, target, axes, length_m, here)
    # A guess that falls back or flies round the Earth is brought nearer to the middle of what flies.
    for _ in range(12):
        if norm < math.inf:
            break
        x[0] = min(max(x[0] + (0.12 if summary[fk.S_STATUS] == fk.FELL_BACK else -0.12), log_low), log_high)
        _fly_with(stage, vehicle, drag_table, parameter, x[0], x[1], x[2], lat_rad, lon_rad, omega_rad_s, tolerance_m,
                  work_stage, work_vehicle, summary)  # fmt: skip
        arcs += 1
        norm = _residual(summary, apogee_m, target, axes, length_m, here)
    status = NO_FLIGHT
    if norm < math.inf:
        status = NOT_CONVERGED
        for _ in range(_ITERATIONS):
            if norm * length_m < 0.5:
                status = FITTED
                break
            singular = False
            for j in range(3):
                trial[:] = x
                sign = -1.0 if j == 0 and x[0] + step_of[0] > log_high else 1.0
                trial[j] += sign * step_of[j]
                _fly_with(stage, vehicle, drag_table, parameter, trial[0], trial[1], trial[2], lat_rad, lon_rad,
                          omega_rad_s, tolerance_m, work_stage, work_vehicle, summary)  # fmt: skip
                if _residual(summary, apogee_m, target, axes, length_m, there) == math.inf:
                    singular = True
                jacobian[:, j] = sign * (there - here) / step_of[j]
            arcs += 3
            if singular or abs(np.linalg.det(jacobian)) < 1e-12:
                break
            step = np.linalg.solve(jacobian, -here)
            tilt_step = math.sqrt(step[1] * step[1] + step[2] * step[2])
            damping = min(1.0, _MAX_LOG_STEP / (abs(step[0]) + 1e-30), max_step / (tilt_step + 1e-30))
            better = False
            for _ in range(8):
                trial[:] = x + damping * step
                trial[0] = min(max(trial[0], log_low), log_high)
                tilt = math.sqrt(trial[1] * trial[1] + trial[2] * trial[2])
                if tilt > _TILT_LIMIT_RAD:
                    trial[1] *= _TILT_LIMIT_RAD / tilt
                    trial[2] *= _TILT_LIMIT_RAD / tilt
                _fly_with(stage, vehicle, drag_table, parameter, trial[0], trial[1], trial[2], lat_rad, lon_rad,
                          omega_rad_s, tolerance_m, work_stage, work_vehicle, summary)  # fmt: skip
                arcs += 1
                gained = _residual(summary, apogee_m, target, axes, length_m, there)
                if gained < norm:
                    better = True
                    break
                damping *= 0.4
            if not better:
                break
            x[:] = trial
            here[:] = there
            norm = gained
        if norm * length_m < 0.5:
            status = FITTED
            _fly_with(stage, vehicle, drag_table, parameter, x[0], x[1], x[2], lat_rad, lon_rad, omega_rad_s,
                      tolerance_m, work_stage, work_vehicle, summary)  # fmt: skip
        elif x[0] <= log_low or x[0] >= log_high:
            status = OUT_OF_BOUNDS
    tilt = math.sqrt(x[1] * x[1] + x[2] * x[2])
    fitted[F_STATUS] = status
    fitted[F_VALUE] = math.exp(x[0])
    fitted[F_AZ] = math.atan2(x[2], x[1])
    fitted[F_ANGLE] = tilt if vehicle[4] == fk.GRAVITY_TURN else 0.5 * math.pi - tilt
    fitted[F_ARCS] = arcs
    fitted[F_MISS] = norm * length_m
    fitted[F_TIME] = summary[fk.S_IMPACT_T]


@kernel
def fit_arcs(
    stage: FloatArray,
    stages: IntArray,
    vehicle: FloatArray,
    drag_table: FloatArray,
    parameter: int,
    bounds: FloatArray,
    lat_rad: float,
    lon_rad: float,
    apogee_m: float,
    target_rad: FloatArray,
    starts: FloatArray,
    omega_rad_s: FloatArray,
    tolerance_m: float,
    fitted: FloatArray,
    start: int,
    stop: int,
) -> None:
    """Fit missiles ``start`` to ``stop`` to one apogee [m] and an impact [rad] (n, 2) each.

    Parameters
    ----------
    stage, stages, vehicle, drag_table : arrays
        What flies; see the module.
    parameter : int
        ``PROPELLANT``, ``PAYLOAD`` or ``CUT_OFF``.
    bounds : ndarray, shape (n, 2)
        Least and greatest value of the parameter.
    lat_rad, lon_rad : float
        Launch point. [rad]
    starts : ndarray, shape (n, 3)
        First guess of the parameter's value and of the tilt north and east [rad].
    omega_rad_s : ndarray, shape (n,)
        Rotation of the Earth.
    tolerance_m : float
        Local error of a step. [m]
    fitted : ndarray, shape (n, FIT_SIZE)
        Filled at the indices ``F_STATUS`` ... ``F_MISS``.
    """
    for i in range(start, stop):
        count = stages[i]
        _fit_one(
            stage[i, :count], vehicle[i], drag_table[i], parameter, bounds[i, 0], bounds[i, 1], lat_rad, lon_rad,
            apogee_m, target_rad[i, 0], target_rad[i, 1], starts[i], omega_rad_s[i], tolerance_m, fitted[i],
        )  # fmt: skip
