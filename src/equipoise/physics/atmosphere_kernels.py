"""The U.S. Standard Atmosphere 1976 to 1,000 km, tabulated once for speed.

Below 86 km the report's layer equations hold; above, its tabulated density is taken through the published exponential
fits of its table. Both are laid onto nodes, with their exact slopes, and read back by cubic Hermite interpolation:
the nodes of a layer never straddle a break of the temperature gradient, and between nodes the error is below 1e-7.
Above 1,000 km there is no air.
"""

from __future__ import annotations

import math

import numpy as np

from equipoise._jit import inline
from equipoise.arrays import FloatArray, Vector2, Vector3

# U.S. Standard Atmosphere, 1976 (NOAA/NASA/USAF): tables 2 and 4.
GAS_CONSTANT_J_KMOL_K = 8314.32
MOLAR_MASS_KG_KMOL = 28.9644
GRAVITY_MPS2 = 9.80665
HEAT_RATIO = 1.4
GEOPOTENTIAL_RADIUS_M = 6356766.0
SEA_LEVEL_PRESSURE_PA = 101325.0
SEA_LEVEL_TEMPERATURE_K = 288.15
LAYER_BASE_GEOPOTENTIAL_M = (0.0, 11e3, 20e3, 32e3, 47e3, 51e3, 71e3, 84852.0)
LAYER_GRADIENT_K_M = (-6.5e-3, 0.0, 1.0e-3, 2.8e-3, 0.0, -2.8e-3, -2.0e-3)
TOP_OF_EQUATIONS_M = 86e3
TOP_OF_AIR_M = 1000e3
BOTTOM_M = -5e3

# ln(density in kg/m3) as a polynomial in the altitude in km, highest power first: fits to the report's table I above
# 86 km. R. A. Braeunig, "Atmospheric Models", Rocket & Space Technology (2014), braeunig.us/space/atmmodel.htm.
UPPER_EDGE_KM = (86.0, 91.0, 100.0, 110.0, 120.0, 150.0, 200.0, 300.0, 500.0, 750.0, 1000.0)
UPPER_LOG_DENSITY = (
    (0.0, -3.322622e-06, 9.111460e-04, -0.2609971, 5.944694),
    (0.0, 2.873405e-05, -0.008492037, 0.6541179, -23.62010),
    (-1.240774e-05, 0.005162063, -0.8048342, 55.55996, -1443.338),
    (0.0, -8.854164e-05, 0.03373254, -4.390837, 176.5294),
    (3.661771e-07, -2.154344e-04, 0.04809214, -4.884744, 172.3597),
    (1.906032e-08, -1.527799e-05, 0.004724294, -0.6992340, 20.50921),
    (1.199282e-09, -1.451051e-06, 6.910474e-04, -0.1736220, -5.321644),
    (1.140564e-10, -2.130756e-07, 1.570762e-04, -0.07029296, -12.89844),
    (8.105631e-12, -2.358417e-09, -2.635110e-06, -0.01562608, -20.02246),
    (-3.701195e-12, -8.608611e-09, 5.118829e-05, -0.06600998, -6.137674),
)


def geopotential_m(altitude_m: FloatArray) -> FloatArray:
    """Return the geopotential altitude [m] of a geometric one [m] (the report's equation 18)."""
    return GEOPOTENTIAL_RADIUS_M * altitude_m / (GEOPOTENTIAL_RADIUS_M + altitude_m)


def geometric_m(geopotential: float) -> float:
    """Return the geometric altitude [m] of a geopotential one [m] (the report's equation 19)."""
    return GEOPOTENTIAL_RADIUS_M * geopotential / (GEOPOTENTIAL_RADIUS_M - geopotential)


def _layer_values(altitude_m: FloatArray, layer: int, base_pa: float, base_k: float) -> tuple[FloatArray, ...]:
    """Return density, pressure, sound speed and their slopes against geometric altitude, in one layer."""
    gradient = LAYER_GRADIENT_K_M[layer]
    above_m = geopotential_m(altitude_m) - LAYER_BASE_GEOPOTENTIAL_M[layer]
    temperature_k = base_k + gradient * above_m
    hydrostatic = GRAVITY_MPS2 * MOLAR_MASS_KG_KMOL / GAS_CONSTANT_J_KMOL_K
    if gradient == 0.0:
        pressure_pa = base_pa * np.exp(-hydrostatic * above_m / base_k)
    else:
        pressure_pa = base_pa * (base_k / temperature_k) ** (hydrostatic / gradient)
    density = pressure_pa * MOLAR_MASS_KG_KMOL / (GAS_CONSTANT_J_KMOL_K * temperature_k)
    sound_mps = np.sqrt(HEAT_RATIO * GAS_CONSTANT_J_KMOL_K * temperature_k / MOLAR_MASS_KG_KMOL)
    stretch = (GEOPOTENTIAL_RADIUS_M / (GEOPOTENTIAL_RADIUS_M + altitude_m)) ** 2
    pressure_slope = -density * GRAVITY_MPS2 * stretch
    warming = gradient * stretch / temperature_k
    density_slope = density * (pressure_slope / pressure_pa - warming)
    return density, pressure_pa, sound_mps, density_slope, pressure_slope, 0.5 * sound_mps * warming


def _tabulate() -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return layer edges [m], (first node, spacing, inverse spacing) per layer, and nodes (n, 6)."""
    edges = [BOTTOM_M]
    layers: list[tuple[float, float, float]] = []
    blocks: list[FloatArray] = []
    count = 0

    def add(bottom_m: float, top_m: float, values: tuple[FloatArray, ...]) -> None:
        nonlocal count
        n = len(values[0])
        layers.append((float(count), (top_m - bottom_m) / (n - 1), (n - 1) / (top_m - bottom_m)))
        blocks.append(np.column_stack(values))
        edges.append(top_m)
        count += n

    base_pa, base_k = SEA_LEVEL_PRESSURE_PA, SEA_LEVEL_TEMPERATURE_K
    for layer, top_geopotential in enumerate(LAYER_BASE_GEOPOTENTIAL_M[1:]):
        bottom_m = edges[-1]
        top_m = TOP_OF_EQUATIONS_M if layer == 6 else geometric_m(top_geopotential)
        z = np.linspace(bottom_m, top_m, 1 + math.ceil((top_m - bottom_m) / 250.0))
        add(bottom_m, top_m, _layer_values(z, layer, base_pa, base_k))
        top = _layer_values(np.array([geometric_m(top_geopotential)]), layer, base_pa, base_k)
        base_pa, base_k = (
            float(top[1][0]),
            base_k + LAYER_GRADIENT_K_M[layer] * (top_geopotential - LAYER_BASE_GEOPOTENTIAL_M[layer]),
        )
    sound_at_top = float(blocks[-1][-1, 2])
    for bottom_km, top_km, powers in zip(UPPER_EDGE_KM[:-1], UPPER_EDGE_KM[1:], UPPER_LOG_DENSITY, strict=True):
        n = max(9, round((top_km - bottom_km) / (0.5 if top_km <= 120.0 else 2.5)) + 1)
        z_km = np.linspace(bottom_km, top_km, n)
        density = np.exp(np.polyval(powers, z_km))
        slope = density * np.polyval(np.polyder(np.array(powers)), z_km) / 1e3
        none = np.zeros(n)
        add(bottom_km * 1e3, top_km * 1e3, (density, none, np.full(n, sound_at_top), slope, none, none))
    return np.array(edges), np.array(layers), np.ascontiguousarray(np.vstack(blocks))


_EDGE_M, _LAYER, _NODE = _tabulate()
_LAYERS = len(_LAYER)
EQUATION_LAYERS = len(LAYER_GRADIENT_K_M)


@inline
def layer_of(altitude_m: float, layer: int) -> int:
    """Return the layer of the table, this one or one above it, that holds a geometric altitude [m]."""
    while layer < _LAYERS - 1 and altitude_m >= _EDGE_M[layer + 1]:
        layer += 1
    return layer


@inline
def layer_edges_m(layer: int) -> tuple[float, float]:
    """Return the bottom and the top of a layer [m]."""
    return float(_EDGE_M[layer]), float(_EDGE_M[layer + 1])


@inline
def place_in_layer(layer: int, altitude_m: float) -> tuple[int, float, float]:
    """Return the node below an altitude [m], the part of the interval above it, and the interval's length [m].

    Outside the layer its last interval is carried on, which leaves a function as smooth as inside.
    """
    spacing_m = _LAYER[layer, 1]
    position = (max(altitude_m, BOTTOM_M) - _EDGE_M[layer]) * _LAYER[layer, 2]
    first = int(_LAYER[layer, 0])
    last = (int(_LAYER[layer + 1, 0]) if layer < _LAYERS - 1 else _NODE.shape[0]) - 2
    i = max(first, min(first + int(position), last))
    return i, position - (i - first), spacing_m


@inline
def _read(i: int, u: float, spacing_m: float, column: int) -> float:
    """Return a column of the table between node ``i`` and the next by cubic Hermite interpolation."""
    w = 1.0 - u
    ends = w * w * (1.0 + 2.0 * u) * _NODE[i, column] + u * u * (3.0 - 2.0 * u) * _NODE[i + 1, column]
    slopes = u * w * spacing_m * (w * _NODE[i, column + 3] - u * _NODE[i + 1, column + 3])
    return float(ends + slopes)


@inline
def density_at(i: int, u: float, spacing_m: float) -> float:
    """Return the density [kg/m3] at a place in a layer."""
    return _read(i, u, spacing_m, 0)


@inline
def pressure_at(i: int, u: float, spacing_m: float) -> float:
    """Return the pressure [Pa] at a place in a layer."""
    return _read(i, u, spacing_m, 1)


@inline
def sound_at(i: int, u: float, spacing_m: float) -> Vector2:
    """Return the speed of sound [m/s] and its slope against altitude [1/s] at a place in a layer."""
    w = 1.0 - u
    climb = (_NODE[i + 1, 2] - _NODE[i, 2]) / spacing_m
    slope = 6.0 * u * w * climb + w * (1.0 - 3.0 * u) * _NODE[i, 5] + u * (3.0 * u - 2.0) * _NODE[i + 1, 5]
    return _read(i, u, spacing_m, 2), slope


@inline
def air(altitude_m: float) -> Vector3:
    """Return ``density_kg_m3, pressure_pa, sound_speed_mps`` at a geometric altitude [m].

    Below -5 km the lowest layer is held at its end; above 86 km pressure is zero (it only feeds the back-pressure of
    a nozzle, under 1e-5 of thrust there) and the sound speed stays that of 86 km (Mach is far beyond the drag table).
    """
    if altitude_m >= TOP_OF_AIR_M:
        return 0.0, 0.0, _NODE[_NODE.shape[0] - 1, 2]
    i, u, spacing_m = place_in_layer(layer_of(altitude_m, 0), altitude_m)
    return density_at(i, u, spacing_m), pressure_at(i, u, spacing_m), sound_at(i, u, spacing_m)[0]
