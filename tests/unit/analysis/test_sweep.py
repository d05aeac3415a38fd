"""Sweeps of footprint studies against the same numbers worked out by themselves."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from equipoise.analysis.chunk_files import read_results
from equipoise.analysis.ensemble import run_ensemble
from equipoise.analysis.land import Land, Setting
from equipoise.analysis.regions import country_area_km2
from equipoise.analysis.sweep import FootprintSweep, sweep_of
from equipoise.analysis.uncertainty import swings
from equipoise.errors import InputError
from equipoise.study import Study, load_any_study, load_study
from equipoise.study.reading import study_from_text


@pytest.fixture(scope="module")
def land() -> Land:
    return Land.of(load_study("lofted-nodong"))


@pytest.fixture(scope="module")
def study(land: Land) -> Study:
    return land.study


def test_a_sweep_to_the_ends_of_a_range_gives_what_moving_the_number_by_itself_gives(
    land: Land, study: Study, tmp_path: Path
) -> None:
    by_name = {(swing.owner, swing.quantity): swing for swing in swings(study, land=land)}
    swing = by_name[study.defence.interceptor.id, "burnout_speed"]
    wanted = sweep_of(study, [f"interceptor.burnout_speed={swing.low},{swing.high}"])
    table = read_results(run_ensemble(wanted, tmp_path).table)
    # The shares are the same sums of the same cells; only the order of adding up differs, by a bit or two.
    assert table["defended_fraction_nodong"] == pytest.approx([*swing.fraction_low, *swing.fraction_high], rel=1e-14)
    assert table["defended_fraction"].tolist() == table["defended_fraction_nodong"].tolist()
    assert table["interceptor_burnout_speed_km_s"].tolist() == [swing.low, swing.high]


def test_each_point_is_the_study_with_those_values(land: Land, study: Study, tmp_path: Path) -> None:
    wanted = sweep_of(study, ["radar_range=ministry-600,lewis-postol-870", "boresight=-20:20:3"])
    table = read_results(run_ensemble(wanted, tmp_path).table)
    assert table["radar_range"].tolist() == ["ministry-600"] * 3 + ["lewis-postol-870"] * 3
    assert table["boresight_deg"].tolist() == [-20.0, 0.0, 20.0] * 2
    for i in range(6):
        defence = replace(study.defence, radar_range=table["radar_range"][i])
        turned = replace(Setting.central(study), boresight_rad=float(np.radians(table["boresight_deg"][i])))
        score = replace(land, study=replace(study, defence=defence)).score(turned)
        assert table["defended_fraction_nodong"][i] == pytest.approx(score.fraction[0], rel=1e-14)
        assert table["places_defended_nodong"][i] == np.count_nonzero(score.met[0, len(land.weights) :])
        area_km2 = score.fraction[0] * country_area_km2("KOR")
        assert table["defended_land_area_nodong_km2"][i] == pytest.approx(area_km2, rel=1e-12)


def test_against_every_threat_is_no_more_than_against_any(tmp_path: Path) -> None:
    wanted = sweep_of(load_study("seongju"), ["battery.commit_delay=5,60"])
    table = read_results(run_ensemble(wanted, tmp_path).table)
    each = np.stack([table[f"defended_fraction_{name}"] for name in ("scud_c", "nodong", "musudan")])
    assert (table["defended_fraction"] <= each.min(axis=0)).all()
    assert (table["defended_fraction"] >= each.sum(axis=0) - 2.0).all()  # what three sets have in common at least
    assert (np.diff(each, axis=1) <= 0.0).all()  # a later launch never defends more


def test_the_key_hangs_on_study_and_grid_and_the_subject_travels_as_text(study: Study) -> None:
    sweep = sweep_of(study, ["boresight=0:10:3"])
    assert len(pickle.dumps(sweep)) < 10_000
    assert pickle.loads(pickle.dumps(sweep)).key == sweep.key
    assert sweep_of(study, ["boresight=0:10:4"]).key != sweep.key
    text = study.text.replace("boresight: 340 deg", "boresight: 341 deg")
    other = study_from_text(text, "other", Path("other"))
    assert sweep_of(other, ["boresight=0:10:3"]).key != sweep.key


def test_two_threats_of_one_class_have_columns_of_their_own(study: Study) -> None:
    text = study.text.replace("threats:\n", "threats:\n  - {missile: nodong, launch_areas: [sunan, hwangju]}\n", 1)
    wanted = FootprintSweep(text, "two", sweep_of(study, ["boresight=0:10:2"]).varied)
    curves = wanted.curves
    assert [curve.column for curve in curves] == ["defended_fraction_nodong", "defended_fraction_nodong_2"]
    assert len({curve.label for curve in curves}) == 2
    assert set(wanted.work(0, 0, 1)) >= {"defended_fraction_nodong", "defended_fraction_nodong_2"}


def test_a_network_study_is_not_swept() -> None:
    with pytest.raises(InputError, match="study russia-view, kind: got network; allowed for a sweep: footprint"):
        sweep_of(load_any_study("russia-view"), ["boresight=0:10:3"])
