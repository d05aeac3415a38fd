"""What a battery defends with the tracks that a network gives it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from equipoise.analysis.footprint import CaseFan, Progress, engage, fly_threats, least_margin_s
from equipoise.analysis.land import land_cells
from equipoise.analysis.network import Outcome, Watchers
from equipoise.arrays import FloatArray, IntArray
from equipoise.defence.battery import Battery
from equipoise.defence.network import Network
from equipoise.errors import InputError
from equipoise.physics.fan import arcs_onto
from equipoise.physics.geodesy import Site
from equipoise.sensors.handover import ArcTable, Bound
from equipoise.sensors.signature import Signature
from equipoise.sensors.station import Station
from equipoise.study.network_model import NetworkSpec, ShooterPlacement, Variant


@dataclass(frozen=True)
class ShooterLand:
    """The land that a battery is to defend, with the threats flown onto it.

    Parameters
    ----------
    placement : ShooterPlacement
        The battery, and what it defends against.
    lat_deg, lon_deg : ndarray, shapes (rows,) and (columns,)
        Cell centres. [deg]
    rows, columns : ndarray of int, shape (n_cell,)
        Which cells hold land.
    land_km2 : ndarray, shape (n_cell,)
        How much of it. [km2]
    fans : tuple of CaseFan
        Onto the land cells.
    battery : Battery
        With its reach.
    """

    placement: ShooterPlacement
    lat_deg: FloatArray
    lon_deg: FloatArray
    rows: IntArray
    columns: IntArray
    land_km2: FloatArray
    fans: tuple[CaseFan, ...]
    battery: Battery

    @classmethod
    def of(cls, placement: ShooterPlacement, where: str, progress: Progress | None = None) -> ShooterLand:
        """Lay the grid over the land and fly the threats onto it.

        Parameters
        ----------
        placement : ShooterPlacement
            From a network study.
        where : str
            What messages call it.
        progress : callable, optional
            Called with what is being done and the share that is done.
        """
        lat_deg, lon_deg, land_km2 = land_cells(placement.grid, *placement.area)
        rows, columns = np.nonzero(land_km2)
        points = np.radians(lat_deg[rows]), np.radians(lon_deg[columns])
        return cls(
            placement,
            lat_deg,
            lon_deg,
            rows,
            columns,
            land_km2[rows, columns],
            fly_threats(placement.threats, points, where, progress),
            Battery.from_records(placement.battery, placement.interceptor),
        )


class Shooter:
    """A battery in a network: what each variant of the network lets it defend.

    Parameters
    ----------
    land : ShooterLand
        What it defends.
    stations : sequence of Station
        Every sensor of the study; its own radar is among them.
    spec : NetworkSpec
        What joins them.
    bound : {"low", "value", "high"}
        Which end of cross-sections and of the launch warning's bands.
    """

    def __init__(
        self, land: ShooterLand, stations: Sequence[Station], spec: NetworkSpec, bound: Bound = "value"
    ) -> None:
        self.land = land
        self.spec = spec
        self.own = next(station for station in stations if station.id == land.placement.sensor)
        if len(self.own.watches) != 1:
            raise InputError(
                f"shooter {land.placement.id}, sensor: {self.own.id} looks through {len(self.own.watches)} sectors; "
                "allowed: a radar with one"
            )
        arcs, times = zip(*(arcs_onto(case.fan) for case in land.fans), strict=True)
        reached = np.stack([np.isfinite(one[:, 0]) for one in times])
        self.reached: npt.NDArray[np.bool_] = reached
        signatures = []
        threats = land.placement.threats
        for case, found in zip(land.fans, reached, strict=True):
            signatures += [Signature.from_record(threats[case.threat].missile, bound)] * int(found.sum())
        table = ArcTable(
            np.concatenate([one[found] for one, found in zip(arcs, reached, strict=True)]),
            np.concatenate([one[found] for one, found in zip(times, reached, strict=True)]),
            tuple(signatures),
        )
        taking_part = [
            s for s in stations if s.id == self.own.id or s.id in land.placement.fires_on or _cues(spec, s.id)
        ]
        self._defended: dict[bytes, FloatArray] = {}
        self.watchers = Watchers(taking_part, table, spec, bound)
        self.fans = tuple(replace(case, rcs_m2=getattr(threats[case.threat].rcs_m2, bound)) for case in land.fans)

    def tracks_s(self, variant: Variant | None = None) -> FloatArray:
        """Return when its own radar has a firm track and when another's is in its hands, (n_case, n_cell, 2) [s].

        Nobody commits while the engine burns: both count from the end of thrust.
        """
        outcome: Outcome = self.watchers.outcome(variant)
        ids = [station.id for station in self.watchers.stations]
        network = Network.of(self.spec, ids, variant)
        here = self.land.placement
        away = variant.away if variant is not None else frozenset()
        remote_s = np.full(len(self.watchers.table), math.inf)
        for id in here.fires_on:
            if id not in away:
                remote_s = np.minimum(
                    remote_s, outcome.falling_s[ids.index(id)] + network.latency_s(id, here.id, "track")
                )
        own_s = outcome.falling_s[ids.index(here.sensor)]
        tracks = np.full((*self.reached.shape, 2), math.inf)
        tracks[self.reached, 0] = own_s
        tracks[self.reached, 1] = remote_s
        return tracks

    def margins_s(self, variant: Variant | None = None) -> FloatArray:
        """Return the margin of each cell for each threat [s], (n_threat, n_cell): the least over its launch areas.

        It is nan where a threat reaches a cell from none of them.
        """
        return self._margins_s(self.tracks_s(variant))

    def _margins_s(self, tracks_s: FloatArray) -> FloatArray:
        watch = self.own.watches[0]
        land = self.land
        rows = engage(
            self.fans,
            watch.radar,
            land.battery,
            Site(land.placement.site.lat_rad, land.placement.site.lon_rad),
            watch.boresight_rad,
            land.placement.track_until,
            tracks_s=tracks_s,
        )
        return least_margin_s(self.fans, rows, len(land.placement.threats))

    def defended_km2(self, variant: Variant | None = None) -> FloatArray:
        """Return the land that each threat's cells leave defended from every launch area that reaches it [km2]."""
        # Many variants leave the battery with the same tracks, and then with the same land.
        tracks_s = self.tracks_s(variant)
        key = tracks_s.tobytes()
        if key not in self._defended:
            self._defended[key] = np.asarray((self._margins_s(tracks_s) > 0.0) @ self.land.land_km2)
        return self._defended[key]


def _cues(spec: NetworkSpec, id: str) -> bool:
    return any(link.source == id and "cue" in link.carries for link in spec.links)
