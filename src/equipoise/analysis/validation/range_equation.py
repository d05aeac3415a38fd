"""The radar range equation, worked out by hand at other cross-sections, temperatures and losses."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.analysis.validation.comparison import Authority, Comparison, Published, Tolerance
from equipoise.catalog import read_authority
from equipoise.sensors.radar import SPEED_OF_LIGHT_MPS, radar_range_m

ID = "range-equation"
TOLERANCE = Tolerance(absolute=0.6, reason="worked out to 1 km")
WAVELENGTH_M = 0.03


def compare() -> Iterator[Comparison]:
    """Evaluate the equation at each row."""
    for row in read_authority("lewis_postol_2012"):
        range_m = radar_range_m(
            average_power_w=81e3,
            antenna_area_m2=9.2,
            aperture_efficiency=0.8,
            frequency_hz=SPEED_OF_LIGHT_MPS / WAVELENGTH_M,
            noise_temperature_k=float(row["noise_temperature_k"]),
            loss=10.0 ** (float(row["loss_db"]) / 10.0),
            dwell_s=0.1,
            rcs_m2=float(row["rcs_m2"]),
            snr=20.0,
        )
        yield Comparison(
            ID,
            "lewis-postol-2012",
            f"{row['rcs_m2']} m2, {row['noise_temperature_k']} K, losses of {row['loss_db']} dB",
            "detection range",
            "km",
            Published.number(float(row["range_km"])),
            range_m / 1e3,
            TOLERANCE,
        )


AUTHORITY = Authority(
    ID,
    "The range equation by hand",
    "theory",
    "The equation of Lewis and Postol (2012) with 81 kW, 9.2 m2, an efficiency of 0.8, 3 cm, 0.1 s and a "
    "signal-to-noise ratio of 20, worked out by hand.",
    compare,
)
