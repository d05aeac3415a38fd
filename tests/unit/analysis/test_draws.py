from __future__ import annotations

import numpy as np

from equipoise.analysis.draws import drawn, drawn_number, generator
from equipoise.catalog import load_catalog, numbers


def test_drawn_numbers_stay_in_their_ranges_and_fill_them() -> None:
    record = load_catalog().interceptor("thaad")
    number = record.burnout_speed_mps
    values = np.array([drawn_number(number, generator(1, i)).value for i in range(2000)])
    assert values.min() >= number.low
    assert values.max() <= number.high
    assert values.min() < number.low + 0.1 * (number.high - number.low)
    # A triangle's mean is that of its three corners; four standard errors.
    mean = (number.low + number.value + number.high) / 3.0
    assert abs(values.mean() - mean) < 4.0 * values.std() / np.sqrt(len(values))


def test_every_number_of_a_drawn_record_lies_in_its_range() -> None:
    catalog = load_catalog()
    for record in (catalog.interceptor("thaad"), catalog.radar("an-tpy-2"), catalog.battery("thaad-battery")):
        for i in range(50):
            for _, number in numbers(drawn(record, generator(3, i))):
                assert number.low <= number.value <= number.high


def test_a_draw_is_the_same_in_any_order_and_another_seed_is_another_draw() -> None:
    record = load_catalog().interceptor("thaad")
    forwards = [drawn(record, generator(2016, i)).burnout_speed_mps.value for i in range(20)]
    backwards = [drawn(record, generator(2016, i)).burnout_speed_mps.value for i in reversed(range(20))]
    assert forwards == backwards[::-1]
    assert len(set(forwards)) == 20
    assert forwards != [drawn(record, generator(2017, i)).burnout_speed_mps.value for i in range(20)]


def test_a_range_added_to_one_number_leaves_the_draws_of_the_others() -> None:
    record = load_catalog().interceptor("thaad")
    narrowed = record.model_copy(update={"launch_mass_kg": drawn_number(record.launch_mass_kg, generator(0, 0))})
    fixed = narrowed.model_copy(update={"launch_mass_kg": record.launch_mass_kg})
    a, b = drawn(narrowed, generator(5, 1)), drawn(fixed, generator(5, 1))
    assert a.burnout_speed_mps.value == b.burnout_speed_mps.value
    assert a.burn_time_s.value == b.burn_time_s.value
