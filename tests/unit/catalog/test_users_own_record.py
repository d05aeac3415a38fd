"""A user's own record may be short: quantities as text, no ids, no sources; what it leaves out is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from equipoise.catalog import read_record
from equipoise.catalog.quantity import USERS_OWN
from equipoise.catalog.records import MissileRecord
from equipoise.errors import FileFormatError

SHORT = """
payload: 1000 kg
stages:
  - {propellant: 3.699 t, inert: 1198 kg, isp_sea_level: 230 s, isp_vacuum: 230 s, burn_time: 75 s, diameter: 84 cm}
separates: no
steering: {law: pitch_program, vertical_time: 5 s, pitch_rate: 1 deg/s}
"""


def test_short_record_is_a_missile_named_after_its_file(tmp_path: Path) -> None:
    path = tmp_path / "My Scud.yaml"
    path.write_text(SHORT)
    record = read_record(path)
    assert isinstance(record, MissileRecord)
    assert (record.id, record.name, record.ballistic) == ("my-scud", "my-scud", True)
    number = record.stages[0].propellant_kg
    assert (number.value, number.source, number.grade) == (3699.0, USERS_OWN, "assumed")
    assert record.stages[0].diameter_m.value == 0.84
    assert record.drag is not None
    assert record.drag.grade == "assumed"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("1000 kg", "1000", "unit"),
        ("1000 kg", "1000 km", "does not measure"),
        ("1000 kg", "nan kg", "mapping"),
        ("75 s", "0 s", "out of range"),
        ("propellant:", "propelant:", "propellant"),
    ],
)
def test_mistakes_in_a_short_record_are_named(tmp_path: Path, old: str, new: str, words: str) -> None:
    path = tmp_path / "short.yaml"
    path.write_text(SHORT.replace(old, new, 1))
    with pytest.raises(FileFormatError, match=words):
        read_record(path)
