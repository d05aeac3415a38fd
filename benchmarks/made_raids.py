"""Raids made up of plain numbers, by hand or at random, as the compiled event loop and its twin take them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from simpy_raid import Raid as Twin

from equipoise._jit import run_in_chunks
from equipoise.analysis import raid_kernels as rk

Rule = tuple[float, Sequence[int]]
# The time left of a rule that asks for all its volleys to fit.
ALL_FIT = -1.0


@dataclass(frozen=True)
class Window:
    """When a layer can fire at a salvo's missiles [s]; intercepts of launches evenly spread from first to last."""

    first_s: float
    last_s: float
    intercepts_s: Sequence[float]
    detection_s: float = 0.0

    @classmethod
    def of(cls, first_s: float, last_s: float, flight_s: float, detection_s: float = 0.0) -> Window:
        """Return a window in which every interceptor flies for as long."""
        return cls(first_s, last_s, (first_s + flight_s, last_s + flight_s), detection_s)


NEVER = Window.of(math.nan, math.nan, math.nan, math.nan)


@dataclass(frozen=True)
class MadeLayer:
    """A layer; tracks and channels of 0 stand for no limit."""

    windows: Sequence[Window]
    doctrine: Sequence[Rule] = ((0.0, (1,)),)
    kill: float = 1.0
    reliability: float = 1.0
    track: float = 1.0
    spacing_s: float = 0.0
    launcher_spacing_s: float = 0.0
    reload_s: float = math.inf
    assess_s: float = 0.0
    relock_s: float = 0.0
    units: int = 1
    launchers: int = 1
    rounds: int = 100
    spare: int = 0
    tracks: int = 0
    channels: int = 0


@dataclass(frozen=True)
class MadeRaid:
    """A raid ready to run."""

    missiles: rk.Missiles
    windows: rk.Windows
    layers: rk.Layers
    shared: rk.Shared
    order_s: np.ndarray
    order: np.ndarray

    @classmethod
    def of(
        cls,
        launches_s: Sequence[float],
        layers: Sequence[MadeLayer],
        *,
        salvos: Sequence[int] | None = None,
        targets: Sequence[int] | None = None,
        reliability: float = 1.0,
        track: float = 1.0,
        coordinated: bool = False,
    ) -> MadeRaid:
        """Set up missiles in the order given against layers; all of the first salvo at the first target by default."""
        n = len(launches_s)

        def whole(values: Sequence[int] | None) -> np.ndarray:
            return np.zeros(n, dtype=np.int64) if values is None else np.array(values, dtype=np.int64)

        missiles = rk.Missiles(np.array(launches_s, dtype=np.float64), whole(salvos), whole(targets))
        steps = max(len(window.intercepts_s) for layer in layers for window in layer.windows)

        def column(name: str) -> np.ndarray:
            return np.array([[getattr(window, name) for window in layer.windows] for layer in layers])

        def finer(values: Sequence[float]) -> np.ndarray:
            return np.interp(np.linspace(0.0, 1.0, steps), np.linspace(0.0, 1.0, len(values)), values)

        windows = rk.Windows(
            column("detection_s"),
            column("first_s"),
            column("last_s"),
            np.array([[finer(window.intercepts_s) for window in layer.windows] for layer in layers]),
        )
        rules = max(len(layer.doctrine) for layer in layers)
        volleys = max(len(shots) for layer in layers for _, shots in layer.doctrine)
        time_left_s = np.zeros((len(layers), rules))
        shots = np.zeros((len(layers), rules, volleys), dtype=np.int64)
        for k, layer in enumerate(layers):
            for r in range(rules):
                needed_s, wanted = layer.doctrine[min(r, len(layer.doctrine) - 1)]
                time_left_s[k, r] = needed_s
                shots[k, r, : len(wanted)] = wanted
        numbers = {
            name: np.array([getattr(layer, name) for layer in layers], dtype=np.int64 if name in WHOLE else np.float64)
            for name in rk.Layers._fields
            if name not in ("time_left_s", "volleys")
        }
        first_s = windows.first_launch_s[:, missiles.salvo]
        limited = numbers["tracks"][:, None] > 0
        asked_s = np.where(limited, np.fmin(windows.detection_s[:, missiles.salvo], first_s), first_s)
        pairs = np.flatnonzero(np.isfinite(first_s))
        moments_s = (missiles.launch_s + asked_s).ravel()[pairs]
        by_time = np.argsort(moments_s, kind="stable")
        return cls(
            missiles,
            windows,
            rk.Layers(**numbers, time_left_s=time_left_s, volleys=shots),
            rk.Shared(reliability, track, int(coordinated)),
            moments_s[by_time],
            pairs[by_time].astype(np.int64),
        )

    @property
    def magazine(self) -> np.ndarray:
        """Rounds of each layer."""
        return np.asarray(self.layers.launchers * self.layers.rounds + self.layers.spare)

    def empty(self, runs: int) -> rk.Tally:
        """Return the rows of a number of runs, to be filled."""
        n = len(self.layers.kill)
        return rk.Tally(
            np.empty((runs, int(self.missiles.target.max()) + 1), dtype=np.int32),
            np.empty((runs, n), dtype=np.int32),
            np.empty((runs, n), dtype=np.int32),
            np.empty((runs, n, rk.N_REASONS), dtype=np.int32),
            np.empty((runs, n)),
        )

    def fill(
        self,
        tally: rk.Tally,
        start: int,
        stop: int,
        *,
        seed: int = 1,
        first_run: int = 0,
        log: np.ndarray | None = None,
    ) -> int:
        """Fill rows of a tally, and the log of the last run; return how many shots that had."""
        return rk.run_raids(
            np.uint64(seed), first_run, self.missiles, self.windows, self.layers, self.shared, self.order_s, self.order,
            tally, np.empty((0, rk.LOG_SIZE)) if log is None else log, start, stop,
        )  # fmt: skip

    def run(self, runs: int, *, seed: int = 1, first_run: int = 0) -> rk.Tally:
        """Run it on every thread."""
        tally = self.empty(runs)
        run_in_chunks(lambda start, stop: self.fill(tally, start, stop, seed=seed, first_run=first_run), runs)
        return tally

    def shots(self, run: int = 0, *, seed: int = 1) -> np.ndarray:
        """Return the log of one run."""
        log = np.empty((int(self.magazine.sum()), rk.LOG_SIZE))
        return log[: self.fill(self.empty(1), 0, 1, seed=seed, first_run=run, log=log)]

    def twin(self) -> Twin:
        """Return the same raid in SimPy."""
        return Twin(self.missiles, self.windows, self.layers, self.shared)


WHOLE = ("units", "launchers", "rounds", "spare", "tracks", "channels")


def difference(tally: rk.Tally, row: int, theirs: object) -> str:
    """Say what of a row differs from the twin's tally of the same run; empty if nothing does."""
    found = []
    for name in rk.Tally._fields:
        ours, other = getattr(tally, name)[row], np.array(getattr(theirs, name))
        if name == "leakers":
            # The twin knows the targets that something is aimed at, and of those beyond the last nothing.
            other = np.pad(other, (0, len(ours) - len(other)))
        if not np.allclose(ours, other, rtol=0.0, atol=1e-9 if name == "exhausted_s" else 0.0, equal_nan=True):
            found.append(f"{name}: {ours.tolist()}, twin {other.tolist()}")
    return "; ".join(found)


def random_raid(rng: np.random.Generator, *, layers: int = 3, missiles: int = 12, volleys: int = 4) -> MadeRaid:
    """Return a raid at random, of at most so many layers, with too little of everything, missiles and volleys."""
    n_layer, n_salvo, n = (int(rng.integers(1, most + 1)) for most in (layers, 3, missiles))

    def maybe(value: float, otherwise: float, share: float = 0.5) -> float:
        return value if rng.random() < share else otherwise

    def window() -> Window:
        if rng.random() < 0.15:
            return NEVER
        first_s = rng.uniform(50.0, 200.0)
        last_s = first_s + maybe(rng.uniform(0.0, 150.0), 0.0, 0.9)
        intercepts_s = (
            np.cumsum(rng.uniform(0.0, 2.0 * (last_s - first_s) / 8.0, 9)) + first_s + rng.uniform(10.0, 60.0)
        )
        # Nothing is met before it is launched at, however the table runs.
        intercepts_s = np.maximum(intercepts_s, np.linspace(first_s, last_s, 9) + 5.0)
        return Window(first_s, last_s, tuple(intercepts_s), first_s + rng.uniform(-40.0, maybe(5.0, 0.0)))

    def doctrine() -> list[Rule]:
        rules: list[Rule] = []
        for _ in range(rng.integers(1, 4)):
            shots = rng.integers(1, 5, rng.integers(1, volleys + 1)).tolist()
            rules.append((maybe(ALL_FIT, rng.uniform(0.0, 120.0)), shots))
        return rules

    made = [
        MadeLayer(
            windows=[window() for _ in range(n_salvo)],
            doctrine=doctrine(),
            kill=rng.uniform(0.1, 0.9),
            reliability=maybe(rng.uniform(0.5, 1.0), 1.0),
            track=maybe(rng.uniform(0.5, 1.0), 1.0),
            spacing_s=rng.uniform(0.0, maybe(30.0, 2.0)),
            launcher_spacing_s=maybe(rng.uniform(0.0, 30.0), 0.0),
            reload_s=maybe(rng.uniform(20.0, 200.0), math.inf, 0.8),
            assess_s=maybe(rng.uniform(0.0, 20.0), 0.0, 0.8),
            relock_s=rng.uniform(0.0, 30.0),
            units=int(rng.integers(1, 4)),
            launchers=int(rng.integers(1, 4)),
            rounds=int(rng.integers(1, 9)),
            spare=int(maybe(rng.integers(1, 8), 0)),
            tracks=int(maybe(rng.integers(1, 4), 0)),
            channels=int(maybe(rng.integers(1, 4), 0)),
        )
        for _ in range(n_layer)
    ]
    return MadeRaid.of(
        np.sort(rng.choice([0.0, 50.0], n) + maybe(1.0, 0.0, 0.8) * rng.uniform(0.0, 100.0, n)).tolist(),
        made,
        salvos=rng.integers(0, n_salvo, n).tolist(),
        targets=rng.integers(0, 3, n).tolist(),
        reliability=maybe(rng.uniform(0.7, 1.0), 1.0, 0.3),
        track=maybe(rng.uniform(0.7, 1.0), 1.0, 0.3),
        coordinated=rng.random() < 0.6,
    )
