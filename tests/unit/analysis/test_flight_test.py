"""A report made by flying a known missile comes back; published reports are judged as they were by others."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from equipoise.analysis import FlightReport, FlightTest, ReportError, flight_test
from equipoise.analysis.boosts import draws_of
from equipoise.analysis.flight_classes import ballistic_classes, lowest_ballistic_apogee
from equipoise.catalog import load_catalog
from equipoise.physics import Aim, Missile, Site, fly, geodesic
from equipoise.physics.fitting import FreeParameter
from equipoise.physics.kepler import least_energy_apogee_m

KOREA = Site.of_degrees(39.0, 125.7)
# A fit lands within a metre, but its free parameter answers to metres of apogee.
SAME_FACTOR = 2e-4
# Two searches for a flat maximum, one at the looser tolerance of bands.
FLAT_TOP_M = 60.0


def report(apogee_km: float, range_km: float, missile: str | None, **known: float) -> FlightReport:
    record = load_catalog().missile(missile) if missile else None
    return FlightReport(apogee_km * 1e3, range_km * 1e3, KOREA, missile=record, **known)


@cache
def may_2017() -> FlightTest:
    return flight_test(report(2111.5, 787, "hwasong-12", time_s=1800.0), draws=12)


def test_the_announced_hwasong_12_is_consistent() -> None:
    """30 minutes were reported for 14 May 2017, 2.1 more than without a boost."""
    test = may_2017()
    assert test.consistent
    assert test.time_miss_s == 0.0
    assert test.time_s.low <= 1800.0 <= test.time_s.high
    # Published standard range of the class: 3,700 km flown to 4,500 km.
    assert test.range_still_m.low < 4500e3 < test.range_still_m.high
    assert test.kepler_range_m < test.range_still_m.central


def test_bands_hold_their_centres_and_their_parts() -> None:
    test = may_2017()
    for band in (test.time_s, test.range_still_m, test.range_turning_m):
        assert band.low <= band.central <= band.high
    for move in test.moves:
        for length in (move.range_low_m, move.range_high_m):
            assert length is None or test.range_still_m.low <= length <= test.range_still_m.high
    around = test.ring.range_m
    assert around.shape == (3, 36)
    assert np.all(around[0] <= around[2])
    assert test.range_turning_m.low == pytest.approx(np.min(around))
    assert 0 < test.boosts_fitted <= test.boosts_tried + 1


@pytest.mark.parametrize(("time_s", "verdict"), [(1700.0, -1), (1800.0, 0), (1900.0, 1)])
def test_the_miss_is_the_distance_to_the_band(time_s: float, verdict: int) -> None:
    test = replace(may_2017(), report=report(2111.5, 787, "hwasong-12", time_s=time_s))
    miss = test.time_miss_s
    assert miss is not None
    assert np.sign(miss) == verdict
    assert test.consistent is (verdict == 0)
    edge = {-1: test.time_s.low, 0: time_s, 1: test.time_s.high}[verdict]
    assert time_s - miss == pytest.approx(edge)


def test_without_a_time_there_is_no_verdict() -> None:
    test = replace(may_2017(), report=report(2111.5, 787, "hwasong-12"))
    assert test.time_miss_s is None
    assert test.consistent is None


@pytest.mark.parametrize("parameter", ["propellant", "payload", "cut-off"])
def test_a_flight_that_was_flown_is_calibrated_to_what_flew(parameter: FreeParameter) -> None:
    body = Missile.from_record(load_catalog().missile("hwasong-12"))
    burn_s = 140.0 if parameter == "cut-off" else math.inf
    known = fly(body, KOREA, Aim(1.5, math.radians(84.0), burn_s))
    distance_m, az_rad = geodesic(KOREA, known.impact_site)
    time_s = known.time_of_flight_s
    told = report(known.apogee_m / 1e3, distance_m / 1e3, "hwasong-12", time_s=time_s, az_rad=az_rad)
    test = flight_test(told, parameter=parameter, draws=2)
    truth = {"propellant": 1.0, "payload": body.payload_kg, "cut-off": burn_s}[parameter]
    assert test.calibrated.fit.value == pytest.approx(truth, rel=SAME_FACTOR)
    assert test.calibrated.turning
    assert test.calibrated.lofted.time_of_flight_s == pytest.approx(time_s, abs=0.1)
    assert test.consistent
    assert test.calibrated.standard.range_m >= distance_m
    assert test.ring.range_m[1].min() <= test.calibrated.standard.range_m <= test.ring.range_m[1].max() + FLAT_TOP_M


@pytest.mark.parametrize("index", [0, 2, 4])
def test_the_band_holds_the_time_of_a_boost_from_the_records_own_draws(index: int) -> None:
    """A flight by a drawn missile, which the assessment does not know, is found consistent by those it draws."""
    record = load_catalog().missile("nodong")
    body = draws_of(record, 6, seed=99)[index]
    assert not body.gravity_turn
    known = fly(body, KOREA, Aim(1.0, math.radians(75.0)))
    distance_m, az_rad = geodesic(KOREA, known.impact_site)
    told = FlightReport(known.apogee_m, distance_m, KOREA, known.time_of_flight_s, az_rad, record)
    assert flight_test(told, draws=48).consistent


def test_the_time_lies_between_a_throw_and_a_throw_after_the_boost() -> None:
    test = may_2017()
    kepler_s = test.kepler.time_s
    longest_burn_s = load_catalog().missile("hwasong-12").stages[0].burn_time_s.high
    shape_of_the_earth = 0.01
    assert test.time_s.low > kepler_s * (1.0 - shape_of_the_earth)
    assert test.time_s.high < kepler_s * (1.0 + shape_of_the_earth) + longest_burn_s


def test_draws_only_widen_the_bands() -> None:
    none, few = (flight_test(report(2111.5, 787, "hwasong-12"), draws=n) for n in (0, 4))
    for narrow, wide in ((none, few), (few, may_2017())):
        for a, b in ((narrow.range_still_m, wide.range_still_m), (narrow.time_s, wide.time_s)):
            assert b.low <= a.low
            assert a.high <= b.high
            assert a.central == b.central


def test_the_same_seed_gives_the_same_bits_on_any_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    told = report(560, 500, "nodong")
    found = []
    for threads in ("1", "2", "2"):
        monkeypatch.setenv("EQUIPOISE_THREADS", threads)
        test = flight_test(told, draws=6, seed=7)
        found.append((test.time_s, test.range_still_m, test.range_turning_m, test.moves, test.payloads))
    assert found[0] == found[1] == found[2]


def test_westward_takes_a_stronger_missile_that_flies_farther_normally() -> None:
    """A shot against the Earth's turning that comes as far needs more, and has more to give on a still Earth."""
    east, west = (
        flight_test(report(770, 3700, "hwasong-12", az_rad=az), draws=0) for az in (math.pi / 2, -math.pi / 2)
    )
    assert west.calibrated.fit.value > east.calibrated.fit.value
    assert west.range_still_m.central > 1.05 * east.range_still_m.central


def test_the_nearest_classes_are_candidates_and_the_time_orders_them() -> None:
    told = report(200, 450, None)
    plain = flight_test(told, draws=0)
    factors = [abs(math.log(candidate.value)) for candidate in plain.candidates]
    assert factors == sorted(factors)
    assert plain.calibrated.missile_id == plain.candidates[0].missile_id
    assert len(plain.candidates) > 1
    slowest = max(plain.candidates, key=lambda candidate: candidate.time_s.central)
    timed = flight_test(replace(told, time_s=slowest.time_s.central), draws=0)
    assert timed.calibrated.missile_id == slowest.missile_id


@pytest.mark.parametrize(
    ("apogee_km", "range_km", "missile"),
    [(50, 420, None), (50, 600, None), (60, 800, None), (36, 430, None), (50, 875, None), (50, 600, "kn-23")],
)
def test_reported_kn_23_flights_are_too_low_to_be_ballistic(
    apogee_km: float, range_km: float, missile: str | None
) -> None:
    with pytest.raises(
        ReportError, match=rf"apogee: got {apogee_km} km over {range_km} km; allowed: at least \d+ km"
    ) as refused:
        flight_test(report(apogee_km, range_km, missile, time_s=660.0 if range_km == 875 else 300.0))
    assert refused.value.refusal == "quasi-ballistic"
    allowed_km = float(str(refused.value).split("at least ")[1].split(" km")[0])
    assert apogee_km < allowed_km < least_energy_apogee_m(range_km * 1e3) / 1e3


@pytest.mark.parametrize(
    ("apogee_km", "range_km"), [(100, 490), (150, 500), (260, 1000), (150, 650), (97, 380)],
    ids=["Scud-C", "Scud-C", "Scud-ER", "Nodong", "KN-25"],
)  # fmt: skip
def test_reported_ballistic_flights_are_accepted(apogee_km: float, range_km: float) -> None:
    test = flight_test(report(apogee_km, range_km, None), draws=0)
    assert test.range_still_m.high >= range_km * 1e3 - 1.0


def test_the_lowest_ballistic_apogee_is_the_edge_of_what_is_accepted() -> None:
    for range_km in (300, 550, 1000):
        found = lowest_ballistic_apogee(range_km * 1e3)
        assert found is not None
        step_m = 2e3
        flight_test(FlightReport(found[0] + 1.0, range_km * 1e3, Site.of_degrees(0.0, 0.0)), draws=0)
        with pytest.raises(ReportError, match="quasi-ballistic"):
            flight_test(FlightReport(found[0] - 2.0 * step_m, range_km * 1e3, Site.of_degrees(0.0, 0.0)), draws=0)


def test_a_class_that_is_not_ballistic_is_refused_with_its_reason() -> None:
    with pytest.raises(ReportError, match="missile kn-23: it flies a flattened path") as refused:
        flight_test(report(200, 400, "kn-23"))
    assert refused.value.refusal == "quasi-ballistic"


def test_what_no_class_can_fly_says_what_was_allowed() -> None:
    with pytest.raises(
        ReportError, match=r"no propellant of 0.333 to 3 times the class's own makes scud-b fly this"
    ) as one:
        flight_test(report(3000, 900, "scud-b"))
    assert one.value.refusal == "no boost"
    with pytest.raises(
        ReportError, match=r"no cut-off of 14.7 to 147 s makes|no cut-off of [\d.]+ to [\d.]+ s makes nodong fly"
    ):
        flight_test(report(3000, 900, "nodong"), parameter="cut-off")


@pytest.mark.parametrize("parameter", ["payload", "cut-off"])
def test_payload_and_cut_off_need_a_class(parameter: FreeParameter) -> None:
    with pytest.raises(ReportError, match=f"fit: {parameter} needs the missile to be named"):
        flight_test(report(2000, 800, None), parameter=parameter)


def test_progress_rises_and_every_class_of_the_catalogue_that_is_ballistic_is_tried() -> None:
    shares: list[float] = []
    flight_test(report(150, 490, None), draws=0, progress=lambda _text, share: shares.append(share))
    assert shares == sorted(shares)
    assert 0.0 <= shares[0] < shares[-1] < 1.0
    assert {record.ballistic for record in ballistic_classes()} == {True}
    assert "kn-23" not in {record.id for record in ballistic_classes()}


def test_payloads_are_those_of_the_record_and_less_flies_farther() -> None:
    payloads = may_2017().payloads
    loads, ranges = zip(*payloads, strict=True)
    assert (loads[0], loads[-1]) == pytest.approx((300.0, 1000.0))
    assert np.all(np.diff(ranges) < 0.0)
