"""Every corner of the interceptors' ranges flies: a draw from them is never refused."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest

from equipoise.catalog import load_catalog
from equipoise.catalog.quantity import Sourced
from equipoise.defence.reach import interceptor_missile

# What the speed at the end of thrust hangs on. The impulses are of one propellant and move together. The slow stages of
# the largest take long to fly: its own corners leave out diameter and impulse.
FLIES_BY = ("launch_mass_kg", "burnout_speed_mps", "burn_time_s", "isp_sea_level_s", "diameter_m", "structure_share")
CATALOG = load_catalog()


@pytest.mark.parametrize("id", CATALOG.ids("interceptor"))
def test_every_corner_of_the_ranges_gives_the_speed(id: str) -> None:
    record = CATALOG.interceptor(id)
    left_out = ("diameter_m", "isp_sea_level_s") if id == "gbi" else ()
    names = [name for name in FLIES_BY if isinstance(getattr(record, name), Sourced) and name not in left_out]
    for ends in itertools.product(("low", "high"), repeat=len(names)):
        chosen = dict(zip(names, ends, strict=True))
        if "isp_sea_level_s" in chosen:
            chosen["isp_vacuum_s"] = chosen["isp_sea_level_s"]
        update = {
            name: replace(getattr(record, name), value=getattr(getattr(record, name), end))
            for name, end in chosen.items()
        }
        interceptor_missile(record.model_copy(update=update))
