"""Power density near a radar against closed forms, a public formula and a standard's own limits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad

from equipoise.analysis.validation import radiation as authority
from equipoise.catalog import load_catalog, radiation_assumptions, read_authority
from equipoise.errors import InputError
from equipoise.sensors.radiation import (
    COSINE,
    COSINE_SQUARED,
    UNIFORM,
    GroundLevel,
    Taper,
    aperture_gain,
    beam_density_w_m2,
    far_field_density_w_m2,
    far_field_distance_m,
    radiation_band,
    side_lobe_db,
)

SPEED_OF_LIGHT_MPS = 299_792_458.0
FREQUENCY_HZ = SPEED_OF_LIGHT_MPS / 0.03  # a wavelength of 3 cm
POWER_W, AREA_M2, EFFICIENCY = 81e3, 9.2, 0.8


def test_the_limit_is_met_where_the_closed_form_says() -> None:
    # P G / (4 pi R^2) = 10 W/m2 with 81 kW and G = 4 pi 0.8 9.2 / 0.03^2 = 102,765, worked out by hand: R = 8.14 km.
    gain = aperture_gain(AREA_M2, EFFICIENCY, FREQUENCY_HZ)
    assert gain == pytest.approx(102_765, abs=1.0)
    assert far_field_density_w_m2(POWER_W, gain, 8140.0) == pytest.approx(10.0, rel=1e-3)
    beam = GroundLevel(POWER_W, gain, 0.0, 1.0)
    assert beam.distance_m(10.0) / 1e3 == pytest.approx(8.14, abs=0.005)


@pytest.mark.parametrize("distance_m", [2e3, 8e3, 50e3])
def test_the_formula_of_the_impact_statement_is_this_one(distance_m: float) -> None:
    # "Pd = Pt + Gt - Lp + 20 log F - 38.5": dBm, dBi, free-space loss in dB, MHz; Pd in dBm/m2. The constant is rounded
    # from 38.545, so it gives 0.045 dB more.
    gain, mhz = aperture_gain(AREA_M2, EFFICIENCY, FREQUENCY_HZ), FREQUENCY_HZ / 1e6
    loss_db = 20.0 * math.log10(4.0 * math.pi * distance_m / 0.03)
    power_dbm, gain_dbi = 10.0 * math.log10(1e3 * POWER_W), 10.0 * math.log10(gain)
    statement_dbm_m2 = power_dbm + gain_dbi - loss_db + 20.0 * math.log10(mhz) - 38.5
    ours_dbm_m2 = 10.0 * math.log10(1e3 * float(far_field_density_w_m2(POWER_W, gain, distance_m)))
    assert statement_dbm_m2 - ours_dbm_m2 == pytest.approx(0.045, abs=1e-3)


@pytest.mark.parametrize("distance_m", [30.0, 60.0, 100.0, 300.0, 1000.0])
def test_the_near_field_bounds_the_fresnel_integral_of_a_round_aperture(distance_m: float) -> None:
    # |(1 / (lambda R)) int exp(i k r^2 / (2 R)) 2 pi r dr|^2 P / A, integrated numerically; efficiency 1.
    radius_m, k = math.sqrt(AREA_M2 / math.pi), 2.0 * math.pi / 0.03
    real = quad(lambda r: math.cos(k * r * r / (2 * distance_m)) * 2 * math.pi * r, 0, radius_m, limit=400)[0]
    imaginary = quad(lambda r: math.sin(k * r * r / (2 * distance_m)) * 2 * math.pi * r, 0, radius_m, limit=400)[0]
    exact = (real**2 + imaginary**2) / (0.03 * distance_m) ** 2 * POWER_W / AREA_M2
    ours = float(beam_density_w_m2(POWER_W, AREA_M2, 1.0, FREQUENCY_HZ, distance_m))
    if distance_m > AREA_M2 / (math.pi * 0.03):  # 98 m
        assert ours == pytest.approx(exact, rel=1e-6)
    else:
        assert exact <= ours == pytest.approx(4.0 * POWER_W / AREA_M2)


def test_far_away_the_beam_is_its_gain() -> None:
    gain = aperture_gain(AREA_M2, EFFICIENCY, FREQUENCY_HZ)
    distances_m = np.array([5e3, 20e3])
    ours = beam_density_w_m2(POWER_W, AREA_M2, EFFICIENCY, FREQUENCY_HZ, distances_m)
    # sin^2 x is x^2 (1 - x^2 / 3): 0.03 % at 5 km
    assert ours == pytest.approx(far_field_density_w_m2(POWER_W, gain, distances_m), rel=5e-4)
    assert far_field_distance_m(4.6, FREQUENCY_HZ) == pytest.approx(2.0 * 4.6**2 / 0.03)


# Peaks of the side lobes of a line source from its Fourier transform, with mu = pi D sin(theta) / lambda: 1 / mu, for
# a cosine (pi/2)^2 / mu^2, for a cosine squared pi^2 / mu^3, where mu is large.
@pytest.mark.parametrize(
    ("taper", "factor", "power", "tolerance_db"), [(UNIFORM, 1.0, 1, 0.5), (COSINE, (math.pi / 2) ** 2, 2, 1.0),
                                                   (COSINE_SQUARED, math.pi**2, 3, 1.5)],
)  # fmt: skip
def test_the_standard_envelope_follows_the_transform(
    taper: Taper, factor: float, power: int, tolerance_db: float
) -> None:
    for angle_deg in (2.5, 3.0, 3.5):
        mu = math.pi * 2.0 * math.sin(math.radians(angle_deg)) / 0.03
        peak_db = 20.0 * math.log10(factor / mu**power)
        ours = side_lobe_db(taper, math.radians(angle_deg), 2.0, FREQUENCY_HZ, "peak")
        assert ours == pytest.approx(peak_db, abs=tolerance_db)


def test_the_envelope_has_a_floor_and_no_gain() -> None:
    assert side_lobe_db(COSINE, math.radians(60.0), 2.0, FREQUENCY_HZ) == -50.0
    assert side_lobe_db(UNIFORM, math.radians(0.01), 2.0, FREQUENCY_HZ) == 0.0
    at_five = [side_lobe_db(COSINE, math.radians(5.0), 2.0, FREQUENCY_HZ, kind) for kind in ("peak", "average")]
    assert at_five[0] - at_five[1] == pytest.approx(4.32)


def test_the_band_holds_the_level_of_an_antenna_that_radiates_evenly() -> None:
    # Conservation of energy: averaged over all directions a lossless antenna has 0 dBi, so the average side lobe of a
    # narrow beam lies under 0 dBi, which the high end of a band of assumptions passes and the low end does not reach.
    isotropic_db = -10.0 * math.log10(aperture_gain(AREA_M2, EFFICIENCY, FREQUENCY_HZ))
    band = radiation_band(load_catalog().radar("an-tpy-2"), radiation_assumptions())
    assert band.low.side_lobe_db < isotropic_db < band.high.side_lobe_db


def test_each_measurement_implies_the_side_lobe_worked_out_by_hand() -> None:
    # S 4 pi R^2 / (P G) with 81 kW and 50.12 dBi, 3 dB less for the ground: 0.0007 W/m2 at 1.6 km is -58.7 dB, 0.01659
    # at 100 m is -69.0 dB.
    found = {each.case: each for each in authority.compare()}
    assert found["Guam, 2016-07-18, 1600 m, momentary"].ours == pytest.approx(-58.7, abs=0.05)
    assert found["Seongju, 2017-08-12, 100 m, six minutes"].ours == pytest.approx(-69.0, abs=0.05)
    assert len(found) == sum(bool(row["distance_m"]) for row in read_authority("radiation_measurements"))


def test_every_measurement_lies_far_under_the_limit_and_under_the_high_band() -> None:
    assumptions = radiation_assumptions()
    band = radiation_band(load_catalog().radar("an-tpy-2"), assumptions)
    for row in read_authority("radiation_measurements"):
        density = float(row["power_density_w_m2"])
        assert density < assumptions.public_limit_w_m2.value / 200.0
        assert density < float(band.high.density_w_m2(float(row["distance_m"] or 700.0)))
        assert float(band.low.density_w_m2(1600.0)) < float(band.central.density_w_m2(1600.0))


def test_a_level_gives_back_what_it_is_told() -> None:
    level = radiation_band(load_catalog().radar("an-tpy-2"), radiation_assumptions()).central
    implied_db = level.implied_side_lobe_db(0.0123, 432.0)
    told = GroundLevel(level.power_w, level.gain, implied_db, level.reflection)
    assert float(told.density_w_m2(432.0)) == pytest.approx(0.0123)
    assert float(told.density_w_m2(told.distance_m(5.0))) == pytest.approx(5.0)


def test_what_cannot_be_is_refused() -> None:
    catalog = load_catalog()
    with pytest.raises(InputError, match="uewr: no hardware is published, so no power density"):
        radiation_band(catalog.radar("uewr"), radiation_assumptions())
    for bad in (0.0, -1.0, math.nan, math.inf):
        with pytest.raises(InputError, match="distance must be above 0 m and finite"):
            far_field_density_w_m2(1.0, 1.0, bad)
    with pytest.raises(InputError, match="angle must lie above 0 and up to 90 degrees; got 0"):
        side_lobe_db(UNIFORM, 0.0, 2.0, FREQUENCY_HZ)
