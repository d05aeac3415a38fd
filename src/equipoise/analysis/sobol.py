"""Sobol indices: which uncertain number the spread of an answer comes from.

The engine knows no study. Whoever uses it names the factors and gives a function from a point of the unit hypercube,
one coordinate a factor, to the outputs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from equipoise._jit import thread_count
from equipoise.arrays import FloatArray
from equipoise.errors import InputError, NumericalError

CONFIDENCE = 0.95
QUANTILES = (0.05, 0.5, 0.95)
LEAST_SAMPLES, MOST_SAMPLES = 8, 2**14
# Bootstrap resamples: a half-width is then itself known to some 4 %.
_RESAMPLES = 400
# A spread below this share of the largest value is rounding, not an effect.
_ROUNDING = 1e-12

Distribution = Literal["triangle", "even", "alternatives"]


@dataclass(frozen=True)
class Factor:
    """One uncertain input: a range, or named alternatives that are evenly likely.

    Parameters
    ----------
    owner, quantity : str
        Catalogue id (or ``study``) and field, as the file writes them.
    unit : str
        Of the range, as the file writes it; ``"1"`` for alternatives.
    low, value, high : float, optional
        The range and the peak of the triangle over it, as the file writes them. Without ``value`` the range is even.
    alternatives : tuple of str
        Names to choose from, instead of a range.

    Raises
    ------
    InputError
        If it is neither a range nor at least two alternatives.
    """

    owner: str
    quantity: str
    unit: str = "1"
    low: float | None = None
    value: float | None = None
    high: float | None = None
    alternatives: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        ranged = self.low is not None and self.high is not None and self.low < self.high
        if self.alternatives:
            ranged = not ranged and len(set(self.alternatives)) == len(self.alternatives) > 1
        if not ranged:
            raise InputError(
                f"factor {self.owner}, {self.quantity}: needs low below high, or two or more different alternatives; "
                f"got low {self.low}, high {self.high}, alternatives {list(self.alternatives)}"
            )

    @property
    def distribution(self) -> Distribution:
        """How its values are likely."""
        if self.alternatives:
            return "alternatives"
        return "even" if self.value is None else "triangle"


def chosen(share: float, count: int) -> int:
    """Return which of so many evenly likely alternatives a share in [0, 1] stands for."""
    return min(int(share * count), count - 1)


@dataclass(frozen=True)
class FactorIndices:
    """What one factor does to one output.

    Parameters
    ----------
    factor : Factor
        The factor.
    first_order, first_order_half_width : float
        Share of the output's variance that would go if the factor were known, all others as uncertain as before, and
        the half-width of its confidence interval. The estimate of a small one may lie below zero.
    total, total_half_width : float
        Share of the variance that would stay if all others were known and the factor not.
    """

    factor: Factor
    first_order: float
    first_order_half_width: float
    total: float
    total_half_width: float


@dataclass(frozen=True)
class OutputIndices:
    """How one output spreads, and where that comes from.

    Parameters
    ----------
    name : str
        Of the output.
    mean, standard_deviation : float
        Over the independent points of the sample.
    quantiles : tuple of float
        Its 5, 50 and 95 per cent points.
    factors : tuple of FactorIndices
        In the order of the factors; empty for an output that does not move, whose indices would be 0/0.
    """

    name: str
    mean: float
    standard_deviation: float
    quantiles: tuple[float, float, float]
    factors: tuple[FactorIndices, ...]

    @property
    def moves(self) -> bool:
        """Whether the output moves at all."""
        return bool(self.factors)

    @property
    def ranked(self) -> tuple[FactorIndices, ...]:
        """The factors by their total index, largest first."""
        return tuple(sorted(self.factors, key=lambda each: (-each.total, each.factor.owner, each.factor.quantity)))


@dataclass(frozen=True)
class SobolIndices:
    """Indices of every output, and the sample they come from.

    Parameters
    ----------
    factors : tuple of Factor
        In the order of the unit hypercube's coordinates.
    outputs : tuple of OutputIndices
        The outputs.
    samples, evaluations : int
        Base points of the Saltelli sample, and evaluations in all: samples times the number of factors and two.
    seed : int
        Of the sample and of the bootstrap.
    resamples : int
        Of the bootstrap behind the half-widths.
    confidence : float
        Level of the intervals.
    """

    factors: tuple[Factor, ...]
    outputs: tuple[OutputIndices, ...]
    samples: int
    evaluations: int
    seed: int
    resamples: int = _RESAMPLES
    confidence: float = CONFIDENCE


def samples_problem(samples: int) -> str | None:
    """Return what is wrong with a number of base points; None if it can be used."""
    if LEAST_SAMPLES <= samples <= MOST_SAMPLES and samples & (samples - 1) == 0:
        return None
    return f"must be a power of two in [{LEAST_SAMPLES}, {MOST_SAMPLES}]; got {samples}"


def sobol_indices(
    factors: Sequence[Factor],
    evaluate: Callable[[FloatArray], FloatArray],
    outputs: Sequence[str],
    *,
    samples: int,
    seed: int,
    progress: Callable[[float], None] | None = None,
    threads: int | None = None,
) -> SobolIndices:
    """Work out first-order and total Sobol indices with their confidence intervals.

    Parameters
    ----------
    factors : sequence of Factor
        What is uncertain, shape (k,).
    evaluate : callable
        From a point of the unit hypercube, shape (k,), to the outputs, shape (m,). It is called from several threads,
        and its result may depend on the point alone.
    outputs : sequence of str
        Their names, shape (m,).
    samples : int
        Base points n, a power of two; there are n (k + 2) evaluations.
    seed : int
        Of the scrambled Sobol sequence and of the bootstrap.
    progress : callable, optional
        Called with the share that is done.
    threads : int, optional
        How many evaluate; by default as many as share array work. They cannot change a bit of the result.

    Returns
    -------
    SobolIndices
        The indices.

    Raises
    ------
    InputError
        If ``samples`` is not allowed, or factors or outputs are missing or named twice.
    NumericalError
        If an output is not finite or there are not as many as names.

    Notes
    -----
    Saltelli's sample of a scrambled Sobol sequence, without second order [1]_; both indices as SALib estimates them,
    after table 2 of [2]_. Half-widths are 1.96 standard deviations over bootstrap resamples of the base points, as if
    these had been drawn at random. Mean, deviation and quantiles are those of the two independent blocks of the
    sample, 2 n points. Factors are independent of each other.

    References
    ----------
    .. [1] A. Saltelli, "Making best use of model evaluations to compute sensitivity indices", Computer Physics
       Communications 145 (2002) 280-297.
    .. [2] A. Saltelli et al., "Variance based sensitivity analysis of model output. Design and estimator for the total
       sensitivity index", Computer Physics Communications 181 (2010) 259-270.
    """
    _check(factors, outputs, samples, seed)
    from SALib.sample import sobol as sampling  # takes pandas along

    problem = {
        "num_vars": len(factors),
        "names": [f"x{i}" for i in range(len(factors))],
        "bounds": [[0.0, 1.0]] * len(factors),
    }
    points = np.ascontiguousarray(sampling.sample(problem, samples, calc_second_order=False, seed=seed))
    values = _evaluated(points, evaluate, outputs, len(factors) + 2, progress, threads or thread_count())
    return SobolIndices(
        factors=tuple(factors),
        outputs=tuple(
            _analysed(problem, factors, name, np.ascontiguousarray(values[:, i]), seed)
            for i, name in enumerate(outputs)
        ),
        samples=samples,
        evaluations=len(points),
        seed=seed,
    )


def _check(factors: Sequence[Factor], outputs: Sequence[str], samples: int, seed: int) -> None:
    problem = samples_problem(samples)
    if problem is not None:
        raise InputError(f"samples {problem}")
    if seed < 0:
        raise InputError(f"seed must be 0 or more; got {seed}")
    names = [(factor.owner, factor.quantity) for factor in factors]
    for what, given in (("factors", names), ("outputs", list(outputs))):
        if not given or len(set(given)) < len(given):
            raise InputError(f"{what} must be one or more with different names; got {given}")


def _evaluated(
    points: FloatArray,
    evaluate: Callable[[FloatArray], FloatArray],
    outputs: Sequence[str],
    rows: int,
    progress: Callable[[float], None] | None,
    threads: int,
) -> FloatArray:
    """Evaluate the points, one base point with its neighbours (``rows`` of them) after the other; shape (n, m)."""
    values = np.empty((len(points), len(outputs)))

    def work(start: int) -> None:
        for i in range(start, start + rows):
            found = np.asarray(evaluate(points[i].copy()), dtype=float)
            if found.shape != (len(outputs),):
                raise NumericalError(f"evaluate must return {len(outputs)} outputs; got shape {found.shape}")
            for name, value in zip(outputs, found, strict=True):
                if not math.isfinite(value):
                    raise NumericalError(f"output {name} must be finite; got {value} at point {i}")
            values[i] = found

    starts = range(0, len(points), rows)
    if threads == 1:
        for done, start in enumerate(starts):
            if progress is not None:
                progress(done / len(starts))
            work(start)
        return values
    # A pool of its own: an evaluation may share its arrays out among the threads of the other one.
    with ThreadPoolExecutor(threads, thread_name_prefix="sobol") as pool:
        tasks = [pool.submit(work, start) for start in starts]
        try:
            for done, task in enumerate(tasks):
                if progress is not None:
                    progress(done / len(starts))
                task.result()
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return values


def _analysed(
    problem: dict[str, Any], factors: Sequence[Factor], name: str, values: FloatArray, seed: int
) -> OutputIndices:
    """Return the indices of one output from its values (n (k + 2),)."""
    from SALib.analyze import sobol as analysis

    blocks = values.reshape(-1, len(factors) + 2)
    independent = blocks[:, [0, -1]].ravel()
    low, middle, high = (float(point) for point in np.quantile(independent, QUANTILES))
    found: tuple[FactorIndices, ...] = ()
    if np.ptp(independent) > _ROUNDING * np.abs(independent).max():
        # A generator of its own, since SALib takes a seed of 0 for none; the same for every output.
        indices = analysis.analyze(
            problem,
            values,
            calc_second_order=False,
            num_resamples=_RESAMPLES,
            conf_level=CONFIDENCE,
            seed=np.random.default_rng(seed),
        )
        columns = (indices[key] for key in ("S1", "S1_conf", "ST", "ST_conf"))
        found = tuple(
            FactorIndices(factor, *(float(number) for number in row))
            for factor, *row in zip(factors, *columns, strict=True)
        )
    return OutputIndices(name, float(independent.mean()), float(independent.std(ddof=1)), (low, middle, high), found)


def indices_summary(indices: SobolIndices) -> dict[str, Any]:
    """Return indices as one JSON object: the sample, how the factors are distributed, and each output's factors.

    Parameters
    ----------
    indices : SobolIndices
        From :func:`sobol_indices`.
    """
    return {
        "samples": indices.samples,
        "evaluations": indices.evaluations,
        "seed": indices.seed,
        "confidence_level": indices.confidence,
        "bootstrap_resamples": indices.resamples,
        "factors": [_described(factor) for factor in indices.factors],
        "outputs": [
            {
                "output": output.name,
                "moves": output.moves,
                "mean": output.mean,
                "standard_deviation": output.standard_deviation,
                **{f"p{round(100 * q):02d}": point for q, point in zip(QUANTILES, output.quantiles, strict=True)},
                "factors": [
                    {
                        "owner": each.factor.owner,
                        "quantity": each.factor.quantity,
                        "first_order": each.first_order,
                        "first_order_half_width": each.first_order_half_width,
                        "total": each.total,
                        "total_half_width": each.total_half_width,
                    }
                    for each in output.ranked
                ],
            }
            for output in indices.outputs
        ],
    }


def _described(factor: Factor) -> dict[str, Any]:
    described: dict[str, Any] = {
        "owner": factor.owner,
        "quantity": factor.quantity,
        "distribution": factor.distribution,
    }
    if factor.alternatives:
        return described | {"alternatives": list(factor.alternatives)}
    described |= {"unit": factor.unit, "low": factor.low, "high": factor.high}
    return described if factor.value is None else described | {"value": factor.value}
