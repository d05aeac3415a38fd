"""Residuals of all tests, and the charts of one: marks stand at the numbers."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from made_flight_tests import made, with_report
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from equipoise.analysis.flight_test_results import Band, TimeResidual
from equipoise.present.flight_test_charts import moves_figure, payload_curve, widest_first
from equipoise.present.residual_figures import range_residuals, time_residuals
from equipoise.present.style import svg_bytes

ROWS = (
    TimeResidual("low", "scud-b", 80e3, 200e3, 260.0, Band(290.0, 300.0, 320.0), None, None, Band(2e5, 2.1e5, 2.2e5),
                 2.2e5, 3e5, 3e5),
    TimeResidual("high", "hwasong-14", 3724.9e3, 998e3, 2586.0, Band(2753.0, 2785.0, 2826.0), 2831.5, 2832.5,
                 Band(7e6, 1e7, 1.2e7), 8e6, 1e7, 1.3e7),
    TimeResidual("middle", "hwasong-12", 2111.5e3, 787e3, 1676.0, Band(1772.0, 1790.0, 1810.0), 1770.0, 1830.0),
)  # fmt: skip


def marks(axes: Axes, marker: str) -> list[tuple[float, float]]:
    return [
        (float(np.asarray(line.get_xdata())[0]), float(np.asarray(line.get_ydata())[0]))
        for line in axes.lines
        if line.get_marker() == marker
    ]


def test_times_stand_in_minutes_after_the_vacuum_arc_by_apogee() -> None:
    axes = time_residuals(ROWS).axes[0]
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert [label.split(":")[0] for label in labels] == ["high", "middle", "low"]
    bars = sorted((b for b in axes.patches if isinstance(b, Rectangle)), key=lambda b: b.get_y())
    assert [(b.get_x(), b.get_x() + b.get_width()) for b in bars] == [
        pytest.approx(((band.low - kepler) / 60.0, (band.high - kepler) / 60.0))
        for band, kepler in ((row.time_s, row.kepler_s) for row in (ROWS[1], ROWS[2], ROWS[0]))
    ]
    assert marks(axes, "X") == [pytest.approx(((2832.0 - 2586.0) / 60.0, 0))]
    assert marks(axes, "o") == [pytest.approx(((1800.0 - 1676.0) / 60.0, 1))]


def test_a_time_is_consistent_if_something_that_rounds_to_it_is_allowed() -> None:
    high = ROWS[1]
    assert high.time_consistent is False
    assert replace(high, reported_low_s=2825.9).time_consistent is True
    assert ROWS[2].time_consistent is True
    assert ROWS[0].time_consistent is None


def test_ranges_stand_in_kilometres_and_those_without_are_left_out() -> None:
    axes = range_residuals(ROWS).axes[0]
    assert len(axes.get_yticklabels()) == 2
    assert marks(axes, "d") == [pytest.approx((8000.0, 0)), pytest.approx((220.0, 1))]
    assert marks(axes, "o") == [pytest.approx((11500.0, 0))]
    assert marks(axes, "X") == [pytest.approx((300.0, 1))]


def test_labels_stay_apart_with_twenty_five_rows() -> None:
    rows = [replace(ROWS[1], label=f"Hwasong-14, {k} July 2017", apogee_m=3e6 + 1e4 * k) for k in range(25)]
    figure = time_residuals(rows)
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    boxes = [label.get_window_extent(renderer) for label in figure.axes[0].get_yticklabels()]
    assert not any(one.overlaps(other) for one, other in pairwise(boxes))
    assert min(box.x0 for box in boxes) > 0.0


def test_moves_come_widest_first_and_a_missing_end_has_no_mark() -> None:
    test = with_report(made(), time_s=1800.0)
    assert [move.quantity for move in widest_first(test.moves)] == ["burn time", "payload"]
    left, right = moves_figure(test).axes
    central = test.candidates[0].range_still_m.central / 1e3
    assert marks(left, "o") == [pytest.approx((0.99 * central, 0)), pytest.approx((1.10 * central, 1))]
    assert marks(left, "s") == [pytest.approx((1.02 * central, 0))]
    assert marks(right, "o") == [pytest.approx((1700 / 60, 0)), pytest.approx((1780 / 60, 1))]
    assert any(line.get_xdata()[0] == pytest.approx(30.0) for line in right.lines)  # type: ignore[index]


def test_the_payload_curve_goes_through_its_points() -> None:
    test = made()
    curve = payload_curve(test).axes[0].lines[0]
    assert list(zip(curve.get_xdata(), curve.get_ydata(), strict=True)) == [  # type: ignore[arg-type]
        pytest.approx((kg, m / 1e3)) for kg, m in test.payloads
    ]


def test_the_drawings_are_the_same_each_time() -> None:
    for draw in (time_residuals, range_residuals):
        assert svg_bytes(draw(ROWS)) == svg_bytes(draw(ROWS))
