"""Plausible boosts of a class of missile: its record moved within its ranges, one number at a time and all at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from equipoise.analysis.draws import drawn, generator
from equipoise.catalog.quantity import Sourced
from equipoise.catalog.records import GravityTurn, MissileRecord, PitchProgram, StageRecord
from equipoise.errors import InputError
from equipoise.physics.atmosphere_kernels import GRAVITY_MPS2
from equipoise.physics.missile import Missile

# A pitch rate for a class whose record follows a gravity turn: the middle of what liquid and solid boosts use.
_PITCH_RATE_RAD_S = math.radians(1.0)


# Speed at which a gravity turn begins.
TURN_SPEED_MPS = 80.0


@dataclass(frozen=True)
class Ends:
    """One quantity at either end of its range.

    Parameters
    ----------
    quantity, low_label, high_label : str
        In words.
    low, high : Missile or None
        The missile with it; None where that cannot lift off.
    """

    quantity: str
    low_label: str
    high_label: str
    low: Missile | None
    high: Missile | None


def built(record: MissileRecord) -> Missile | None:
    """Return the missile of a record, or None if it cannot lift off."""
    try:
        return Missile.from_record(record)
    except InputError:
        return None


def other_law(missile: Missile) -> Missile:
    """Return a missile that is steered by the other law: gravity turn for pitch program, and the reverse.

    A gravity turn begins once the missile has risen to ``TURN_SPEED_MPS``: gravity turns a slower one over before it
    can get away, which no designer would choose.
    """
    if missile.gravity_turn:
        return replace(missile, gravity_turn=False, pitch_rate_rad_s=_PITCH_RATE_RAD_S)
    gain_mps2 = GRAVITY_MPS2 * (missile.thrust_to_weight - 1.0)
    return replace(missile, gravity_turn=True, vertical_time_s=max(missile.vertical_time_s, TURN_SPEED_MPS / gain_mps2))


def one_at_a_time(record: MissileRecord) -> Iterator[Ends]:
    """Yield the quantities that a standard range hangs on, each at both ends of its range, all others central.

    Parameters
    ----------
    record : MissileRecord
        A ballistic class.
    """
    yield _stages("burn time", record, "burn_time_s", lambda values: f"{sum(values):.0f} s")
    steering = record.steering
    if isinstance(steering, PitchProgram):
        rate = steering.pitch_rate_rad_s
        low, high = (
            built(record.model_copy(update={"steering": steering.model_copy(update={"pitch_rate_rad_s": end})}))
            for end in _two_ends(rate)
        )
        words = [f"{math.degrees(value):.2g} deg/s" for value in (rate.low, rate.high)]
        yield Ends("pitch rate", words[0], words[1], low, high)
    central = Missile.from_record(record)
    law = ("gravity turn", "pitch program") if isinstance(steering, GravityTurn) else ("pitch program", "gravity turn")
    yield Ends("steering law", law[0], law[1], central, other_law(central))
    if record.payload_kg is not None:
        low, high = (built(record.model_copy(update={"payload_kg": end})) for end in _two_ends(record.payload_kg))
        yield Ends("payload", f"{record.payload_kg.low:,.0f} kg", f"{record.payload_kg.high:,.0f} kg", low, high)
    yield _stages("inert mass", record, "inert_kg", lambda values: f"{sum(values):,.0f} kg")
    yield _stages("specific impulse", record, "isp_vacuum_s", lambda values: " + ".join(f"{v:.0f} s" for v in values))


def _two_ends(number: Sourced) -> tuple[Sourced, Sourced]:
    return replace(number, value=number.low), replace(number, value=number.high)


def _stages(quantity: str, record: MissileRecord, name: str, words: Callable[[list[float]], str]) -> Ends:
    """Move one number of every stage together; sea-level impulse goes with that in vacuum."""
    ends: list[Missile | None] = []
    labels: list[str] = []
    for end in (0, 1):
        stages: list[StageRecord] = []
        values: list[float] = []
        for stage in record.stages:
            number = _two_ends(getattr(stage, name))[end]
            update = {name: number}
            if name == "isp_vacuum_s":
                update["isp_sea_level_s"] = _two_ends(stage.isp_sea_level_s)[end]
            stages.append(stage.model_copy(update=update))
            values.append(number.value)
        ends.append(built(record.model_copy(update={"stages": tuple(stages)})))
        labels.append(words(values))
    return Ends(quantity, labels[0], labels[1], ends[0], ends[1])


def draws_of(record: MissileRecord, count: int, seed: int) -> list[Missile]:
    """Return missiles with every number of a record drawn at once, steered by either law in turn.

    Parameters
    ----------
    record : MissileRecord
        A ballistic class.
    count, seed : int
        How many, and from where; the draws of one (record, seed, index) are always the same. Those that cannot lift
        off are left out.
    """
    found = (built(drawn(record, generator(seed, index))) for index in range(count))
    return [other_law(missile) if i % 2 else missile for i, missile in enumerate(found) if missile is not None]
