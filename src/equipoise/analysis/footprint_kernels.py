"""One engagement for each aim point of a fan. Compiled."""

from __future__ import annotations

import numpy as np

from equipoise._jit import kernel
from equipoise.arrays import FloatArray
from equipoise.defence import engagement_kernels as ek
from equipoise.physics.fan_kernels import N_NODE, interpolate_arc
from equipoise.sensors.visibility_kernels import View


@kernel
def engage_points(
    arcs: FloatArray,
    times_s: FloatArray,
    index: FloatArray,
    tracks_s: FloatArray,
    view: View,
    shooter: ek.Shooter,
    table: FloatArray,
    out: FloatArray,
    start: int,
    stop: int,
) -> None:
    """Fill rows ``start`` to ``stop`` of ``out`` (n_points, E_SIZE) for points at fractional indices of a fan.

    ``tracks_s`` (n_points, 2) holds the firm tracks of each point: the radar's own and one from elsewhere [s].
    """
    arc = np.empty((N_NODE, 6))
    slack_s = np.empty(N_NODE)
    arrival_s = np.empty(N_NODE)
    seen = np.empty(N_NODE, dtype=np.int64)
    for i in range(start, stop):
        if index[i, 0] != index[i, 0]:
            out[i, :] = np.nan
            out[i, ek.E_SHOTS] = 0.0
            out[i, ek.E_CONSTRAINT] = ek.NOT_THREATENED
            continue
        burnout_s, end_s = interpolate_arc(arcs, times_s, index[i, 0], index[i, 1], arc)
        own_firm_s = tracks_s[i, 0]
        remote_firm_s = tracks_s[i, 1]
        ek.engage(
            arc, burnout_s, end_s, own_firm_s, remote_firm_s, view, shooter, table, slack_s, arrival_s, seen, out[i]
        )
