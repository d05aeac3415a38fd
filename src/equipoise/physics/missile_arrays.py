"""Several missiles as the kernels take them that fly a different one in each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.arrays import FloatArray, IntArray
from equipoise.errors import InputError
from equipoise.physics import fitting_kernels as fit
from equipoise.physics import flight_kernels as fk
from equipoise.physics.missile import Missile


@dataclass(frozen=True)
class MissileArrays:
    """Several missiles as ``fitting_kernels`` takes them: stages, how many of them, vehicles, drag tables."""

    stage: FloatArray
    stages: IntArray
    vehicle: FloatArray
    drag_table: FloatArray

    @classmethod
    def of(cls, missiles: Sequence[Missile]) -> MissileArrays:
        """Stack the arrays of several missiles; ``InputError`` if one has more than four stages."""
        n = len(missiles)
        for missile in missiles:
            if len(missile.stages) > fit.MAX_STAGES:
                raise InputError(f"{missile.name}: stages: got {len(missile.stages)}; allowed: 1 to {fit.MAX_STAGES}")
        stage = np.ones((n, fit.MAX_STAGES, 8))
        stages = np.array([len(missile.stages) for missile in missiles], dtype=np.int64)
        drag = np.empty((n, fk.DRAG_KNOTS, 2))
        for i, missile in enumerate(missiles):
            stage[i, : stages[i]] = missile.stage_array
            knots = len(missile.drag_array)
            drag[i, :knots] = missile.drag_array
            drag[i, knots:, 0] = missile.drag_array[-1, 0] + np.arange(1, fk.DRAG_KNOTS - knots + 1)
            drag[i, knots:, 1] = missile.drag_array[-1, 1]
        return cls(stage, stages, np.array([missile.vehicle_array for missile in missiles]), drag)
