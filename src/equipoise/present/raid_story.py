"""One run of a raid told shot by shot: who fired at what when, and what became of each missile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from equipoise.analysis import raid_kernels as rk

if TYPE_CHECKING:
    from equipoise.analysis import RaidResults


@dataclass(frozen=True, slots=True)
class ShotFired:
    """A shot: times [s] since the raid began, indices of layer and missile, volley from 0, and whether it killed."""

    launch_s: float
    intercept_s: float
    layer: int
    missile: int
    volley: int
    hit: bool


@dataclass(frozen=True, slots=True)
class MissileFate:
    """A missile: times [s] since the raid began, indices of its salvo and target, and its end.

    Parameters
    ----------
    launch_s, impact_s : float
        When it starts, and when it comes down or would have.
    salvo, target : int
        Indices in the study.
    killed_s : float or None
        Intercept of the first shot that killed it; None if it leaks.
    killed_by : int or None
        Index of that shot's layer.
    shots : tuple of ShotFired
        At it, in the order in which they were launched.
    """

    launch_s: float
    impact_s: float
    salvo: int
    target: int
    killed_s: float | None
    killed_by: int | None
    shots: tuple[ShotFired, ...]

    @property
    def end_s(self) -> float:
        """When it is gone: killed or down."""
        return self.impact_s if self.killed_s is None else self.killed_s


def shots_fired(results: RaidResults) -> tuple[ShotFired, ...]:
    """Return every shot of the run that is shown, by the time of its launch."""
    shots = [
        ShotFired(
            launch_s=float(row[rk.LOG_LAUNCH]),
            intercept_s=float(row[rk.LOG_INTERCEPT]),
            layer=int(row[rk.LOG_LAYER]),
            missile=int(row[rk.LOG_MISSILE]),
            volley=int(row[rk.LOG_VOLLEY]),
            hit=row[rk.LOG_KILLED] > 0.0,
        )
        for row in results.shots
    ]
    return tuple(sorted(shots, key=lambda shot: (shot.launch_s, shot.layer, shot.missile)))


def missile_fates(results: RaidResults) -> tuple[MissileFate, ...]:
    """Return what became of every missile in the run that is shown, in the order of launch."""
    missiles = results.raid.missiles
    by_missile: dict[int, list[ShotFired]] = {}
    for shot in shots_fired(results):
        by_missile.setdefault(shot.missile, []).append(shot)
    fates = []
    for i, launch_s in enumerate(missiles.launch_s):
        salvo = int(missiles.salvo[i])
        shots = tuple(by_missile.get(i, ()))
        killing = min((shot for shot in shots if shot.hit), key=lambda shot: shot.intercept_s, default=None)
        fates.append(
            MissileFate(
                launch_s=float(launch_s),
                impact_s=float(launch_s) + results.field.trajectories[salvo].time_of_flight_s,
                salvo=salvo,
                target=int(missiles.target[i]),
                killed_s=None if killing is None else killing.intercept_s,
                killed_by=None if killing is None else killing.layer,
                shots=shots,
            )
        )
    return tuple(fates)


def leakers_of(fates: tuple[MissileFate, ...], targets: int) -> tuple[int, ...]:
    """Return how many of the missiles leak, by target."""
    leaked = np.bincount([fate.target for fate in fates if fate.killed_s is None], minlength=targets)
    return tuple(int(count) for count in leaked)
