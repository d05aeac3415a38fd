"""A raid set up and run: who flies when, when each layer can fire, and what a number of runs comes to."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from equipoise._jit import run_in_chunks
from equipoise.analysis import raid_kernels as rk
from equipoise.analysis.raid_counts import RaidCounts
from equipoise.analysis.raid_setting import LayerSetting, RaidSetting
from equipoise.arrays import FloatArray, IntArray
from equipoise.defence.battery import Battery
from equipoise.defence.firing import FiringWindow, Guide, firing_window
from equipoise.errors import InputError, UnreachableError
from equipoise.physics.aiming import aim_at
from equipoise.physics.fan import trajectory_arc
from equipoise.physics.flight import Trajectory, fly
from equipoise.physics.geodesy import Site
from equipoise.physics.missile import Missile
from equipoise.sensors.radar import Radar
from equipoise.sensors.station import Station
from equipoise.study.raid_model import LayerPlacement, RaidStudy, Rule, Salvo

# Rows of runs that are held at once: memory stays flat as runs grow.
BLOCK = 20_000
# Raids of more missiles than this are refused: a run holds every pair of layer and missile.
MAX_MISSILES = 20_000


@dataclass(frozen=True)
class RaidField:
    """A raid study with its missiles flown: what a change of the defence re-uses.

    Parameters
    ----------
    study : RaidStudy
        The study.
    trajectories : tuple of Trajectory
        One for each salvo; all missiles of a salvo fly the same one, one after another.
    arcs : tuple of ndarray, shape (n_node, 6)
        The same at the nodes of a fan's arc.
    """

    study: RaidStudy
    trajectories: tuple[Trajectory, ...]
    arcs: tuple[FloatArray, ...]

    @classmethod
    def of(cls, study: RaidStudy) -> RaidField:
        """Fly the salvos of a study.

        Raises
        ------
        UnreachableError
            If a missile cannot reach its target; the message names the salvo.
        """
        flown: dict[tuple[str, str, str, str], Trajectory] = {}
        trajectories = []
        for i, salvo in enumerate(study.salvos):
            threat = salvo.threat
            key = (threat.missile.id, salvo.launch_area.id, salvo.target.id, threat.trajectory)
            if key not in flown:
                flown[key] = _fly(study, i, salvo)
            trajectories.append(flown[key])
        return cls(study, tuple(trajectories), tuple(trajectory_arc(one) for one in trajectories))

    def windows(self, setting: RaidSetting) -> tuple[tuple[FiringWindow, ...], ...]:
        """Return when each layer can fire at a missile of each salvo, (n_layer, n_salvo)."""
        study = self.study
        stations = [Station.of(sensor) for sensor in study.sensors]
        found = []
        central = RaidSetting.central(study).layers
        for placement, layer, placed in zip(study.layers, setting.layers, central, strict=True):
            battery = Battery.from_records(layer.battery, layer.interceptor, cached=layer == placed)
            site = Site(placement.site.lat_rad, placement.site.lon_rad)
            row = []
            for i, salvo in enumerate(study.salvos):
                rcs_m2 = setting.rcs_m2[salvo.threat.missile.id]
                row.append(
                    firing_window(
                        self.arcs[i],
                        self.trajectories[i].burnout.time_s,
                        self.trajectories[i].time_of_flight_s,
                        battery,
                        site,
                        _own_guide(placement, layer, rcs_m2),
                        self._others(placement, setting, stations, rcs_m2),
                        placement.track_until,
                    )
                )
            found.append(tuple(row))
        return tuple(found)

    def _others(
        self, placement: LayerPlacement, setting: RaidSetting, stations: Sequence[Station], rcs_m2: float
    ) -> tuple[Guide, ...]:
        """Return the guides on whose track a layer may fire: radars of other layers, and every face of sensors."""
        if placement.link is None:
            return ()
        latency_s = placement.link.latency_s.value
        guides = []
        for other, layer in zip(self.study.layers, setting.layers, strict=True):
            own = _own_guide(other, layer, rcs_m2) if other.id in placement.fires_on else None
            if own is not None:
                guides.append(replace(own, latency_s=latency_s))
        for station in stations:
            if station.id in placement.fires_on:
                guides += [
                    Guide.of(
                        watch.radar, watch.site, watch.boresight_rad, rcs_m2 * station.rcs_ratio, latency_s=latency_s
                    )
                    for watch in station.watches
                ]
        return tuple(guides)


def _own_guide(placement: LayerPlacement, layer: LayerSetting, rcs_m2: float) -> Guide | None:
    if layer.radar is None or layer.radar_range is None:
        return None
    radar = Radar.from_record(layer.radar, layer.radar_range, field_of_view=placement.field_of_view)
    return Guide.of(radar, Site(placement.site.lat_rad, placement.site.lon_rad), layer.boresight_rad, rcs_m2)


def _fly(study: RaidStudy, index: int, salvo: Salvo) -> Trajectory:
    missile = Missile.from_record(salvo.threat.missile)
    launch = Site(salvo.launch_area.lat_rad, salvo.launch_area.lon_rad)
    target = Site(salvo.target.lat_rad, salvo.target.lon_rad)
    try:
        return fly(missile, launch, aim_at(missile, launch, target, trajectory=salvo.threat.trajectory))
    except UnreachableError as error:
        raise UnreachableError(f"study {study.id}, salvos[{index}], target {salvo.target.id}: {error}") from error


def counts_of_size(study: RaidStudy, size: int | None = None) -> tuple[int, ...]:
    """Return how many missiles each salvo has in a raid of a size, in the study's proportions.

    Parameters
    ----------
    study : RaidStudy
        The study.
    size : int, optional
        Missiles in all; the study's own if left out.

    Raises
    ------
    InputError
        If the size is not within 1 and the most that is allowed.
    """
    own = [salvo.count for salvo in study.salvos]
    if size is None:
        return tuple(own)
    if not 1 <= size <= MAX_MISSILES:
        raise InputError(f"raid size must lie in [1, {MAX_MISSILES}]; got {size}")
    # Largest remainders, the earlier salvo first among equals.
    shares = [count * size / sum(own) for count in own]
    counts = [math.floor(share) for share in shares]
    rest = sorted(range(len(own)), key=lambda i: (counts[i] - shares[i], i))
    for i in rest[: size - sum(counts)]:
        counts[i] += 1
    return tuple(counts)


@dataclass(frozen=True)
class Raid:
    """A raid ready to run.

    Parameters
    ----------
    study : RaidStudy
        The study.
    windows : tuple of tuple of FiringWindow
        Of each layer against each salvo.
    missiles, tables, layers, shared, order_s, order
        As the kernel takes them.
    """

    study: RaidStudy
    windows: tuple[tuple[FiringWindow, ...], ...]
    missiles: rk.Missiles
    tables: rk.Windows
    layers: rk.Layers
    shared: rk.Shared
    order_s: FloatArray
    order: IntArray

    @classmethod
    def of(
        cls,
        study: RaidStudy,
        windows: tuple[tuple[FiringWindow, ...], ...],
        setting: RaidSetting,
        *,
        size: int | None = None,
    ) -> Raid:
        """Set up a raid with windows that were worked out before.

        Parameters
        ----------
        study : RaidStudy
            The study.
        windows : tuple of tuple of FiringWindow
            From :meth:`RaidField.windows` with this setting.
        setting : RaidSetting
            Magazines, delays and probabilities.
        size : int, optional
            Missiles in all, in the study's proportions; the spacing within a salvo stays.
        """
        missiles = _missiles(study, counts_of_size(study, size))
        tables = rk.Windows(
            detection_s=np.array([[window.detection_s for window in row] for row in windows]),
            first_launch_s=np.array([[window.first_launch_s for window in row] for row in windows]),
            last_launch_s=np.array([[window.last_launch_s for window in row] for row in windows]),
            intercept_s=np.array([[window.intercept_s for window in row] for row in windows]),
        )
        layers = _layers(study, setting)
        shared = rk.Shared(setting.reliability, setting.track_probability, 1 if study.coordination == "shared" else 0)
        order_s, order = _first_events(missiles, tables, layers)
        return cls(study, windows, missiles, tables, layers, shared, order_s, order)

    def with_layers(self, layers: rk.Layers) -> Raid:
        """Return the same raid against layers with other numbers."""
        order_s, order = _first_events(self.missiles, self.tables, layers)
        return replace(self, layers=layers, order_s=order_s, order=order)

    @property
    def size(self) -> int:
        """How many missiles fly."""
        return len(self.missiles.launch_s)

    @property
    def magazine(self) -> IntArray:
        """Rounds of each layer, (n_layer,)."""
        return np.asarray(self.layers.launchers * self.layers.rounds + self.layers.spare)

    def run(self, runs: int, seed: int, *, first_run: int = 0) -> RaidCounts:
        """Run the raid a number of times and count.

        Parameters
        ----------
        runs : int
            How many times.
        seed : int
            Of every draw, 0 to 2^63 - 1.
        first_run : int
            Number of the first run: runs 0 to 99 and 100 to 199 add up to runs 0 to 199, to the bit.
        """
        total = RaidCounts.none(self.size, len(self.study.targets), self.magazine)
        for start in range(0, runs, BLOCK):
            total += RaidCounts.of_rows(
                self.rows(min(BLOCK, runs - start), seed, first_run=first_run + start), self.size, self.magazine
            )
        return total

    def rows(self, runs: int, seed: int, *, first_run: int = 0) -> rk.Tally:
        """Run the raid a number of times and return what each run came to."""
        tally = self._tally(runs)
        work = partial(self._run, seed, first_run, tally, np.empty((0, rk.LOG_SIZE)))
        run_in_chunks(work, runs, chunks_per_thread=4)
        return tally

    def log(self, run: int, seed: int) -> FloatArray:
        """Return every shot of one run, (n_shot, LOG_SIZE), in the order in which they were ordered.

        Columns as ``raid_kernels`` names them.
        """
        shots = np.empty((int(self.magazine.sum()), rk.LOG_SIZE))
        return shots[: self._run(seed, run, self._tally(1), shots, 0, 1)]

    def _tally(self, runs: int) -> rk.Tally:
        n_layer = len(self.windows)
        return rk.Tally(
            np.empty((runs, len(self.study.targets)), dtype=np.int32),
            np.empty((runs, n_layer), dtype=np.int32),
            np.empty((runs, n_layer), dtype=np.int32),
            np.empty((runs, n_layer, rk.N_REASONS), dtype=np.int32),
            np.empty((runs, n_layer)),
        )

    def _run(self, seed: int, first_run: int, tally: rk.Tally, log: FloatArray, start: int, stop: int) -> int:
        return rk.run_raids(
            np.uint64(seed),
            first_run,
            self.missiles,
            self.tables,
            self.layers,
            self.shared,
            self.order_s,
            self.order,
            tally,
            log,
            start,
            stop,
        )


def prepare(field: RaidField, setting: RaidSetting | None = None, *, size: int | None = None) -> Raid:
    """Set up the raid of a study, with another setting or size if wanted.

    Parameters
    ----------
    field : RaidField
        From :meth:`RaidField.of`.
    setting : RaidSetting, optional
        The central one by default.
    size : int, optional
        Missiles in all, in the study's proportions.
    """
    chosen = RaidSetting.central(field.study) if setting is None else setting
    return Raid.of(field.study, field.windows(chosen), chosen, size=size)


def _missiles(study: RaidStudy, counts: Sequence[int]) -> rk.Missiles:
    """Return the missiles in the order of their launch; of those at one moment, in the order of the salvos."""
    launch_s = np.concatenate(
        [salvo.start_s + salvo.spacing_s * np.arange(count) for salvo, count in zip(study.salvos, counts, strict=True)]
    )
    salvo = np.repeat(np.arange(len(study.salvos)), counts)
    names = [target.id for target in study.targets]
    target = np.array([names.index(one.target.id) for one in study.salvos])[salvo]
    order = np.argsort(launch_s, kind="stable")
    return rk.Missiles(launch_s[order], salvo[order].astype(np.int64), target[order].astype(np.int64))


def with_doctrine(study: RaidStudy, volleys: Sequence[int]) -> RaidStudy:
    """Return a raid study whose layers all fire these volleys at each missile, each after the outcome of the last."""
    rule = Rule(tuple(volleys))
    return replace(study, layers=tuple(replace(layer, doctrine=(rule,)) for layer in study.layers))


def _layers(study: RaidStudy, setting: RaidSetting) -> rk.Layers:
    """Return the numbers of the layers as the kernel takes them."""
    pairs = list(zip(study.layers, setting.layers, strict=True))

    def floats(number: str, missing: float) -> FloatArray:
        found = [getattr(layer.battery, number) for _, layer in pairs]
        return np.array([missing if one is None else one.value for one in found], dtype=np.float64)

    def whole(number: str, *, pooled: bool = True) -> IntArray:
        found = [getattr(layer.battery, number) for _, layer in pairs]
        each = [0 if one is None else round(one.value) for one in found]
        return np.array([n * (one.batteries if pooled else 1) for n, (one, _) in zip(each, pairs, strict=True)])

    time_left_s, volleys = doctrine_arrays([one.doctrine for one, _ in pairs])
    return rk.Layers(
        kill=np.array([layer.interceptor.kill_probability.value for _, layer in pairs]),
        reliability=floats("reliability", 1.0),
        track=floats("track_probability", 1.0),
        spacing_s=floats("launch_spacing_s", 0.0),
        launcher_spacing_s=floats("launcher_spacing_s", 0.0),
        reload_s=floats("reload_time_s", math.inf),
        assess_s=floats("assessment_delay_s", 0.0),
        relock_s=np.array(
            [
                layer.battery.commit_delay_s.value + (0.0 if layer.radar is None else layer.radar.confirm_time_s.value)
                for _, layer in pairs
            ]
        ),
        units=np.array([one.batteries for one, _ in pairs], dtype=np.int64),
        launchers=whole("launchers"),
        rounds=np.array([round(layer.launcher.rounds.value) for _, layer in pairs], dtype=np.int64),
        spare=whole("spare_rounds"),
        tracks=whole("track_capacity"),
        channels=whole("guidance_channels"),
        time_left_s=time_left_s,
        volleys=volleys,
    )


def doctrine_arrays(doctrines: Sequence[tuple[Rule, ...]]) -> tuple[FloatArray, IntArray]:
    """Return doctrines as the kernel takes them: times left (n_layer, n_rule) [s] and volleys (n_layer, n_rule, n)."""
    rules = max(len(doctrine) for doctrine in doctrines)
    most = max(len(rule.volleys) for doctrine in doctrines for rule in doctrine)
    time_left_s = np.zeros((len(doctrines), rules))
    volleys = np.zeros((len(doctrines), rules, most), dtype=np.int64)
    for i, doctrine in enumerate(doctrines):
        for j in range(rules):
            # A shorter list repeats its last rule, which holds whatever the time.
            rule = doctrine[min(j, len(doctrine) - 1)]
            time_left_s[i, j] = -1.0 if rule.all_fit else (rule.time_left_s or 0.0)
            volleys[i, j, : len(rule.volleys)] = rule.volleys
    return time_left_s, volleys


def _first_events(missiles: rk.Missiles, tables: rk.Windows, layers: rk.Layers) -> tuple[FloatArray, IntArray]:
    """Return the first event of every layer and missile that it can meet, in time.

    A layer of limited tracks asks for one when it sees the missile, or when it may first fire on another's track.
    """
    asked_s = np.fmin(tables.detection_s, tables.first_launch_s)
    first_s = np.where(layers.tracks[:, None] > 0, asked_s, tables.first_launch_s)[:, missiles.salvo]
    when_s = (missiles.launch_s[None, :] + first_s).ravel()
    can = np.isfinite(tables.first_launch_s[:, missiles.salvo]).ravel()
    pairs = np.flatnonzero(can)
    order = pairs[np.argsort(when_s[pairs], kind="stable")]
    return when_s[order], order.astype(np.int64)
