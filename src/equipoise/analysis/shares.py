"""The defended shares of many versions of a defence, without doing twice what two of them have in common."""

from __future__ import annotations

import hashlib
from threading import Lock

import numpy as np
import numpy.typing as npt

from equipoise.analysis import footprint_kernels as fpk
from equipoise.analysis.land import Land, Setting
from equipoise.arrays import FloatArray
from equipoise.defence import engagement_kernels as ek
from equipoise.defence.battery import Battery
from equipoise.physics.geodesy import Site
from equipoise.sensors.radar import Radar
from equipoise.sensors.visibility_kernels import View

_Met = npt.NDArray[np.bool_]

# Threats with a view, a battery and a reach: some hundred neighbouring points of a Saltelli sample.
_REMEMBERED = 4096
# A share asks whether there is one shot: how soon a second could follow changes no margin.
_ONE_SHOT_S = 1e6


class Shares:
    """Scores versions of the defence as :meth:`Land.score` does, for their shares alone.

    The points of a Saltelli sample differ from their neighbours in one number. Where that leaves what a threat is
    engaged with as it was, to the last bit, the threat is not engaged again; and a cell that is open from one launch
    area is not asked about from the next. May be called from several threads: each call works in its own.

    Parameters
    ----------
    land : Land
        The study's land, with the fans onto it.
    """

    def __init__(self, land: Land) -> None:
        self._land = land
        defence = land.study.defence
        self._site = Site(defence.site.lat_rad, defence.site.lon_rad)
        self._cases = tuple(
            tuple(case for case in land.fans if case.threat == threat) for threat in range(len(land.study.threats))
        )
        self._known: dict[tuple[object, ...], _Met] = {}
        self._lock = Lock()

    def of(self, setting: Setting) -> FloatArray:
        """Return the share of the country's land that is met from every launch area that reaches it, by threat.

        Parameters
        ----------
        setting : Setting
            The version of the defence.

        Returns
        -------
        ndarray, shape (n_threat,)
            The shares, as :meth:`Land.score` has them.
        """
        radar = Radar.from_record(setting.radar, setting.radar_range, field_of_view=setting.field_of_view)
        battery = Battery.from_records(setting.battery, setting.interceptor, cached=False)
        shooter = battery.shooter(self._site, radar.confirm_time_s, track_until=setting.track_until)
        shooter = shooter._replace(assess_s=_ONE_SHOT_S)
        table = battery.reach.table
        digest = hashlib.sha256(table.tobytes()).digest()
        met = np.empty((len(self._cases), len(self._land.weights)), dtype=bool)
        for threat, rcs_m2 in enumerate(setting.rcs_m2):
            view = radar.view(self._site, setting.boresight_rad, rcs_m2)
            key = (threat, view[:-1], view.mask.tobytes(), shooter, digest)
            known = self._known.get(key)
            if known is None:
                known = self._met(threat, view, shooter, table)
                with self._lock:
                    self._known[key] = known
                    if len(self._known) > _REMEMBERED:
                        del self._known[next(iter(self._known))]
            met[threat] = known
        return np.asarray(met @ self._land.weights)

    def _met(self, threat: int, view: View, shooter: ek.Shooter, table: FloatArray) -> _Met:
        """Return whether each cell is met from every launch area of a threat that reaches it."""
        cells = len(self._land.weights)
        tracks = np.empty((cells, 2))
        tracks[:] = ek.SIGHT_ALONE
        rows = np.empty((cells, ek.E_SIZE))
        least_s = np.full(cells, np.nan)
        for case in self._cases[threat]:
            fan = case.fan
            index = np.where(least_s[:, np.newaxis] <= 0.0, np.nan, fan.index[:cells])
            fpk.engage_points(fan.arcs, fan.times_s, index, tracks, view, shooter, table, rows, 0, cells)
            least_s = np.fmin(least_s, rows[:, ek.E_MARGIN])
        return np.asarray(least_s > 0.0)
