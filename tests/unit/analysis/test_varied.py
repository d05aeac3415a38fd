"""What ``--vary`` takes: keys, units, bounds, and what does not go together."""

from __future__ import annotations

import math

import pytest

from equipoise.analysis.footprint_panel import footprint_panel
from equipoise.analysis.land import Setting
from equipoise.analysis.varied import read_varied
from equipoise.errors import EquipoiseError
from equipoise.study import Study, load_study


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study("seongju")


def test_values_are_evenly_spaced_in_the_unit_of_the_record(study: Study) -> None:
    (varied,) = read_varied(footprint_panel(study), ["interceptor.burnout_speed=2.4:3.0:7"])
    assert varied.values == (2.4, 2.5, 2.6, 2.7, 2.8, 2.9, 3.0)
    assert varied.si == pytest.approx([2400.0, 2500.0, 2600.0, 2700.0, 2800.0, 2900.0, 3000.0], rel=1e-12)
    assert (varied.unit, varied.column) == ("km/s", "interceptor_burnout_speed_km_s")


@pytest.mark.parametrize(
    ("text", "column", "values", "si"),
    [
        ("interceptor.burnout_speed=2400m/s:3000 m/s:2", "interceptor_burnout_speed_m_s", (2400, 3000), (2400, 3000)),
        ("battery.commit_delay = 5, 20", "battery_commit_delay_s", (5, 20), (5, 20)),
        ("battery.commit_delay=0.5min:1min:2", "battery_commit_delay_min", (0.5, 1), (30, 60)),
        ("boresight=-20:20:3", "boresight_deg", (-20, 0, 20), (-math.pi / 9, 0, math.pi / 9)),
        ("defence.boresight=340,350", "boresight_deg", (340, 350), (math.radians(340), math.radians(350))),
        ("study.track_until=launch,intercept", "track_until", ("launch", "intercept"), ("launch", "intercept")),
        ("rcs_nose.scud-c=0.001,0.1", "rcs_nose_scud_c_m2", (0.001, 0.1), (0.001, 0.1)),
        ("radar.face.tilt=20:40:2", "radar_face_tilt_deg", (20, 40), (math.radians(20), math.radians(40))),
        ("radar.range=600:870:2", "radar_range_km", (600, 870), (600e3, 870e3)),
        ("radar.detection_probability=0.5,0.9", "radar_detection_probability", (0.5, 0.9), (0.5, 0.9)),
    ],
)
def test_units_columns_and_names(
    study: Study, text: str, column: str, values: tuple[object, ...], si: tuple[float, ...]
) -> None:
    (varied,) = read_varied(footprint_panel(study), [text])
    assert varied.column == column
    assert varied.values == values
    assert varied.si == (si if isinstance(si[0], str) else pytest.approx(si, rel=1e-12))


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["burnout"], '--vary: got "burnout"; allowed: KEY=LOW:HIGH:N or KEY=VALUE,VALUE,...'),
        (["interceptor.burnot_speed=1:2:3"], "did you mean interceptor.burnout_speed"),
        (["rcs_nose.nodng=0.1,0.2"], "did you mean rcs_nose.nodong"),
        (["interceptor.unit_cost=1:2:3"], "--vary: interceptor.unit_cost moves nothing; allowed: study."),
        (["battery.launch_spacing=1:2:3"], "battery.launch_spacing moves nothing"),
        (["interceptor.burnout_speed=1:20:3"], "interceptor.burnout_speed: got 20 km/s; allowed: 0.001 to 12 km/s"),
        (["interceptor.burnout_speed=1:9:3"], "--vary: interceptor thaad: burnout_speed must lie between"),
        (["interceptor.burnout_speed=nan:3:3"], 'got "nan"; allowed: a number, in km/s or with its unit'),
        (["interceptor.burnout_speed=2:3"], 'got "2:3"; allowed: LOW:HIGH:N or VALUE,VALUE,...'),
        (["interceptor.burnout_speed=2:3:1"], 'got "1" values; allowed: a whole number, 2 to 1,000,000'),
        (["interceptor.burnout_speed=2:3:2.5"], 'got "2.5" values; allowed: a whole number, 2 to 1,000,000'),
        (["interceptor.burnout_speed=2:2:3"], "LOW and HIGH are the same, 2"),
        (["interceptor.burnout_speed=2,2.0"], "gives a value twice; allowed: each once"),
        (["interceptor.burnout_speed=2km/s:3000m/s:3"], "got the units km/s and m/s; allowed: one for all values"),
        (["boresight=1km:2km:3"], 'study.boresight: unit "km" does not measure this; allowed: deg, rad'),
        (["boresight=1:2:3", "study.boresight=4,5"], "--vary study.boresight: given 2 times; allowed: once"),
        (["radar_range=lewis-postol"], "did you mean lewis-postol-870"),
        (["radar_range=hardware,hardware"], "study.radar_range: gives hardware twice"),
        (["radar_range=hardware", "radar.range=600:900:2"], "the radar range is hardware"),
        (["interceptor.min_altitude=40:200:3"], "min_altitude: got 200 km; allowed: below max_altitude, 150 km"),
        (
            ["interceptor.min_altitude=40:90:3", "interceptor.max_altitude=150:80:2"],
            "got 90 km; allowed: below max",
        ),
        (
            ["boresight=0:1:2000", "battery.commit_delay=0:9:600"],
            "2000 x 600 = 1,200,000 points; allowed: at most",
        ),
        ([f"boresight={i},{i + 1}" for i in range(9)], "got 9 keys; allowed: at most 8"),
    ],
)
def test_what_is_not_allowed_is_named_before_anything_runs(study: Study, texts: list[str], message: str) -> None:
    with pytest.raises(EquipoiseError) as refused:
        read_varied(footprint_panel(study), texts)
    assert message in str(refused.value)


def test_each_knob_turns_one_number_and_nothing_else(study: Study) -> None:
    central, panel = Setting.central(study), footprint_panel(study)
    assert {key.split(".")[0] for key in panel.knobs} == {"study", "interceptor", "battery", "radar", "rcs_nose"}
    for key, knob in panel.knobs.items():
        if knob.quantity is not None:
            value = knob.quantity.minimum
            turned = panel.at({key: value})
            assert turned != central, key
            assert panel.at({key: value}) == turned
    turned = panel.at({"rcs_nose.nodong": 0.5})
    assert [rcs for rcs in turned.rcs_m2 if rcs == 0.5] == [0.5]
    assert turned.radar == central.radar
    faster = panel.at({"interceptor.burnout_speed": 3000.0}).interceptor
    assert faster.burnout_speed_mps.value == 3000.0
    assert faster.max_range_m == central.interceptor.max_range_m
    farther = panel.at({"radar.range": 7e5, "study.radar_range": "ministry-600"})
    changed = [one.name for one, old in zip(farther.radar.ranges, central.radar.ranges, strict=True) if one != old]
    assert changed == ["ministry-600"]
