"""The defended footprint: which aim points of each threat a battery can defend, by how much, and what binds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from equipoise._jit import run_in_chunks
from equipoise.analysis import footprint_kernels as fpk
from equipoise.arrays import FloatArray, IntArray
from equipoise.defence import engagement_kernels as ek
from equipoise.defence.battery import Battery
from equipoise.errors import InputError, UnreachableError
from equipoise.physics.fan import Fan, fly_fan
from equipoise.physics.geodesy import Site
from equipoise.physics.missile import Missile
from equipoise.sensors import visibility_kernels as vk
from equipoise.sensors.radar import REASON_WORDS, Radar
from equipoise.study.file import TrackUntil
from equipoise.study.model import Study, Threat

if TYPE_CHECKING:
    import xarray as xr

Progress = Callable[[str, float], None]

CONSTRAINTS: dict[int, str] = {
    ek.DEFENDED: "defended",
    **{code: words.replace(" ", "_") for code, words in REASON_WORDS.items() if code != vk.VISIBLE},
    ek.TIMELINE: "timeline",
    ek.RANGE: "range",
    ek.MIN_ALTITUDE: "min_altitude",
    ek.MAX_ALTITUDE: "max_altitude",
    ek.FLIGHT_TIME: "flight_time",
    ek.NOT_THREATENED: "not_threatened",
}


# Aim points that one thread takes at a time, at least: a quarter of a millisecond.
_LEAST_POINTS = 50


@dataclass(frozen=True)
class CaseFan:
    """A threat from one launch area: its fan over the study's cells, then its places.

    ``threat`` is the index among the study's threats, ``missile`` and ``launch_area`` are ids, ``rcs_m2`` is the
    cross-section that the radar sees [m2].
    """

    threat: int
    missile: str
    launch_area: str
    rcs_m2: float
    fan: Fan

    @property
    def name(self) -> str:
        """``missile/launch_area``."""
        return f"{self.missile}/{self.launch_area}"


def cell_centres_deg(study: Study) -> tuple[FloatArray, FloatArray]:
    """Return latitudes (rows,) and longitudes (columns,) [deg] of the cell centres of a study's grid."""
    grid = study.grid
    rows = (np.arange(grid.rows) + 0.5) / grid.rows
    columns = (np.arange(grid.columns) + 0.5) / grid.columns
    lat = np.degrees(grid.south_rad + rows * (grid.north_rad - grid.south_rad))
    lon = np.degrees(grid.west_rad + columns * (grid.east_rad - grid.west_rad))
    return lat, lon


def aim_points(study: Study) -> tuple[FloatArray, FloatArray]:
    """Return latitude and longitude [rad] of every cell of a study, row by row, then of every place."""
    lat_deg, lon_deg = cell_centres_deg(study)
    lat, lon = np.meshgrid(np.radians(lat_deg), np.radians(lon_deg), indexing="ij")
    place_lat = np.array([place.lat_rad for place in study.places])
    place_lon = np.array([place.lon_rad for place in study.places])
    return np.concatenate([lat.ravel(), place_lat]), np.concatenate([lon.ravel(), place_lon])


def fly_fans(
    study: Study,
    points_rad: tuple[FloatArray, FloatArray] | None = None,
    *,
    progress: Progress | None = None,
) -> tuple[CaseFan, ...]:
    """Fly every threat of a study from every launch area, once; moving or changing the defence re-uses them.

    Parameters
    ----------
    study : Study
        What flies, and where at.
    points_rad : tuple of ndarray, optional
        Latitudes and longitudes (n,) of the aim points; by default the study's cells, then its places. [rad]
    progress : callable, optional
        Called with what is being done and the share that is done.

    Raises
    ------
    UnreachableError
        If a missile reaches no cell from one of its launch areas; the message names both.
    """
    points = aim_points(study) if points_rad is None else points_rad
    return fly_threats(study.threats, points, f"study {study.id}, threats", progress)


def fly_threats(
    threats: Sequence[Threat],
    points_rad: tuple[FloatArray, FloatArray],
    where: str,
    progress: Progress | None = None,
) -> tuple[CaseFan, ...]:
    """Fly threats from each of their launch areas.

    Parameters
    ----------
    threats : sequence of Threat
        What flies.
    points_rad : tuple of ndarray
        Latitudes and longitudes (n,) of the aim points. [rad]
    where : str
        What messages call the list of threats.
    progress : callable, optional
        Called with what is being done and the share that is done.

    Raises
    ------
    UnreachableError
        If a missile reaches no point from one of its launch areas; the message names both.
    """
    pairs = [(i, threat, area) for i, threat in enumerate(threats) for area in threat.launch_areas]
    fans = []
    for done, (i, threat, area) in enumerate(pairs):
        if progress is not None:
            progress(f"flying {threat.missile.name} from {area.name}", done / len(pairs))
        missile = Missile.from_record(threat.missile)
        try:
            fan = fly_fan(missile, Site(area.lat_rad, area.lon_rad), *points_rad, trajectory=threat.trajectory)
        except UnreachableError as error:
            raise UnreachableError(f"{where}[{i}], launch area {area.id}: {error}") from error
        fans.append(CaseFan(i, threat.missile.id, area.id, threat.rcs_m2.value, fan))
    return tuple(fans)


def engage(
    fans: Sequence[CaseFan],
    radar: Radar,
    battery: Battery,
    site: Site,
    boresight_rad: float,
    track_until: TrackUntil = "intercept",
    *,
    tracks_s: FloatArray | None = None,
) -> FloatArray:
    """Engage every aim point of every fan.

    Parameters
    ----------
    fans : sequence of CaseFan
        From :func:`fly_fans`.
    radar, battery : Radar, Battery
        The defence.
    site : Site
        Where both stand.
    boresight_rad : float
        Azimuth of the radar's face. [rad]
    track_until : {"intercept", "launch"}
        How long the radar must see the target.
    tracks_s : ndarray, shape (n_case, n_point, 2), optional
        Times after launch of two firm tracks. First, the radar's own, where the way it searches makes it later than
        sight and confirmation: -inf or nan leaves it there, +inf says that there never is one. Second, that of another
        sensor, in the battery's hands: +inf or nan says none. By default (-inf, +inf). A timeline says nan for never:
        make that +inf for both. [s]

    Returns
    -------
    ndarray, shape (n_case, n_point, E_SIZE)
        Columns as ``engagement_kernels`` names them.

    Raises
    ------
    InputError
        If ``tracks_s`` has another shape, or a track from elsewhere lies before the launch.
    """
    shape = (len(fans), len(fans[0].fan.index), 2)
    if tracks_s is None:
        tracks = np.empty(shape)
        tracks[:] = ek.SIGHT_ALONE
    else:
        tracks = np.ascontiguousarray(tracks_s, dtype=np.float64)
        if tracks.shape != shape:
            raise InputError(f"tracks_s must have shape {shape}; got {tracks.shape}")
        if np.any(tracks[:, :, 1] < 0.0):
            raise InputError(f"tracks_s must hold remote tracks of at least 0 s; got {np.nanmin(tracks[:, :, 1])}")
    shooter = battery.shooter(site, radar.confirm_time_s, track_until=track_until)
    out = np.empty((*shape[:2], ek.E_SIZE))
    for case, firm_s, rows in zip(fans, tracks, out, strict=True):
        view = radar.view(site, boresight_rad, case.rcs_m2)

        fan = case.fan
        table = battery.reach.table
        work = partial(fpk.engage_points, fan.arcs, fan.times_s, fan.index, firm_s, view, shooter, table, rows)
        run_in_chunks(work, len(rows), least=_LEAST_POINTS)
    return out


def least_margin_s(fans: Sequence[CaseFan], rows: FloatArray, threats: int) -> FloatArray:
    """Return the least margin over the launch areas of each threat.

    Parameters
    ----------
    fans : sequence of CaseFan
        The cases.
    rows : ndarray, shape (n_case, n_point, E_SIZE)
        From :func:`engage` with these cases.
    threats : int
        How many threats there are.

    Returns
    -------
    ndarray, shape (n_threat, n_point)
        Nan where a threat reaches a point from none of its launch areas. [s]
    """
    margins_s = np.empty((threats, rows.shape[1]))
    for threat in range(threats):
        own = [i for i, case in enumerate(fans) if case.threat == threat]
        margins_s[threat] = np.fmin.reduce(rows[own, :, ek.E_MARGIN], axis=0)
    return margins_s


def fewest_shots(shots: FloatArray | IntArray, margin_s: FloatArray) -> FloatArray:
    """Return the fewest shots that fit one after another over the cases that reach a point.

    Parameters
    ----------
    shots : ndarray, shape (n_case, ...)
        Shots of each case.
    margin_s : ndarray, shape (n_case, ...)
        Their margins; nan where a case does not reach. [s]

    Returns
    -------
    ndarray, shape (...)
        Nan where none reaches.
    """
    return np.asarray(np.fmin.reduce(np.where(np.isnan(margin_s), np.nan, shots), axis=0))


def kill_probability(shots: IntArray, one: float, shots_each: int) -> FloatArray:
    """Return the probability that at least one interceptor kills, all independent of each other.

    ``one`` is that of a single interceptor, ``shots_each`` how many are fired at each opportunity. Common causes of
    failure are left out here, so this is an upper bound for its ``one``.
    """
    return np.asarray(1.0 - (1.0 - one) ** (shots * shots_each))


def footprint(
    study: Study,
    radar_range: str | None = None,
    *,
    fans: Sequence[CaseFan] | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Work out the footprint of a study's battery against each of its threats from each launch area.

    Parameters
    ----------
    study : Study
        The study.
    radar_range : str, optional
        Which published range of the radar, or ``hardware``; by default the study's central one.
    fans : sequence of CaseFan, optional
        Flown before; only the defence is worked out anew.
    progress : callable, optional
        Called with what is being done and the share that is done.

    Returns
    -------
    xarray.Dataset
        On (case, lat, lon): ``margin_s`` (above zero: defended; nan: the missile does not reach), ``shots``,
        ``kill_probability`` (and ``_low``, ``_high``), ``constraint``, ``threatened``; on (case, place) the same with
        the prefix ``place_``.

    Notes
    -----
    Every aim point is engaged by itself, with the whole battery free. Interception points are where the interceptor
    meets the arc, so the range limit holds from launcher to intercept, not to the aim point.
    """
    defence = study.defence
    if fans is None:
        fans = fly_fans(study, progress=progress)
    radar = Radar.from_record(defence.radar, radar_range or defence.radar_range, field_of_view=defence.field_of_view)
    battery = Battery.from_records(defence.battery, defence.interceptor)
    site = Site(defence.site.lat_rad, defence.site.lon_rad)
    if progress is not None:
        progress(f"engaging with the radar range {radar.range_name}", 1.0)
    rows = engage(fans, radar, battery, site, defence.boresight_rad, defence.track_until)
    return _dataset(study, radar, battery, fans, rows)


def _dataset(study: Study, radar: Radar, battery: Battery, fans: Sequence[CaseFan], rows: FloatArray) -> xr.Dataset:
    lat_deg, lon_deg = cell_centres_deg(study)
    cells = len(lat_deg) * len(lon_deg)
    shape = (len(fans), len(lat_deg), len(lon_deg))
    fields = _fields(rows, battery)
    variables: dict[str, tuple[tuple[str, ...], npt.NDArray[np.generic], dict[str, object]]] = {}
    for name, (values, attributes) in fields.items():
        variables[name] = (("case", "lat", "lon"), values[:, :cells].reshape(shape), attributes)
        variables[f"place_{name}"] = (("case", "place"), values[:, cells:], attributes)
    import xarray as xr  # takes longer to load than a flight test takes to fly

    return xr.Dataset(
        variables,
        coords={
            "case": [case.name for case in fans],
            "missile": ("case", [case.missile for case in fans]),
            "launch_area": ("case", [case.launch_area for case in fans]),
            "lat_deg": ("lat", lat_deg, {"units": "degrees_north", "long_name": "latitude of cell centre"}),
            "lon_deg": ("lon", lon_deg, {"units": "degrees_east", "long_name": "longitude of cell centre"}),
            "place": [place.id for place in study.places],
        },
        attrs={
            "title": study.title,
            "study": study.id,
            "study_sha256": study.sha256,
            "radar": radar.name,
            "radar_range": radar.range_name,
            "battery": battery.name,
            "site": study.defence.site.id,
            "boresight_deg": math.degrees(study.defence.boresight_rad),
        },
    )


def _fields(rows: FloatArray, battery: Battery) -> dict[str, tuple[npt.NDArray[np.generic], dict[str, object]]]:
    """Return the fields of a footprint with their attributes, shape (case, point) each."""
    codes = rows[:, :, ek.E_CONSTRAINT].astype(np.int8)
    shots = rows[:, :, ek.E_SHOTS].astype(np.int64)
    threatened = codes != ek.NOT_THREATENED
    low, central, high = (
        np.where(threatened, kill_probability(shots, one, battery.shots_per_opportunity), np.nan)
        for one in battery.kill_probability
    )
    flags: dict[str, object] = {
        "flag_values": np.array(list(CONSTRAINTS), dtype=np.int8),
        "flag_meanings": " ".join(CONSTRAINTS.values()),
        "long_name": "what binds",
    }
    kill = "probability that at least one interceptor kills, shots independent"
    return {
        "margin_s": (rows[:, :, ek.E_MARGIN], {"units": "s", "long_name": "margin of the engagement"}),
        "shots": (shots.astype(np.int16), {"units": "1", "long_name": "shot opportunities one after another"}),
        "kill_probability": (central, {"units": "1", "long_name": kill}),
        "kill_probability_low": (low, {"units": "1", "long_name": f"{kill}, low end of the band"}),
        "kill_probability_high": (high, {"units": "1", "long_name": f"{kill}, high end of the band"}),
        "constraint": (codes, flags),
        "threatened": (threatened, {"long_name": "the missile reaches this point from this launch area"}),
    }
