from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import combinations, permutations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from equipoise.analysis.network import Worth, union_length, worth
from equipoise.errors import InputError

# Sums of at most 128 products in doubles.
ROUNDING = 1e-12
Game = Callable[[frozenset[str]], float]


def share_out(players: str, game: Game) -> Worth:
    (found,) = worth(tuple(players), lambda chosen: {"value": game(chosen)})
    return found


def shares(players: str, game: Game) -> list[float]:
    return [share.shapley for share in share_out(players, game).shares]


def test_one_left_glove_and_two_right_ones() -> None:
    # One pair is worth 1: the left glove 2/3, each right one 1/6 (Shapley 1953; any textbook).
    def pair(chosen: frozenset[str]) -> float:
        return float("L" in chosen and bool(chosen & {"r", "s"}))

    assert shares("Lrs", pair) == pytest.approx([2 / 3, 1 / 6, 1 / 6], abs=ROUNDING)


def test_an_additive_game_pays_each_its_own() -> None:
    own = {"a": 3.0, "b": -1.0, "c": 0.25, "d": 100.0}
    found = share_out("abcd", lambda chosen: sum(own[one] for one in chosen))
    assert [share.shapley for share in found.shares] == pytest.approx(list(own.values()), abs=1e-10)
    assert [share.lost for share in found.shares] == pytest.approx(list(own.values()), abs=1e-10)


@pytest.mark.parametrize(
    ("weights", "quota", "expected"),
    [
        # Straffin's examples of the Shapley-Shubik index.
        ((3, 2, 1), 4, [4 / 6, 1 / 6, 1 / 6]),
        ((4, 3, 2, 1), 6, [5 / 12, 3 / 12, 3 / 12, 1 / 12]),
        ((5, 1, 1), 5, [1.0, 0.0, 0.0]),  # a dictator
        # The Security Council in small: two with a veto, four without, two of those needed. One of the four decides
        # where both with a veto and one of its three likes stand before it: 3 x 3! x 2! of the 6! orders.
        ((5, 5, 1, 1, 1, 1), 12, [0.4, 0.4, 0.05, 0.05, 0.05, 0.05]),
    ],
)
def test_votes_of_known_power(weights: tuple[int, ...], quota: int, expected: list[float]) -> None:
    players = "abcdef"[: len(weights)]
    vote = dict(zip(players, weights, strict=True))
    found = shares(players, lambda chosen: float(sum(vote[one] for one in chosen) >= quota))
    assert found == pytest.approx(expected, abs=ROUNDING)


def test_the_airport_game() -> None:
    # Littlechild and Owen 1973: each stretch of the runway is paid by those who need it. Lengths 8, 11, 13, 18:
    # 8/4 = 2; + 3/3 = 3; + 2/2 = 4; + 5 = 9.
    need = {"a": 8.0, "b": 11.0, "c": 13.0, "d": 18.0}
    found = shares("abcd", lambda chosen: max((need[one] for one in chosen), default=0.0))
    assert found == pytest.approx([2.0, 3.0, 4.0, 9.0], abs=ROUNDING * 10)


def test_what_is_lost_without_one() -> None:
    need = {"a": 8.0, "b": 11.0, "c": 13.0}
    found = share_out("abc", lambda chosen: max((need[one] for one in chosen), default=1.0))
    assert (found.whole, found.none) == (13.0, 1.0)
    assert [(share.element, share.without, share.lost) for share in found.shares] == [
        ("a", 13.0, 0.0),
        ("b", 13.0, 0.0),
        ("c", 11.0, 2.0),
    ]


def test_each_metric_is_shared_out_by_itself_and_each_combination_worked_out_once() -> None:
    asked: list[frozenset[str]] = []

    def value(chosen: frozenset[str]) -> Mapping[str, float]:
        asked.append(chosen)
        return {"many": float(len(chosen)), "a": float("a" in chosen)}

    many, first = worth(("a", "b", "c"), value)
    assert (many.metric, first.metric) == ("many", "a")
    assert [share.shapley for share in many.shares] == pytest.approx([1.0, 1.0, 1.0], abs=ROUNDING)
    assert [share.shapley for share in first.shares] == pytest.approx([1.0, 0.0, 0.0], abs=ROUNDING)
    assert len(asked) == len(set(asked)) == 8


@st.composite
def games(draw: st.DrawFn) -> tuple[str, dict[frozenset[str], float]]:
    players = "abcde"[: draw(st.integers(1, 5))]
    sets = [frozenset(chosen) for size in range(len(players) + 1) for chosen in combinations(players, size)]
    values = draw(st.lists(st.floats(-1e3, 1e3), min_size=len(sets), max_size=len(sets)))
    return players, dict(zip(sets, values, strict=True))


@given(games())
def test_any_game_pays_what_each_adds_on_average_over_all_orders(game: tuple[str, dict[frozenset[str], float]]) -> None:
    players, values = game
    added = dict.fromkeys(players, 0.0)
    for order in permutations(players):
        for i, player in enumerate(order):
            added[player] += values[frozenset(order[: i + 1])] - values[frozenset(order[:i])]
    orders = math.factorial(len(players))
    found = share_out(players, values.__getitem__)
    # Sums of up to 600 values of a thousand.
    assert [share.shapley for share in found.shares] == pytest.approx(
        [added[one] / orders for one in players], abs=1e-9
    )
    whole, none = values[frozenset(players)], values[frozenset()]
    assert sum(share.shapley for share in found.shares) == pytest.approx(whole - none, abs=1e-9)


@given(games())
def test_equals_are_paid_alike_and_who_adds_nothing_gets_nothing(
    game: tuple[str, dict[frozenset[str], float]],
) -> None:
    players, values = game
    # Two newcomers that count as one and the same, and one that never adds anything.
    found = shares(
        players + "xyz",
        lambda chosen: values[chosen & frozenset(players)] * (1.0 + len(chosen & {"x", "y"})),
    )
    assert found[-3] == pytest.approx(found[-2], abs=1e-8)
    assert found[-1] == pytest.approx(0.0, abs=1e-8)


@pytest.mark.parametrize(
    ("elements", "message"),
    [
        ((), "elements must be 1 to 8 different ones; got none"),
        (tuple("abcdefghi"), "elements must be 1 to 8 different ones; got a, b, c, d, e, f, g, h, i"),
        (("a", "b", "a"), "elements must be 1 to 8 different ones; got a, b, a"),
    ],
)
def test_too_few_too_many_and_repeated_elements_are_refused(elements: tuple[str, ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        worth(elements, lambda chosen: {"value": float(len(chosen))})


# Lengths of unions.

ends = st.floats(0.0, 1e4) | st.just(math.nan) | st.just(math.inf)
rows = st.lists(st.tuples(ends, ends), max_size=9)


@given(rows, rows)
def test_the_length_of_a_union_is_that_of_another_library(
    first: list[tuple[float, float]], second: list[tuple[float, float]]
) -> None:
    k = max(len(first), len(second))
    padded = [row + [(math.nan, math.nan)] * (k - len(row)) for row in (first, second)]
    both = np.array(padded).reshape(2, k, 2)
    expected = []
    for row in (first, second):
        lines = [
            shapely.LineString([(a, 0.0), (b, 0.0)])
            for a, b in row
            if math.isfinite(a) and math.isfinite(b) and b - a > 1e-9
        ]
        # A union of collinear lines keeps their pieces; boxes of height one have the same area.
        boxes = [shapely.box(line.bounds[0], 0.0, line.bounds[2], 1.0) for line in lines]
        expected.append(shapely.unary_union(boxes).area)
    # Lengths up to 1e4 from differences of doubles.
    assert union_length(both[:, :, 0], both[:, :, 1]).tolist() == pytest.approx(expected, abs=1e-7)


def test_the_length_of_a_union_on_a_grid() -> None:
    random = np.random.default_rng(5)
    starts = random.integers(0, 90, size=(50, 6)).astype(float)
    stops = starts + random.integers(-5, 20, size=starts.shape)
    for i in range(len(starts)):
        covered: set[int] = set()
        for a, b in zip(starts[i], stops[i], strict=True):
            covered |= set(range(int(a), int(b)))
        assert union_length(starts[i : i + 1], stops[i : i + 1])[0] == float(len(covered))


def test_nothing_has_no_length() -> None:
    assert union_length(np.empty((3, 0)), np.empty((3, 0))).tolist() == [0.0, 0.0, 0.0]
    assert union_length(np.array([[math.nan, math.inf]]), np.array([[1.0, math.inf]])).tolist() == [0.0]
