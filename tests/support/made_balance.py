"""A balance whose batteries reach what a test says, without a flight."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any, cast

import numpy as np

from equipoise.analysis.balance import BalanceResults
from equipoise.analysis.balance_run import balance_against
from equipoise.analysis.balance_setting import EngagedBattery
from equipoise.catalog import load_catalog
from equipoise.study.balance_model import BalanceElement, BalanceForce, BalanceSpec, Yardstick

CATALOG = load_catalog()


def exact(record: Any, **numbers: float) -> Any:
    """Return a record with numbers that have no range."""
    from dataclasses import replace

    fixed = {
        name: replace(getattr(record, name), value=value, low=value, high=value) for name, value in numbers.items()
    }
    return record.model_copy(update=fixed)


def battery(
    id: str, record: str, looks: Any, *, variants: Sequence[str] = ("whole",), **numbers: float
) -> EngagedBattery:
    """Return a battery of the catalogue; ``looks`` has shape (n_arc,), or (limits, variant, bound, arc)."""
    found = CATALOG.battery(record)
    interceptor = CATALOG.interceptor(found.interceptor)
    kill = numbers.pop("kill_probability", None)
    if kill is not None:
        interceptor = exact(interceptor, kill_probability=kill)
    given = np.asarray(looks)
    whole = given if given.ndim == 4 else np.broadcast_to(given, (2, len(variants), 3, given.shape[-1]))
    return EngagedBattery(
        id=id,
        battery=exact(found, **numbers),
        interceptor=interceptor,
        launcher=CATALOG.launcher(found.launcher),
        speeds_km_s=(interceptor.burnout_speed_mps.value / 1e3,),
        own=0,
        variants=tuple(variants),
        looks=whole[np.newaxis],
    )


def force(id: str = "russia", record: str = "russia-strategic", **changes: Any) -> BalanceForce:
    found = CATALOG.force(record)
    if "warheads" in changes:
        count = found.published[0]
        fixed = exact(count, warheads=changes.pop("warheads"))
        found = found.model_copy(update={"published": (fixed,)})
    found = exact(found, **changes)
    return BalanceForce(id, found, ("arcs",), "raised", found.published)


def balance(
    batteries: Sequence[EngagedBattery],
    elements: Mapping[str, Sequence[str]] | None = None,
    *,
    forces: Sequence[BalanceForce] | None = None,
    variants: Mapping[str, str] | None = None,
    **changes: Any,
) -> BalanceResults:
    """Return the balance of some batteries, each an element of its own unless it is said otherwise."""
    given = {one.id: (one.id,) for one in batteries} if elements is None else elements
    settings: dict[str, Any] = {
        "launchers": {},
        "arsenal_sizes": (10, 100, 1000),
        "alert_rates": (0.5, 1.0),
        "matters": (Yardstick(0.1, "a tenth"), Yardstick(0.5, "half")),
        "draws": 50,
        "seed": 3,
        "sensitivity": 0,
    }
    spec = BalanceSpec(
        forces=tuple(forces or [force()]),
        elements=tuple(BalanceElement(id, id, tuple(ids), (variants or {}).get(id, "")) for id, ids in given.items()),
        **(settings | changes),
    )
    arcs = batteries[0].looks.shape[-1]
    return balance_against(cast(Any, SimpleNamespace(id="made")), spec, batteries, ["arcs"] * arcs)
