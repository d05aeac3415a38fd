"""Radars where they stand: what the bundled sites say, and which files are refused."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from equipoise.catalog import load_catalog
from equipoise.catalog.library import DATA
from equipoise.errors import FileFormatError, InputError, UnknownIdError
from equipoise.sensors import HARDWARE, Radar

SITE = """\
kind: sensor_site
id: my-site
name: Mine
country: KOR
radar: an-tpy-2
mode: terminal
latitude: {value: 36.0, low: 35.9, high: 36.1, unit: deg, source: team, grade: assumed, note: a test of mine}
longitude: {value: 128.0, low: 127.9, high: 128.1, unit: deg, source: team, grade: assumed, note: a test of mine}
faces:
  - name: front
    boresight: {value: 0, low: -10, high: 10, unit: deg, source: team, grade: assumed, note: a test of mine}
"""
POSITION = SITE.split("terminal\n")[1].split("faces")[0]


def test_the_network_is_there() -> None:
    catalog = load_catalog()
    tpy_2 = {id for id in catalog.ids("sensor_site") if catalog.sensor_site(id).radar == "an-tpy-2"}
    assert tpy_2 == {
        *("seongju-tpy-2", "guam-tpy-2", "shariki-tpy-2", "kyogamisaki-tpy-2"),
        *("kurecik-tpy-2", "har-keren-tpy-2", "qatar-tpy-2"),
    }
    assert {catalog.sensor_site(id).mode for id in ("seongju-tpy-2", "guam-tpy-2")} == {"terminal"}
    assert {catalog.sensor_site(id).mode for id in tpy_2 - {"seongju-tpy-2", "guam-tpy-2"}} == {"forward"}
    uewr = {id for id in catalog.ids("sensor_site") if catalog.sensor_site(id).radar == "uewr"}
    assert uewr == {"beale-uewr", "cape-cod-uewr", "clear-uewr", "fylingdales-uewr", "pituffik-uewr"}


def test_a_sensor_stands_at_its_place_or_position_or_moves() -> None:
    catalog = load_catalog()
    assert catalog.position_rad(catalog.sensor_site("aegis-ship")) is None
    seongju = catalog.position_rad(catalog.sensor_site("seongju-tpy-2"))
    assert seongju == (catalog.place("seongju").lat_rad, catalog.place("seongju").lon_rad)
    thule = catalog.position_rad(catalog.sensor_site("pituffik-uewr"))
    assert thule is not None
    assert [math.degrees(angle) for angle in thule] == pytest.approx([76.6, -68.3])


def sector_deg(id: str, face: int = 0) -> tuple[float, float]:
    catalog = load_catalog()
    site = catalog.sensor_site(id)
    half = site.faces[face].half_width_rad or catalog.radar(site.radar).azimuth_half_width_rad
    boresight = site.faces[face].boresight_rad.value
    return math.degrees(boresight - half.value) % 360.0, math.degrees(boresight + half.value) % 360.0


# Sectors as the KeepTrack catalogue lists them, in degrees.
@pytest.mark.parametrize(
    ("id", "face", "sector"),
    [
        ("shariki-tpy-2", 0, (230, 350)),
        ("kyogamisaki-tpy-2", 0, (210, 330)),
        ("kurecik-tpy-2", 0, (40, 160)),
        ("har-keren-tpy-2", 0, (5, 125)),
        ("qatar-tpy-2", 0, (335, 95)),
        ("shemya-cobra-dane", 0, (259, 19)),
        ("shemya-cobra-dane", 1, (251, 27)),
    ],
)
def test_one_face_covers_the_sector_that_the_open_catalogue_lists(
    id: str, face: int, sector: tuple[float, float]
) -> None:
    assert sector_deg(id, face) == pytest.approx(sector)


@pytest.mark.parametrize(
    ("id", "sector"),
    [("beale-uewr", (126, 6)), ("cape-cod-uewr", (347, 227)), ("clear-uewr", (184, 64)), ("pituffik-uewr", (297, 177))],
)
def test_two_faces_share_the_sector_that_the_open_catalogue_lists(id: str, sector: tuple[float, float]) -> None:
    first, second = sector_deg(id, 0), sector_deg(id, 1)
    assert first[1] == pytest.approx(second[0])
    assert (first[0], second[1]) == pytest.approx(sector)


@pytest.mark.parametrize("id", ["fylingdales-uewr", "aegis-ship", "deveselu-spy-1", "redzikowo-spy-1"])
def test_faces_share_the_whole_circle(id: str) -> None:
    faces = len(load_catalog().sensor_site(id).faces)
    for face in range(faces):
        assert sector_deg(id, face)[1] == pytest.approx(sector_deg(id, (face + 1) % faces)[0])


@pytest.mark.parametrize("id", ["uewr", "cobra-dane", "lrdr", "sbx", "spy-1"])
def test_a_radar_without_published_hardware_has_no_range_equation(id: str) -> None:
    record = load_catalog().radar(id)
    assert record.hardware is None
    assert HARDWARE not in record.range_names
    with pytest.raises(InputError, match=rf"{id}: no hardware is published.*{record.ranges[0].name}"):
        Radar.from_record(record, HARDWARE)
    radar = Radar.from_record(record, record.ranges[0].name)
    reference = record.ranges[0]
    # 16 times the cross-section is twice the range, by the fourth root of the radar equation.
    assert radar.detection_range_m(16 * reference.reference_rcs_m2.value) == pytest.approx(2 * reference.range_m.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (POSITION, "", "place: got 0 of place and latitude with longitude; allowed: one of the two"),
        (POSITION, "place: seongju\n" + POSITION, "place: got 2 of place"),
        ("mode: terminal", "mode: terminal\nmobile: yes", "allowed: neither for a site that is mobile"),
        (POSITION, POSITION.split("longitude")[0], "longitude: missing; latitude and longitude are given together"),
        ("mode: terminal", "mode: both", "mode: got \"both\"; allowed: 'terminal', 'forward' or 'unstated'"),
        ("unit: deg, source: team, grade: assumed, note: a test of mine}\n", "unit: deg}\n", None),
        (
            "  - name: front",
            SITE[SITE.index("  - name") :] + "  - name: front",
            "faces: must have different names; got front, front",
        ),
        (SITE[SITE.index("faces:") :], "faces: []\n", "faces: got 0 items; allowed: at least 1"),
    ],
)
def test_a_bad_site_is_one_line(tmp_path: Path, old: str, new: str, message: str | None) -> None:
    path = tmp_path / "site.yaml"
    assert old in SITE
    path.write_text(SITE.replace(old, new), encoding="utf-8")
    if message is None:  # a user's own file may leave sources out
        assert "my-site" in load_catalog([path]).ids("sensor_site")
        return
    with pytest.raises(FileFormatError, match=".*" + re.escape(message)) as caught:
        load_catalog([path])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("old", "new"), [("an-tpy-2", "an-tpy-3"), (POSITION, "place: seongjo\n")])
def test_a_site_names_a_radar_and_a_place_that_exist(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "site.yaml"
    path.write_text(SITE.replace(old, new), encoding="utf-8")
    with pytest.raises(UnknownIdError, match=r"an-tpy-2|seongju"):
        load_catalog([path])


def test_hardware_is_given_whole_or_not_at_all(tmp_path: Path) -> None:
    bundled = DATA / "radars" / "an-tpy-2.yaml"
    text = bundled.read_text(encoding="utf-8").replace("id: an-tpy-2", "id: mine")
    start, stop = text.index("dwell:"), text.index("required_snr:")
    path = tmp_path / "radar.yaml"
    path.write_text(text[:start] + text[stop:], encoding="utf-8")
    with pytest.raises(FileFormatError, match="dwell: missing; the hardware of a radar is given whole or left out"):
        load_catalog([path])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        # The Seongju radar has two modes; the early-warning radars have none that is stated.
        ("radar: an-tpy-2", "radar: uewr", 'mode: got "terminal"; allowed: unstated'),
        (
            "  - name: front\n",
            "  - name: front\n    elevation_max: 5 deg\n",
            "faces[front].elevation_max: an-tpy-2 has elevation_floor, which must lie below elevation_max, 5 deg, "
            "or the radar looks nowhere; got 5 deg",
        ),
        (
            "radar: an-tpy-2\nmode: terminal",
            "radar: cobra-dane\nmode: unstated",
            None,
        ),
        (
            "  - name: front\n",
            "  - name: front\n    elevation_floor: 90 deg\n",
            "faces[front].elevation_floor: must lie below elevation_max, 90 deg, or the radar looks nowhere; "
            "got 90 deg",
        ),
    ],
)
def test_a_site_agrees_with_its_radar(tmp_path: Path, old: str, new: str, message: str | None) -> None:
    path = tmp_path / "site.yaml"
    assert old in SITE
    path.write_text(SITE.replace(old, new), encoding="utf-8")
    if message is None:
        assert load_catalog([path]).sensor_site("my-site").mode == "unstated"
        return
    with pytest.raises(FileFormatError) as caught:
        load_catalog([path])
    assert str(caught.value) == f"{path}, {message}"


def test_a_mode_that_its_radar_lacks_is_refused(tmp_path: Path) -> None:
    radar, site = tmp_path / "radar.yaml", tmp_path / "site.yaml"
    text = (DATA / "radars" / "an-tpy-2.yaml").read_text(encoding="utf-8")
    start, stop = text.index("  - name: forward\n    label: forward-based"), text.index("mode_switch:")
    radar.write_text((text[:start] + text[stop:]).replace("id: an-tpy-2", "id: mine"), encoding="utf-8")
    site.write_text(SITE.replace("an-tpy-2", "mine").replace("terminal", "forward"), encoding="utf-8")
    with pytest.raises(FileFormatError) as caught:
        load_catalog([radar, site])
    assert str(caught.value) == f'{site}, mode: got "forward"; allowed: unstated, terminal'
