"""The calibrated record: read back, it flies the reported arc."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_flight_tests import KOREA, made, with_report

from equipoise.catalog import load_catalog
from equipoise.catalog.library import read_record
from equipoise.catalog.records import MissileRecord
from equipoise.catalog.rendering import numbers
from equipoise.physics.fitting import FreeParameter
from equipoise.physics.flight import Aim, fly
from equipoise.physics.missile import Missile
from equipoise.present.calibrated_record import calibrated_record_yaml

# Numbers are written to the last digit; only sums of masses may round differently.
SAME_FLIGHT_M = 1.0
# A burn cut by the clock ends a step elsewhere than one that ends with its propellant.
SAME_CUT_FLIGHT_M = 5.0

CASES = [
    ("hwasong-12", 2111.5, 787.0, "propellant", None),
    ("hwasong-12", 2111.5, 787.0, "payload", 90.0),
    ("hwasong-12", 1600.0, 600.0, "cut-off", None),
    ("scud-b", 80.0, 200.0, "cut-off", 45.0),
    ("scud-b", 80.0, 200.0, "payload", None),
]


def read_back(tmp_path: Path, text: str) -> MissileRecord:
    path = tmp_path / "fit.yaml"
    path.write_text(text, encoding="utf-8")
    record = read_record(path)
    assert isinstance(record, MissileRecord)
    return record


@pytest.mark.parametrize(("missile", "apogee_km", "range_km", "parameter", "az_deg"), CASES)
def test_the_file_flies_the_reported_arc(
    tmp_path: Path, missile: str, apogee_km: float, range_km: float, parameter: FreeParameter, az_deg: float | None
) -> None:
    test = made(missile, apogee_km, range_km, az_deg=az_deg, parameter=parameter)
    record = read_back(tmp_path, calibrated_record_yaml(load_catalog().missile(missile), test))
    aim = test.calibrated.fit.aim
    flown = fly(Missile.from_record(record), KOREA, Aim(aim.az_rad, aim.angle_rad), rotation=test.calibrated.turning)
    within_m = SAME_CUT_FLIGHT_M if parameter == "cut-off" else SAME_FLIGHT_M
    assert flown.apogee_m == pytest.approx(1e3 * apogee_km, abs=within_m)
    assert flown.range_m == pytest.approx(1e3 * range_km, abs=within_m)


def test_staged_cut_off_keeps_mass_and_flies_the_same(tmp_path: Path) -> None:
    """A two-stage missile of the user's own, cut off in its second stage and in its first."""
    path = tmp_path / "own.yaml"
    stage = "isp_sea_level: 240 s\n    isp_vacuum: 280 s\n    burn_time: 60 s\n    diameter: 1 m"
    path.write_text(
        f"kind: missile\nstages:\n  - propellant: 8000 kg\n    inert: 900 kg\n    {stage}\n    coast_after: 2 s\n"
        f"  - propellant: 2500 kg\n    inert: 400 kg\n    {stage}\npayload: 500 kg\nseparates: no\n"
        "steering:\n  law: pitch_program\n  vertical_time: 5 s\n  pitch_rate: 1 deg/s\n",
        encoding="utf-8",
    )
    record = read_record(path)
    assert isinstance(record, MissileRecord)
    whole = Missile.from_record(record)
    base = made()
    for burn_s in (100.0, 45.0):
        aim = Aim(0.3, 1.2, burn_s)
        flown = fly(whole, KOREA, aim)
        fit = base.calibrated.fit.__class__("cut-off", burn_s, whole, aim, flown.time_of_flight_s)
        test = with_fit(base, fit)
        again = read_back(tmp_path, calibrated_record_yaml(record, test, record_id="own-fit"))
        cut = Missile.from_record(again)
        assert cut.launch_mass_kg == pytest.approx(whole.launch_mass_kg, abs=1e-6)
        assert cut.burn_time_s == pytest.approx(burn_s, abs=1e-9)
        reflown = fly(cut, KOREA, Aim(0.3, 1.2))
        assert reflown.range_m == pytest.approx(flown.range_m, abs=SAME_CUT_FLIGHT_M)
        assert reflown.apogee_m == pytest.approx(flown.apogee_m, abs=SAME_CUT_FLIGHT_M)


def with_fit(test, fit):  # type: ignore[no-untyped-def]
    from dataclasses import replace

    return replace(test, calibrated=replace(test.calibrated, fit=fit))


def test_fitted_numbers_are_derived_and_say_from_what_and_others_stand(tmp_path: Path) -> None:
    catalog = load_catalog()
    test = made("hwasong-12", 2111.5, 787.0, parameter="propellant")
    record = read_back(tmp_path, calibrated_record_yaml(catalog.missile("hwasong-12"), test, source="cns-nti-tests"))
    before = dict(numbers(catalog.missile("hwasong-12")))
    after = dict(numbers(record))
    assert set(before) == set(after)
    changed = {name for name in before if before[name] != after[name]}
    assert len(changed) == 1
    (fitted,) = (after[name] for name in changed)
    assert fitted.grade == "derived"
    assert fitted.source == "cns-nti-tests"
    for words in ("propellant", "2111.5 km", "787 km", "39.40 N, 127.50 E", "still Earth", "Equipoise"):
        assert words in fitted.note
    assert record.id == "hwasong-12-fit"
    assert record.drag == catalog.missile("hwasong-12").drag
    assert record.tuning == ""


def test_the_note_says_which_earth_and_that_a_launch_point_was_assumed(tmp_path: Path) -> None:
    record = load_catalog().missile("hwasong-12")
    test = with_report(made(az_deg=90.0), launch_assumed=True)
    note = read_back(tmp_path, calibrated_record_yaml(record, test)).note
    assert "towards 90.0 degrees, turning Earth" in note
    assert "(assumed)" in note
    assert "cut-off" not in note
    cut = made("hwasong-12", 1600.0, 600.0, parameter="cut-off")
    assert "A record has no cut-off" in read_back(tmp_path, calibrated_record_yaml(record, cut)).note
