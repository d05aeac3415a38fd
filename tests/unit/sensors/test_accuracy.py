from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from equipoise.catalog import load_catalog
from equipoise.errors import InputError
from equipoise.sensors import Accuracy, beamwidth_rad

LIGHT_MPS = 299_792_458.0


def test_the_beam_of_an_even_aperture_is_half_as_strong_at_half_its_width() -> None:
    frequency_hz, aperture_m = 9.6e9, 3.1
    half_rad = 0.5 * beamwidth_rad(frequency_hz, aperture_m)
    u = math.pi * aperture_m * frequency_hz / LIGHT_MPS * half_rad  # small angle: sin(half) is half
    assert (math.sin(u) / u) ** 2 == pytest.approx(0.5, rel=1e-12)


def test_errors_of_a_look_by_hand() -> None:
    # 1.5 m of range resolution and 16 mrad of beam over sqrt(2 x 50) = 10
    look = Accuracy(LIGHT_MPS / 3.0, 0.016, 0.032)
    found = look.deviations(np.array([50.0]))
    assert [float(value[0]) for value in found] == pytest.approx([0.15, 0.001, 0.002], rel=1e-12)


def test_a_floor_remains_however_strong_the_echo() -> None:
    look = Accuracy(100e6, 0.01, 0.01, range_floor_m=3.0, angle_floor_rad=4e-4)
    range_sd_m, across_sd_rad, up_sd_rad = look.deviations(np.array([1e30]))
    assert (range_sd_m[0], across_sd_rad[0], up_sd_rad[0]) == pytest.approx((3.0, 4e-4, 4e-4), rel=1e-9)
    # and adds as variances do: 4 m of noise beside 3 m of floor
    snr = 0.5 * (LIGHT_MPS / 200e6 / 4.0) ** 2
    assert look.deviations(np.array([snr]))[0] == pytest.approx([5.0], rel=1e-12)


def test_the_accuracy_of_a_record_is_a_square_face_of_its_effective_area() -> None:
    record = load_catalog().radar("an-tpy-2")
    look = Accuracy.from_record(record, bandwidth_hz=100e6)
    # gain 4 pi A / lambda^2 and a beam of 0.886 lambda on sqrt(A) a side: gain times both beams is 4 pi 0.886^2
    wavelength_m = LIGHT_MPS / record.frequency_hz.value
    gain = 4.0 * math.pi * record.antenna_area_m2.value * record.aperture_efficiency.value / wavelength_m**2
    assert gain * look.beamwidth_across_rad * look.beamwidth_up_rad == pytest.approx(4.0 * math.pi * 0.886**2, rel=1e-3)


def test_the_bandwidth_is_the_callers_or_the_records_or_refused() -> None:
    record = load_catalog().radar("an-tpy-2").model_copy(update={"bandwidth_hz": None})
    with pytest.raises(InputError, match="an-tpy-2, bandwidth: missing"):
        Accuracy.from_record(record)
    with pytest.raises(InputError, match="uewr, antenna_area: missing"):
        Accuracy.from_record(load_catalog().radar("uewr"), bandwidth_hz=5e6)
    own = record.model_copy(update={"bandwidth_hz": replace(record.frequency_hz, value=20e6)})
    assert Accuracy.from_record(own).bandwidth_hz == 20e6
    assert Accuracy.from_record(own, bandwidth_hz=5e6).bandwidth_hz == 5e6
    assert Accuracy.from_record(record, bandwidth_hz=5e6).bandwidth_hz == 5e6


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("bandwidth_hz", 0.0),
        ("bandwidth_hz", math.inf),
        ("beamwidth_across_rad", -0.01),
        ("beamwidth_up_rad", math.nan),
        ("slope", 0.0),
        ("range_floor_m", -1.0),
        ("angle_floor_rad", math.nan),
    ],
)
def test_what_no_radar_has_is_refused_by_name(field: str, value: float) -> None:
    look = Accuracy(100e6, 0.01, 0.01)
    with pytest.raises(InputError, match=f"{field} must be .*; got {value}"):
        replace(look, **{field: value})
