"""Sobol indices against functions whose indices are known in closed form."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from equipoise.analysis.sobol import (
    Factor,
    SobolIndices,
    chosen,
    indices_summary,
    sobol_indices,
)
from equipoise.arrays import FloatArray
from equipoise.errors import InputError, NumericalError

# Estimates may miss by this many of their own 95 % half-widths: 2.5 half-widths are 4.9 standard deviations.
HALF_WIDTHS = 2.5


def even(count: int) -> list[Factor]:
    return [Factor("toy", f"x{i}", low=0.0, high=1.0) for i in range(count)]


def indices_of(
    function: Callable[[FloatArray], float], factors: Sequence[Factor], *, samples: int = 1024, seed: int = 7
) -> SobolIndices:
    return sobol_indices(factors, lambda unit: np.array([function(unit)]), ["y"], samples=samples, seed=seed)


def assert_agree(found: SobolIndices, first: Sequence[float], total: Sequence[float]) -> None:
    for each, first_order, total_order in zip(found.outputs[0].factors, first, total, strict=True):
        assert abs(each.first_order - first_order) <= HALF_WIDTHS * each.first_order_half_width + 1e-12
        assert abs(each.total - total_order) <= HALF_WIDTHS * each.total_half_width + 1e-12


def ishigami(unit: FloatArray) -> float:
    x = math.pi * (2.0 * unit - 1.0)
    return float(math.sin(x[0]) + 7.0 * math.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * math.sin(x[0]))


def test_the_ishigami_function() -> None:
    # T. Ishigami and T. Homma (1990), a = 7, b = 0.1: the integrals of its variances can be done by hand.
    a, b = 7.0, 0.1
    v1 = 0.5 * (1.0 + b * math.pi**4 / 5.0) ** 2
    v2 = a**2 / 8.0
    v13 = b**2 * math.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    v = v1 + v2 + v13
    found = indices_of(ishigami, even(3), samples=4096)
    assert_agree(found, [v1 / v, v2 / v, 0.0], [(v1 + v13) / v, v2 / v, v13 / v])
    output = found.outputs[0]
    # With 4,096 base points the intervals are narrow enough to tell the three apart.
    assert max(each.first_order_half_width for each in output.factors) < 0.07
    assert [each.factor.quantity for each in output.ranked] == ["x0", "x1", "x2"]
    # The mean is a/2; four standard errors of as many independent points, which a Sobol sequence stays well within.
    assert abs(output.mean - a / 2.0) < 4.0 * math.sqrt(v / 8192)
    assert output.standard_deviation == pytest.approx(math.sqrt(v), rel=0.02)


def test_the_g_function() -> None:
    # Sobol's g-function, a product of functions of one number each: V_i = 1 / (3 (1 + a_i)^2), V = prod (1 + V_i) - 1.
    a = np.array([0.0, 1.0, 4.5, 9.0, 99.0])
    own = 1.0 / (3.0 * (1.0 + a) ** 2)
    v = np.prod(1.0 + own) - 1.0
    total = own * np.prod(1.0 + own) / (1.0 + own) / v
    found = indices_of(lambda unit: float(np.prod((np.abs(4.0 * unit - 2.0) + a) / (1.0 + a))), even(5), samples=2048)
    assert_agree(found, own / v, total)


def test_a_sum_has_its_variances_and_no_interactions() -> None:
    weights = np.array([1.0, 2.0, 3.0])
    shares = weights**2 / np.sum(weights**2)
    found = indices_of(lambda unit: 100.0 + float(weights @ unit), even(3))
    assert_agree(found, shares, shares)
    # Without interactions both indices estimate the same; 0.02 is what 1,024 base points of a sum allow.
    assert [each.total for each in found.outputs[0].factors] == pytest.approx(list(shares), abs=0.02)


def test_a_product_matters_only_together() -> None:
    # (x1 - 1/2)(x2 - 1/2): no first order at all, and all of the variance in both totals.
    found = indices_of(lambda unit: float((unit[0] - 0.5) * (unit[1] - 0.5)), even(2))
    assert_agree(found, [0.0, 0.0], [1.0, 1.0])


def test_a_choice_among_alternatives_has_its_share_of_the_variance() -> None:
    # Five values evenly likely have the variance of their five numbers; the range of 600 km has 600^2 / 12.
    values = np.array([600.0, 870.0, 1500.0, 2000.0, 3000.0])
    names = tuple(f"{value:.0f}" for value in values)
    factors = [Factor("radar", "radar_range", alternatives=names), Factor("radar", "offset", "km", 0.0, None, 600.0)]
    found = indices_of(lambda unit: float(values[chosen(unit[0], 5)] + 600.0 * unit[1]), factors)
    variances = np.array([values.var(), 600.0**2 / 12.0])
    assert_agree(found, variances / variances.sum(), variances / variances.sum())
    assert found.outputs[0].mean == pytest.approx(values.mean() + 300.0, rel=5e-3)  # the sample is balanced


@pytest.mark.parametrize(("share", "number"), [(0.0, 0), (0.199, 0), (0.2, 1), (0.999, 4), (1.0, 4)])
def test_a_share_stands_for_one_alternative(share: float, number: int) -> None:
    assert chosen(share, 5) == number


def test_what_does_nothing_has_indices_of_exactly_zero() -> None:
    idle = indices_of(lambda unit: float(unit[0]), even(2)).outputs[0].factors[1]
    assert (idle.first_order, idle.first_order_half_width, idle.total, idle.total_half_width) == (0.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize("value", [0.0, 0.7, 1e300])
def test_an_output_that_does_not_move_has_no_indices(value: float) -> None:
    found = sobol_indices(even(2), lambda unit: np.array([value, unit[0]]), ["still", "moving"], samples=32, seed=1)
    still, moving = found.outputs
    assert (still.moves, still.factors, still.ranked) == (False, (), ())
    assert (still.mean, still.quantiles) == (pytest.approx(value), (value, value, value))
    assert still.standard_deviation <= 1e-12 * value
    assert moving.moves
    json.dumps(indices_summary(found), allow_nan=False)


def test_an_output_that_moves_only_between_two_points_is_finite() -> None:
    # One point in a hundred: bootstrap resamples without it have no variance of their own.
    found = indices_of(lambda unit: float(unit[0] > 0.99), even(3), samples=64)
    json.dumps(indices_summary(found), allow_nan=False)


def test_intervals_shrink_with_the_sample() -> None:
    few, many = (indices_of(ishigami, even(3), samples=n).outputs[0].factors for n in (256, 4096))
    for a, b in zip(few, many, strict=True):
        # Sixteen times as many points: a quarter, give or take what bootstrapping and sampling leave open.
        assert b.total_half_width < 0.5 * a.total_half_width
        assert b.first_order_half_width < 0.5 * a.first_order_half_width


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    # A linear sum of two: 40 seeds, two indices each. At 95 % four are outside on average; 12 would be a fault.
    outside = 0
    for seed in range(40):
        for each in (
            indices_of(lambda unit: float(unit[0] + unit[1]), even(2), samples=64, seed=seed).outputs[0].factors
        ):
            outside += abs(each.total - 0.5) > each.total_half_width
    assert outside < 12


def summary_bytes(**changes: int) -> bytes:
    options = {"samples": 64, "seed": 3, "threads": 1} | changes
    found = sobol_indices(
        even(3),
        lambda unit: np.array([ishigami(unit), unit[1]]),
        ["ishigami", "x1"],
        **options,
    )
    return json.dumps(indices_summary(found)).encode()


def test_the_same_seed_gives_the_same_bytes_on_any_number_of_threads() -> None:
    assert summary_bytes() == summary_bytes() == summary_bytes(threads=2) == summary_bytes(threads=5)
    assert summary_bytes() != summary_bytes(seed=4)


def test_a_seed_of_zero_is_a_seed() -> None:
    assert summary_bytes(seed=0) == summary_bytes(seed=0)


def test_an_output_has_the_same_indices_beside_any_other() -> None:
    alone = indices_of(ishigami, even(3), samples=64, seed=3).outputs[0]
    beside = sobol_indices(
        even(3), lambda unit: np.array([unit[0], ishigami(unit)]), ["x0", "y"], samples=64, seed=3
    ).outputs[1]
    assert alone == beside


def test_progress_rises_from_zero() -> None:
    for threads in (1, 2):
        told: list[float] = []
        sobol_indices(even(2), lambda unit: unit[:1], ["y"], samples=32, seed=1, progress=told.append, threads=threads)
        assert told[0] == 0.0
        assert told == sorted(told)
        assert told[-1] < 1.0


@pytest.mark.parametrize("samples", [0, -8, 4, 100, 2**15])
def test_samples_are_a_power_of_two_within_bounds(samples: int) -> None:
    with pytest.raises(InputError, match=rf"samples must be a power of two in \[8, 16384\]; got {samples}"):
        indices_of(ishigami, even(3), samples=samples)


def test_factors_and_outputs_are_named_once() -> None:
    with pytest.raises(InputError, match="factors must be one or more with different names"):
        sobol_indices([*even(1), *even(1)], lambda unit: unit, ["a", "b"], samples=8, seed=1)
    with pytest.raises(InputError, match="outputs must be one or more"):
        sobol_indices(even(1), lambda unit: unit, [], samples=8, seed=1)
    with pytest.raises(InputError, match="seed must be 0 or more; got -1"):
        sobol_indices(even(1), lambda unit: unit, ["a"], samples=8, seed=-1)


@pytest.mark.parametrize("threads", [1, 2])
def test_a_result_that_is_no_number_is_named(threads: int) -> None:
    def fails(unit: FloatArray) -> FloatArray:
        return np.array([math.nan if unit[0] > 0.5 else 1.0])

    with pytest.raises(NumericalError, match="output y must be finite; got nan"):
        sobol_indices(even(1), fails, ["y"], samples=8, seed=1, threads=threads)
    with pytest.raises(NumericalError, match="must return 2 outputs"):
        sobol_indices(even(1), lambda unit: unit, ["y", "z"], samples=8, seed=1, threads=threads)


def test_a_factor_is_a_range_or_several_alternatives() -> None:
    assert Factor("a", "b", "km", 1.0, 2.0, 3.0).distribution == "triangle"
    assert Factor("a", "b", "km", 1.0, None, 3.0).distribution == "even"
    assert Factor("a", "b", alternatives=("x", "y")).distribution == "alternatives"
    for wrong in (
        {},
        {"low": 1.0, "high": 1.0},
        {"low": 1.0},
        {"alternatives": ("x",)},
        {"alternatives": ("x", "x")},
        {"low": 1.0, "high": 2.0, "alternatives": ("x", "y")},
    ):
        with pytest.raises(InputError, match="factor a, b: needs low below high"):
            replace(Factor("a", "b", low=0.0, high=1.0), **({"low": None, "high": None} | wrong))


def test_the_summary_says_how_each_factor_is_distributed() -> None:
    factors = [
        Factor("thaad", "max_range", "km", 150.0, 200.0, 200.0),
        Factor("study", "boresight", "deg", 315.0, None, 365.0),
        Factor("an-tpy-2", "radar_range", alternatives=("near", "far")),
    ]
    summary = indices_summary(indices_of(lambda unit: float(unit.sum()), factors, samples=32))
    assert summary["factors"] == [
        {"owner": "thaad", "quantity": "max_range", "distribution": "triangle", "unit": "km", "low": 150.0,
         "high": 200.0, "value": 200.0},
        {"owner": "study", "quantity": "boresight", "distribution": "even", "unit": "deg", "low": 315.0,
         "high": 365.0},
        {"owner": "an-tpy-2", "quantity": "radar_range", "distribution": "alternatives",
         "alternatives": ["near", "far"]},
    ]  # fmt: skip
    assert (summary["samples"], summary["evaluations"], summary["seed"]) == (32, 32 * 5, 7)
    assert summary["confidence_level"] == 0.95
    output = summary["outputs"][0]
    assert output["p05"] <= output["p50"] <= output["p95"]
    totals = [each["total"] for each in output["factors"]]
    assert totals == sorted(totals, reverse=True)
    assert set(output["factors"][0]) == {
        "owner", "quantity", "first_order", "first_order_half_width", "total", "total_half_width",
    }  # fmt: skip
