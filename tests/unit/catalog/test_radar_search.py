"""How radars search, and how a warhead looks to them: what the bundled records say, and which files are refused."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from equipoise.catalog import load_catalog, read_record
from equipoise.catalog.library import DATA
from equipoise.errors import FileFormatError
from equipoise.sensors.search import Beam, fence_frame_s, sector_solid_angle_sr

UEWR, TPY_2 = "radars/uewr.yaml", "radars/an-tpy-2.yaml"


def test_every_bundled_radar_says_how_it_searches() -> None:
    catalog = load_catalog()
    for id in catalog.ids("radar"):
        search = catalog.radar(id).search
        assert search is not None, id
        assert (search.frame_s is None) == (id == "sbx"), id
        assert (search.beamwidth_rad is None) == (id == "an-tpy-2"), id


def test_the_searches_that_others_have_published() -> None:
    search = load_catalog().radar("uewr").search
    assert search is not None
    assert search.beamwidth_rad is not None
    assert search.frame_s is not None
    assert search.beamwidth_rad.value == pytest.approx(math.radians(2.2))
    # 120 positions every 2.5 s (National Research Council, 2005): the low end of the dwell.
    assert search.frame_s.value == 2.5
    assert search.dwell_s is not None
    assert search.dwell_s.low == pytest.approx(2.5 / 120, rel=0.01)


def test_the_frame_of_the_tpy_2_is_what_its_note_says() -> None:
    record = load_catalog().radar("an-tpy-2")
    hardware, search = record.hardware, record.search
    assert hardware is not None
    assert search is not None
    assert search.frame_s is not None
    beam = Beam.of(
        effective_area_m2=hardware.aperture_efficiency.value * hardware.antenna_area.value,
        frequency_hz=record.frequency_hz.value,
        dwell_s=hardware.dwell.value,
    )
    width, floor = 2 * record.azimuth_half_width_rad.value, record.elevation_floor_rad.value
    assert math.degrees(beam.width_rad) == pytest.approx(0.63, abs=0.005)
    assert search.frame_s.low == pytest.approx(fence_frame_s(beam, width, floor), rel=0.02)
    whole_s = beam.frame_s(sector_solid_angle_sr(width, floor, record.elevation_max_rad.value))
    assert search.frame_s.high == pytest.approx(whole_s, rel=0.01)
    assert search.frame_s.value == pytest.approx(3 * search.frame_s.low, rel=0.06)


@pytest.mark.parametrize("id", ["an-mpq-65", "cobra-dane", "l-sam-mfr", "lrdr", "spy-1"])
def test_a_frame_that_is_reckoned_is_what_its_note_says(id: str) -> None:
    record = load_catalog().radar(id)
    search = record.search
    assert search is not None
    assert search.beamwidth_rad is not None
    assert search.dwell_s is not None
    assert search.frame_s is not None
    beam = Beam(search.beamwidth_rad.value**2, search.dwell_s.value)
    width, floor = 2 * record.azimuth_half_width_rad.value, record.elevation_floor_rad.value
    row_s = math.ceil(width / search.beamwidth_rad.value) * search.dwell_s.value
    whole_s = beam.frame_s(sector_solid_angle_sr(width, floor, record.elevation_max_rad.value))
    assert search.frame_s.low == pytest.approx(row_s, rel=0.07)
    if id == "spy-1":  # it looks at the whole quarter of the sky, the others at three rows of beams
        assert search.frame_s.value == pytest.approx(whole_s, rel=0.02)
    else:
        assert search.frame_s.high == pytest.approx(whole_s, rel=0.02)
        assert search.frame_s.value == pytest.approx(3 * row_s, rel=0.02)


def test_a_warhead_looks_larger_the_longer_the_wave() -> None:
    catalog = load_catalog()
    ratios = []
    for id in sorted(catalog.ids("radar"), key=lambda id: -catalog.radar(id).frequency_hz.value):
        ratio, x_band = catalog.radar(id).rcs_ratio, catalog.radar(id).frequency_hz.value > 8e9
        assert (ratio is None) == x_band, id
        ratios.append(1.0 if ratio is None else ratio.value)
    assert ratios == sorted(ratios)
    # The warhead of the early-warning radars' own ranges, 0.1 to 1 m2, over the 0.01 m2 of the X-band radar's.
    uewr, reference = catalog.radar("uewr").rcs_ratio, catalog.radar("an-tpy-2").range_named("lewis-postol-870")
    assert uewr is not None
    assert (uewr.low, uewr.high) == pytest.approx([rcs / reference.reference_rcs_m2.value for rcs in (0.1, 1.0)])


def without(text: str, field: str) -> str:
    """Cut a field of a file, with the lines that go on in it."""
    start = text.index(f"{field}: {{")
    line = text.rindex("\n", 0, start) + 1
    return text[:line] + text[text.index("}\n", start) + 2 :]


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("  beamwidth", "search.beamwidth: missing; a radar without hardware that searches needs it"),
        ("  dwell", "search.dwell: missing; a radar without hardware that searches needs it"),
    ],
)
def test_a_missing_number_is_named(tmp_path: Path, field: str, message: str) -> None:
    path = tmp_path / "record.yaml"
    path.write_text(without((DATA / UEWR).read_text(encoding="utf-8"), field), encoding="utf-8")
    with pytest.raises(FileFormatError) as caught:
        read_record(path)
    assert str(caught.value) == f"{path}, {message}"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{value: 2.5, low: 2.5,", "{value: 0, low: 0,", "search.frame: out of range; got 0 s; allowed: 0.1 to"),
        ("  frame:", "  cue_frame:", "search.cue_frame: unknown field; did you mean"),
        ("{value: 30, low: 10,", "{value: 30, low: 0.001,", "rcs_ratio: out of range; got 0.001 1; allowed: 0.01 to"),
    ],
)
def test_a_bad_number_is_one_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = (DATA / UEWR).read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "record.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FileFormatError) as caught:
        read_record(path)
    assert str(caught.value).startswith(f"{path}, {message}")
    assert "\n" not in str(caught.value)


def test_what_a_search_may_leave_out(tmp_path: Path) -> None:
    path = tmp_path / "record.yaml"
    path.write_text(without((DATA / UEWR).read_text(encoding="utf-8"), "  frame"), encoding="utf-8")
    record = read_record(path)
    assert record.kind == "radar"
    assert record.search is not None
    assert record.search.frame_s is None  # nothing without a cue
    text = (DATA / TPY_2).read_text(encoding="utf-8")
    path.write_text(text[: text.index("search:\n")], encoding="utf-8")
    record = read_record(path)
    assert record.kind == "radar"
    assert record.search is None
    assert record.rcs_ratio is None
