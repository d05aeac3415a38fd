from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from equipoise.analysis import intervals as iv
from equipoise.errors import InputError


@given(runs=st.integers(1, 10_000_000), part=st.floats(0.0, 1.0))
def test_a_share_has_the_interval_that_scipy_gives_it(runs: int, part: float) -> None:
    count = round(part * runs)
    ours = iv.share(count, runs)
    theirs = stats.binomtest(count, runs).proportion_ci(iv.LEVEL, method="wilson")
    # The same closed form in another order of operations: rounding only.
    assert ours.low == pytest.approx(theirs.low, abs=1e-12)
    assert ours.high == pytest.approx(theirs.high, abs=1e-12)
    assert 0.0 <= ours.low <= ours.value <= ours.high <= 1.0


@given(st.lists(st.integers(0, 40), min_size=2, max_size=60))
def test_a_mean_has_the_normal_interval_of_its_standard_error(values: list[int]) -> None:
    sample = np.array(values)
    ours = iv.histogram_mean(np.bincount(sample, minlength=41))
    assert ours.value == pytest.approx(sample.mean(), rel=1e-12)
    low, high = stats.norm.interval(iv.LEVEL, loc=sample.mean(), scale=max(float(stats.sem(sample)), 1e-300))
    # The variance comes from the two sums, which leaves rounding of the larger of them.
    assert (ours.low, ours.high) == pytest.approx((low, high), abs=1e-6)


@given(st.lists(st.integers(0, 40), min_size=1, max_size=200))
def test_quantiles_are_values_that_came_up(values: list[int]) -> None:
    ours = iv.histogram_quantiles(np.bincount(np.array(values), minlength=41))
    assert list(ours) == [int(np.quantile(values, q, method="inverted_cdf")) for q in iv.QUANTILES]


def test_one_run_says_nothing_of_the_spread() -> None:
    assert iv.mean(3.0, 9.0, 1) == iv.Estimate(3.0, 3.0, 3.0)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    # 4,000 samples of 200 throws: the coverage of Wilson's interval is within 1.5 % of 95 % for these probabilities
    # (Brown, Cai and DasGupta, Statistical Science 16 (2001) 101-133), and the count itself is known to 1 %.
    rng = np.random.default_rng(5)
    for truth in (0.05, 0.3, 0.5):
        held = [
            iv.share(int(k), 200).low <= truth <= iv.share(int(k), 200).high for k in rng.binomial(200, truth, 4000)
        ]
        assert np.mean(held) == pytest.approx(0.95, abs=0.025)


@pytest.mark.parametrize(("count", "runs"), [(-1, 5), (6, 5), (0, 0)])
def test_what_cannot_have_happened_is_refused(count: int, runs: int) -> None:
    with pytest.raises(InputError, match="count must lie in"):
        iv.share(count, runs)


def test_a_mean_of_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="runs must be 1 or more"):
        iv.mean(0.0, 0.0, 0)


def test_scaling_keeps_the_shape() -> None:
    one = iv.Estimate(10.0, 8.0, 12.0)
    assert one.scaled(0.5) == iv.Estimate(5.0, 4.0, 6.0)
    assert one.half_width == 2.0
    assert math.isclose(one.scaled(3.0).half_width, 6.0)
