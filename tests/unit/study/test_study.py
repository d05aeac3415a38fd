from __future__ import annotations

import hashlib
import math
from pathlib import Path

import pytest

from equipoise.catalog import load_catalog
from equipoise.errors import EquipoiseError, FileFormatError, InputError, UnknownIdError
from equipoise.study import NetworkStudy, RaidStudy, Study, load_any_study, load_study, study_ids
from equipoise.study.reading import STUDIES

STUDY = """\
id: mine
title: Mine
summary: A small study
country: KOR
defence: {battery: thaad-battery, site: seongju, boresight: 340 deg, radar_range: lewis-postol-870}
threats:
  - {missile: nodong, launch_areas: [hwangju, wonsan]}
grid: {south: 33 deg, north: 39 deg, west: 125 deg, east: 130 deg, rows: 10, columns: 20}
places: [seoul, busan]
coverage_altitudes: [50 km]
engagement: {missile: nodong, launch_area: wonsan, target: busan}
"""

GRID = "grid: {south"


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "study.yaml"
    path.write_text(text)
    return path


def test_the_bundled_studies_are_there() -> None:
    assert study_ids() == (
        *(
            "china-view",
            "european-shield",
            "layered-korea",
            "lofted-nodong",
            "north-korea-outbound",
            "north-korean-classes",
            "northeast-asia",
        ),
        *("russia-view", "seongju", "seongju-raid", "strategic-balance"),
    )
    kinds = {id: type(load_any_study(id)) for id in study_ids()}
    assert {id for id, kind in kinds.items() if kind is Study} == {"lofted-nodong", "north-korean-classes", "seongju"}
    assert {id for id, kind in kinds.items() if kind is NetworkStudy} == {
        *("china-view", "european-shield", "north-korea-outbound", "northeast-asia", "russia-view"),
        "strategic-balance",
    }
    assert {id for id, kind in kinds.items() if kind is RaidStudy} == {"layered-korea", "seongju-raid"}
    for id in study_ids():
        assert load_any_study(id).id == id


def test_a_footprint_study_may_say_what_it_is(tmp_path: Path) -> None:
    assert load_study(write(tmp_path, "kind: footprint\n" + STUDY)).id == "mine"


def test_the_seongju_study_is_the_published_case() -> None:
    study = load_study("seongju")
    assert study.defence.rounds == 48  # JoongAng Daily, 19 July 2016
    assert [threat.missile.id for threat in study.threats] == ["scud-c", "nodong", "musudan"]
    assert all(len(threat.launch_areas) > 1 for threat in study.threats)
    assert study.radar_ranges == tuple(one.name for one in study.defence.radar.ranges)
    assert math.degrees(study.defence.boresight_rad) == pytest.approx(340)
    fraction = next(finding for finding in study.published if finding.metric == "defended_fraction")
    assert (fraction.low, fraction.high) == (0.5, 0.667)
    said = {finding.place.id: finding.defended for finding in study.published if finding.place is not None}
    assert said == {"pyeongtaek": True, "busan": True, "seoul": False}


def test_the_grid_holds_the_country() -> None:
    grid = load_study("seongju").grid
    # Marado 33.1 N, the border's north 38.6 N, the western islands 124.6 E (Baengnyeong), Ulleung 130.9 E
    assert math.degrees(grid.south_rad) < 33.2
    assert math.degrees(grid.north_rad) > 38.6
    assert math.degrees(grid.west_rad) < 126.0
    assert math.degrees(grid.east_rad) > 129.6
    assert (grid.rows, grid.columns) == (100, 100)


def test_the_lofted_nodong_flies_about_600_km_to_busan() -> None:
    study = load_study("lofted-nodong")
    assert study.engagement.target.id == "busan"
    assert study.threats[study.engagement.threat].trajectory == "lofted"
    busan = study.engagement.target
    for area in study.threats[0].launch_areas:
        cosine = math.sin(area.lat_rad) * math.sin(busan.lat_rad) + math.cos(area.lat_rad) * math.cos(
            busan.lat_rad
        ) * math.cos(area.lon_rad - busan.lon_rad)
        assert 6371 * math.acos(cosine) == pytest.approx(600, abs=90)


def test_a_study_file_becomes_si(tmp_path: Path) -> None:
    path = write(tmp_path, STUDY)
    study = load_study(path)
    assert math.degrees(study.grid.north_rad) == pytest.approx(39)
    assert (study.grid.rows, study.grid.columns) == (10, 20)
    assert study.coverage_altitudes_m == (50_000.0,)
    short = load_study(write(tmp_path, STUDY.replace("coverage_altitudes: [50 km]\n", "")))
    assert short.coverage_altitudes_m == (100_000.0,)
    assert study.engagement.threat == 0
    assert study.threats[0].trajectory == "cut-off"
    assert study.path == path
    assert study.text == STUDY
    assert study.sha256 == hashlib.sha256(STUDY.encode()).hexdigest()
    assert (study.uncertainty.draws, study.uncertainty.seed) == (0, 1)


def test_a_site_of_ones_own_is_rounded_to_a_town(tmp_path: Path) -> None:
    own = "{name: My town, latitude: 36.12345 deg, longitude: 128.9876 deg}"
    site = load_study(write(tmp_path, STUDY.replace("site: seongju", f"site: {own}"))).defence.site
    assert (site.id, site.name) == ("my-town", "My town")
    assert math.degrees(site.lat_rad) == pytest.approx(36.12, abs=1e-12)
    assert math.degrees(site.lon_rad) == pytest.approx(128.99, abs=1e-12)
    assert "rounded to 0.01" in site.latitude.note
    study = load_study(write(tmp_path, STUDY.replace("[seoul, busan]", f"[seoul, {own}]")))
    assert study.places[1].id == "my-town"


def test_places_of_the_country_and_ranges_of_the_radar_come_by_one_word(tmp_path: Path) -> None:
    study = load_study(write(tmp_path, STUDY.replace("[seoul, busan]", "country")))
    assert {place.country for place in study.places} == {"KOR"}
    assert len(study.places) > 10
    two = load_study(write(tmp_path, STUDY + "radar_ranges: [hardware, nas-1500]\n"))
    assert two.radar_ranges == ("hardware", "nas-1500")


def test_without_a_grid_the_country_is_the_grid(tmp_path: Path) -> None:
    text = "".join(line for line in STUDY.splitlines(keepends=True) if not line.startswith("grid"))
    grid = load_study(write(tmp_path, text)).grid
    assert math.degrees(grid.north_rad) == pytest.approx(38.6, abs=0.5)
    wide = load_study(write(tmp_path, text + "grid: {area: KOR, margin: 2 deg}\n")).grid
    assert math.degrees(wide.north_rad - grid.north_rad) == pytest.approx(1.75)


def test_a_number_of_the_studys_own_takes_the_place_of_the_catalogues(tmp_path: Path) -> None:
    own = """\
numbers:
  interceptor.burnout_speed: 2.4 km/s
  battery.commit_delay: {value: 15, low: 10, high: 20, unit: s}
  radar.confirm_time: {value: 4, unit: s, source: uscc-2016, grade: reported}
  radar.face.tilt: 30 deg
  radar.range: 900 km
  rcs_nose.nodong: 0.02 m2
"""
    plain, study = load_study(write(tmp_path, STUDY)), load_study(write(tmp_path, STUDY + own))
    defence = study.defence
    speed, delay = defence.interceptor.burnout_speed_mps, defence.battery.commit_delay_s
    assert (speed.value, speed.low, speed.high, speed.unit) == (2400.0, 2400.0, 2400.0, "km/s")
    assert (speed.source, speed.grade) == ("user", "assumed")
    assert (delay.value, delay.low, delay.high) == (15.0, 10.0, 20.0)
    assert (defence.radar.confirm_time_s.value, defence.radar.confirm_time_s.source) == (4.0, "uscc-2016")
    assert defence.radar.face is not None
    assert defence.radar.face.tilt_rad.value == math.radians(30)
    ranges = {one.name: one.range_m.value for one in defence.radar.ranges}
    before = {one.name: one.range_m.value for one in plain.defence.radar.ranges}
    assert ranges == before | {"lewis-postol-870": 900e3}
    assert study.threats[0].rcs_m2.value == 0.02
    assert study.engagement.missile is study.threats[0].missile
    # All else is the catalogue's.
    assert defence.interceptor.max_range_m == plain.defence.interceptor.max_range_m
    assert defence.battery.launchers == plain.defence.battery.launchers
    assert load_catalog().interceptor(defence.interceptor.id).burnout_speed_mps.value != 2400.0


def test_another_catalogue_serves(tmp_path: Path) -> None:
    record = tmp_path / "launcher.yaml"
    record.write_text(
        (STUDIES.parent / "catalog/data/missiles/nodong.yaml").read_text().replace("id: nodong", "id: my-m")
    )
    catalog = load_catalog([record])
    path = write(tmp_path, STUDY.replace("missile: nodong", "missile: my-m"))
    assert load_study(path, catalog).threats[0].missile.id == "my-m"
    with pytest.raises(UnknownIdError, match=r"threats\[0\].missile: missile: unknown id"):
        load_study(path)


def test_a_battery_without_a_radar_needs_one_of_the_study(tmp_path: Path) -> None:
    record = tmp_path / "battery.yaml"
    text = (STUDIES.parent / "catalog/data/batteries/thaad-battery.yaml").read_text()
    record.write_text(text.replace("id: thaad-battery", "id: deaf-battery").replace("radar: an-tpy-2\n", ""))
    catalog = load_catalog([record])
    deaf = STUDY.replace("battery: thaad-battery", "battery: deaf-battery")
    message = 'defence.radar: missing, and "deaf-battery" has no radar of its own; allowed: .*an-tpy-2, '
    with pytest.raises(FileFormatError, match=message):
        load_study(write(tmp_path, deaf), catalog)
    given = deaf.replace("site: seongju", "radar: an-tpy-2, site: seongju")
    assert load_study(write(tmp_path, given), catalog).defence.radar.id == "an-tpy-2"


CHANGES = [
    ("missile: nodong, launch_areas", "missile: nodng, launch_areas", r'threats\[0\].missile: .*"nodng".*nodong'),
    ("[hwangju, wonsan]", "[hwanju]", r"threats\[0\].launch_areas\[0\]: .*did you mean hwangju"),
    ("site: seongju", "site: seongjoo", "defence.site: place: unknown id .*seongju"),
    ("[seoul, busan]", "[seoul, bussan]", r"places\[1\]: .*busan"),
    ("battery: thaad-battery", "battery: thad-battery", "defence.battery: .*thaad-battery"),
    ("radar_range: lewis-postol-870", "radar_range: lewis-870", "defence.radar_range: .*lewis-postol-870"),
    (
        "radar_range: lewis-postol-870",
        "radar: uewr, radar_range: hardware",
        'defence.radar_range: "hardware": no hardware of "uewr" is published; allowed: catalogue-5556, weitz-5000',
    ),
    ("radar_range: lewis", "field_of_view: round, radar_range: lewis", "defence.field_of_view: got .round."),
    ("boresight: 340 deg", "boresight: 340", "defence.boresight: a quantity needs its unit"),
    ("boresight: 340 deg", 'boresight: "340"', 'defence.boresight: "340" has no unit'),
    ("boresight: 340 deg", "boresight: 340 km", 'unit "km" does not measure this; allowed: deg, rad'),
    ("boresight: 340 deg", "boresight: 340 degr", 'unit "degr" unknown; did you mean "deg"'),
    ("boresight: 340 deg", "boresight: 3400 deg", "out of range; got .3400 deg.; allowed: -360 to 360 deg"),
    ("boresight: 340 deg", "boresight: .nan", "not a finite number"),
    ("south: 33 deg", "south: -91 deg", r"grid.south: out of range; got .-91 deg.; allowed: -90 to 90 deg"),
    ("east: 130 deg", "east: 181 deg", "grid.east: out of range"),
    ("east: 130 deg", "east: 120 deg", "grid.west: must lie below east"),
    ("east: 130 deg, ", "", "grid.east: missing; allowed: area, or all of"),
    ("south: 33 deg", "area: KOR, south: 33 deg", "grid.area: given beside south"),
    ("south: 33 deg, north: 39 deg, west: 125 deg, east: 130 deg", "area: KXR", "grid.area: .*KXR"),
    ("south: 33 deg, north: 39 deg, west: 125 deg, east: 130 deg, ", "", "grid: has no area"),
    ("rows: 10", "rows: 1", "grid.rows: got 1; allowed: greater than or equal to 2"),
    ("rows: 10", "rows: 100000", "grid.rows: got 100000; allowed: less than or equal to 2000"),
    ("rows: 10", "rows: 10.5", "grid.rows: got 10.5; allowed"),
    ("missile: nodong, launch_areas", "missile: kn-23, launch_areas", '"kn-23" is not ballistic: it flies a flattened'),
    ("[hwangju, wonsan]", "[]", r"threats\[0\].launch_areas: got 0 items; allowed: at least 1"),
    ("[hwangju, wonsan]", "[hwangju, wonsan, wonsan]", 'threats: "nodong/wonsan" is given 2 times'),
    ("wonsan]}", "wonsan], trajectory: high}", "trajectory: got .high.; allowed: 'cut-off', 'lofted'"),
    ("threats:\n  - {missile: nodong, launch_areas: [hwangju, wonsan]}\n", "threats: []\n", "threats: got 0 items"),
    ("threats:\n  - {missile: nodong, launch_areas: [hwangju, wonsan]}\n", "", "threats: missing"),
    ("country: KOR", "county: KOR", 'county: unknown field; did you mean "country"'),
    ("country: KOR", "country: Korea", "country: got .Korea.; allowed"),
    ("coverage_altitudes: [50 km]", "coverage_altitudes: [50]", r"coverage_altitudes\[0\]: a quantity needs its unit"),
    ("launch_area: wonsan", "launch_area: sohae", "engagement: nodong from sohae is not among the threats"),
    ("engagement: {missile: nodong", "engagement: {missile: scud-c", "engagement: scud-c from wonsan is not among"),
    ("places: [seoul, busan]", "places: [seoul, seoul]", 'places: "seoul" is given 2 times'),
    ("places: [seoul, busan]", "places: all", "places: got .all.; allowed: 'country'"),
    ("places: [seoul, busan]", "places: [{name: x, latitude: 1 deg}]", r"places\[0\].longitude: missing"),
    ("site: seongju", "site: {name: x, latitude: 100 deg, longitude: 0 deg}", "defence.site.latitude: out of range"),
    ("title: Mine", "title: 3", "title: got 3; allowed: text"),
    (GRID, "numbers: {battery.comit_delay: 9 s}\n" + GRID, "numbers: number: unknown id .*battery.commit_delay"),
    (GRID, "numbers: {rcs_nose.scud-c: 1 m2}\n" + GRID, "numbers: number: unknown id .*did you mean rcs_nose.nodong"),
    (
        *(GRID, "numbers: {battery.commit_delay: 9}\n" + GRID),
        "numbers of battery, commit_delay: write a number with its unit, .*; got 9",
    ),
    (
        *(GRID, "numbers: {battery.commit_delay: 9 km}\n" + GRID),
        'numbers of battery, commit_delay: unit "km" does not measure this',
    ),
    (
        *(GRID, "numbers: {interceptor.burnout_speed: 90 km/s}\n" + GRID),
        "numbers of interceptor, burnout_speed: out of range; got 90 km/s; allowed: 0.001 to 12 km/s",
    ),
    (
        *(GRID, "numbers: {interceptor.min_altitude: 200 km}\n" + GRID),
        "numbers of interceptor, min_altitude: got 200 km; allowed: below max_altitude, 150 km",
    ),
    (
        *(GRID, "numbers: {radar.range: {value: 900, unit: km, source: nobody, grade: reported}}\n" + GRID),
        "numbers of radar, range: source .nobody. unknown",
    ),
    (GRID, "numbers: 9 s\n" + GRID, "numbers: got .9 s.; allowed: a mapping"),
]


@pytest.mark.parametrize(("old", "new", "message"), CHANGES)
def test_a_bad_study_is_one_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in STUDY
    path = write(tmp_path, STUDY.replace(old, new))
    with pytest.raises(InputError, match=message) as caught:
        load_study(path)
    assert str(caught.value).startswith(f"{path}, ")
    assert "\n" not in str(caught.value)
    assert "<" not in str(caught.value)


@pytest.mark.parametrize(
    ("finding", "message"),
    [
        ("{claim: c, by: b, date: 2016, source: nobody}", r"published\[0\].source: source: unknown id"),
        ("{claim: c, by: b, date: July, source: uscc-2016}", r"published\[0\].date: got .July."),
        ("{claim: c, by: b, date: 2016, source: uscc-2016, low: 1}", "low and high belong together"),
        ("{claim: c, by: b, date: 2016, source: uscc-2016, low: 2, high: 1}", "low: must not exceed high"),
        ("{claim: c, by: b, date: 2016, source: uscc-2016, metric: place_defended}", "needs place and defended"),
        ("{claim: c, by: b, date: 2016, source: uscc-2016, metric: defended_fraction}", "needs low, high and unit"),
        ("{claim: c, by: b, date: 2016, source: uscc-2016, metric: truth}", "metric: got .truth."),
    ],
)
def test_a_published_finding_must_be_attributable(tmp_path: Path, finding: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_study(write(tmp_path, f"{STUDY}published: [{finding}]\n"))


def test_an_empty_study_and_no_study_at_all(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match="holds nothing"):
        load_study(write(tmp_path, ""))
    with pytest.raises(FileFormatError, match="missing; this field is required"):
        load_study(write(tmp_path, "id: x"))
    with pytest.raises(UnknownIdError, match="did you mean seongju"):
        load_study("seongjoo")
    with pytest.raises(FileFormatError, match="no such file"):
        load_study(tmp_path / "none.yaml")
    with pytest.raises(FileFormatError, match="is a directory"):
        load_study(tmp_path)
    for odd in ("", "x" * 5000, "a\0b", "\ud800"):
        with pytest.raises(EquipoiseError) as caught:
            load_study(odd)
        assert "\n" not in str(caught.value)
