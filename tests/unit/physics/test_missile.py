from __future__ import annotations

import math
from dataclasses import replace

import pytest

from equipoise.catalog import load_catalog
from equipoise.errors import InputError
from equipoise.physics import Aim, Missile, Site, Stage, fly, max_range

DRAG = ((0.0, 0.2), (1.0, 0.3), (2.0, 0.2))
STAGE = Stage(3000.0, 800.0, 230.0, 250.0, 70.0, 0.9)
KOREA = Site.of_degrees(39.0, 125.7)


def test_thrust_below_the_weight_is_refused_with_both_numbers() -> None:
    # 3,000 kg in 70 s at 230 s: 3000/70 * 9.80665 * 230 = 96.67 kN; 10,800 kg weigh 105.9 kN.
    with pytest.raises(InputError, match=r"heavy: thrust at lift-off must exceed the weight of 105.9 kN; got 96.67 kN"):
        Missile("heavy", (STAGE,), 7000.0, DRAG)


def test_the_payload_is_counted_once() -> None:
    assert Missile("m", (STAGE,), 500.0, DRAG).launch_mass_kg == 3000.0 + 800.0 + 500.0
    two = Missile("m", (replace(STAGE, propellant_kg=9000.0, burn_time_s=60.0), STAGE), 500.0, DRAG)
    assert two.launch_mass_kg == 9000.0 + 800.0 + 3000.0 + 800.0 + 500.0
    # In vacuum, straight up at once: g0 Isp ln(m0/m1) less gravity, both stages. Counting the payload in a stage too
    # would cost 200 m/s here.
    flown = replace(two, air=False, vertical_time_s=1e3)
    isp = 250.0
    speed = 9.80665 * isp * (math.log(14100.0 / 5100.0) + math.log(4300.0 / 1300.0))
    arc = fly(flown, Site.of_degrees(45.0, 0.0), Aim(0.0, math.pi / 2), rotation=False)
    lost = 9.81 * 130.0
    assert arc.burnout_speed_mps == pytest.approx(speed - lost, rel=0.01)  # gravity thins by 5 % on the way


def test_no_stages_and_too_many_drag_points_are_refused() -> None:
    with pytest.raises(InputError, match="stages must hold at least one stage"):
        Missile("m", (), 500.0, DRAG)
    with pytest.raises(InputError, match="drag takes at most 12 Mach numbers; got 13"):
        Missile("m", (STAGE,), 500.0, tuple((float(i), 0.2) for i in range(13)))
    with pytest.raises(InputError, match="vertical_time must be above 0 s for a gravity turn"):
        Missile("m", (STAGE,), 500.0, DRAG, gravity_turn=True, vertical_time_s=0.0)


def test_a_class_that_is_not_ballistic_is_refused_with_its_reason() -> None:
    record = load_catalog().missile("kn-23")
    assert record.refusal
    with pytest.raises(InputError) as refused:
        Missile.from_record(record)
    assert record.refusal in str(refused.value)


def test_air_costs_range_and_vacuum_specific_impulse_is_for_vacuum() -> None:
    missile = Missile("m", (STAGE,), 500.0, DRAG)
    in_air = fly(missile, KOREA, max_range(missile, KOREA, 0.0))
    vacuum = missile.in_vacuum()
    without = fly(vacuum, KOREA, max_range(vacuum, KOREA, 0.0))
    assert without.range_m > 1.1 * in_air.range_m
    # Back-pressure at the pad takes exactly what the sea-level impulse says.
    row = STAGE.row()
    assert row[3] - row[4] * 101325.0 == pytest.approx(3000.0 / 70.0 * 9.80665 * 230.0, rel=1e-12)
