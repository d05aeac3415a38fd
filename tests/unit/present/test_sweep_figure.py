"""Pictures of sweeps: what they draw, and the same bytes each time."""

from __future__ import annotations

import numpy as np
import pytest

from equipoise.analysis.sweep import sweep_of
from equipoise.analysis.sweep_grid import Sweep, grid_columns
from equipoise.present.style import svg_bytes
from equipoise.present.sweep_figure import sweep_figure, varied_name
from equipoise.study import load_study


def made(*vary: str) -> tuple[Sweep, dict[str, np.ndarray]]:
    """A sweep of the Seongju study with invented shares, a little more from point to point."""
    sweep = sweep_of(load_study("seongju"), vary)
    table = dict(grid_columns(sweep.varied, 0, sweep.points))
    for k, curve in enumerate(sweep.curves):
        table[curve.column] = np.linspace(0.1 * k, 0.1 * k + 0.5, sweep.points)
    return sweep, table


def test_one_number_gives_a_line_per_threat() -> None:
    sweep, table = made("interceptor.burnout_speed=2.4:3.0:7")
    figure = sweep_figure(sweep, table)
    assert figure is not None
    (axes,) = figure.axes
    assert axes.get_xlabel() == "interceptor: burnout speed, km/s"
    assert axes.get_ylabel() == "defended share of the land, %"
    assert [line.get_label() for line in axes.get_lines()] == ["Scud-C", "Nodong", "Musudan"]
    line = axes.get_lines()[1]
    assert line.get_xdata() == pytest.approx([2.4, 2.5, 2.6, 2.7, 2.8, 2.9, 3.0])
    assert line.get_ydata() == pytest.approx(np.linspace(10.0, 60.0, 7))
    again = sweep_figure(sweep, table)
    assert again is not None
    assert svg_bytes(figure) == svg_bytes(again)


def test_values_out_of_order_are_drawn_in_order() -> None:
    sweep, table = made("interceptor.burnout_speed=3.0,2.4,2.7")
    figure = sweep_figure(sweep, table)
    assert figure is not None
    assert figure.axes[0].get_lines()[0].get_xdata() == pytest.approx([2.4, 2.7, 3.0])
    assert figure.axes[0].get_lines()[0].get_ydata() == pytest.approx([25.0, 50.0, 0.0])


def test_a_choice_among_names_has_no_line_between_them() -> None:
    sweep, table = made("radar_range=ministry-600,csis-3000")
    figure = sweep_figure(sweep, table)
    assert figure is not None
    axes = figure.axes[0]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["ministry-600", "csis-3000"]
    assert {line.get_linestyle() for line in axes.get_lines()} == {"None"}


def test_two_numbers_give_a_map_per_threat_with_the_first_upwards() -> None:
    sweep, table = made("battery.commit_delay=5:20:4", "boresight=-20:20:3")
    figure = sweep_figure(sweep, table)
    assert figure is not None
    panels = figure.axes[:3]
    assert [axes.get_title(loc="left") for axes in panels] == ["Scud-C", "Nodong", "Musudan"]
    assert (panels[0].get_xlabel(), panels[0].get_ylabel()) == ("boresight, deg", "battery: commit delay, s")
    (mesh,) = panels[1].collections
    values = np.asarray(mesh.get_array())
    assert values.reshape(4, 3) == pytest.approx(100.0 * table["defended_fraction_nodong"].reshape(4, 3))
    assert panels[0].get_ylim() == pytest.approx((2.5, 22.5))  # cells around their values
    assert mesh.get_clim() == (0.0, 100.0)


def test_three_numbers_have_no_picture() -> None:
    assert sweep_figure(*made("battery.commit_delay=5,20", "boresight=0,9", "radar.range=600,870")) is None


def test_names_of_what_is_varied() -> None:
    sweep, _ = made("rcs_nose.nodong=0.01,0.1", "radar.face.tilt=20,30", "track_until=launch,intercept")
    assert [varied_name(one) for one in sweep.varied] == [
        "radar cross-section, nose nodong, m²",
        "radar: face: tilt, deg",
        "track until",
    ]
