from __future__ import annotations

import hashlib
import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from equipoise.errors import FileFormatError, InputError, UnknownIdError
from equipoise.sensors.station import Station
from equipoise.study import NetworkStudy, load_any_study, load_network_study, load_study
from equipoise.study.network_model import NetworkSpec, SensorPlacement

STUDY = """\
kind: network
id: mine
title: Mine
summary: >-
  A small
  network
focus: radar
sensors:
  - {id: radar, site: seongju-tpy-2, radar_range: lewis-postol-870}
  - {site: shariki-tpy-2, radar_range: press-2000, boresight: 300 deg}
  - {id: ship, site: aegis-ship, radar_range: estimate-310,
     at: {latitude: 38.44 deg, longitude: -170.26 deg}, heading: 20 deg}
  - {id: platform, site: sbx-1, radar_range: encyclopaedia-2000,
     at: {latitude: 50 deg, longitude: -170 deg}, heading: 300 deg}
  - {id: beale, site: beale-uewr, radar_range: weitz-5000}
alternatives:
  - {id: near, title: Near, radar_range: ministry-600}
  - {id: west, title: Turned west, radar_range: press-2000, mode: forward, elevation_floor: 1 deg, boresight: 290 deg}
arcs:
  - {group: Near, missile: nodong, launch_areas: [wonsan, hwangju],
     targets: [busan, {name: My town, latitude: 35.1234 deg, longitude: 128 deg}]}
  - {group: High, missile: nodong, launch_areas: [wonsan], targets: [busan], trajectory: lofted}
network:
  warning: {id: flash, record: overhead-infrared}
  command:
    - {id: region, name: Regional command}
    - {id: home, name: Home command}
  report_to: home
  links:
    - {from: flash, to: [region, home], carries: [cue], by: c2bmc}
    - {id: reports, from: [radar, ship], to: [region, home], carries: [cue, track], by: c2bmc}
    - {from: region, to: home, carries: [track], by: c2bmc}
    - {id: told, from: home, to: battery, carries: [track], by: battery-internal}
  shooters:
    - {id: battery, battery: thaad-battery, site: seongju, sensor: radar, fires_on: [ship], area: KOR,
       threats: [{missile: nodong, launch_areas: [wonsan]}]}
  variants:
    - {id: no-link, title: Not joined, cut: [reports, told]}
    - {id: no-ship, title: No ship, away: [ship, flash]}
  elements: [radar, ship, flash, told]
engage:
  - {id: reach, battery: gmd, site: {name: A town, latitude: 64 deg, longitude: -145.7 deg}, fires_on: [ship, beale],
     burnout_speeds: [8 km/s, 7 km/s], groups: [High]}
  - {id: near-reach, battery: thaad-battery, site: seongju}
coverage_altitudes: [100 km, 300 km]
cut: {azimuth: -20 deg, range: 2500 km, top: 1500 km}
example: {missile: nodong, launch_area: wonsan, target: busan}
published:
  - {claim: It sees  all, by: Somebody, date: 2016, source: uscc-2016}
  - {claim: It does not, by: Another, date: 2016, source: uscc-2016, sensor: ship, groups: [High], in_view: no}
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "network.yaml"
    path.write_text(text)
    return path


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> NetworkStudy:
    return load_network_study(write(tmp_path_factory.mktemp("good"), STUDY))


def spec(study: NetworkStudy) -> NetworkSpec:
    assert study.network is not None
    return study.network


def looks_deg(sensor: SensorPlacement) -> list[float]:
    faces = [math.degrees(face.boresight_rad.value + sensor.turn_rad) % 360.0 for face in sensor.site.faces]
    return [round(face, 9) for face in faces]


@pytest.mark.parametrize(
    ("id", "sensors", "arcs"),
    # Counted by hand in the files: areas times targets, summed over the headings.
    [("northeast-asia", 6, 53), ("china-view", 3, 46), ("russia-view", 17, 43)],
)
def test_the_bundled_studies_load(id: str, sensors: int, arcs: int) -> None:
    study = load_network_study(id)
    assert study.id == id
    assert len(study.sensors) == sensors
    assert sum(len(group.launch_areas) * len(group.targets) for group in study.groups) == arcs
    assert study.focus == "seongju"
    assert study.sensor("seongju").site.id == "seongju-tpy-2"
    for sensor in (*study.sensors, *(one.sensor for one in study.alternatives)):
        assert Station.of(sensor).watches


def test_the_radar_in_china_view_is_taken_nine_ways() -> None:
    study = load_network_study("china-view")
    assert study.network is None
    turned = {one.id: looks_deg(one.sensor)[0] for one in study.alternatives}
    assert len(turned) == 9
    assert {id for id, deg in turned.items() if deg == 290.0} == {"west-870", "west-2000", "west-3000"}
    assert set(turned.values()) == {290.0, 340.0}
    floors = {one.id: one.sensor.elevation_floor_rad for one in study.alternatives}
    assert [id for id, floor in floors.items() if floor is None] == ["terminal-600", "terminal-870"]
    assert {floor for floor in floors.values() if floor is not None} == {0.0}


def test_a_network_study_becomes_records(study: NetworkStudy) -> None:
    assert (study.id, study.title, study.summary) == ("mine", "Mine", "A small network")
    assert [sensor.id for sensor in study.sensors] == ["radar", "shariki-tpy-2", "ship", "platform", "beale"]
    assert [sensor.radar.id for sensor in study.sensors] == ["an-tpy-2", "an-tpy-2", "spy-1", "sbx", "uewr"]
    # The sites say terminal, forward, and nothing of the ships and the early-warning radar.
    assert [sensor.mode for sensor in study.sensors] == ["terminal", "forward", None, None, None]
    assert study.coverage_altitudes_m == (100e3, 300e3)
    assert math.degrees(study.cut.az_rad) == pytest.approx(340.0, abs=1e-9)
    assert (study.cut.ground_range_m, study.cut.top_m) == (2500e3, 1500e3)
    assert study.text == STUDY
    assert study.sha256 == hashlib.sha256(STUDY.encode()).hexdigest()
    assert (study.example.missile.id, study.example.launch_area.id, study.example.target.id) == (
        "nodong",
        "wonsan",
        "busan",
    )
    assert study.example.trajectory == "cut-off"
    near, high = study.groups
    assert (near.trajectory, high.trajectory) == ("cut-off", "lofted")
    assert [target.id for target in near.targets] == ["busan", "my-town"]


def test_sensors_stand_where_their_site_or_the_study_says(study: NetworkStudy) -> None:
    radar, shariki, ship, platform, _ = study.sensors
    # Shariki 40.9 N 140.3 E in the site's record; the ship's place to a tenth of a degree.
    assert math.degrees(shariki.lat_rad) == pytest.approx(40.9, abs=1e-9)
    assert math.degrees(shariki.lon_rad) == pytest.approx(140.3, abs=1e-9)
    assert math.degrees(ship.lat_rad) == pytest.approx(38.4, abs=1e-9)
    assert math.degrees(ship.lon_rad) == pytest.approx(-170.3, abs=1e-9)
    place = study.catalog.place("seongju")
    assert (radar.lat_rad, radar.lon_rad) == (place.lat_rad, place.lon_rad)
    assert math.degrees(platform.lon_rad) == pytest.approx(-170.0, abs=1e-9)


def test_headings_and_boresights_turn_the_faces(study: NetworkStudy) -> None:
    radar, shariki, ship, platform, beale = study.sensors
    assert looks_deg(radar) == [340.0]
    assert looks_deg(shariki) == [300.0]  # its site has 290
    assert looks_deg(ship) == [65.0, 155.0, 245.0, 335.0]  # 45, 135, 225 and 315 from the bow, which points to 20
    assert looks_deg(platform) == [300.0]
    assert looks_deg(beale) == [186.0, 306.0]


def test_a_boresight_counts_from_north_also_on_a_ship_that_turns(tmp_path: Path) -> None:
    both = STUDY.replace("heading: 300 deg", "heading: 300 deg, boresight: 10 deg")
    assert looks_deg(load_network_study(write(tmp_path, both)).sensor("platform")) == [10.0]


def test_alternatives_are_the_focus_taken_otherwise(study: NetworkStudy) -> None:
    near, west = study.alternatives
    radar = study.sensor("radar")
    assert near.sensor == replace(radar, radar_range="ministry-600", mode=None)
    assert (west.sensor.radar_range, west.sensor.mode) == ("press-2000", "forward")
    assert looks_deg(west.sensor) == [290.0]
    assert west.sensor.elevation_floor_rad == pytest.approx(math.radians(1.0), rel=1e-12)


def test_all_published_ranges_come_by_one_word(tmp_path: Path) -> None:
    head, _, rest = STUDY.partition("alternatives:\n")
    text = head + rest[rest.index("arcs:") :]
    for words in ("", "alternatives: all\n"):
        study = load_network_study(write(tmp_path, words + text))
        # As the record lists them.
        assert [one.sensor.radar_range for one in study.alternatives] == [
            "ministry-600",
            "lewis-postol-870",
            "global-times-1000",
            "nas-1500",
            "press-2000",
            "csis-3000",
            "press-4600",
        ]
        assert study.alternatives[0].title == "600 km: South Korean ministry, terminal mode"
        assert study.alternatives[5].title == "3,000 km: CSIS Missile Threat"
        assert {one.sensor.site.id for one in study.alternatives} == {"seongju-tpy-2"}


def test_links_are_written_out_one_by_one(study: NetworkStudy) -> None:
    network = spec(study)
    links = [(link.id, link.source, link.sink, "".join(sorted(link.carries)), link.record.id) for link in network.links]
    assert links == [
        ("", "flash", "region", "cue", "c2bmc"),
        ("", "flash", "home", "cue", "c2bmc"),
        ("reports", "radar", "region", "cuetrack", "c2bmc"),
        ("reports", "radar", "home", "cuetrack", "c2bmc"),
        ("reports", "ship", "region", "cuetrack", "c2bmc"),
        ("reports", "ship", "home", "cuetrack", "c2bmc"),
        ("", "region", "home", "track", "c2bmc"),
        ("told", "home", "battery", "track", "battery-internal"),
    ]  # fmt: skip
    assert network.command == (("region", "Regional command"), ("home", "Home command"))
    assert network.report_to == "home"
    assert network.warning is not None
    assert (network.warning.id, network.warning.record.id) == ("flash", "overhead-infrared")


def test_the_whole_network_comes_first(study: NetworkStudy) -> None:
    variants = spec(study).variants
    assert [variant.id for variant in variants] == ["whole", "no-link", "no-ship"]
    assert (variants[0].cut, variants[0].away) == (frozenset(), frozenset())
    assert (variants[1].cut, variants[1].away) == ({"reports", "told"}, frozenset())
    assert (variants[2].cut, variants[2].away) == (frozenset(), {"ship", "flash"})
    assert spec(study).elements == ("radar", "ship", "flash", "told")


def test_a_shooter_takes_what_its_battery_has_where_the_study_is_silent(study: NetworkStudy) -> None:
    (shooter,) = spec(study).shooters
    assert (shooter.battery.id, shooter.launcher.id) == ("thaad-battery", shooter.battery.launcher)
    assert shooter.interceptor.id == shooter.battery.interceptor
    assert (shooter.sensor, shooter.fires_on, shooter.track_until) == ("radar", ("ship",), "intercept")
    assert (shooter.grid.rows, shooter.grid.columns) == (24, 24)
    # South Korea's main land lies between 34 and 38.6 N.
    assert math.degrees(shooter.grid.south_rad) < 34.0
    assert math.degrees(shooter.grid.north_rad) > 38.6


def test_claims_are_of_the_focus_and_of_all_arcs_unless_they_say_otherwise(study: NetworkStudy) -> None:
    all_of_it, one = study.published
    assert (all_of_it.claim, all_of_it.sensor, all_of_it.groups, all_of_it.in_view) == (
        "It sees all",
        "radar",
        ("Near", "High"),
        None,
    )
    assert (one.sensor, one.groups, one.in_view) == ("ship", ("High",), False)


RADAR = "{id: radar, site: seongju-tpy-2, radar_range: lewis-postol-870}"
WEST = "radar_range: press-2000, mode: forward, elevation_floor: 1 deg"
REGION_HOME = "{from: region, to: home, carries: [track], by: c2bmc}"
SHOOTER = "sensor: radar, fires_on: [ship], area: KOR"
ELEMENTS = "elements: [radar, ship, flash, told]"

CHANGES = [
    # sensors
    ("site: seongju-tpy-2", "site: seongjoo-tpy-2", r"sensors\[0\].site: .*\"seongjoo-tpy-2\"; did you mean seongju"),
    (RADAR, RADAR.replace("870", "871"), r"sensors\[0\].radar_range: radar range: .*\"lewis-postol-871\".*postol-870"),
    (
        "id: beale, site: beale-uewr, radar_range: weitz-5000",
        "id: beale, site: beale-uewr, radar_range: hardware",
        r"sensors\[4\].radar_range: \"hardware\": no hardware of \"uewr\" is published; allowed: catalogue-5556, weitz",
    ),
    (
        RADAR,
        RADAR.replace("}", ", mode: sideways}"),
        r"sensors\[0\].mode: got .sideways.; allowed: 'terminal' or 'forward'",
    ),
    (
        "site: beale-uewr,",
        "site: beale-uewr, mode: forward,",
        r"sensors\[4\].mode: uewr, mode: got \"forward\"; allowed: none",
    ),
    (
        RADAR,
        RADAR.replace("lewis-postol-870", "press-2000"),
        r"sensors\[0\].radar_range: \"press-2000\" is published for the forward mode, and the mode is terminal; "
        "allowed: ministry-600, lewis-postol-870",
    ),
    (
        RADAR,
        RADAR.replace("lewis-postol-870", "ministry-600, mode: forward"),
        r"sensors\[0\].radar_range: \"ministry-600\" is published for the terminal mode, and the mode is forward",
    ),
    (
        "at: {latitude: 38.44 deg, longitude: -170.26 deg}, ",
        "",
        r"sensors\[2\].at: missing; \"aegis-ship\" moves, so the study says where it is",
    ),
    (
        RADAR,
        RADAR.replace("}", ", at: {latitude: 1 deg, longitude: 2 deg}}"),
        r"sensors\[0\].at: given, and \"seongju-tpy-2\" stands where its record says; allowed: to leave it out",
    ),
    ("latitude: 38.44 deg", "latitude: 38.44", r"sensors\[2\].at.latitude: a quantity needs its unit"),
    ("latitude: 38.44 deg", "latitude: 98 deg", r"sensors\[2\].at.latitude: out of range; got .98 deg.*-90 to 90 deg"),
    (
        RADAR,
        RADAR.replace("}", ", heading: 20 deg}"),
        r"sensors\[0\].heading: given, and \"seongju-tpy-2\" does not move; allowed: boresight",
    ),
    (
        "heading: 20 deg",
        "heading: 20 deg, boresight: 20 deg",
        r"sensors\[2\].boresight: given, and \"aegis-ship\" has 4 faces; allowed: one face",
    ),
    (
        "site: beale-uewr,",
        "site: beale-uewr, field_of_view: face,",
        r"sensors\[4\].field_of_view: got \"face\", and uewr has no face; allowed: sector",
    ),
    ("id: beale,", "id: ship,", 'sensors: "ship" is given 2 times; allowed: once'),
    ("focus: radar", "focus: raddar", 'focus: .*"raddar"; did you mean radar'),
    # alternatives
    ("id: west, title", "id: near, title", 'alternatives: "near" is given 2 times; allowed: once'),
    (
        WEST,
        WEST.replace("1 deg", "90 deg"),
        r"alternatives\[1\].elevation_floor: must lie below elevation_max, 90 deg, or the radar looks nowhere; got 90",
    ),
    (WEST, WEST.replace("1 deg", "91 deg"), r"alternatives\[1\].elevation_floor: out of range; got .91 deg.; allowed"),
    (
        WEST,
        WEST.replace("forward", "terminal"),
        r"alternatives\[1\].radar_range: \"press-2000\" is published for the f",
    ),
    (WEST, WEST.replace("press-2000", "press"), r"alternatives\[1\].radar_range: radar range: .*\"press\""),
    # arcs
    (
        "group: High, missile: nodong",
        "group: High, missile: nodng",
        r"arcs\[1\].missile: .*\"nodng\"; did you mean nod",
    ),
    ("group: High, missile: nodong", "group: High, missile: kn-23", r"arcs\[1\].missile: \"kn-23\" is not ballistic"),
    ("[wonsan, hwangju]", "[wonsan, hwanju]", r"arcs\[0\].launch_areas\[1\]: .*\"hwanju\"; did you mean hwangju"),
    ("[wonsan, hwangju]", "[wonsan, wonsan]", r"arcs\[0\].launch_areas: \"wonsan\" is given 2 times; allowed: once"),
    ("targets: [busan]", "targets: [bussan]", r"arcs\[1\].targets\[0\]: .*\"bussan\"; did you mean busan"),
    ("targets: [busan]", "targets: [busan, busan]", r"arcs\[1\].targets: \"busan\" is given 2 times"),
    # network
    ("record: overhead-infrared", "record: infrared", "network.warning.record: .*overhead-infrared"),
    ("id: flash,", "id: ship,", 'network: "ship" is given 2 times; allowed: once'),
    ("id: region,", "id: radar,", 'network: "radar" is given 2 times; allowed: once'),
    ("id: battery, battery", "id: home, battery", 'network: "home" is given 2 times; allowed: once'),
    ("report_to: home", "report_to: hom", 'network.report_to: .*"hom"; did you mean home'),
    ("report_to: home", "report_to: ship", 'network.report_to: command node: unknown id "ship"; known: home, region'),
    ("from: [radar, ship]", "from: [radar, shp]", r"network.links\[1\].from: .*\"shp\"; did you mean ship"),
    ("to: battery", "to: batery", r"network.links\[3\].to: .*\"batery\"; did you mean battery"),
    ("to: battery", "to: flash", r"network.links\[3\].to: .*\"flash\""),
    ("from: region, to: home", "from: battery, to: home", r"network.links\[2\].from: .*\"battery\""),
    (
        "from: region, to: home",
        "from: region, to: region",
        r"network.links\[2\]: runs in a circle from \"region\" to itself; allowed: two different nodes",
    ),
    (
        REGION_HOME,
        f"{REGION_HOME}\n    - {REGION_HOME.replace('from: region, to: home', 'from: home, to: region')}",
        "network.links: run in a circle: (home to region to home|region to home to region); allowed: links that lead",
    ),
    (
        "to: [region, home], carries: [cue], by",
        "to: [region, home], carries: [cue, track], by",
        r"network.links\[0\].carries: got \"track\" from \"flash\", which only warns; allowed: cue",
    ),
    (
        "to: battery, carries: [track]",
        "to: battery, carries: [news]",
        r"links\[3\].carries\[0\]: got .news.; allowed: 'c",
    ),
    (
        "to: battery, carries: [track]",
        "to: battery, carries: []",
        r"links\[3\].carries: got 0 items; allowed: at least 1",
    ),
    ("by: battery-internal", "by: batery-internal", r"network.links\[3\].by: .*did you mean battery-internal"),
    (
        "id: no-link, title: Not joined, cut: [reports",
        "id: x, title: X, cut: [report",
        r"variants\[0\].cut\[0\]: .*reports",
    ),
    ("away: [ship, flash]", "away: [ship, flesh]", r"network.variants\[1\].away\[1\]: .*\"flesh\"; did you mean flash"),
    ("away: [ship, flash]", "away: [home]", r"network.variants\[1\].away\[0\]: .*\"home\""),
    ("id: no-ship,", "id: whole,", 'network.variants: "whole" is given 2 times; allowed: once'),
    (ELEMENTS, "elements: [radar, shi]", r"network.elements\[1\]: .*\"shi\"; did you mean ship"),
    (ELEMENTS, "elements: [radar, home]", r"network.elements\[1\]: .*\"home\""),
    (ELEMENTS, "elements: [radar, radar]", 'network.elements: "radar" is given 2 times; allowed: once'),
    (ELEMENTS, f"elements: [{', '.join(['ship'] * 9)}]", "network.elements: got 9 items; allowed: at most 8"),
    (
        SHOOTER,
        SHOOTER.replace("sensor: radar", "sensor: radr"),
        r"shooters\[0\].sensor: .*\"radr\"; did you mean radar",
    ),
    (SHOOTER, SHOOTER.replace("[ship]", "[flash]"), r"network.shooters\[0\].fires_on\[0\]: .*\"flash\""),
    (SHOOTER, SHOOTER.replace("[ship]", "[ship, ship]"), r"shooters\[0\].fires_on: \"ship\" is given 2 times; allowed"),
    (SHOOTER, SHOOTER.replace("KOR", "KXR"), r"network.shooters\[0\].area: .*KXR"),
    (SHOOTER, f"{SHOOTER}, grid: {{area: KXR}}", r"network.shooters\[0\].grid.area: .*KXR"),
    (SHOOTER, f"{SHOOTER}, grid: {{rows: 5}}", r"network.shooters\[0\].grid: has no area; allowed: area, or all of"),
    (
        SHOOTER,
        f"{SHOOTER.replace('KOR', 'KXR')}, grid: {{south: 33 deg, north: 39 deg, west: 125 deg, east: 130 deg}}",
        r"network.shooters\[0\].area: .*KXR",
    ),
    (SHOOTER, f"{SHOOTER}, interceptor: sm9", r"network.shooters\[0\].interceptor: .*\"sm9\""),
    (
        "id: battery, battery: thaad-battery",
        "id: battery, battery: thad-battery",
        r"network.shooters\[0\].battery: .*did you mean thaad-battery",
    ),
    (
        "threats: [{missile: nodong, launch_areas: [wonsan]}]",
        "threats: [{missile: nodong, launch_areas: [wonsn]}]",
        r"network.shooters\[0\].threats\[0\].launch_areas\[0\]: .*did you mean wonsan",
    ),
    # the rest
    (
        "example: {missile: nodong, launch_area: wonsan, target: busan}",
        "example: {missile: nodong, launch_area: wonsan, target: seoul}",
        "example: nodong from wonsan to seoul is not among the arcs; allowed: one that is",
    ),
    ("target: busan}", "target: bussan}", "example.target: .*did you mean busan"),
    (
        "sensor: ship, groups: [High]",
        "sensor: ship, groups: [Hi]",
        r"published\[1\].groups\[0\]: \"Hi\" is no heading of arcs; allowed: Near, High",
    ),
    ("sensor: ship, groups", "sensor: shp, groups", r"published\[1\].sensor: .*\"shp\"; did you mean ship"),
    (
        "groups: [High], in_view: no",
        "groups: [High], in_view: no, variant: no-shp",
        r"published\[1\].variant: .*variant",
    ),
    (
        "ship, groups: [High], in_view: no",
        "ship, groups: [High]",
        r"published\[1\].in_view: missing; a claim about groups of arcs",
    ),
    ("azimuth: -20 deg, ", "", "cut.azimuth: missing"),
    ("range: 2500 km", "range: 2500 s", "cut.range: .*unit .s. does not measure this; allowed: .*km"),
    (
        "coverage_altitudes: [100 km, 300 km]",
        "coverage_altitudes: []",
        "coverage_altitudes: got 0 items; allowed: at l",
    ),
    ("kind: network", "kind: something", "kind: got .something.; allowed: footprint, network"),
    ("kind: network", "kind: [network]", r"kind: got .*network.*; allowed: footprint, network"),
    ("focus: radar", "focus: radar\ncountry: KOR", "country: unknown field"),
]


ENGAGE_CHANGES = [
    ("battery: gmd", "battery: gmx", r"engage\[0\].battery: .*did you mean gmd"),
    ("fires_on: [ship, beale]", "fires_on: [shop]", r"engage\[0\].fires_on\[0\]: .*did you mean ship"),
    ("fires_on: [ship, beale]", "fires_on: [ship, ship]", r'engage\[0\].fires_on: "ship" is given 2 times'),
    (
        "7 km/s], groups: [High]",
        "7 km/s], groups: [Low]",
        r'engage\[0\].groups\[0\]: "Low" is no heading of arcs; allowed: Near, High',
    ),
    ("8 km/s, 7 km/s", "8 km", r"engage\[0\].burnout_speeds\[0\]: .*does not measure this"),
    ("8 km/s, 7 km/s", "8 km/s, 8000 m/s", r'engage\[0\].burnout_speeds: "8 km/s" is given 2 times'),
    ("8 km/s, 7 km/s", "80 km/s", r"engage\[0\].burnout_speeds\[0\]: .*80.*"),
    ("id: near-reach", "id: reach", 'engage: "reach" is given 2 times'),
    ("near-reach", "battery", 'network: "battery" is given 2 times'),
    (
        "site: seongju}\ncoverage",
        "site: seongju, interceptor: gbx}\ncoverage",
        r"engage\[1\].interceptor: .*did you mean gbi",
    ),
    (
        "area: KOR",
        "area: [KOR, PRK]",
        r"network.shooters\[0\].grid: missing; the land of several countries needs a grid",
    ),
    ("area: KOR", "area: [KOR, KOR]", r'network.shooters\[0\].area: "KOR" is given 2 times'),
    (
        "area: KOR",
        "grid: {south: 33 deg, north: 39 deg, west: 125 deg, east: 130 deg}, area: [KOR, XYZ]",
        r"network.shooters\[0\].area.*XYZ",
    ),
]


@pytest.mark.parametrize(("old", "new", "message"), ENGAGE_CHANGES)
def test_what_is_wrong_with_a_battery_that_is_asked_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert STUDY.count(old) == 1
    with pytest.raises(InputError, match=message):
        load_network_study(write(tmp_path, STUDY.replace(old, new)))


def test_batteries_that_are_asked_become_records(study: NetworkStudy) -> None:
    far, near = study.engage
    assert (far.battery.id, far.interceptor.id, far.launcher.id) == ("gmd", "gbi", "gbi-silo")
    assert far.burnout_speeds_mps == (7000.0, 8000.0)
    assert (far.groups, near.groups) == (("High",), ("Near", "High"))
    assert near.burnout_speeds_mps == (near.interceptor.burnout_speed_mps.value,)
    assert spec(study).engaged == ("reach", "near-reach")


@pytest.mark.parametrize(("old", "new", "message"), CHANGES)
def test_a_bad_network_study_is_one_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in STUDY
    path = write(tmp_path, STUDY.replace(old, new))
    with pytest.raises(InputError, match=message) as caught:
        load_network_study(path)
    assert str(caught.value).startswith(f"{path}, ")
    assert "\n" not in str(caught.value)
    assert "<" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("most", "alternatives: got .most.; allowed: 'all'"),
        ("[]", "alternatives: got 0 items; allowed: at least 1"),
        ("[{id: x, title: X}]", r"alternatives\[0\].radar_range: missing"),
        ("{all: yes}", "alternatives: got .*; allowed: "),
    ],
)
def test_alternatives_are_all_or_a_list(tmp_path: Path, given: str, message: str) -> None:
    head, _, rest = STUDY.partition("alternatives:\n")
    text = f"{head}alternatives: {given}\n{rest[rest.index('arcs:') :]}"
    with pytest.raises(InputError, match=message) as caught:
        load_network_study(write(tmp_path, text))
    assert "\n" not in str(caught.value)


def test_an_alternative_above_the_top_of_the_radar_looks_nowhere(tmp_path: Path) -> None:
    # Its upper face, 30 to 80 degrees; the lower one, to 30, is empty first.
    text = STUDY.replace(RADAR, "{id: radar, site: shemya-cobra-dane, radar_range: catalogue-4200}")
    head, _, rest = text.partition("alternatives:\n")
    one = "alternatives: [{id: x, title: X, radar_range: catalogue-4200, elevation_floor: 85 deg}]\n"
    with pytest.raises(InputError, match=r"alternatives\[0\].elevation_floor: must lie below elevation_max") as caught:
        load_network_study(write(tmp_path, head + one + rest[rest.index("arcs:") :]))
    assert "\n" not in str(caught.value)


def test_circles_among_three_are_found_and_diamonds_are_none(tmp_path: Path) -> None:
    third = STUDY.replace(
        "    - {id: home, name: Home command}\n",
        "    - {id: home, name: Home command}\n    - {id: third, name: Third}\n",
    )
    diamond = third.replace(REGION_HOME, f"{REGION_HOME}\n    - {{from: region, to: third, carries: [cue], by: c2bmc}}")
    diamond = diamond.replace(REGION_HOME, f"{REGION_HOME}\n    - {{from: third, to: home, carries: [cue], by: c2bmc}}")
    assert len(spec(load_network_study(write(tmp_path, diamond))).links) == 10
    circle = diamond.replace("from: region, to: third", "from: home, to: region")
    circle = circle.replace(REGION_HOME, REGION_HOME.replace("to: home", "to: third"))
    with pytest.raises(FileFormatError, match=r"network.links: run in a circle: .* to .* to .* to ") as caught:
        load_network_study(write(tmp_path, circle))
    # Written in the direction in which news runs.
    names = str(caught.value).partition("circle: ")[2].partition(";")[0].split(" to ")
    assert names[0] == names[-1]
    steps = {("region", "third"), ("third", "home"), ("home", "region")}
    assert set(pairwise(names)) == steps


def test_each_reader_takes_its_own_kind(tmp_path: Path) -> None:
    path = write(tmp_path, STUDY)
    assert isinstance(load_any_study(path), NetworkStudy)
    with pytest.raises(FileFormatError, match="study mine, kind: got network; allowed: footprint") as caught:
        load_study(path)
    assert "\n" not in str(caught.value)
    with pytest.raises(FileFormatError, match="study seongju, kind: got footprint; allowed: network") as caught:
        load_network_study("seongju")
    assert "\n" not in str(caught.value)
    with pytest.raises(UnknownIdError, match="did you mean northeast-asia"):
        load_network_study("north-east-asia")
