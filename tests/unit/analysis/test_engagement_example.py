from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from equipoise.analysis.engagement import Engagement, engagement
from equipoise.analysis.footprint import CONSTRAINTS, footprint
from equipoise.physics import Site, geodesic
from equipoise.study import Study, load_study


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study("seongju")


@pytest.fixture(scope="module")
def found(study: Study) -> Engagement:
    return engagement(study)


def test_events_follow_each_other(found: Engagement) -> None:
    assert found.detection is not None
    assert found.firm_track is not None
    assert found.first is not None
    assert found.last is not None
    assert found.detection.time_s < found.firm_track.time_s < found.first.launch_s
    assert found.first.launch_s < found.first.intercept.time_s <= found.last.intercept.time_s
    assert found.first.launch_s <= found.last.launch_s < found.last.intercept.time_s
    assert found.burnout.time_s < found.apogee.time_s
    assert found.constraint == "defended"
    assert found.margin_s > 0.0
    assert found.shots >= 1


def test_intercepts_lie_within_the_limits(found: Engagement) -> None:
    assert found.first is not None
    assert found.last is not None
    for shot in (found.first, found.last):
        assert found.min_altitude_m - 50.0 <= shot.intercept.altitude_m <= found.max_altitude_m + 50.0
        assert abs(shot.intercept.distance_m) <= 200.5e3


def test_the_arc_ends_on_the_target(study: Study, found: Engagement) -> None:
    place = study.engagement.target
    assert geodesic(found.trajectory.impact_site, Site(place.lat_rad, place.lon_rad))[0] < 1.0
    assert found.altitude_m[0] == pytest.approx(0.0, abs=1.0)
    assert found.altitude_m[-1] == pytest.approx(0.0, abs=1.0)


@pytest.mark.parametrize("id", ["seongju", "lofted-nodong"])
def test_it_agrees_with_the_footprints_place(id: str) -> None:
    study = load_study(id)
    found = engagement(study)
    dataset = footprint(study)
    case = f"{study.engagement.missile.id}/{study.engagement.launch_area.id}"
    row = dataset.sel({"case": case, "place": study.engagement.target.id})
    assert float(row["place_margin_s"]) == pytest.approx(found.margin_s, abs=0.2)
    assert int(row["place_shots"]) == found.shots
    assert CONSTRAINTS[int(row["place_constraint"])] == found.constraint


def test_a_tilted_face_keeps_a_target_overhead_for_longer_than_a_sector() -> None:
    study = load_study("lofted-nodong")
    assert study.defence.field_of_view == "sector"
    sector = engagement(study)
    face = engagement(replace(study, defence=replace(study.defence, field_of_view="face")))
    assert sector.lost is not None
    assert face.lost is not None
    # It passes at 73 to 75 degrees of elevation, where a kilometre to the side is degrees of azimuth.
    assert face.lost.time_s > sector.lost.time_s + 60.0
    assert face.margin_s > sector.margin_s
    assert face.detection == sector.detection  # low in front of it both see the same


def test_the_outline_of_reach_is_within_the_limits(found: Engagement) -> None:
    assert found.reach_altitude_m.min() == found.min_altitude_m
    assert found.reach_altitude_m.max() <= found.max_altitude_m
    assert found.reach_distance_m.max() <= 200e3
    assert np.all(found.reach_distance_m >= 0.0)
