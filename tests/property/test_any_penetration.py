"""What must hold of warheads past layers, whatever the numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from equipoise.defence.penetration import Layer, penetrating, survivors

# Rounding of a few products.
SLACK = 1e-9

shares = st.floats(0.0, 1.0)
ARCS = 3


@st.composite
def layers(draw: st.DrawFn) -> Layer:
    return Layer(
        rounds=draw(st.floats(0.0, 200.0)),
        salvo=draw(st.integers(1, 5)),
        looks=np.array(draw(st.lists(st.integers(0, 3), min_size=ARCS, max_size=ARCS))),
        kill=draw(shares),
        track=draw(shares),
    )


raids = st.lists(st.floats(0.0, 500.0), min_size=ARCS, max_size=ARCS).map(np.array)


@given(raids, st.lists(layers(), max_size=3))
def test_never_fewer_than_none_nor_more_than_arrive(raid: np.ndarray, defence: list[Layer]) -> None:
    left = penetrating(raid, defence)
    assert np.all(left >= -SLACK)
    assert np.all(left <= raid + SLACK)


@given(raids)
def test_without_a_defence_all_penetrate(raid: np.ndarray) -> None:
    assert np.array_equal(penetrating(raid, []), raid)


@given(raids, layers())
def test_no_more_rounds_are_spent_than_there_are(raid: np.ndarray, one: Layer) -> None:
    _, spent = survivors(raid, one)
    assert 0.0 <= spent <= float(one.rounds) + SLACK


@given(raids, layers(), st.floats(0.0, 100.0))
def test_more_interceptors_never_let_more_through(raid: np.ndarray, one: Layer, more: float) -> None:
    stronger = replace(one, rounds=float(one.rounds) + more)
    assert penetrating(raid, [stronger]).sum() <= penetrating(raid, [one]).sum() + SLACK


@given(raids, st.lists(layers(), max_size=3), st.floats(1.0, 5.0))
def test_more_warheads_never_mean_fewer_that_penetrate_nor_a_larger_share_stopped(
    raid: np.ndarray, defence: list[Layer], times: float
) -> None:
    few, many = penetrating(raid, defence).sum(), penetrating(times * raid, defence).sum()
    assert many >= few - SLACK
    assert many >= times * few - SLACK * times


@given(raids, st.lists(layers(), min_size=1, max_size=3))
def test_one_layer_less_never_lets_fewer_through(raid: np.ndarray, defence: list[Layer]) -> None:
    assert penetrating(raid, defence[:-1]).sum() >= penetrating(raid, defence).sum() - SLACK
