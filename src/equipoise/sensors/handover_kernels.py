"""What a radar has of each of many arcs at one moment of its own. Compiled."""

from __future__ import annotations

import math

from equipoise._jit import kernel
from equipoise.arrays import FloatArray
from equipoise.physics.fan_kernels import arc_at
from equipoise.sensors import timeline_kernels as tk
from equipoise.sensors import visibility_kernels as vk


@kernel
def signal_at(
    arcs: FloatArray,
    times_s: FloatArray,
    targets: FloatArray,
    at_s: FloatArray,
    view: vk.Bare,
    mask: FloatArray,
    watcher: tk.Watcher,
    out: FloatArray,
    start: int,
    stop: int,
) -> None:
    """Fill rows ``start`` to ``stop`` of ``out`` (n, 2): slant range [m] and signal-to-noise ratio at ``at_s`` (n,).

    Arcs (n, n_node, 6) with burnout and end (n, 2) [s] and targets (n, 6) in the order of ``timeline_kernels.Target``;
    a moment that is not finite gives nan.
    """
    for i in range(start, stop):
        t = at_s[i]
        if not math.isfinite(t):
            out[i, 0] = math.nan
            out[i, 1] = math.nan
            continue
        c = targets[i]
        target = tk.Target(c[0], c[1], c[2], c[3], c[4], c[5])
        x, y, z, _, _, _ = arc_at(arcs[i], t, times_s[i, 0], times_s[i, 1])
        out[i, 0] = math.sqrt((x - view.x) ** 2 + (y - view.y) ** 2 + (z - view.z) ** 2)
        _, out[i, 1] = tk.seen(arcs[i], t, times_s[i, 0], times_s[i, 1], view, mask, watcher, target)
