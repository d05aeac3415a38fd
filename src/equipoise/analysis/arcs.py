"""The arcs of a network study: each missile class from each launch area to each target, flown once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.analysis.footprint import Progress
from equipoise.catalog.positions import LaunchAreaRecord, PlaceRecord
from equipoise.catalog.records import MissileRecord
from equipoise.errors import UnreachableError
from equipoise.physics.aiming import aim_at
from equipoise.physics.fan import trajectory_arc
from equipoise.physics.flight import Trajectory, fly
from equipoise.physics.geodesy import Site
from equipoise.physics.missile import Missile
from equipoise.sensors.handover import ArcTable, Bound
from equipoise.sensors.signature import Signature
from equipoise.study.file import TrajectoryKind
from equipoise.study.network_model import ExampleArc, NetworkStudy


@dataclass(frozen=True)
class ArcCase:
    """One arc: its heading, what flies from where to where, and the flight itself."""

    group: str
    missile: MissileRecord
    launch_area: LaunchAreaRecord
    target: PlaceRecord
    trajectory: TrajectoryKind
    flown: Trajectory

    @property
    def id(self) -> str:
        """``missile/launch_area/target``, with how it is flown where that is not the ordinary way."""
        kind = "" if self.trajectory == "cut-off" else f"/{self.trajectory}"
        return f"{self.missile.id}/{self.launch_area.id}/{self.target.id}{kind}"


@dataclass(frozen=True)
class OutOfReach:
    """A pair that the missile does not fly, and why, in words."""

    group: str
    missile: MissileRecord
    launch_area: LaunchAreaRecord
    target: PlaceRecord
    why: str


@dataclass(frozen=True)
class Arcs:
    """The arcs of a study, and the pairs that are out of reach."""

    cases: tuple[ArcCase, ...]
    out_of_reach: tuple[OutOfReach, ...]

    def table(self, bound: Bound = "value") -> ArcTable:
        """Return the arcs as the kernels take them, with cross-sections at the middle or one end of their ranges."""
        signatures = {case.missile.id: Signature.from_record(case.missile, bound) for case in self.cases}
        return ArcTable(
            np.stack([trajectory_arc(case.flown) for case in self.cases]),
            np.array([(case.flown.burnout.time_s, case.flown.time_of_flight_s) for case in self.cases]),
            tuple(signatures[case.missile.id] for case in self.cases),
        )

    def index_of(self, example: ExampleArc) -> int:
        """Return which arc the study's example is."""
        wanted = (example.missile.id, example.launch_area.id, example.target.id)
        for i, case in enumerate(self.cases):
            if (case.missile.id, case.launch_area.id, case.target.id) == wanted:
                return i
        missile, area, target = wanted
        raise UnreachableError(f"example: {missile} does not reach {target} from {area}; allowed: an arc in reach")


def fly_arcs(study: NetworkStudy, progress: Progress | None = None) -> Arcs:
    """Fly every arc of a network study.

    Parameters
    ----------
    study : NetworkStudy
        What flies, from where to where.
    progress : callable, optional
        Called with what is being done and the share that is done.

    Returns
    -------
    Arcs
        A pair that the missile does not reach is listed, not flown.

    Raises
    ------
    UnreachableError
        If not one arc of a heading is in reach; the message names heading and distances.
    """
    cases: list[ArcCase] = []
    missing: list[OutOfReach] = []
    for number, group in enumerate(study.groups):
        missile = Missile.from_record(group.missile)
        before = len(cases)
        for area in group.launch_areas:
            if progress is not None:
                progress(f"flying {group.missile.name} from {area.name}", number / len(study.groups))
            launch = Site(area.lat_rad, area.lon_rad)
            for target in group.targets:
                try:
                    aim = aim_at(missile, launch, Site(target.lat_rad, target.lon_rad), trajectory=group.trajectory)
                except UnreachableError as error:
                    missing.append(OutOfReach(group.name, group.missile, area, target, str(error)))
                    continue
                flown = fly(missile, launch, aim)
                cases.append(ArcCase(group.name, group.missile, area, target, group.trajectory, flown))
        if len(cases) == before:
            raise UnreachableError(f"study {study.id}, arcs[{number}]: no target is in reach; {missing[-1].why}")
    return Arcs(tuple(cases), tuple(missing))
