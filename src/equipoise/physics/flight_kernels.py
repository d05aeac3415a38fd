"""Three-degree-of-freedom flight over the rotating Earth, compiled.

One arc is a chain of phases (vertical rise, pitch-over, held angle, coast between stages, free flight), each smooth,
each integrated by itself (``integration_kernels``) with what acts in it (``motion_kernels``).

The state ``y`` is position [m] and velocity [m/s] in ecef. Arrays that describe what flies:

``stage`` (n, 8)
    propellant [kg], inert [kg], mass flow [kg/s], vacuum thrust [N], thrust lost per pressure [N/Pa], burn time [s],
    area [m2], coast after burnout [s].
``vehicle`` (6,)
    payload [kg], inverse ballistic coefficient [m2/kg] of the separated body (0: it does not separate), end of the
    vertical rise [s], pitch rate [rad/s], steering law (``PITCH_PROGRAM`` or ``GRAVITY_TURN``), scale of the air
    density (1, or 0 for none).
``drag_table`` (m, 2)
    Mach number, drag coefficient; at most ``DRAG_KNOTS`` rows.
``nodes`` (k, NODE_SIZE)
    filled with time, position, velocity and acceleration at the ends of the steps, the acceleration twice: that of the
    step before and that of the step after, which differ where thrust begins or ends. No rows: nothing is kept.
``summary`` (SUMMARY_SIZE,)
    what an arc comes to, at the indices ``S_STATUS`` ... ``S_STEPS``.
"""

from __future__ import annotations

import math

import numpy as np

from equipoise._jit import inline, kernel
from equipoise.arrays import FloatArray, Vector6
from equipoise.physics.earth_kernels import ecef_to_geodetic, enu_axes, geodetic_to_ecef
from equipoise.physics.integration_kernels import (
    ALOFT,
    FELL_BACK,
    IMPACT,
    MAX_TIME_S,
    NODE_SIZE,
    S_APOGEE_M,
    S_APOGEE_T,
    S_BURNOUT,
    S_BURNOUT_T,
    S_IMPACT,
    S_IMPACT_T,
    S_LAT,
    S_LON,
    S_NODES,
    S_STATUS,
    S_STEPS,
    STATUS_WORDS,
    SUMMARY_SIZE,
    advance,
    keep_node,
)
from equipoise.physics.motion_kernels import (
    ALONG_VELOCITY,
    COAST,
    DRAG_KNOTS,
    HELD,
    PITCHING,
    RISE,
    Body,
    derivative,
    pack_drag,
    piece_at,
)
from equipoise.physics.step_kernels import hermite

PITCH_PROGRAM = 0.0
GRAVITY_TURN = 1.0

# What callers of the flight kernels need to read their arrays, wherever it is defined.
__all__ = [
    "ALOFT",
    "DRAG_KNOTS",
    "FELL_BACK",
    "GRAVITY_TURN",
    "IMPACT",
    "MAX_TIME_S",
    "NODE_SIZE",
    "PITCH_PROGRAM",
    "STATUS_WORDS",
    "SUMMARY_SIZE",
    "S_APOGEE_M",
    "S_APOGEE_T",
    "S_BURNOUT",
    "S_BURNOUT_T",
    "S_IMPACT",
    "S_IMPACT_T",
    "S_LAT",
    "S_LON",
    "S_NODES",
    "S_STATUS",
    "S_STEPS",
    "coast_arc",
    "coast_arcs",
    "fly_arc",
    "fly_arcs",
    "sample_arc",
]


@inline
def _write_state(y: Vector6, summary: FloatArray, first: int) -> None:
    for c in range(6):
        summary[first + c] = y[c]


@inline
def _finish(status: int, t: float, y: Vector6, summary: FloatArray) -> None:
    """Write down how an arc ended."""
    summary[S_STATUS] = status
    summary[S_IMPACT_T] = t
    _write_state(y, summary, S_IMPACT)
    lat_rad, lon_rad, _ = ecef_to_geodetic(y[0], y[1], y[2])
    summary[S_LAT] = lat_rad
    summary[S_LON] = lon_rad


@inline
def _kicked(y: Vector6, angle_rad: float, sin_az: float, cos_az: float) -> Vector6:
    """Return the state with its velocity turned off the vertical by an angle, towards the azimuth."""
    lat_rad, lon_rad, _ = ecef_to_geodetic(y[0], y[1], y[2])
    ex, ey, ez, nx, ny, nz, ux, uy, uz = enu_axes(lat_rad, lon_rad)
    speed = math.sqrt(y[3] * y[3] + y[4] * y[4] + y[5] * y[5])
    s = math.sin(angle_rad) * speed
    c = math.cos(angle_rad) * speed
    return (
        y[0],
        y[1],
        y[2],
        c * ux + s * (sin_az * ex + cos_az * nx),
        c * uy + s * (sin_az * ey + cos_az * ny),
        c * uz + s * (sin_az * ez + cos_az * nz),
    )


@kernel
def fly_arc(
    stage: FloatArray,
    vehicle: FloatArray,
    drag_table: FloatArray,
    lat_rad: float,
    lon_rad: float,
    az_rad: float,
    angle_rad: float,
    burn_s: float,
    omega_rad_s: float,
    tolerance_m: float,
    nodes: FloatArray,
    summary: FloatArray,
) -> None:
    """Fly one arc from the ground to its end.

    Parameters
    ----------
    stage, vehicle, drag_table : arrays
        What flies; see the module.
    lat_rad, lon_rad : float
        Launch point on the ellipsoid. [rad]
    az_rad : float
        Azimuth of the thrust, from north over east. [rad]
    angle_rad : float
        Pitch program: the elevation that thrust falls to and holds; gravity turn: the kick off the vertical. [rad]
    burn_s : float
        Time under thrust, over all stages, at which thrust is cut; ``inf`` burns everything. [s]
    omega_rad_s : float
        Rotation of the Earth; 0 for none. [rad/s]
    tolerance_m : float
        Local error of a step. [m]
    nodes, summary : arrays
        Filled; see the module.
    """
    summary[:] = 0.0
    drag = pack_drag(drag_table)
    law = vehicle[4]
    t_vertical = vehicle[2]
    turn = 0.5 * math.pi - angle_rad
    rate = vehicle[3] if turn >= 0.0 else -vehicle[3]
    t_held = t_vertical + turn / rate
    sin_az = math.sin(az_rad)
    cos_az = math.cos(az_rad)
    stages = stage.shape[0]
    mass = vehicle[0]
    for i in range(stages):
        mass += stage[i, 0] + stage[i, 1]
    x, py, z = geodetic_to_ecef(lat_rad, lon_rad, 0.0)
    y = (x, py, z, 0.0, 0.0, 0.0)
    t = 0.0
    h = 5.0
    burned = 0.0
    kicked = False
    status = ALOFT
    if nodes.shape[0] > 0:
        summary[S_NODES] = keep_node(nodes, 0, t, y, (0.0, 0.0, 0.0, 0.0, 0.0, 0.0))
    for i in range(stages):
        burn = min(stage[i, 5], burn_s - burned)
        if burn <= 0.0:
            break
        t_ignition = t
        t_burnout = t + burn
        while t < t_burnout:
            t_change = t_burnout
            if t < t_vertical:
                mode = RISE
                t_change = min(t_change, t_vertical)
            elif law == GRAVITY_TURN:
                mode = ALONG_VELOCITY
                if not kicked:
                    kicked = True
                    y = _kicked(y, angle_rad, sin_az, cos_az)
            elif t < t_held:
                mode = PITCHING
                t_change = min(t_change, t_held)
            else:
                mode = HELD
            body = Body(
                mode, t_ignition, mass, stage[i, 2], stage[i, 3], stage[i, 4], stage[i, 6], 0.0, omega_rad_s,
                vehicle[5], sin_az, cos_az, angle_rad, rate, t_vertical,
            )  # fmt: skip
            status, t, h, y = advance(t, t_change, h, tolerance_m, y, body, drag, nodes, summary)
            if status != ALOFT:
                break
        if status != ALOFT:
            break
        burned += burn
        mass -= stage[i, 2] * burn
        if i == stages - 1 or burn < stage[i, 5]:
            break
        mass -= stage[i, 1]
        if stage[i, 7] > 0.0:
            body = Body(
                COAST, t, mass, 0.0, 0.0, 0.0, stage[i + 1, 6], 0.0, omega_rad_s, vehicle[5],
                sin_az, cos_az, angle_rad, rate, t_vertical,
            )  # fmt: skip
            status, t, h, y = advance(t, t + stage[i, 7], h, tolerance_m, y, body, drag, nodes, summary)
            if status != ALOFT:
                break
    summary[S_BURNOUT_T] = t
    _write_state(y, summary, S_BURNOUT)
    if status != ALOFT:
        _finish(FELL_BACK if status == IMPACT else status, t, y, summary)
        return
    area_m2 = stage[min(i, stages - 1), 6]
    body = Body(
        COAST, t, mass, 0.0, 0.0, 0.0, area_m2, vehicle[1], omega_rad_s, vehicle[5],
        sin_az, cos_az, angle_rad, rate, t_vertical,
    )  # fmt: skip
    status, t, h, y = advance(t, MAX_TIME_S, h, tolerance_m, y, body, drag, nodes, summary)
    _finish(status, t, y, summary)


@kernel
def coast_arc(
    state: FloatArray,
    inv_beta_m2_kg: float,
    omega_rad_s: float,
    tolerance_m: float,
    nodes: FloatArray,
    summary: FloatArray,
) -> None:
    """Fly a body of constant ballistic coefficient from a state (6,) in ecef to the ground; 0 means no air."""
    summary[:] = 0.0
    y = (state[0], state[1], state[2], state[3], state[4], state[5])
    air_scale = 1.0 if inv_beta_m2_kg > 0.0 else 0.0
    body = Body(
        COAST, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, inv_beta_m2_kg, omega_rad_s, air_scale, 0.0, 0.0, 0.0, 0.0, 0.0
    )  # fmt: skip
    drag = pack_drag(np.zeros((1, 2)))
    if nodes.shape[0] > 0:
        summary[S_NODES] = keep_node(nodes, 0, 0.0, y, derivative(0.0, y, body, piece_at(y, body, drag)))
    _write_state(y, summary, S_BURNOUT)
    status, t, _, y = advance(0.0, MAX_TIME_S, 1.0, tolerance_m, y, body, drag, nodes, summary)
    _finish(status, t, y, summary)


@kernel
def fly_arcs(
    stage: FloatArray,
    vehicle: FloatArray,
    drag_table: FloatArray,
    lat_rad: FloatArray,
    lon_rad: FloatArray,
    az_rad: FloatArray,
    angle_rad: FloatArray,
    burn_s: FloatArray,
    omega_rad_s: float,
    tolerance_m: float,
    summaries: FloatArray,
    start: int,
    stop: int,
) -> None:
    """Fly arcs ``start`` to ``stop`` of arrays of launch points, azimuths, angles and burn times, keeping no nodes."""
    nodes = np.empty((0, NODE_SIZE))
    for i in range(start, stop):
        fly_arc(
            stage,
            vehicle,
            drag_table,
            lat_rad[i],
            lon_rad[i],
            az_rad[i],
            angle_rad[i],
            burn_s[i],
            omega_rad_s,
            tolerance_m,
            nodes,
            summaries[i],
        )


@kernel
def coast_arcs(
    states: FloatArray,
    inv_beta_m2_kg: float,
    omega_rad_s: float,
    tolerance_m: float,
    summaries: FloatArray,
    start: int,
    stop: int,
) -> None:
    """Fly free bodies ``start`` to ``stop`` from their states (n, 6)."""
    nodes = np.empty((0, NODE_SIZE))
    for i in range(start, stop):
        coast_arc(states[i], inv_beta_m2_kg, omega_rad_s, tolerance_m, nodes, summaries[i])


@kernel
def sample_arc(nodes: FloatArray, count: int, times_s: FloatArray, out: FloatArray) -> None:
    """Interpolate position and velocity (n, 6) at times within an arc from its nodes; outside, the ends are held."""
    i = 0
    for j in range(times_s.shape[0]):
        t = times_s[j]
        if t < nodes[i, 0]:
            i = 0
        while i < count - 2 and t > nodes[i + 1, 0]:
            i += 1
        h = nodes[i + 1, 0] - nodes[i, 0]
        theta = min(1.0, max(0.0, (t - nodes[i, 0]) / h))
        for c in range(3):
            out[j, c], out[j, 3 + c] = hermite(
                theta,
                h,
                nodes[i, 1 + c],
                nodes[i, 4 + c],
                nodes[i, 10 + c],
                nodes[i + 1, 1 + c],
                nodes[i + 1, 4 + c],
                nodes[i + 1, 7 + c],
            )
