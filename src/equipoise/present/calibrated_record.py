"""The calibrated missile as a catalogue file, which says what was fitted to what."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from equipoise._version import __version__
from equipoise.catalog.library import load_catalog
from equipoise.catalog.quantity import USERS_OWN, Sourced, from_si
from equipoise.catalog.records import DragTable, MissileRecord, StageRecord

if TYPE_CHECKING:
    from equipoise.analysis.flight_test_results import FlightTest


def calibrated_record_yaml(
    record: MissileRecord, test: FlightTest, *, source: str = USERS_OWN, record_id: str | None = None
) -> str:
    """Write the fitted missile in the form of the catalogue's files.

    Parameters
    ----------
    record : MissileRecord
        The class that was fitted.
    test : FlightTest
        What came of it.
    source : str
        Id of the reference that the report comes from; ``user`` for the user's own report.
    record_id : str, optional
        Of the new record; by default the class's with ``-fit``.

    Returns
    -------
    str
        YAML that :func:`equipoise.catalog.library.read_record` reads. Fitted numbers are graded ``derived`` and say
        what they were fitted to; all others stand as they were.

    Notes
    -----
    A record has no cut-off. One that was fitted by its cut-off gets a last burning stage of shorter burn time and less
    propellant at the same mass flow; what was left unburnt, and stages that never lit, become inert mass.
    """
    fitted = _fitted(record, test, source)
    words = fit_words(test)
    lines = [
        "kind: missile",
        f"id: {record_id or record_id_of(record)}",
        f"name: {_quoted(record.name + ', fitted to one flight')}",
        "ballistic: yes",
        f"note: {_quoted(_record_note(record, test, words))}",
    ]
    lines += list(_fields(fitted, skip=("kind", "id", "name", "aliases", "ballistic", "note", "tuning", "refusal")))
    return "\n".join(lines) + "\n"


def fitted_record(test: FlightTest) -> MissileRecord:
    """Return the class that was fitted: the report's, or the catalogue's of that id."""
    return test.report.missile or load_catalog().missile(test.calibrated.missile_id)


def record_id_of(record: MissileRecord) -> str:
    """Return the id of a class's fitted record."""
    return f"{record.id[:60]}-fit"


def fit_words(test: FlightTest) -> str:
    """Say in one sentence what was fitted to what."""
    report, fit = test.report, test.calibrated.fit
    what = {
        "propellant": f"a factor of {fit.value:.6g} on every stage's propellant, burnt in the same time",
        "payload": f"a payload of {fit.value:,.1f} kg",
        "cut-off": f"thrust cut off after {fit.value:.3f} s",
    }[fit.parameter]
    direction = "direction not known, still Earth"
    if report.az_rad is not None:
        direction = f"towards {math.degrees(report.az_rad) % 360.0:.1f} degrees, turning Earth"
    lat, lon = report.launch.lat_deg, report.launch.lon_deg
    assumed = " (assumed)" if report.launch_assumed else ""
    place = f"{abs(lat):.2f} {'N' if lat >= 0 else 'S'}, {abs(lon):.2f} {'E' if lon >= 0 else 'W'}{assumed}"
    return (
        f"{what}, fitted to an apogee of {report.apogee_m / 1e3:g} km and a range of {report.range_m / 1e3:g} km from "
        f"{place}, {direction}, by Equipoise {__version__}"
    )


def _record_note(record: MissileRecord, test: FlightTest, words: str) -> str:
    note = (
        f"{words[0].upper()}{words[1:]}. The class is {record.id}; numbers without a note of the fit are that record's."
    )
    if test.calibrated.fit.parameter == "cut-off":
        note += (
            " A record has no cut-off: the burn time and propellant of the stage that was cut off are shortened at the "
            "same mass flow, and the propellant left unburnt is counted as inert mass."
        )
    return note


def _fitted(record: MissileRecord, test: FlightTest, source: str) -> MissileRecord:
    fit, words = test.calibrated.fit, fit_words(test)
    if fit.parameter == "payload" and record.payload_kg is not None:
        return record.model_copy(update={"payload_kg": _derived(record.payload_kg, fit.value, "kg", source, words)})
    if fit.parameter == "propellant":
        stages = tuple(
            stage.model_copy(
                update={
                    "propellant_kg": _derived(
                        stage.propellant_kg, stage.propellant_kg.value * fit.value, "kg", source, words
                    )
                }
            )
            for stage in record.stages
        )
        return record.model_copy(update={"stages": stages})
    return record.model_copy(update={"stages": tuple(_cut_off(record, fit.value, source, words))})


def _cut_off(record: MissileRecord, burn_s: float, source: str, words: str) -> Iterator[StageRecord]:
    """Yield the stages up to the one that is cut off; what is left of it and after it is dead weight on it."""
    left_s = burn_s
    for k, stage in enumerate(record.stages):
        time_s = stage.burn_time_s.value
        if left_s >= time_s - 1e-9 and k < len(record.stages) - 1:
            left_s -= time_s
            yield stage
            if left_s <= 0.0:
                return
            continue
        share = min(1.0, left_s / time_s)
        unburnt_kg = (1.0 - share) * stage.propellant_kg.value
        above_kg = sum(later.propellant_kg.value + later.inert_kg.value for later in record.stages[k + 1 :])
        yield stage.model_copy(
            update={
                "propellant_kg": _derived(
                    stage.propellant_kg, share * stage.propellant_kg.value, "kg", source, f"what burnt: {words}"
                ),
                "burn_time_s": _derived(stage.burn_time_s, share * time_s, "s", source, words),
                "inert_kg": _derived(
                    stage.inert_kg,
                    stage.inert_kg.value + unburnt_kg + above_kg,
                    "kg",
                    source,
                    f"with {unburnt_kg + above_kg:,.0f} kg that was not burnt or not lit: {words}",
                ),
            }
        )
        return


def _derived(number: Sourced, value_si: float, si_unit: str, source: str, words: str) -> Sourced:
    """Return a fitted number in the unit of the one it replaces, without a range: the fit has none of its own."""
    written = from_si(value_si, number.unit, si_unit)
    return replace(
        number, value=value_si, low=value_si, high=value_si, written=written, written_low=written, written_high=written,
        source=source, where="", grade="derived", note=words,
    )  # fmt: skip


def _fields(model: BaseModel, skip: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the lines of a record's fields under their names in files."""
    for name, info in type(model).model_fields.items():
        value = getattr(model, name)
        key = info.alias or name
        if key in skip or value is None or value == "":
            continue
        if isinstance(value, Sourced):
            yield f"{key}: {_number(value)}"
        elif isinstance(value, DragTable):
            yield f"{key}:"
            yield f"  mach: [{', '.join(map(repr, value.mach))}]"
            yield f"  cd: [{', '.join(map(repr, value.cd))}]"
            yield from ("  " + line for line in _fields(value, skip=("mach", "cd")))
        elif isinstance(value, BaseModel):
            yield f"{key}:"
            yield from ("  " + line for line in _fields(value))
        elif isinstance(value, tuple):
            yield f"{key}:"
            for item in value:
                first, *others = _fields(item)
                yield f"  - {first}"
                yield from (f"    {line}" for line in others)
        else:
            yield f"{key}: {_scalar(value)}"


def _number(number: Sourced) -> str:
    parts = {"value": repr(number.written)}
    if number.written_low != number.written_high:
        parts |= {"low": repr(number.written_low), "high": repr(number.written_high)}
    parts |= {"unit": number.unit, "source": number.source}
    if number.where:
        parts["where"] = _quoted(number.where)
    parts["grade"] = number.grade
    if number.note:
        parts["note"] = _quoted(number.note)
    return "{" + ", ".join(f"{key}: {value}" for key, value in parts.items()) + "}"


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _quoted(value) if isinstance(value, str) and not value.replace("_", "").isalnum() else str(value)


def _quoted(text: str) -> str:
    """Return text in YAML's double quotes, which JSON's are."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)
