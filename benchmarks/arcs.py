"""Arcs of 1,000 km: ours, SciPy's DOP853 and heyoka's Taylor series, at equal error of impact.

Everybody flies the same bodies over the same Earth, WGS-84 with J2, rotating: from burnout to the ground through a
vacuum and through the 1976 atmosphere with a constant ballistic coefficient; and, without heyoka, whole arcs with
their boost. Each integrator runs at the loosest tolerance of a ladder at which every sampled impact lies within a
metre of a converged one.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy.integrate import solve_ivp

from equipoise._jit import kernel
from equipoise.physics import Aim, Missile, Site, aim_at, destination, fly
from equipoise.physics import flight_kernels as fk
from equipoise.physics import motion_kernels as mk
from equipoise.physics import step_kernels as sk
from equipoise.physics.earth_kernels import OMEGA_RAD_S, geodetic_to_ecef
from equipoise.physics.flight import TOLERANCE_M

FloatArray = npt.NDArray[np.float64]

ALLOWED_ERROR_M = 1.0
BALLISTIC_COEFFICIENT_KG_M2 = 4000.0
RELATIVE_LADDER = tuple(10.0**-k for k in range(2, 14))
LOCAL_ERROR_LADDER_M = tuple(10.0**-k for k in range(-3, 5))
CONVERGED = 1e-13


@dataclass(frozen=True)
class Measured:
    """One integrator on one task."""

    name: str
    setting: str
    error_m: float
    arcs_per_s: float


Flyer = Callable[[FloatArray], FloatArray]
"""Takes starts (n, k), burnout states or aims, and returns points of impact (n, 3) in ecef."""


def launch_site() -> Site:
    """Return where every arc starts."""
    return Site(math.radians(39.2), math.radians(125.7))


def aims(missile: Missile, count: int, range_m: float = 1e6) -> FloatArray:
    """Return azimuth, angle and cut-off (n, 3) of arcs of one range in evenly spread directions."""
    launch = launch_site()
    solved = [
        aim_at(missile, launch, destination(launch, float(az_rad), range_m))
        for az_rad in np.linspace(0.0, 2.0 * math.pi, count, endpoint=False)
    ]
    return np.array([(aim.az_rad, aim.angle_rad, aim.burn_s) for aim in solved])


def burnout_states(missile: Missile, flown: FloatArray) -> FloatArray:
    """Return the states (n, 6) at which the arcs of some aims burn out."""
    burnouts = [fly(missile, launch_site(), Aim(*aim)).burnout for aim in flown.tolist()]
    return np.array([[*state.r_ecef_m, *state.v_ecef_mps] for state in burnouts])


def our_coast(inv_beta: float, tolerance_m: float) -> Flyer:
    """Return our kernel of free flight, in the thread that calls it."""

    def run(states: FloatArray) -> FloatArray:
        summaries = np.empty((len(states), fk.SUMMARY_SIZE))
        fk.coast_arcs(states, inv_beta, OMEGA_RAD_S, tolerance_m, summaries, 0, len(states))
        return summaries[:, fk.S_IMPACT : fk.S_IMPACT + 3]

    return run


def our_flight(missile: Missile, tolerance_m: float) -> Flyer:
    """Return our kernel of whole arcs, in the thread that calls it."""
    launch = launch_site()

    def run(flown: FloatArray) -> FloatArray:
        n = len(flown)
        summaries = np.empty((n, fk.SUMMARY_SIZE))
        az, angle, burn = np.ascontiguousarray(flown.T)
        lat, lon = np.full(n, launch.lat_rad), np.full(n, launch.lon_rad)
        fk.fly_arcs(
            missile.stage_array, missile.vehicle_array, missile.drag_array,
            lat, lon, az, angle, burn, OMEGA_RAD_S, tolerance_m, summaries, 0, n,
        )  # fmt: skip
        return summaries[:, fk.S_IMPACT : fk.S_IMPACT + 3]

    return run


@kernel
def _rate(t, y, body, drag):  # type: ignore[no-untyped-def]
    state = (y[0], y[1], y[2], y[3], y[4], y[5])
    return np.array(mk.derivative(t, state, body, mk.piece_at(state, body, drag)))


@kernel
def _height(y):  # type: ignore[no-untyped-def]
    return sk.altitude_and_rate((y[0], y[1], y[2], y[3], y[4], y[5]))[0]


@kernel
def _packed(table):  # type: ignore[no-untyped-def]
    return mk.pack_drag(table)


def _ground(_t: float, y: FloatArray) -> float:
    return float(_height(y))


_ground.terminal = True  # type: ignore[attr-defined]
_ground.direction = -1.0  # type: ignore[attr-defined]


def _dop853(
    body: mk.Body, drag: tuple[float, ...], start_s: float, end_s: float, y: FloatArray, rtol: float
) -> FloatArray:
    """Return the state at the end of a phase, or on the ground."""
    flown = solve_ivp(
        lambda t, y: _rate(t, y, body, drag), (start_s, end_s), y,
        method="DOP853", rtol=rtol, atol=rtol * np.array([1e6] * 3 + [1e3] * 3), events=_ground,
    )  # fmt: skip
    return np.asarray(flown.y_events[0][0] if len(flown.t_events[0]) else flown.y[:, -1])


def scipy_coast(inv_beta: float, rtol: float) -> Flyer:
    """Return SciPy's DOP853 on our compiled right-hand side, with the ground as its terminal event."""
    air = 1.0 if inv_beta > 0.0 else 0.0
    body = mk.Body(0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, inv_beta, OMEGA_RAD_S, air, 0.0, 0.0, 0.0, 0.0, 0.0)
    drag = _packed(np.array([[0.0, 0.0], [1.0, 0.0]]))
    return lambda states: np.array([_dop853(body, drag, 0.0, fk.MAX_TIME_S, y, rtol)[:3] for y in states])


def scipy_flight(missile: Missile, rtol: float) -> Flyer:
    """Return the same for whole arcs of a missile of one stage: rise, pitch-over, held angle, free flight."""
    ((_, _, flow, thrust, loss, _, area, _),) = missile.stage_array
    _, inv_beta, rise_s, pitch_rate, _, air = missile.vehicle_array
    mass = missile.launch_mass_kg
    drag = _packed(missile.drag_array)
    launch = launch_site()
    ground = np.array([*geodetic_to_ecef(launch.lat_rad, launch.lon_rad, 0.0), 0.0, 0.0, 0.0])

    def run(flown: FloatArray) -> FloatArray:
        ends = []
        for az, angle, burn in flown.tolist():
            held_s = rise_s + (0.5 * math.pi - angle) / pitch_rate
            edges = [0.0, rise_s, held_s, burn]
            y = ground
            for mode, start_s, end_s in zip((1.0, 2.0, 3.0), edges[:-1], edges[1:], strict=True):
                body = mk.Body(
                    mode, 0.0, mass, flow, thrust, loss, area, 0.0, OMEGA_RAD_S, air,
                    math.sin(az), math.cos(az), angle, pitch_rate, rise_s,
                )  # fmt: skip
                # the ground, where it starts, is no event: a climbing body crosses it upwards
                y = _dop853(body, drag, start_s, end_s, y, rtol)
            coasting = body._replace(
                mode=0.0, mass_kg=mass - flow * burn, flow_kg_s=0.0, t_ignition_s=burn, inv_beta_m2_kg=inv_beta
            )
            ends.append(_dop853(coasting, drag, burn, fk.MAX_TIME_S, y, rtol)[:3])
        return np.array(ends)

    return run


def timed(run: Flyer, states: FloatArray, seconds: float) -> float:
    """Return arcs per second: the best of three rounds that take about the given time together."""
    start = time.perf_counter()
    run(states[:1])
    once = time.perf_counter() - start
    count = int(max(1, min(len(states) * 1000, seconds / 3.0 / max(once, 1e-7))))
    batch = np.resize(states, (count, states.shape[1]))
    rates = []
    for _ in range(3):
        start = time.perf_counter()
        run(batch)
        rates.append(count / (time.perf_counter() - start))
    return max(rates)


def worst_error_m(run: Flyer, states: FloatArray, reference: FloatArray) -> float:
    """Return the greatest distance between an impact and its reference."""
    return float(np.linalg.norm(run(states) - reference, axis=1).max())


def at_equal_error(
    name: str, make: Callable[[float], Flyer], ladder: Sequence[float], setting: str,
    starts: FloatArray, reference: FloatArray, seconds: float,
) -> Measured:  # fmt: skip
    """Measure an integrator at its loosest tolerance that holds the allowed error."""
    for tolerance in ladder:
        run = make(tolerance)
        error_m = worst_error_m(run, starts, reference)
        if error_m <= ALLOWED_ERROR_M:
            return Measured(name, setting.format(tolerance), error_m, timed(run, starts, seconds))
    raise RuntimeError(
        f"{name} never came within {ALLOWED_ERROR_M} m; at {ladder[-1]:.0e} it was off by {error_m:.3g} m"
    )


def measure(missile: Missile, *, count: int, seconds: float, with_heyoka: bool) -> dict[str, list[Measured]]:
    """Measure every integrator on every task; the first of each task is ours, as shipped.

    Parameters
    ----------
    missile : Missile
        Of one stage, with a pitch program and a range of 1,000 km in every direction.
    count : int
        Arcs whose error is looked at.
    seconds : float
        Time to spend on each measurement.
    with_heyoka : bool
        Whether heyoka is installed and wanted.
    """
    flown = aims(missile, count)
    states = burnout_states(missile, flown)
    beta = 1.0 / BALLISTIC_COEFFICIENT_KG_M2
    tasks: list[tuple[str, FloatArray, Callable[[float], Flyer], Callable[[float], Flyer], float | None]] = [
        ("burnout to ground, vacuum", states, partial(our_coast, 0.0), partial(scipy_coast, 0.0), 0.0),
        ("burnout to ground, air", states, partial(our_coast, beta), partial(scipy_coast, beta), beta),
        ("launch to ground, air", flown, partial(our_flight, missile), partial(scipy_flight, missile), None),
    ]
    results = {}
    for task, starts, ours, scipy, taylor in tasks:
        reference = scipy(CONVERGED)(starts)
        shipped = ours(TOLERANCE_M)
        error_m = worst_error_m(shipped, starts, reference)
        rows = [
            Measured("equipoise, as shipped", f"{TOLERANCE_M:g} m a step", error_m, timed(shipped, starts, seconds))
        ]
        peers = [
            ("equipoise", ours, LOCAL_ERROR_LADDER_M, "{:g} m a step"),
            ("SciPy DOP853", scipy, RELATIVE_LADDER, "{:.0e}"),
        ]
        if with_heyoka and taylor is not None:
            from heyoka_arcs import heyoka_taylor

            peers.append(("heyoka Taylor", heyoka_taylor(taylor), RELATIVE_LADDER, "{:.0e}"))
        rows += [at_equal_error(*peer, starts, reference, seconds) for peer in peers]
        results[task] = rows
    return results
