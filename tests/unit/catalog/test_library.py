from __future__ import annotations

import math
from pathlib import Path

import pytest

from equipoise.catalog import load_catalog, read_record
from equipoise.errors import FileFormatError, UnknownIdError

MINIMAL_LAUNCHER = """\
kind: launcher
id: my-launcher
name: Mine
rounds: {value: 4, unit: "1", source: my-source, grade: reported}
sources:
  my-source: {title: A report, date: 2020}
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "record.yaml"
    path.write_text(text)
    return path


def test_every_system_is_there() -> None:
    catalog = load_catalog()
    assert set(catalog.ids("missile")) == {
        *("scud-b", "scud-c", "scud-er", "nodong", "musudan", "hwasong-12", "kn-23"),
        *("hwasong-14", "hwasong-15", "hwasong-17", "hwasong-18", "hwasong-19"),
        *("pukguksong-1", "pukguksong-2", "pukguksong-3"),
        *("shahab-3", "ghadr", "sejjil", "khorramshahr", "notional-4000"),
        *("df-21", "df-26", "df-31", "df-31a", "df-41", "df-5"),
        *("topol-m", "yars", "sineva", "bulava"),
    }
    assert catalog.battery("thaad-battery").interceptor == "thaad"
    assert catalog.launcher(catalog.battery("thaad-battery").launcher).rounds.value == 8


def test_units_become_si() -> None:
    catalog = load_catalog()
    thaad, radar = catalog.interceptor("thaad"), catalog.radar("an-tpy-2")
    assert thaad.burnout_speed_mps.value == pytest.approx(2800)
    assert (thaad.min_altitude_m.value, thaad.max_altitude_m.value) == (40_000, 150_000)
    assert thaad.max_range_m.value == 200_000
    assert radar.loss is not None
    assert radar.loss.value == pytest.approx(10**0.8)
    assert radar.azimuth_half_width_rad.value == pytest.approx(math.pi / 3)
    # 1 lb/ft2 is 4.88243 kg/m2 (NIST SP 811, appendix B.8)
    beta = catalog.missile("scud-er").ballistic_coefficient_kg_m2
    assert beta is not None
    assert beta.value == pytest.approx(1500 * 4.882428, rel=1e-6)


def test_the_rival_ranges_of_the_radar_stand_side_by_side() -> None:
    radar = load_catalog().radar("an-tpy-2")
    km = {alternative.name: alternative.range_m.value / 1000 for alternative in radar.ranges}
    assert km == pytest.approx(
        {
            "ministry-600": 600,
            "lewis-postol-870": 870,
            "global-times-1000": 1000,
            "nas-1500": 1500,
            "press-2000": 2000,
            "csis-3000": 3000,
            "press-4600": 4600,
        }
    )
    with pytest.raises(UnknownIdError, match="nas-1500"):
        radar.range_named("nas-150")


def test_the_remembered_hardware_returns_the_published_range() -> None:
    # Lewis and Postol (2012): R^4 = P (rho A) G sigma t / ((4 pi)^2 k T L SNR), G = 4 pi rho A / lambda^2, about 870 km
    radar = load_catalog().radar("an-tpy-2")
    hardware = radar.hardware
    assert hardware is not None
    aperture = hardware.aperture_efficiency.value * hardware.antenna_area.value
    wavelength = 299_792_458 / radar.frequency_hz.value
    gain = 4 * math.pi * aperture / wavelength**2
    energy = hardware.average_power.value * aperture * gain * 0.01 * hardware.dwell.value
    noise = (4 * math.pi) ** 2 * 1.380649e-23 * hardware.noise_temperature.value * hardware.loss.value
    assert (energy / (noise * radar.required_snr.value)) ** 0.25 == pytest.approx(870e3, rel=0.01)


def test_kill_probability_is_what_its_note_says() -> None:
    band = load_catalog().interceptor("thaad").kill_probability
    assert band.value == pytest.approx(0.05 ** (1 / 16), abs=5e-4)
    assert band.high == pytest.approx(17 / 18, abs=5e-4)
    assert band.low == 2 / 8
    assert band.grade == "derived"


def test_the_kn_23_says_why_it_is_refused() -> None:
    record = load_catalog().missile("kn-23")
    assert not record.ballistic
    assert record.refusal is not None
    assert "50 to 60 km" in record.refusal


def test_places_have_plain_coordinates() -> None:
    seongju = load_catalog().place("seongju")
    assert math.degrees(seongju.lat_rad) == pytest.approx(35.92)
    assert math.degrees(seongju.lon_rad) == pytest.approx(128.28)
    assert load_catalog().place("busan").population is not None


@pytest.mark.parametrize(
    ("kind", "wrong", "nearest"),
    [("missile", "nodng", "nodong"), ("radar", "an-tpy2", "an-tpy-2"), ("launch_area", "hwanju", "hwangju")],
)
def test_an_unknown_id_suggests_the_nearest(kind: str, wrong: str, nearest: str) -> None:
    with pytest.raises(UnknownIdError, match=nearest):
        getattr(load_catalog(), kind)(wrong)
    with pytest.raises(UnknownIdError, match=nearest):
        load_catalog().record(wrong)


def test_a_user_record_brings_its_own_sources(tmp_path: Path) -> None:
    path = write(tmp_path, MINIMAL_LAUNCHER)
    assert read_record(path).id == "my-launcher"
    catalog = load_catalog([path])
    assert catalog.launcher("my-launcher").rounds.value == 4
    assert catalog.source("my-source").date == "2020"
    assert "my-launcher" not in load_catalog().ids("launcher")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("id: my-launcher", "id: thaad-launcher", "in the catalogue already"),
        ("my-source: {title", "team: {title", "bundled reference"),
        ("source: my-source", "source: my-sorce", "did you mean my-source"),
        ("kind: launcher", "kind: louncher", "allowed: missile, interceptor"),
        ("kind: launcher\n", "", "kind: is missing"),
        ("sources:\n  my-source", "sources: 3\nnote", "sources: got 3|note"),
        ("value: 4", "value: .nan", "not a finite number"),
        ("value: 4", "value: 0", "rounds: out of range; got 0 1; allowed: 1 to 10000"),
        ('unit: "1"', "unit: km", 'rounds: unit "km" does not measure this; allowed: dB, 1, percent'),
    ],
)
def test_a_bad_user_record_is_one_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = write(tmp_path, MINIMAL_LAUNCHER.replace(old, new))
    with pytest.raises(FileFormatError, match=message) as caught:
        load_catalog([path])
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
