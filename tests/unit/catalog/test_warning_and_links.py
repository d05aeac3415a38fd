"""How warning and tracks travel: what the bundled records say, and which files are refused."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from equipoise.catalog import load_catalog, read_record
from equipoise.catalog.library import DATA
from equipoise.errors import FileFormatError, UnknownIdError

WARNING, LINK = "launch_warnings/overhead-infrared.yaml", "data_links/c2bmc.yaml"


def test_the_warning_and_the_links_are_there() -> None:
    catalog = load_catalog()
    assert catalog.ids("launch_warning") == ("overhead-infrared",)
    assert catalog.ids("data_link") == ("battery-internal", "c2bmc")
    warning = catalog.launch_warning("overhead-infrared")
    assert warning.delay_s.value == 60.0  # "a minute or so"
    for number in (warning.delay_s, warning.cue_delay_s, warning.position_sigma_m, warning.velocity_sigma_mps):
        assert number.low < number.value < number.high
    # A line through eleven positions of 2 km, 10 s apart: sigma / sqrt(sum of the squared times from their mean).
    spread_s = math.sqrt(sum((10.0 * i) ** 2 for i in range(-5, 6)))
    assert warning.position_sigma_m.value / spread_s == pytest.approx(19.0, abs=0.1)
    c2bmc = catalog.data_link("c2bmc")
    assert "korea-herald-2016-08-11" in c2bmc.note
    assert "korea-herald-2016-08-11" in catalog.sources
    assert c2bmc.latency_s.low > catalog.data_link("battery-internal").latency_s.value
    with pytest.raises(UnknownIdError, match="c2bmc"):
        catalog.data_link("c2bm")
    with pytest.raises(UnknownIdError, match="overhead-infrared"):
        catalog.launch_warning("overhead-infra")


def without(text: str, field: str) -> str:
    """Cut a field of a file, with the lines that go on in it."""
    start = text.index(f"{field}: {{")
    line = text.rindex("\n", 0, start) + 1
    return text[:line] + text[text.index("}\n", start) + 2 :]


@pytest.mark.parametrize(
    ("record", "field", "message"),
    [
        (WARNING, "delay", "delay: missing; this field is required"),
        (WARNING, "cue_delay", "cue_delay: missing; this field is required"),
        (WARNING, "velocity_sigma", "velocity_sigma: missing; this field is required"),
        (LINK, "latency", "latency: missing; this field is required"),
    ],
)
def test_a_missing_number_is_named(tmp_path: Path, record: str, field: str, message: str) -> None:
    path = tmp_path / "record.yaml"
    path.write_text(without((DATA / record).read_text(encoding="utf-8"), field), encoding="utf-8")
    with pytest.raises(FileFormatError) as caught:
        read_record(path)
    assert str(caught.value) == f"{path}, {message}"


@pytest.mark.parametrize(
    ("record", "old", "new", "message"),
    [
        (WARNING, "{value: 2, low: 0.5, high: 5, unit: km", "{value: 2, unit: s", 'position_sigma: unit "s" does not'),
        (WARNING, "{value: 60, low: 30,", "{value: 60, low: -30,", "delay: out of range; got -30 s; allowed: 0 to"),
        (LINK, "latency:", "delay:", "delay: unknown field; allowed: id, name, note, kind, latency"),
    ],
)
def test_a_bad_number_is_one_line(tmp_path: Path, record: str, old: str, new: str, message: str) -> None:
    text = (DATA / record).read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "record.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FileFormatError) as caught:
        read_record(path)
    assert str(caught.value).startswith(f"{path}, {message}")
    assert "\n" not in str(caught.value)
