from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from matplotlib.collections import QuadMesh

from equipoise.analysis.engagement_summary import engagement_case
from equipoise.analysis.network_results import NetworkResults
from equipoise.analysis.network_run import run_network
from equipoise.present.defended_map import defended_map, standing
from equipoise.present.engagement_figures import launch_times_figure, reach_figure
from equipoise.present.engagement_tables import engagement_section, engagements_csv
from equipoise.present.engagement_words import engagement_sentences
from equipoise.study import load_network_study


@pytest.fixture(scope="module")
def results() -> NetworkResults:
    """The European study, small: two classes, one battery that defends land, no elements."""
    whole = load_network_study("european-shield")
    assert whole.network is not None
    groups = tuple(
        replace(group, launch_areas=group.launch_areas[:2], targets=group.targets[:2])
        for group in whole.groups
        if group.missile.id in ("khorramshahr", "yars")
    )
    example = replace(whole.example, launch_area=groups[0].launch_areas[0], target=groups[0].targets[0])
    shooter = whole.network.shooters[0]
    small = replace(shooter, threats=shooter.threats[-1:], grid=replace(shooter.grid, rows=5, columns=5))
    kept = [link for link in whole.network.links if link.sink in (shooter.id, "c2bmc", "deveselu-sm3", "redzikowo-sm3")]
    network = replace(whole.network, shooters=(small,), elements=(), links=tuple(kept))
    return run_network(replace(whole, groups=groups, example=example, network=network))


def test_marks_stand_where_the_summary_has_them(results: NetworkResults) -> None:
    figure = reach_figure(results)
    assert len(figure.axes) == len(results.engagements)
    for axes, found in zip(figure.axes, results.engagements, strict=True):
        for gid, limits in (("published", "published"), ("alone", "flight alone")):
            drawn = [float(line.get_xdata()[0]) for line in axes.get_lines() if line.get_gid() == gid]
            cases = [
                engagement_case(found, speed, limits, group)  # type: ignore[arg-type]
                for group in found.battery.groups
                for speed in found.battery.burnout_speeds_mps
            ]
            assert drawn == pytest.approx([100.0 * one["arcs_in_reach"] / one["arcs"] for one in cases])


def test_a_bar_runs_from_the_first_launch_to_the_last(results: NetworkResults) -> None:
    axes = launch_times_figure(results).axes[0]
    bars = {patch.get_gid(): patch for patch in axes.patches}
    assert set(bars) <= {"open", "missing"}
    for patch in axes.patches:
        assert (patch.get_width() >= 0.0) == (patch.get_gid() == "open")
    marks = [line for line in axes.get_lines() if line.get_gid() == "impact"]
    assert len(marks) == len(axes.get_yticks())


def test_cells_stand_as_their_margins_say(results: NetworkResults) -> None:
    nan = np.nan
    margin_s = xr.DataArray(
        np.array([[[1.0, -1.0, -1.0, -1.0, nan]], [[1.0, 1.0, -1.0, -1.0, nan]], [[1.0, 1.0, 1.0, -1.0, nan]]]),
        dims=("bound", "lat", "lon"),
    )
    code = standing(margin_s)
    assert code[0, :4].tolist() == [3, 2, 1, 0]
    assert code.mask.tolist() == [[False] * 4 + [True]]
    figure = defended_map(results)
    assert sum(isinstance(one, QuadMesh) for axes in figure.axes for one in axes.collections) == 1


def test_tables_file_and_sentences_agree(results: NetworkResults) -> None:
    section = engagement_section(results)
    assert [len(table.columns) for table in section.tables] == [6, 7]
    lines = engagements_csv(results).splitlines()
    speeds, limits = 4, 2
    assert len(lines) == 1 + len(results.engagements) * speeds * limits * len(results.arcs.cases)
    said = engagement_sentences(results)
    assert len(said) == 4
    assert all("nan" not in sentence and "None" not in sentence for sentence in said)
