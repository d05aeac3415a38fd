"""Questions about a raid: how its outcome grows with its size, when magazines are spent, and what would be enough."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from equipoise.analysis.draws import generator
from equipoise.analysis.intervals import Estimate, histogram_mean, histogram_quantiles, mean, share
from equipoise.analysis.raid import Raid, RaidField, counts_of_size, with_doctrine
from equipoise.analysis.raid_counts import RaidCounts
from equipoise.analysis.raid_setting import RaidSetting
from equipoise.arrays import FloatArray, IntArray
from equipoise.defence.firing import FiringWindow
from equipoise.errors import InputError
from equipoise.study.raid_model import RaidStudy

Progress = Callable[[str, float], None]

# Runs of which a question that needs many raids makes do; the interval is given with each answer.
RUNS_PER_QUESTION = 1_000
# Large raids are run less often: pairs of layer and missile, over all runs.
_PAIRS_PER_QUESTION = 300_000
# A magazine that no raid of so many missiles spends is reported as not spent.
MOST_MISSILES = 2_000
# Volleys of the search for the interceptors that would be needed: shots at each missile.
MOST_SHOTS = 12
SPENT_SHARES = (0.05, 0.5, 0.95)
_FIRST_BATCH = 1_000
_MOST_RUNS = 20_000_000


def leaked_share(counts: RaidCounts) -> Estimate:
    """Return the mean share of missiles that leak."""
    missiles = len(counts.leakers) - 1
    return histogram_mean(counts.leakers).scaled(1.0 / missiles)


def no_leaker(counts: RaidCounts) -> Estimate:
    """Return the probability that no missile leaks."""
    return share(int(counts.leakers[0]), int(counts.runs))


def spent_all(counts: RaidCounts, magazine: IntArray) -> tuple[Estimate, ...]:
    """Return the probability, by layer, that its last round is launched."""
    return tuple(share(int(row[rounds]), int(counts.runs)) for row, rounds in zip(counts.spent, magazine, strict=True))


def weighted_share(counts: RaidCounts, weights: FloatArray, missiles: IntArray) -> Estimate:
    """Return the mean share of the leaked, with each missile counting as much as its target.

    Parameters
    ----------
    counts : RaidCounts
        The runs.
    weights, missiles : ndarray, shape (n_target,)
        What each target counts for, and how many missiles are aimed at it. Without any weight the share is 0.
    """
    whole = float(weights @ missiles)
    if whole <= 0.0:
        return Estimate(0.0, 0.0, 0.0)
    return mean(
        float(weights @ counts.target_leakers) / whole,
        float(weights @ counts.target_pairs @ weights) / whole**2,
        int(counts.runs),
    )


def run_until(raid: Raid, half_width: float, seed: int, progress: Progress | None = None) -> RaidCounts:
    """Run a raid until the leaked share and the probability of no leaker are both known to a half-width.

    Parameters
    ----------
    raid : Raid
        The raid.
    half_width : float
        Of the 95 % intervals; above 0.
    seed : int
        Of every draw.
    progress : callable, optional
        Called with what is being done and the share that is done.

    Returns
    -------
    RaidCounts
        1,000 runs, doubled until they do: the number follows from seed and half-width alone.

    Raises
    ------
    InputError
        If the half-width is not above 0, or 20 million runs would not do.
    """
    if not 0.0 < half_width < 1.0:
        raise InputError(f"half-width must lie above 0 and below 1; got {half_width:g}")
    counts = raid.run(_FIRST_BATCH, seed)
    while (wide := max(leaked_share(counts).half_width, no_leaker(counts).half_width)) > half_width:
        runs = int(counts.runs)
        if 2 * runs > _MOST_RUNS:
            raise InputError(f"half-width: {half_width:g} was not reached in {runs:,} runs; allowed: at least {wide:g}")
        if progress is not None:
            progress(f"{runs:,} runs, half-width {wide:.3g}", min((half_width / wide) ** 2, 1.0))
        counts += raid.run(runs, seed, first_run=runs)
    return counts


@dataclass(frozen=True)
class Knowledge:
    """A raid under draws from the catalogue's ranges: each draw's own expectation over chance, (n_draw, ...).

    Parameters
    ----------
    leaked : ndarray, shape (n_draw,)
        Expected share of missiles that leak.
    no_leaker : ndarray, shape (n_draw,)
        Probability that none leaks.
    spent : ndarray, shape (n_draw, n_layer)
        Rounds that a layer spends, on average.
    exhausted : ndarray, shape (n_draw, n_layer)
        Probability that it launches its last round.
    leaked_by_size : ndarray, shape (n_draw, n_size)
        Expected share at each size of the curve.
    runs_per_draw : int
        Chance leaves each expectation uncertain by its own spread over the root of this.
    """

    leaked: FloatArray
    no_leaker: FloatArray
    spent: FloatArray
    exhausted: FloatArray
    leaked_by_size: FloatArray
    runs_per_draw: int


def raid_knowledge(
    field: RaidField, *, draws: int, runs_per_draw: int, seed: int, progress: Progress | None = None
) -> Knowledge:
    """Draw everything that a raid hangs on from the catalogue's ranges, and run it for each draw.

    Parameters
    ----------
    field : RaidField
        The study, with its missiles flown at their central values.
    draws, runs_per_draw : int
        How many draws, and runs of each; the sizes of the curve get a fifth of them, at least 50.
    seed : int
        Of draws and runs. Every draw throws the same dice, so that only knowledge differs between them.
    progress : callable, optional
        Called with what is being done and the share that is done.

    Returns
    -------
    Knowledge
        Drawn are all ranged numbers of battery, launcher, interceptor and radar records, the radars' directions within
        their spread, cross-sections, and the common modes, independently of each other, from triangles. What flies is
        not drawn.
    """
    study = field.study
    sizes = study.questions.sizes
    layers = len(study.layers)
    leaked, clean = np.empty(draws), np.empty(draws)
    spent, exhausted = np.empty((draws, layers)), np.empty((draws, layers))
    by_size = np.empty((draws, len(sizes)))
    for draw in range(draws):
        if progress is not None and draw % 5 == 0:
            progress("drawing from the catalogue's ranges", draw / draws)
        setting = RaidSetting.drawn(study, generator(seed, draw))
        windows = field.windows(setting)
        raid = Raid.of(study, windows, setting)
        counts = raid.run(runs_per_draw, seed)
        leaked[draw] = leaked_share(counts).value
        clean[draw] = no_leaker(counts).value
        spent[draw] = [histogram_mean(row).value for row in counts.spent]
        exhausted[draw] = [one.value for one in spent_all(counts, raid.magazine)]
        for j, size in enumerate(sizes):
            other = Raid.of(study, windows, setting, size=size)
            by_size[draw, j] = leaked_share(other.run(max(50, runs_per_draw // 5), seed)).value
    return Knowledge(leaked, clean, spent, exhausted, by_size, runs_per_draw)


@dataclass(frozen=True)
class CurvePoint:
    """A raid of a size.

    Parameters
    ----------
    size : int
        Missiles.
    leaked, no_leaker : Estimate
        Mean share that leaks; probability that none does.
    one_raid : tuple of float
        Share that leaks in one raid: 5, 50 and 95 per cent points of chance.
    spent : tuple of Estimate
        Rounds, by layer.
    exhausted : tuple of Estimate
        Probability that the last round is launched, by layer.
    """

    size: int
    leaked: Estimate
    no_leaker: Estimate
    one_raid: tuple[float, float, float]
    spent: tuple[Estimate, ...]
    exhausted: tuple[Estimate, ...]


def curve_point(raid: Raid, counts: RaidCounts) -> CurvePoint:
    """Return a point of the leakage curve from its runs."""
    low, middle, high = (points / raid.size for points in histogram_quantiles(counts.leakers))
    return CurvePoint(
        raid.size,
        leaked_share(counts),
        no_leaker(counts),
        (low, middle, high),
        tuple(histogram_mean(row) for row in counts.spent),
        spent_all(counts, raid.magazine),
    )


def leakage_curve(
    field: RaidField, *, runs: int, seed: int, progress: Progress | None = None
) -> tuple[CurvePoint, ...]:
    """Return the outcome against the size of the raid, at the sizes that the study asks for."""
    setting = RaidSetting.central(field.study)
    windows = field.windows(setting)
    sizes = field.study.questions.sizes
    points = []
    for done, size in enumerate(sizes):
        if progress is not None:
            progress("leakage against the size of the raid", done / len(sizes))
        raid = Raid.of(field.study, windows, setting, size=size)
        points.append(curve_point(raid, raid.run(runs, seed)))
    return tuple(points)


@dataclass(frozen=True)
class SpentAt:
    """The smallest raids that launch a layer's last round with probabilities of 5, 50 and 95 %.

    ``sizes`` holds None where no raid of up to ``MOST_MISSILES`` does.
    """

    layer: str
    rounds: int
    sizes: tuple[int | None, int | None, int | None]


def magazines_spent(field: RaidField, *, seed: int, runs: int = RUNS_PER_QUESTION) -> tuple[SpentAt, ...]:
    """Return at which sizes of the raid each layer's magazine is spent.

    Found by halving, which takes it that a larger raid spends no less; each size is run ``runs`` times, a large one
    less often.
    """
    setting = RaidSetting.central(field.study)
    windows = field.windows(setting)
    known: dict[int, FloatArray] = {}

    def spent(size: int) -> FloatArray:
        if size not in known:
            raid = Raid.of(field.study, windows, setting, size=size)
            counts = raid.run(max(100, min(runs, _PAIRS_PER_QUESTION // (size * len(field.study.layers)))), seed)
            known[size] = np.array([one.value for one in spent_all(counts, raid.magazine)])
        return known[size]

    found = []
    for layer, placement in enumerate(field.study.layers):
        sizes: list[int | None] = []
        low = 0
        for wanted in SPENT_SHARES:
            # Twice as many until it is spent: the largest raids, which take longest, are rarely needed.
            high = min(max(2 * low, 1), MOST_MISSILES)
            while spent(high)[layer] < wanted and high < MOST_MISSILES:
                low, high = high, min(2 * high, MOST_MISSILES)
            if spent(high)[layer] < wanted:
                sizes.append(None)
                continue
            while high - low > 1:
                middle = (low + high) // 2
                if spent(middle)[layer] >= wanted:
                    high = middle
                else:
                    low = middle
            sizes.append(high)
            low = high - 1
        found.append(SpentAt(placement.id, placement.rounds, (sizes[0], sizes[1], sizes[2])))
    return tuple(found)


@dataclass(frozen=True)
class Needed:
    """What it would take that no missile leaks, with a wanted probability, if rounds and launchers were without end.

    Parameters
    ----------
    confidence : float
        Wanted probability that none leaks.
    shots : int or None
        Fewest shots at each missile, fired by each layer that can; None if no number up to ``MOST_SHOTS`` gives it.
    reached : Estimate
        The probability with so many; the best that was reached, where none gives it.
    best_shots : int
        The number of shots that reached it.
    interceptors : Estimate
        Rounds of all layers that are spent on average with this number.
    interceptors_95 : int
        Rounds that do in 95 of 100 raids.
    out_of_reach : int
        Missiles that no layer can meet at all: with one, no number is enough.
    """

    confidence: float
    shots: int | None
    reached: Estimate
    best_shots: int
    interceptors: Estimate
    interceptors_95: int
    out_of_reach: int


def interceptors_needed(field: RaidField, *, seed: int, runs: int = RUNS_PER_QUESTION) -> Needed:
    """Return how many interceptors a wanted confidence that none leaks would need.

    Notes
    -----
    Every layer fires salvos of 1, 2, ... shots, with as many launchers, fire units, channels, tracks and rounds as it
    takes: what remains are the windows, kill probabilities and common modes. With one layer that meets every missile it
    is Wilkening's ``n = ln[1 - (P / P_track)^(1/W)] / ln(1 - k)``.
    """
    study = field.study
    central = RaidSetting.central(study)
    windows = field.windows(central)
    wanted = study.questions.confidence
    base = Raid.of(study, windows, central)
    met = np.isfinite(base.tables.first_launch_s[:, base.missiles.salvo]).any(axis=0)
    best: Needed | None = None
    for shots in range(1, MOST_SHOTS + 1):
        raid = _unlimited(study, windows, central, shots)
        rows = raid.rows(runs, seed)
        clean = share(int(np.count_nonzero(rows.leakers.sum(axis=1) == 0)), runs)
        histogram = np.bincount(rows.spent.sum(axis=1, dtype=np.int64))
        reached = clean.value >= wanted
        if best is None or clean.value > best.reached.value or reached:
            best = Needed(
                wanted,
                shots if reached else None,
                clean,
                shots,
                histogram_mean(histogram),
                histogram_quantiles(histogram)[2],
                int((~met).sum()),
            )
        if reached:
            break
    assert best is not None
    return best


def _unlimited(
    study: RaidStudy, windows: tuple[tuple[FiringWindow, ...], ...], setting: RaidSetting, shots: int
) -> Raid:
    """Return the raid with one salvo of so many shots from each layer, and nothing but windows to bind."""
    raid = Raid.of(with_doctrine(study, (shots,)), windows, setting)
    n_layer = len(study.layers)
    free = np.zeros(n_layer)
    none = np.zeros(n_layer, dtype=np.int64)
    unlimited = raid.layers._replace(
        spacing_s=free,
        launcher_spacing_s=free,
        units=none + 1,
        launchers=none + 1,
        rounds=none + shots * raid.size,
        spare=none,
        tracks=none,
        channels=none,
    )
    return raid.with_layers(unlimited)


@dataclass(frozen=True)
class OneMore:
    """What one more battery of a layer changes: leaked share without and with it, and the difference run by run."""

    layer: str
    before: Estimate
    after: Estimate
    fewer_leakers: Estimate


def one_more_battery(field: RaidField, *, runs: int, seed: int) -> OneMore:
    """Return what one more battery beside those of a layer is worth: the leakers that it saves in one raid."""
    study = field.study
    more = tuple(
        replace(layer, batteries=layer.batteries + 1) if layer.id == study.questions.one_more else layer
        for layer in study.layers
    )
    setting = RaidSetting.central(study)
    windows = field.windows(setting)
    before, after = (Raid.of(one, windows, setting) for one in (study, replace(study, layers=more)))
    rows = [raid.rows(runs, seed).leakers.sum(axis=1, dtype=np.int64) for raid in (before, after)]
    saved = rows[0] - rows[1]
    shares = [mean(float(row.sum()), float(row @ row), runs).scaled(1.0 / before.size) for row in rows]
    return OneMore(study.questions.one_more, shares[0], shares[1], mean(float(saved.sum()), float(saved @ saved), runs))


def missiles_by_target(study: RaidStudy, size: int | None = None) -> IntArray:
    """Return how many missiles are aimed at each target, (n_target,)."""
    names = [target.id for target in study.targets]
    counts = np.zeros(len(names), dtype=np.int64)
    for salvo, count in zip(study.salvos, counts_of_size(study, size), strict=True):
        counts[names.index(salvo.target.id)] += count
    return counts
