"""The same ballistic arcs, written as heyoka expressions: Taylor series of adaptive order, compiled by LLVM."""

from __future__ import annotations

import bisect
import math
from collections.abc import Callable

import heyoka as hy
import numpy as np
import numpy.typing as npt

from equipoise.physics import atmosphere_kernels as air
from equipoise.physics import earth_kernels as earth

FloatArray = npt.NDArray[np.float64]


def _altitude_m(x: hy.expression, y: hy.expression, z: hy.expression) -> hy.expression:
    """Height above the ellipsoid: the series of our own kernel, to the order that air needs."""
    r2 = x * x + y * y + z * z
    r = hy.sqrt(r2)
    sin2 = z * z / r2
    u = earth.ECCENTRICITY2 * (1.0 - sin2)
    surface = earth.SEMI_MINOR_M * (1.0 + u * (0.5 + u * (0.375 + u * (0.3125 + u * 0.2734375))))
    return (r - surface) * (1.0 - 0.5 * earth.ECCENTRICITY2**2 * sin2 * (1.0 - sin2))


def _layers() -> tuple[list[float], list[Callable[[hy.expression], hy.expression]]]:
    """Return the upper edge of each layer of the 1976 atmosphere [m] and its density as a function of the height."""

    def lower(
        base: float, rho0: float, temperature: float, gradient: float
    ) -> Callable[[hy.expression], hy.expression]:
        def density(h: hy.expression) -> hy.expression:
            above = air.GEOPOTENTIAL_RADIUS_M * h / (air.GEOPOTENTIAL_RADIUS_M + h) - base
            if gradient == 0.0:
                return rho0 * hy.exp(-hydrostatic / temperature * above)
            return rho0 * hy.exp(-(1.0 + hydrostatic / gradient) * hy.log(1.0 + gradient / temperature * above))

        return density

    def upper(powers: tuple[float, ...]) -> Callable[[hy.expression], hy.expression]:
        def density(h: hy.expression) -> hy.expression:
            polynomial = hy.expression(powers[0])
            for c in powers[1:]:
                polynomial = polynomial * (h / 1e3) + c
            return hy.exp(polynomial)

        return density

    hydrostatic = air.GRAVITY_MPS2 * air.MOLAR_MASS_KG_KMOL / air.GAS_CONSTANT_J_KMOL_K
    edges_m, densities = [], []
    pressure, temperature = air.SEA_LEVEL_PRESSURE_PA, air.SEA_LEVEL_TEMPERATURE_K
    bases = air.LAYER_BASE_GEOPOTENTIAL_M
    for base, top, gradient in zip(bases[:-1], bases[1:], air.LAYER_GRADIENT_K_M, strict=True):
        rho0 = pressure * air.MOLAR_MASS_KG_KMOL / (air.GAS_CONSTANT_J_KMOL_K * temperature)
        densities.append(lower(base, rho0, temperature, gradient))
        edges_m.append(air.geometric_m(top))
        if gradient == 0.0:
            pressure *= math.exp(-hydrostatic * (top - base) / temperature)
        else:
            pressure *= (1.0 + gradient * (top - base) / temperature) ** (-hydrostatic / gradient)
        temperature += gradient * (top - base)
    edges_m[-1] = air.TOP_OF_EQUATIONS_M
    for top_km, powers in zip(air.UPPER_EDGE_KM[1:], air.UPPER_LOG_DENSITY, strict=True):
        densities.append(upper(powers))
        edges_m.append(top_km * 1e3)
    return edges_m, densities


def _density(h: hy.expression) -> hy.expression:
    """Density in the layer that the parameter ``par[0]`` names; a series must not straddle an edge."""
    _, densities = _layers()
    chosen = densities[-1](h)
    for i, density in reversed(list(enumerate(densities[:-1]))):
        chosen = hy.select(hy.lt(hy.par[0], hy.expression(i + 0.5)), density(h), chosen)
    return chosen


def _equations(inv_beta: float) -> tuple[list[tuple[hy.expression, hy.expression]], hy.expression]:
    """Return the equations of motion, and what is zero on the ellipsoid."""
    x, y, z, vx, vy, vz = hy.make_vars("x", "y", "z", "vx", "vy", "vz")
    r2 = x * x + y * y + z * z
    g = -earth.GM_M3_S2 * r2**-1.5
    oblate = 1.5 * earth.J2 * earth.SEMI_MAJOR_M**2 / r2
    z2 = 5.0 * z * z / r2
    omega = earth.OMEGA_RAD_S
    ax = g * (1.0 + oblate * (1.0 - z2)) * x + omega * (omega * x + 2.0 * vy)
    ay = g * (1.0 + oblate * (1.0 - z2)) * y + omega * (omega * y - 2.0 * vx)
    az = g * (1.0 + oblate * (3.0 - z2)) * z
    if inv_beta > 0.0:
        drag = -0.5 * inv_beta * _density(_altitude_m(x, y, z)) * hy.sqrt(vx * vx + vy * vy + vz * vz)
        ax, ay, az = ax + drag * vx, ay + drag * vy, az + drag * vz
    ground = (x * x + y * y) / earth.SEMI_MAJOR_M**2 + z * z / earth.SEMI_MINOR_M**2 - 1.0
    return [(x, vx), (y, vy), (z, vz), (vx, ax), (vy, ay), (vz, az)], ground


def _edge_events() -> list[hy.t_event]:
    """Return events that end a step where the density has a corner, and move the parameter to the next layer."""
    edges_m, _ = _layers()
    height = _altitude_m(*hy.make_vars("x", "y", "z"))

    def move(edge: int) -> Callable[[hy.taylor_adaptive, int], bool]:
        def cross(integrator: hy.taylor_adaptive, sign: int) -> bool:
            integrator.pars[0] = edge + (1.0 if sign > 0 else 0.0)
            return True

        return cross

    return [hy.t_event(height - edge_m, callback=move(i)) for i, edge_m in enumerate(edges_m)]


def heyoka_taylor(inv_beta: float) -> Callable[[float], Callable[[FloatArray], FloatArray]]:
    """Return a maker of flyers by tolerance; each compiles once, before it is timed."""
    equations, ground = _equations(inv_beta)
    in_air = inv_beta > 0.0
    edges_m = _layers()[0]

    def make(tolerance: float) -> Callable[[FloatArray], FloatArray]:
        stop = hy.t_event(ground, direction=hy.event_direction.negative)
        integrator = hy.taylor_adaptive(
            equations,
            np.zeros(6),
            tol=tolerance,
            t_events=[stop, *(_edge_events() if in_air else [])],
            compact_mode=in_air,
        )

        def run(states: FloatArray) -> FloatArray:
            ends = np.empty((len(states), 3))
            for i, state in enumerate(states):
                integrator.time = 0.0
                integrator.state[:] = state
                if in_air:
                    height_m = float(earth.ecef_to_geodetic(*state[:3])[2])
                    integrator.pars[0] = float(bisect.bisect_right(edges_m, height_m))
                integrator.reset_cooldowns()
                integrator.propagate_until(4.0 * 3600.0)
                ends[i] = integrator.state[:3]
            return ends

        return run

    return make
