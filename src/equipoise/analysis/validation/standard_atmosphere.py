"""The air against the printed table of the U.S. Standard Atmosphere, 1976."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.analysis.validation.comparison import Authority, Comparison, Published, Tolerance
from equipoise.catalog import read_authority
from equipoise.physics.atmosphere_kernels import air

ID = "us-standard-atmosphere-1976"
TABLE = Tolerance(relative=5e-3, reason="four or five digits; above 86 km the model uses published fits")
SOUND = Tolerance(
    absolute=0.06, reason="printed to 0.01 m/s; the rest is the falling molar mass above 80 km, which is left out"
)
# Column of the table, quantity, unit, place in the kernel's answer, tolerance, and the greatest altitude at which the
# model has it: its pressure ends at 86 km and its air at 1,000 km, so the table's last row is met just below.
COLUMNS = (
    ("density_kg_m3", "density", "kg/m3", 0, TABLE, 999_999.0),
    ("pressure_pa", "pressure", "Pa", 1, TABLE, 85_999.0),
    ("sound_mps", "speed of sound", "m/s", 2, SOUND, 999_999.0),
)


def compare() -> Iterator[Comparison]:
    """Compare each printed cell."""
    for column, quantity, unit, place, tolerance, top_m in COLUMNS:
        for row in read_authority("us_standard_atmosphere_1976"):
            if not row[column]:
                continue
            yield Comparison(
                ID,
                "us-standard-atmosphere-1976",
                f"{row['altitude_km']} km",
                quantity,
                unit,
                Published.number(float(row[column])),
                float(air(min(float(row["altitude_km"]) * 1e3, top_m))[place]),
                tolerance,
            )


AUTHORITY = Authority(
    ID,
    "U.S. Standard Atmosphere, 1976",
    "theory",
    "Density, pressure and speed of sound at the printed geometric altitudes.",
    compare,
)
